"""Jobs: the row is the truth; lost messages and lost workers lose nothing."""

import threading
import time

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from atlas.ingest import job_runner, jobs, locks
from atlas.models import IngestJob, Release
from atlas.queries import jobs as job_queries
from tests.factories import files

pytestmark = pytest.mark.django_db
VALUES = {"26163500100": "20055", "06037101110": "", "01001020100": "30000"}


def test_a_folder_becomes_one_job_per_file_we_know(tmp_path):
    files.shown_tract(tmp_path / "a.csv", VALUES)
    files.write(tmp_path / "broken.csv", f"tract,Name,{files.SHOWN['jail']}\n1,2\n")
    files.write(tmp_path / "README.md", "# notes\n")
    made, skipped = jobs.queue_folder(tmp_path)
    assert sorted(j.path.rsplit("/")[-1] for j in made) == ["a.csv", "broken.csv"]
    assert [p.name for p in skipped] == ["README.md"]


def test_a_job_ends_with_its_report(tmp_path):
    job = IngestJob.objects.create(path=str(files.shown_tract(tmp_path / "a.csv", VALUES)))
    jobs.run_job(str(job.pk))
    job.refresh_from_db()
    assert (job.status, job.rows_done, job.attempts) == ("done", 3, 1)
    assert job.release == Release.objects.get()
    assert "in use as version" in job.report["sentence"]


def test_a_broken_file_ends_refused(tmp_path):
    job = IngestJob.objects.create(path=str(files.write(tmp_path / "a.csv", "")))
    jobs.run_job(str(job.pk))
    job.refresh_from_db()
    assert job.status == "refused" and "empty" in job.report["sentence"]


def test_a_message_that_comes_twice_does_the_work_once(tmp_path):
    job = IngestJob.objects.create(path=str(files.shown_tract(tmp_path / "a.csv", VALUES)))
    jobs.run_job(str(job.pk))
    jobs.run_job(str(job.pk))
    job.refresh_from_db()
    assert job.attempts == 1 and Release.objects.count() == 1


def test_an_unforeseen_failure_is_said_and_not_swallowed(tmp_path, monkeypatch):
    job = IngestJob.objects.create(path=str(files.shown_tract(tmp_path / "a.csv", VALUES)))
    monkeypatch.setattr(jobs, "run", lambda *a, **k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        jobs.run_job(str(job.pk))
    job.refresh_from_db()
    assert job.status == "failed" and "log has the details" in job.report["error"]


def test_a_running_job_whose_worker_is_gone_waits_again(tmp_path):
    job = IngestJob.objects.create(path="x", status="running")
    assert [j.pk for j in jobs.jobs_to_enqueue()] == [job.pk]


@pytest.mark.django_db(transaction=True)
def test_a_running_job_whose_worker_lives_is_left_alone():
    """The lock is held by another session, as a worker's is."""
    job = IngestJob.objects.create(path="x", status="running")
    held, done = threading.Event(), threading.Event()

    def worker():
        locks.try_lock(locks.JOB, str(job.pk))
        held.set()
        done.wait(5)
        connection.close()

    thread = threading.Thread(target=worker)
    thread.start()
    held.wait(5)
    assert jobs.jobs_to_enqueue() == []
    done.set()
    thread.join()
    for _ in range(100):  # the server ends a closed session a moment later
        if jobs.jobs_to_enqueue():
            break
        time.sleep(0.02)
    assert [j.pk for j in jobs.jobs_to_enqueue()] == [job.pk], "the session ended, and its lock with it"


def test_a_job_that_kills_its_workers_ends(tmp_path):
    job = IngestJob.objects.create(path=str(tmp_path / "a"), status="running", attempts=job_runner.MAX_ATTEMPTS)
    jobs.run_job(str(job.pk))
    job.refresh_from_db()
    assert job.status == "failed" and "lost 5 times" in job.report["error"]


def test_first_data_are_queued_once(tmp_path, settings, monkeypatch, capsys):
    files.shown_tract(tmp_path / "a.csv", VALUES)
    settings.ATLAS_DATA_DIR = tmp_path
    sent = []
    monkeypatch.setattr("atlas.tasks.ingest_file.delay", sent.append)
    call_command("load_first_data")
    call_command("load_first_data")
    assert len(sent) == 1 == IngestJob.objects.count()


def test_records_show_progress_and_no_path_of_the_machine(tmp_path):
    job = IngestJob.objects.create(
        path="/secret/place/a.csv",
        status="running",
        rows_done=25,
        rows_total=100,
        started_at=timezone.now(),
        report={"path": "/secret/place/a.csv"},
    )
    record = job_queries.job(job.pk)
    assert (record.file_name, record.percent) == ("a.csv", 25)
    assert "/secret" not in str(record)
