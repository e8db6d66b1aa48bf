"""Ingest jobs as people watch them. Paths of the machine stay inside: only file names go out."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from uuid import UUID

from django.db.models import Count, Max, Q
from django.utils import timezone

from atlas.models import IngestJob
from atlas.sources.datasets import get_dataset


@dataclass(frozen=True)
class JobRecord:
    """One job. percent 0-100 and seconds_left are None while unknown."""

    id: UUID
    file_name: str
    dataset: str  # its key, "" before its source is detected
    title: str
    status: str
    stage: str
    rows_done: int
    rows_total: int | None
    percent: float | None
    seconds_left: float | None
    sentence: str  # how it ended
    release_id: int | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    report: dict


@dataclass(frozen=True)
class JobCounts:
    """How many jobs are in which state; `version` changes with every change of any job."""

    queued: int
    running: int
    staged: int
    done: int
    discarded: int
    refused: int
    failed: int
    version: str

    @property
    def active(self) -> int:
        return self.queued + self.running

    @property
    def total(self) -> int:
        return self.active + self.staged + self.done + self.discarded + self.refused + self.failed


def job_counts() -> JobCounts:
    """One query."""
    states = IngestJob.Status.values
    found = IngestJob.objects.aggregate(last=Max("updated_at"), **{s: Count("pk", filter=Q(status=s)) for s in states})
    last = found.pop("last")
    return JobCounts(**found, version=f"{last.timestamp() if last else 0}-{sum(found.values())}")


def jobs(limit: int = 100) -> tuple[JobRecord, ...]:
    """Running first, then those that wait for a decision, then those in the queue, then the newest that ended."""
    rank = {"running": 0, "staged": 1, "queued": 2}
    rows = sorted(
        IngestJob.objects.order_by("-created_at", "-id")[: limit * 5],
        key=lambda j: (rank.get(j.status, 3), _sort_time(j)),
    )
    return tuple(_record(job) for job in rows[:limit])


def _sort_time(job: IngestJob) -> float:
    return job.created_at.timestamp() if job.status == "queued" else -(job.finished_at or job.created_at).timestamp()


def job(pk: UUID) -> JobRecord | None:
    found = IngestJob.objects.filter(pk=pk).first()
    return _record(found) if found else None


def _record(job: IngestJob) -> JobRecord:
    share = min(job.rows_done / job.rows_total, 1.0) if job.rows_total else None
    left = None
    if job.status == "running" and share and job.started_at:
        left = (timezone.now() - job.started_at).total_seconds() * (1 - share) / share
    report = {**job.report, "path": PurePath(job.path).name} if job.report else {}
    return JobRecord(
        job.pk,
        PurePath(job.path).name,
        job.dataset,
        get_dataset(job.dataset).title if job.dataset else "",
        job.status,
        job.stage,
        job.rows_done,
        job.rows_total,
        None if share is None else 100 * share,
        left,
        report.get("sentence") or report.get("error", ""),
        job.release_id,
        job.created_at,
        job.started_at,
        job.finished_at,
        report,
    )
