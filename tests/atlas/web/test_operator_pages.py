"""Bringing in files and deciding, through the pages; hostile names, double presses, query counts."""

import re
from datetime import UTC
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.dateformat import format as date_format

from atlas import tasks
from atlas.ingest import jobs
from atlas.ingest.pipeline import Mode, run
from atlas.models import IngestJob, LivePart, Release
from tests.factories import context, files, grid, portal

pytestmark = pytest.mark.django_db
OLD = {"26163500100": "20000", "26163500200": "30000", "06037101110": "", "01001020100": "30000"}
NEW = OLD | {"26163500100": "21000"}
SOURCE = "/data/sources/shown_tract_kfr_rP_gP_p25/"


@pytest.fixture
def operator(settings, tmp_path, monkeypatch):
    """An operator's client; uploads and the server's files in a folder of the test, no message to the broker."""
    settings.UPLOAD_DIR, settings.ATLAS_DATA_DIR = tmp_path / "uploads", tmp_path / "server"
    settings.ATLAS_DATA_DIR.mkdir()
    monkeypatch.setattr(tasks.ingest_file, "delay", lambda job: None)
    client = Client()
    client.force_login(get_user_model().objects.create_user("ann@example.org", "x", name="Ann", is_staff=True))
    return client


def sent(name: str, tmp_path, values=NEW) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, files.shown_tract(tmp_path / "made.csv", values).read_bytes())


def bring_in(operator, **fields):
    return operator.post("/data/bring-in/", {"token": str(uuid4()), **fields})


@pytest.mark.parametrize("name", ["../../x.csv", "<script>alert(1)</script>.csv", "n" * 240 + ".csv", "a b\u202e.csv"])
def test_hostile_names_become_harmless_ones(operator, tmp_path, settings, name):
    answer = bring_in(operator, upload=sent(name, tmp_path))
    job = IngestJob.objects.get()
    assert answer.status_code == 302 and job.path.startswith(str(settings.UPLOAD_DIR / str(job.pk)))
    page = operator.get(answer.url).content.decode()
    assert "<script>alert" not in page and str(tmp_path) not in page
    jobs.run_job(str(job.pk))
    assert IngestJob.objects.get().status == "staged"
    assert not any(settings.UPLOAD_DIR.iterdir()), "what is in the database is not kept as a file too"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty"),
        (b"\x00\x01\x02", "NUL bytes"),
        (b"# A title\n", "not a file the portal knows"),
        (b"<!doctype html><p>Not found", "is a web page"),
        (b"PK\x03\x04broken", "cut short or damaged"),
    ],
)
def test_what_is_no_table_is_said_at_the_field_and_nothing_stays(operator, settings, content, said):
    answer = bring_in(operator, upload=SimpleUploadedFile("kfr.csv", content), make_live="on")
    page = answer.content.decode()
    assert answer.status_code == 422 and 'aria-describedby="upload-hint upload-problem"' in page
    assert said in page.split('id="upload-problem">')[1].split("</p>")[0]
    assert 'id="id_make_live" aria-describedby="live-hint" checked' in page, "the other choice is still there"
    assert not IngestJob.objects.exists() and not any(settings.UPLOAD_DIR.iterdir())


def test_a_name_of_300_characters_is_no_obstacle(operator, tmp_path):
    assert bring_in(operator, upload=sent("n" * 300 + ".csv", tmp_path)).status_code == 302


def test_beyond_the_limit_nothing_is_kept(operator, tmp_path, settings):
    settings.UPLOAD_MAX_BYTES = 60
    answer = bring_in(operator, upload=sent("a.csv", tmp_path))
    assert answer.status_code == 422 and "larger than 60 bytes" in answer.content.decode()
    assert not any(settings.UPLOAD_DIR.iterdir())


def test_no_file_two_files_and_files_that_are_not_listed(operator, tmp_path, settings):
    files.shown_tract(settings.ATLAS_DATA_DIR / "here.csv", NEW)
    files.shown_tract(tmp_path / "outside.csv", NEW)
    assert "Choose a file here" in bring_in(operator).content.decode()
    both = bring_in(operator, upload=sent("a.csv", tmp_path), server_file="here.csv")
    assert "One file at a time" in both.content.decode()
    for path in ("../outside.csv", "/etc/passwd", "README.md"):
        assert bring_in(operator, server_file=path).status_code == 422
    assert not IngestJob.objects.exists()
    assert bring_in(operator, server_file="here.csv").status_code == 302
    assert IngestJob.objects.get().is_upload is False


