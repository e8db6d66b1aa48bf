"""Jobs: one file each, carried out by a worker. The row is the truth, so a lost message or worker loses nothing.

While a job runs, its worker's session holds an advisory lock. A job that says "running" whose lock is free has
lost its worker and is taken up again.
"""

import logging
import shutil
import time
from datetime import timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from atlas.ingest import history, locks
from atlas.ingest.pipeline import Mode, run
from atlas.ingest.report import IngestReport
from atlas.ingest.scanning import files
from atlas.models import IngestJob, Release
from atlas.sources.base import Refused
from atlas.sources.opening import open_file
from atlas.sources.recognise import NotRecognised, recognise

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 5
RESEND_AFTER = timedelta(seconds=15)  # a queued job whose message may have been lost
_PROGRESS_SECONDS = 0.5
_ENDINGS = {
    "activated": "done",
    "staged": "staged",
    "unchanged": "done",
    "valid": "done",
    "refused": "refused",
    "skipped": "refused",
}


def request_folder(folder: Path, by=None) -> tuple[list[IngestJob], list[Path]]:
    """A queued job for everything recognisable in a folder. Returns (jobs, files left alone)."""
    wanted, skipped = [], []
    for path in files([folder]):
        (wanted if _is_ours(path) else skipped).append(path)
    jobs = IngestJob.objects.bulk_create(IngestJob(path=str(path), requested_by=by) for path in wanted)
    return jobs, skipped


def _is_ours(path: Path) -> bool:
    """Recognised, or broken in a way its job should say; what is plainly something else is left alone."""
    try:
        recognise(open_file(path))
    except NotRecognised:
        return False
    except Refused:
        return path.suffix.lower() in (".csv", ".gz", ".zip", ".geojson")
    return True


def nothing_was_ever_ingested() -> bool:
    return not IngestJob.objects.exists() and not Release.objects.exists()


def waiting() -> list[IngestJob]:
    """Jobs to hand to the broker: queued for a while, or running without a worker."""
    now = timezone.now()
    lost = [job for job in IngestJob.objects.filter(status="running") if _worker_is_gone(job)]
    queued = list(IngestJob.objects.filter(status="queued", updated_at__lt=now - RESEND_AFTER).order_by("created_at"))
    IngestJob.objects.filter(pk__in=[job.pk for job in queued]).update(updated_at=now)
    return lost + queued


def _worker_is_gone(job: IngestJob) -> bool:
    if not locks.try_hold(locks.JOB, str(job.pk)):
        return False
    locks.release(locks.JOB, str(job.pk))
    return True


def carry_out(job_id: str) -> None:
    """Runs one job to its end. A second worker with the same message finds the lock taken and leaves."""
    if not locks.try_hold(locks.JOB, job_id):
        return
    try:
        job = _begin(job_id)
        if job is not None:
            _run(job)
    finally:
        locks.release(locks.JOB, job_id)


@transaction.atomic
def _begin(job_id: str) -> IngestJob | None:
    job = IngestJob.objects.select_for_update().filter(pk=job_id, status__in=["queued", "running"]).first()
    if job is None:
        return None
    job.attempts += 1
    job.status, job.started_at, job.rows_done, job.rows_total = "running", timezone.now(), 0, None
    if job.attempts > MAX_ATTEMPTS:
        _end(
            job, "failed", {"error": f"The worker was lost {MAX_ATTEMPTS} times during this job. Nothing was imported."}
        )
        return None
    job.save()
    return job


def _run(job: IngestJob) -> None:
    try:
        report = run(
            Path(job.path),
            source=job.source,
            mode=Mode.ACTIVATE if job.commit else Mode.STAGE,
            accept_losses=job.accept_losses,
            ask=job.requested_by_id is not None,
            by=job.requested_by_id,
            via=history.WORKER,
            progress=_progress_of(job),
        )
    except Exception:
        logger.exception("ingest job %s failed", job.pk)
        _end(job, "failed", {"error": "The portal failed on this file. Nothing was imported; the log has the details."})
        raise
    _finish(job, report)


def _finish(job: IngestJob, report: IngestReport) -> None:
    job.dataset = report.dataset
    job.release_id = report.release_id
    job.rows_done = report.rows_read
    job.rows_total = report.rows_read
    _end(job, _ENDINGS[report.outcome], {**report.as_dict(), "sentence": report.sentence()})


def _end(job: IngestJob, status: str, report: dict) -> None:
    job.status, job.report, job.finished_at, job.stage = status, report, timezone.now(), ""
    job.save()
    if job.is_upload and status != "failed":  # what it held is in the database, or was refused
        shutil.rmtree(Path(job.path).parent, ignore_errors=True)


def _progress_of(job: IngestJob):
    """Writes the job's row at most twice a second: people watch it, the import must not wait for it."""
    last = 0.0

    def progress(stage: str, done: int, total: int | None) -> None:
        nonlocal last
        if time.monotonic() - last < _PROGRESS_SECONDS:
            return
        last = time.monotonic()
        IngestJob.objects.filter(pk=job.pk).update(
            stage=stage, rows_done=done, rows_total=total, updated_at=timezone.now()
        )

    return progress
