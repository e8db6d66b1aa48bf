"""Fetch jobs and the first start: the starter set at once, the publishers' files as they come."""

import errno
import re
import socket
import time
from contextlib import contextmanager
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from atlas.fetching.errors import DISK_FULL, disk_error
from atlas.ingest import fetches, jobs
from atlas.models import City, FetchJob, IngestJob, Release
from atlas.queries import headlines as headline_queries
from atlas.queries.cities import city
from atlas.queries.fetches import fetch
from atlas.records.places import SAMPLE_NOTICE
from atlas.sources.downloads import ABOVE_TRACTS
from atlas.tasks import fetch_files, ingest_file
from tests.factories import files, portal, publisher
from tests.patience import patience

pytestmark = pytest.mark.django_db
USD = {"26163500100": "20000", "26163500200": "30000"}
COUNTY = {"26163": (11600, "Detroit", ".35", ".0009", "1500")}


@pytest.fixture
def server():
    with publisher.publisher() as found:
        yield found


@pytest.fixture
def home(tmp_path, settings):
    settings.MOBILITY_HOME, settings.ATLAS_DATA_DIR, settings.PUBLISHER_MIRRORS = tmp_path, None, ()
    settings.FETCH_FIRST_DATA, settings.STARTER_SET = True, False
    return tmp_path


@pytest.fixture
def at_once(monkeypatch):
    """Tasks are carried out where they are sent."""
    monkeypatch.setattr("atlas.tasks.ingest_file.delay", ingest_file)
    monkeypatch.setattr("atlas.tasks.fetch_files.delay", fetch_files)


@pytest.fixture
def offer(monkeypatch):
    """Sets what a default portal fetches."""
    return lambda *wanted: monkeypatch.setattr(fetches, "default_downloads", lambda states, counties: wanted)


def tract_file(server, folder, *tricks):
    body = files.shown_tract(folder / "made.csv", USD).read_bytes()
    return publisher.download(server.put("/t.csv", body, *tricks), name="tract_outcomes", is_tract_outcome=True)


def county_file(server, folder):
    body = files.counties(folder / "made.csv", COUNTY).read_bytes()
    return publisher.download(server.put("/c.csv", body), name="county_outcomes_simple", kind=ABOVE_TRACTS)


def carry_out() -> FetchJob:
    job = FetchJob.objects.create()
    fetches.run_job(str(job.pk))
    job.refresh_from_db()
    return job


def test_a_first_start_without_files_queues_one_job_once(home, monkeypatch, capsys):
    sent = []
    monkeypatch.setattr("atlas.tasks.fetch_files.delay", sent.append)
    call_command("load_first_data")
    call_command("load_first_data")
    assert sent == [str(FetchJob.objects.get().pk)] and "see /data/" in capsys.readouterr().out


def test_fetching_can_be_switched_off_and_an_empty_folder_means_none(home, settings, monkeypatch):
    sent = []
    monkeypatch.setattr("atlas.tasks.fetch_files.delay", sent.append)
    settings.FETCH_FIRST_DATA = False
    call_command("load_first_data")
    assert sent == []
    settings.FETCH_FIRST_DATA, settings.ATLAS_DATA_DIR = True, home / "data"
    (home / "data").mkdir()
    call_command("load_first_data")
    assert len(sent) == 1


def test_what_the_publishers_give_is_imported(home, server, at_once, offer):
    offer(tract_file(server, home), county_file(server, home))
    call_command("load_first_data")
    job = FetchJob.objects.get()
    assert job.status == "done" and job.report["sentence"].startswith("2 of 2 files fetched; 2 imports queued.")
    assert (job.files_done, job.files_total, job.bytes_done) == (2, 2, job.bytes_total)
    assert not Release.objects.filter(is_sample=True).exists() and Release.objects.count() == 2
    call_command("load_first_data")
    assert FetchJob.objects.count() == 1