def test_a_file_of_the_server_is_never_deleted(operator, settings):
    path = files.shown_tract(settings.ATLAS_DATA_DIR / "here.csv", NEW)
    bring_in(operator, server_file="here.csv")
    jobs.run_job(str(IngestJob.objects.get().pk))
    assert path.exists()


def test_a_form_that_is_sent_twice_makes_one_job(operator, tmp_path, settings):
    token = str(uuid4())
    first = bring_in(operator, token=token, upload=sent("a.csv", tmp_path))
    again = bring_in(operator, token=token, upload=sent("a.csv", tmp_path))
    assert first.url == again.url and IngestJob.objects.count() == 1
    assert len(list(settings.UPLOAD_DIR.rglob("*.*"))) == 1


def test_uploads_of_others_are_not_even_read(client, tmp_path, settings):
    settings.UPLOAD_DIR = tmp_path / "uploads"
    assert bring_in(client, upload=sent("a.csv", tmp_path)).status_code == 302
    assert not settings.UPLOAD_DIR.exists()


def test_deciding_through_the_pages(operator, tmp_path):
    old = portal.ingest(files.shown_tract(tmp_path / "old.csv", OLD)).release_id
    new = run(files.shown_tract(tmp_path / "new.csv", {"26163500100": "21000"}), mode=Mode.STAGE).release_id
    confirm = operator.get(f"/data/releases/{new}/activate/").content.decode()
    assert "Readers lose 3 rows" in confirm and "Yes, drop 3 rows" in confirm and f'value="{old}"' in confirm
    refused = operator.post(f"/data/releases/{new}/activate/", {"seen": str(old)}, follow=True)
    assert re.search(r"would drop 3 rows [^.]*\. Nothing was changed", refused.content.decode())
    done = operator.post(f"/data/releases/{new}/activate/", {"seen": str(old), "accept_losses": "on"}, follow=True)
    assert done.status_code == 200 and LivePart.objects.get().release_id == new
    late = operator.post(f"/data/releases/{new}/activate/", {"seen": str(old)}, follow=True).content.decode()
    assert f"Version {new} was put in use by Ann" in late
    back = operator.post(f"/data/releases/{new}/roll-back/", {"reason": "Too few tracts"}, follow=True).content.decode()
    assert f"Version {old} is used again" in back and "Too few tracts" in back
    twice = operator.post(f"/data/releases/{new}/roll-back/", follow=True).content.decode()
    assert re.search(rf"version {new} is no longer in use[^.]*\. Nothing was changed", twice)
    assert LivePart.objects.get().release_id == old


def test_numbers_that_cannot_be_right_are_confirmed_one_by_one(operator, tmp_path):
    """A rank of 7.5 comes in only when somebody who saw it says that the file is right."""
    rows = {"26163500100": (7.5, 0.02, 200.0), "01001020100": (0.4, 900.0, 9.0)}
    odd = grid.simple_tracts(tmp_path / "odd.csv", rows)
    new = run(odd, mode=Mode.STAGE).release_id
    for page in (f"/data/releases/{new}/", f"/data/releases/{new}/activate/"):
        shown = operator.get(page).content.decode()
        assert "1 value of kfr_pooled_pooled_p25 out of range, such as 7.5" in shown
        assert "1 standard error of kfr_pooled_pooled_p25 out of range, such as 900" in shown
    refused = operator.post(f"/data/releases/{new}/activate/", {"seen": ""}, follow=True).content.decode()
    assert "tick the box if the file is right" in refused and not LivePart.objects.exists()
    sure = {"seen": "", "accept_implausible": "on"}
    assert operator.post(f"/data/releases/{new}/activate/", sure, follow=True).status_code == 200
    assert LivePart.objects.get().release_id == new


def test_the_report_has_no_path_of_the_machine(client, tmp_path):
    release = portal.ingest(files.shown_tract(tmp_path / "old.csv", OLD)).release_id
    answer = client.get(f"/data/releases/{release}/report.json")
    assert answer.json()["report"]["path"] == "old.csv" and str(tmp_path) not in answer.content.decode()
    assert "attachment" in answer["Content-Disposition"]


def test_the_quality_page_counts_what_a_city_has(client, tmp_path):
    portal.build(tmp_path)
    page = client.get(SOURCE).content.decode()
    row = page.split('class="rows coverage"')[1].split("<tbody>")[1].split("</tr>")[0]
    assert row.count("67%") == 1, "two of the city's three tracts have a value"
    assert "never as zero" in page


