"""Fetch jobs and the first start: publishers first, the sample when none of their tract files can be had."""

import errno
import re
import socket
import time

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from atlas.fetching.errors import DISK_FULL
from atlas.ingest import fetches, jobs
from atlas.models import City, FetchJob, IngestJob, Release
from atlas.queries import headlines as headline_queries
from atlas.queries.cities import city
from atlas.queries.fetches import fetch
from atlas.records.places import SAMPLE_NOTICE
from atlas.sources.detect import UnknownFormat, detect_source
from atlas.sources.downloads import ABOVE_TRACTS, BOUNDARIES
from atlas.sources.opening import open_file
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
    settings.FETCH_FIRST_DATA = True
    return tmp_path


@pytest.fixture
def at_once(monkeypatch):
    """Tasks are carried out where they are sent."""
    monkeypatch.setattr("atlas.tasks.ingest_file.delay", ingest_file)
    monkeypatch.setattr("atlas.tasks.fetch_files.delay", fetch_files)


@pytest.fixture
def offer(monkeypatch):
    """Sets what a default portal fetches."""
    return lambda *wanted: monkeypatch.setattr(fetches, "default_downloads", lambda states: wanted)


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


def test_what_the_publishers_give_is_imported_and_no_sample_made(home, server, at_once, offer):
    offer(tract_file(server, home), county_file(server, home))
    call_command("load_first_data")
    job = FetchJob.objects.get()
    assert job.status == "done" and job.report["sentence"].startswith("2 of 2 files fetched; 2 imports queued.")
    assert (job.files_done, job.files_total, job.bytes_done) == (2, 2, job.bytes_total)
    assert not Release.objects.filter(is_sample=True).exists() and Release.objects.count() == 2
    assert not (home / "sample").exists()
    call_command("load_first_data")
    assert FetchJob.objects.count() == 1


def test_the_sample_stands_in_only_for_what_could_not_be_had(home, server, offer):
    map_file = publisher.download(server.put("/m.csv", b"a,b\n"), name="gz_2010_26", kind=BOUNDARIES)
    missing = publisher.download(f"{server.address}/none.csv", name="tract_outcomes_simple", is_tract_outcome=True)
    offer(missing, county_file(server, home), map_file)
    job = carry_out()
    assert job.status == "done" and job.report["sample"] and SAMPLE_NOTICE in job.report["sentence"]
    paths = [path.removeprefix(f"{home}/") for path in IngestJob.objects.values_list("path", flat=True)]
    assert "downloads/county_outcomes_simple.csv" in paths and "sample/county_outcomes_simple.csv" not in paths
    assert "sample/tracts_detroit.geojson" in paths and not any("gz_2010" in path for path in paths)
    assert {file["outcome"] for file in job.report["files"]} == {"failed", "fetched"}


@patience
def test_without_a_network_the_first_start_shows_the_sample_within_a_minute(
    home, at_once, offer, client, monkeypatch, patience
):
    call_command("seed", verbosity=0)
    decided = []
    write = fetches.write_sample
    monkeypatch.setattr(fetches, "write_sample", lambda folder: decided.append(time.monotonic()) or write(folder))
    with socket.socket() as silent, socket.socket() as taken:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        taken.bind(("127.0.0.1", 0))
        places = (silent.getsockname()[1], taken.getsockname()[1])
        addresses = [f"http://127.0.0.1:{port}/t.csv" for port in places] + ["https://nowhere.invalid/t.csv"]
        offer(publisher.download(*addresses, is_tract_outcome=True))
        began = time.monotonic()
        call_command("load_first_data")
    assert decided[0] - began < 5 * patience
    assert time.monotonic() - began < 60 * patience
    assert FetchJob.objects.get().report["sample"]
    assert set(IngestJob.objects.values_list("status", flat=True)) <= {"done"}
    assert set(Release.objects.values_list("is_sample", flat=True)) == {True}
    page = client.get("/cities/detroit/").content.decode()
    assert "This is synthetic sample data" in page
    if tract_outcomes_are_read(home):
        headline = headline_queries.headline(city("detroit"))
        assert 0.25 < headline.value < 0.45 and 0 < headline.standard_error < 0.05
        assert "Standard error" in page and "No standard error" not in page.split("</dl>")[0]
    assert City.objects.count() == 10 == len(client.get("/api/v1/cities/").json()["results"])


def tract_outcomes_are_read(home) -> bool:
    try:
        detect_source(open_file(home / "sample" / "tract_outcomes_simple.csv"))
    except UnknownFormat:
        return False
    return True


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
    offer(publisher.download(f"{server.address}/none.csv"))

    def full(folder):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(fetches, "write_sample", full)
    job = carry_out()
    assert (job.status, job.report["error"]) == ("failed", DISK_FULL)


def test_an_unforeseen_failure_is_said_and_not_swallowed(home, offer, monkeypatch):
    offer()
    monkeypatch.setattr(fetches, "write_sample", lambda folder: 1 / 0)
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
    assert "county_outcomes_simple.csv: fetched from 127.0.0.1" in out and "live as release" in out
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
