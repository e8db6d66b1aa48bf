"""The newest fetch of publishers' files as people watch it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max
from django.utils import timezone

from atlas.models import FetchJob


@dataclass(frozen=True)
class FetchRecord:
    """One fetch. Bytes of all files together; percent 0-100 and seconds_left are None while unknown."""

    status: str
    stage: str
    file_name: str  # under way now, "" between files
    files_done: int
    files_total: int
    bytes_done: int
    bytes_total: int | None
    percent: float | None
    seconds_left: float | None
    sentence: str  # how it ended
    files: tuple[dict, ...]  # name, outcome, sentence of each that ended
    created_at: datetime
    finished_at: datetime | None

    @property
    def brought_something(self) -> bool:
        """Whether any file arrived, or was here already."""
        return any(file["outcome"] != "failed" for file in self.files)

    @property
    def active(self) -> bool:
        return self.status in ("queued", "running")


def fetch() -> FetchRecord | None:
    """One query."""
    job = FetchJob.objects.order_by("-created_at").first()
    if job is None:
        return None
    share = min(job.bytes_done / job.bytes_total, 1.0) if job.bytes_total else None
    left = None
    if job.status == "running" and share and job.started_at:
        left = (timezone.now() - job.started_at).total_seconds() * (1 - share) / share
    return FetchRecord(
        job.status,
        job.stage,
        job.file_name,
        job.files_done,
        job.files_total,
        job.bytes_done,
        job.bytes_total,
        None if share is None else 100 * share,
        left,
        job.report.get("sentence") or job.report.get("error", ""),
        tuple(job.report.get("files", ())),
        job.created_at,
        job.finished_at,
    )


def fetch_version() -> str:
    """Changes with every change of any fetch. One query."""
    found = FetchJob.objects.aggregate(last=Max("updated_at"), count=Count("pk"))
    return f"{found['last'].timestamp() if found['last'] else 0}-{found['count']}"