@pytest.mark.parametrize("key", ["tract_boundaries_2010", "county_outcomes_simple", "pctile_to_dollar_kfr"])
def test_every_kind_of_source_has_a_page(client, tmp_path, key):
    portal.build(tmp_path)
    for release in Release.objects.all():
        assert client.get(f"/data/releases/{release.pk}/").status_code == 200
    assert client.get(f"/data/sources/{key}/?page=x").status_code == 200


def cost(client, url: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


@pytest.mark.parametrize("url", [SOURCE, "/data/", "/data/releases/{}/"])
def test_pages_cost_the_same_with_3_releases_and_with_30(operator, tmp_path, url):
    portal.build(tmp_path)

    def more(first: int, last: int) -> int:
        for i in range(first, last):
            values = {g: str(20_000 + i) for g in (*portal.CITY_TRACTS, portal.OUTSIDE, "06037101110", "55101000100")}
            path = files.shown_tract(tmp_path / f"{i}.csv", values | {"36055000200": "1"})
            release = run(path, mode=Mode.STAGE).release_id
            IngestJob.objects.create(path=str(path), status="done", finished_at="2026-01-01T00:00Z")
        return release

    release = more(0, 3)
    operator.get(url.format(release))
    few = cost(operator, url.format(release))
    more(3, 30)
    operator.get(url.format(release))
    assert cost(operator, url.format(release)) == few <= 30


def test_sign_in_by_guessing_is_stopped(client, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}  # of this test alone
    get_user_model().objects.create_user("ann@example.org", "quiet-Harbour-42", is_staff=True)
    tries = [
        client.post("/accounts/login/", {"login": "ann@example.org", "password": f"guess {i}"}).content.decode()
        for i in range(7)
    ]
    assert "not correct" in tries[0] and "Too many failed" in tries[-1]
    right = client.post("/accounts/login/", {"login": "ann@example.org", "password": "quiet-Harbour-42"})
    assert right.status_code == 200, "even the right one waits its turn"


def test_signing_in_needs_an_account_somebody_made(client, db):
    get_user_model().objects.create_user("ann@example.org", "quiet-Harbour-42", is_staff=True)
    assert client.get("/accounts/signup/").status_code == 404
    fields = {"login": "Ann@Example.org", "password": "quiet-Harbour-42", "next": "/data/bring-in/"}
    assert client.post("/accounts/login/", fields).url == "/data/bring-in/"
    elsewhere = client.post("/accounts/login/?next=https://example.com/", fields | {"next": "https://example.com/"})
    assert "example.com" not in elsewhere.url


def test_a_forgotten_password(client, db, mailoutbox):
    get_user_model().objects.create_user("ann@example.org", "quiet-Harbour-42", is_staff=True)
    client.post("/accounts/password/reset/", {"email": "nobody@example.org"})
    assert mailoutbox == []
    client.post("/accounts/password/reset/", {"email": "ann@example.org"})
    (mail,) = mailoutbox
    link = next(line for line in mail.body.splitlines() if line.startswith("http"))
    page = client.get(link.removeprefix("http://testserver"), follow=True)
    fields = {"password1": "louder-Harbour-43", "password2": "louder-Harbour-43"}
    assert "is changed" in client.post(page.request["PATH_INFO"], fields, follow=True).content.decode()
    assert client.post("/accounts/login/", {"login": "ann@example.org", "password": "louder-Harbour-43"}).url == "/"


def test_a_release_of_context_names_its_metrics_in_words(tmp_path, client):
    release = run(context.social_county(tmp_path / "a.csv"), commit=True).release_id
    page = client.get(f"/data/releases/{release}/").content.decode()
    assert "Economic connectedness" in page


def test_times_that_are_said_to_be_utc_are_utc(client, tmp_path, operator):
    """Signed-in people read other times in their own zone; these columns promise one for everybody."""
    release = Release.objects.get(pk=run(files.shown_tract(tmp_path / "a.csv", OLD), commit=True).release_id)
    person = get_user_model().objects.create_user(email="late@example.org", time_zone="Pacific/Honolulu")
    client.force_login(person)
    said = date_format(release.activated_at.astimezone(UTC), "g:i a") + " UTC"
    for page in ("/data/", SOURCE):
        assert said in client.get(page).content.decode().split("<main", 1)[1].replace(
            release.activated_at.isoformat(), ""
        )