def test_without_a_tract_file_people_read_what_is_shown_meanwhile_and_what_to_do(home, server, offer):
    missing = publisher.download(f"{server.address}/none.csv", name="tract_outcomes_simple", is_tract_outcome=True)
    offer(missing, county_file(server, home))
    job = carry_out()
    assert job.status == "done" and {file["outcome"] for file in job.report["files"]} == {"failed", "fetched"}
    assert job.report["sentence"] == (
        "1 of 2 files fetched; 1 import queued. No tract file of the sources could be had. "
        "Run manage.py fetch --commit to try again, or give the files to manage.py ingest."
    )
    with starter_set_live():
        assert "The portal shows the starter set of Nov 29, 2026 until they can." in carry_out().report["sentence"]


@contextmanager
def starter_set_live():
    fields = {"vintage": 2010, "byte_count": 1, "rows_read": 1, "rows_kept": 1, "level": "county"}
    release = Release.objects.create(
        dataset="county_outcomes_simple",
        file_name="county_outcomes_simple.parquet",
        status="live",
        activated_at=timezone.now(),
        starter_date=date(2026, 11, 29),
        **fields,
    )
    yield release
    release.delete()


def test_while_the_starter_set_is_all_there_is_every_start_asks_the_publishers_again(home, monkeypatch):
    sent = []
    monkeypatch.setattr("atlas.tasks.fetch_files.delay", sent.append)
    with starter_set_live() as release:
        call_command("load_first_data")
        assert len(sent) == 1
        call_command("load_first_data")
        assert len(sent) == 1, "one at a time"
        FetchJob.objects.update(status="done", finished_at=timezone.now())
        call_command("load_first_data")
        assert len(sent) == 2
        FetchJob.objects.update(status="done", finished_at=timezone.now())
        Release.objects.filter(pk=release.pk).update(starter_date=None)
        call_command("load_first_data")
        assert len(sent) == 2, "somebody's file is live"


def test_a_first_start_can_do_without_the_starter_set(home, settings, monkeypatch, capsys):
    monkeypatch.setattr("atlas.tasks.ingest_file.delay", lambda job: None)
    settings.FETCH_FIRST_DATA = False
    call_command("load_first_data")
    assert not IngestJob.objects.exists() and capsys.readouterr().out == ""
    settings.STARTER_SET = True
    call_command("load_first_data")
    assert IngestJob.objects.count() == 33 and not FetchJob.objects.exists()
    assert "The 33 files of the starter set are being imported" in capsys.readouterr().out
    call_command("load_first_data")
    assert IngestJob.objects.count() == 33


def test_files_of_atlas_data_dir_win_over_the_starter_set(home, settings, monkeypatch):
    sent = []
    monkeypatch.setattr("atlas.tasks.ingest_file.delay", sent.append)
    settings.STARTER_SET, settings.ATLAS_DATA_DIR = True, home / "data"
    (home / "data").mkdir()
    files.counties(home / "data" / "county.csv", COUNTY)
    call_command("load_first_data")
    assert [job.path for job in IngestJob.objects.all()] == [str(home / "data" / "county.csv")] and len(sent) == 1
    assert not FetchJob.objects.exists()


