"""How a worker and the row of its job go together, whatever the job. A lost message or worker loses nothing.

While a job runs, its worker's session holds an advisory lock. A job that says "running" whose lock is free has
lost its worker and is taken up again.
"""

import errno
import logging
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from atlas.ingest import locks
from atlas.models.jobs import Job

logger = logging.getLogger(__name__)

JobT = TypeVar("JobT", bound=Job)

MAX_ATTEMPTS = 5
NO_ROOM = "The disk of the portal is full. Nothing was imported. Free some space, then import the file again."
TOOK_TOO_LONG = "This took too long and was stopped. Nothing was imported."
RESEND_AFTER = timedelta(seconds=15)  # a queued job whose message may have been lost
_PROGRESS_SECONDS = 0.5


def jobs_to_enqueue(model: type[JobT]) -> list[JobT]:
    """Jobs to hand to the broker: queued for a while, or running without a worker."""
    now, jobs = timezone.now(), model._default_manager
    lost = [job for job in jobs.filter(status="running") if _worker_is_lost(job)]
    queued = list(jobs.filter(status="queued", updated_at__lt=now - RESEND_AFTER).order_by("created_at"))
    jobs.filter(pk__in=[job.pk for job in queued]).update(updated_at=now)
    return lost + queued


def _worker_is_lost(job: Job) -> bool:
    if not locks.try_lock(locks.JOB, str(job.pk)):
        return False
    locks.unlock(locks.JOB, str(job.pk))
    return True


def run_job(model: type[JobT], job_id: str, work: Callable[[JobT], None], failure: str, **initial_fields: Any) -> None:
    """Runs `work` on one job. A second worker with the same message finds the lock taken and leaves.

    `initial_fields` are the fields an attempt starts from; `failure` is what people read when `work` raises, which it
    may.
    """
    if not locks.try_lock(locks.JOB, job_id):
        return
    try:
        job = _start_attempt(model, job_id, initial_fields)
        if job is not None:
            try:
                work(job)
            except SoftTimeLimitExceeded:
                logger.error("%s %s took too long", model._meta.verbose_name, job.pk)
                finish_job(job, "failed", {"error": TOOK_TOO_LONG})
            except (OperationalError, InterfaceError) as error:
                if not is_disk_full(error):
                    raise  # the database went away: the job still says "running" and is taken up again when it is back
                logger.exception("%s %s found no room", model._meta.verbose_name, job.pk)
                finish_job(job, "failed", {"error": NO_ROOM})
            except Exception as error:
                failure = NO_ROOM if is_disk_full(error) else failure
                logger.exception("%s %s failed", model._meta.verbose_name, job.pk)
                finish_job(job, "failed", {"error": failure})
                raise
    finally:
        locks.unlock(locks.JOB, job_id)


@transaction.atomic
def _start_attempt(model: type[JobT], job_id: str, initial_fields: dict[str, Any]) -> JobT | None:
    job = model._default_manager.select_for_update().filter(pk=job_id, status__in=["queued", "running"]).first()
    if job is None:
        return None
    job.attempts += 1
    job.status, job.started_at = "running", timezone.now()
    for field, value in initial_fields.items():
        setattr(job, field, value)
    if job.attempts > MAX_ATTEMPTS:
        lost = f"The worker was lost {MAX_ATTEMPTS} times during this job. Nothing was imported."
        finish_job(job, "failed", {"error": lost})
        return None
    job.save()
    return job


def is_disk_full(error: BaseException) -> bool:
    """Of the database's disk (SQLSTATE 53100) or of the portal's own."""
    return getattr(error.__cause__, "pgcode", None) == "53100" or (
        isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
    )


def finish_job(job: Job, status: str, report: dict) -> None:
    """The job's last state: done, refused or failed, and why."""
    job.status, job.report, job.finished_at, job.stage = status, report, timezone.now(), ""
    job.save()


def progress_writer(job: Job) -> Callable[..., None]:
    """Writes fields to the job's row at most twice a second: people watch it, the work must not wait for it."""
    last = 0.0

    def write(*, now: bool = False, **fields: Any) -> None:
        nonlocal last
        if not now and time.monotonic() - last < _PROGRESS_SECONDS:
            return
        last = time.monotonic()
        type(job)._default_manager.filter(pk=job.pk).update(**fields, updated_at=timezone.now())

    return write