@patience
def test_without_a_network_the_first_start_shows_the_real_detroit_within_a_minute(
    home, settings, at_once, offer, client, patience
):
    settings.STARTER_SET = True
    call_command("seed", verbosity=0)
    with socket.socket() as silent, socket.socket() as taken:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        taken.bind(("127.0.0.1", 0))
        places = (silent.getsockname()[1], taken.getsockname()[1])
        addresses = [f"http://127.0.0.1:{port}/t.csv" for port in places] + ["https://nowhere.invalid/t.csv"]
        offer(publisher.download(*addresses, is_tract_outcome=True))
        began = time.monotonic()
        call_command("load_first_data")
    assert time.monotonic() - began < 60 * patience
    fetched, imported = FetchJob.objects.get(), list(IngestJob.objects.all())
    assert fetched.status == "done" and "The portal shows the starter set of" in fetched.report["sentence"]
    assert (fetched.finished_at - fetched.started_at).total_seconds() < 5 * patience
    assert {job.status for job in imported} == {"done"} and len(imported) == 33
    assert not Release.objects.filter(starter_date__isnull=True).exists()
    found = headline_queries.headline(city("detroit"))
    assert (city("detroit").tract_count, found.tracts_used) == (297, 290) and 0.29 < found.value < 0.32
    for url in ("/", "/cities/detroit/", "/cities/detroit/map/", "/data/", "/compare/?cities=detroit,dayton"):
        page = client.get(url).content.decode()
        assert SAMPLE_NOTICE not in page and "sample-mark" not in page and "strip-demo" not in page, url
    page = client.get("/data/").content.decode()
    rows = re.findall(r"<tr>.*?</tr>", page.split('class="rows rows-data"')[1].split("</table>")[0], re.DOTALL)
    named = [row for row in rows if "/data/sources/" in row]
    assert named and all("starter set of" in row for row in named)
    assert "Social Capital" in page and "its terms for passing the file on" in page
    assert "From the starter set of" in client.get("/cities/detroit/").content.decode()
    assert City.objects.count() == 10 == len(client.get("/api/v1/cities/").json()["results"])


def test_a_killed_worker_is_followed_by_another_that_goes_on(home, server, offer, monkeypatch):
    class Killed(BaseException):
        pass

    def die(*arguments, **options):
        raise Killed

    offer(tract_file(server, home, "cut"))
    job = FetchJob.objects.create()
    with monkeypatch.context() as patch:
        patch.setattr("atlas.fetching.fetch.time.sleep", die)
        patch.setattr("atlas.fetching.fetch.FIRST_PAUSE_SECONDS", 0.0)
        patch.setattr(fetches, "fetch_all", lambda *a, **k: fetch_with(die, *a, **k))
        with pytest.raises(Killed):
            fetches.run_job(str(job.pk))
    job.refresh_from_db()
    assert job.status == "running" and not IngestJob.objects.exists()
    assert [found.pk for found in fetches.jobs_to_enqueue()] == [job.pk]
    queued = fetches.run_job(str(job.pk))
    job.refresh_from_db()
    assert (job.status, job.attempts, len(queued)) == ("done", 2, 1)
    assert server.gets("/t.csv")[-1]["Range"].startswith("bytes=")


def fetch_with(pause, *arguments):
    from atlas.fetching.fetch import fetch_all

    return fetch_all(*arguments, pause=pause)


def test_a_message_that_comes_twice_fetches_once(home, server, offer):
    offer(tract_file(server, home))
    job = FetchJob.objects.create()
    assert len(fetches.run_job(str(job.pk))) == 1
    assert fetches.run_job(str(job.pk)) == []
    assert IngestJob.objects.count() == 1


def test_a_full_disk_is_one_sentence(home, server, offer, monkeypatch):
    offer(tract_file(server, home))

    def full(*arguments):
        raise disk_error(OSError(errno.ENOSPC, "No space left on device"))

    monkeypatch.setattr(fetches, "fetch_all", full)
    job = carry_out()
    assert (job.status, job.report["error"]) == ("failed", DISK_FULL)


def test_an_unforeseen_failure_is_said_and_not_swallowed(home, offer, monkeypatch):
    offer()
    monkeypatch.setattr(fetches, "fetch_all", lambda *arguments: 1 / 0)
    job = FetchJob.objects.create()
    with pytest.raises(ZeroDivisionError):
        fetches.run_job(str(job.pk))
    job.refresh_from_db()
    assert job.status == "failed" and "log has the details" in job.report["error"]


def test_the_page_shows_bytes_per_cent_and_time_left(client):
    FetchJob.objects.create(
        status="running",
        stage="fetching",
        file_name="tract_outcomes_simple.csv",
        files_done=3,
        files_total=22,
        bytes_done=25_000_000,
        bytes_total=100_000_000,
        started_at=timezone.now() - timezone.timedelta(seconds=10),
    )
    for url in ("/data/fetches/", "/data/"):
        page = client.get(url).content.decode().replace("\xa0", " ")
        assert "3 of 22 are done" in page and "23.8 MB of about 95.4 MB, 25%" in page
        assert "about 30 s left" in page and "tract_outcomes_simple.csv" in page and 'value="25"' in page
    version = re.search(r"version=([^\"]+)", client.get("/data/fetches/").content.decode())[1]
    assert client.get(f"/data/fetches/?version={version}").status_code == 204, (
        "as the open page has it: nothing to swap"
    )


def test_the_row_follows_the_bytes(home, server, offer, monkeypatch):
    offer(county_file(server, home), tract_file(server, home))
    monkeypatch.setattr("atlas.ingest.job_runner._PROGRESS_SECONDS", -1.0)
    seen = []
    real = fetches._ProgressTracker._store

    def spy(self, file_name, done, **more):
        real(self, file_name, done, **more)
        row = fetch()
        seen.append((row.file_name, row.files_done, row.percent))

    monkeypatch.setattr(fetches._ProgressTracker, "_store", spy)
    assert carry_out().status == "done"
    assert [row[:2] for row in seen] == [("county_outcomes_simple.csv", 0), ("", 1), ("tract_outcomes.csv", 1), ("", 2)]
    assert seen[-1][2] == 100 and [row[2] for row in seen] == sorted(row[2] for row in seen)


def test_the_command_fetches_imports_and_lists(home, server, offer, capsys):
    offer(tract_file(server, home), county_file(server, home))
    call_command("fetch", "--list")
    assert f"tract_outcomes  {server.address}/t.csv" in capsys.readouterr().out
    call_command("fetch", "county_outcomes_simple", "--to", str(home / "here"), "--commit")
    out = capsys.readouterr().out
    assert "county_outcomes_simple.csv: fetched from 127.0.0.1" in out and "in use as version" in out
    assert (home / "here" / "county_outcomes_simple.csv").exists() and not (home / "downloads").exists()
    call_command("fetch", "--json")
    assert '"outcome": "fetched"' in capsys.readouterr().out and not Release.objects.filter(level="tract").exists()
    with pytest.raises(CommandError, match="There is no file 'nonsense'"):
        call_command("fetch", "nonsense")
    server.files.clear()
    with pytest.raises(CommandError, match="2 of 2 files could not be fetched"):
        call_command("fetch", "--to", str(home / "other"))


def test_the_command_says_what_is_wrong_with_a_mirror(home, server, offer, settings):
    offer(tract_file(server, home))
    settings.PUBLISHER_MIRRORS = ("mirror.example.org",)
    with pytest.raises(CommandError, match="'mirror.example.org' is not an address of http or https"):
        call_command("fetch")


def test_the_sample_command_writes_and_on_request_imports(home, capsys, monkeypatch):
    portal.add_city("detroit", "2622000")
    few = {}

    def write(folder):
        folder.mkdir(parents=True, exist_ok=True)
        few["path"] = portal.declare_sample(files.counties(folder / "county.csv", COUNTY))
        return [few["path"], folder / "manifest.json"]

    monkeypatch.setattr("atlas.management.commands.sample.write_sample", write)
    call_command("sample")
    assert few["path"] == home / "sample" / "county.csv" and not Release.objects.exists()
    call_command("sample", str(home / "mine"), "--commit")
    assert SAMPLE_NOTICE in capsys.readouterr().out and Release.objects.get().is_sample


def test_after_a_failed_fetch_the_next_start_tries_again(home, monkeypatch):
    FetchJob.objects.create(status="failed", finished_at=timezone.now())
    assert jobs.is_new_portal() and fetches.create_first_fetch() is not None
    assert fetches.create_first_fetch() is None, "one at a time"
