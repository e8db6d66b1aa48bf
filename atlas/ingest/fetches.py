"""Fetch jobs: the publishers' files of a default portal.

What arrives is queued for import in the transaction that ends the job: a killed worker queues nothing twice.
"""

from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from atlas.fetching.errors import DiskFullError, FetchError
from atlas.fetching.fetch import FetchResult, fetch_all
from atlas.ingest import job_runner, jobs, kept_uploads
from atlas.ingest.frames import counties_in_frames
from atlas.models import City, FetchJob, IngestJob, Release
from atlas.records.places import starter_set_name
from atlas.sources.downloads import Download, default_downloads

_FAILURE = "The portal failed while fetching. What has arrived is kept; the log has the details."


def downloads_folder() -> Path:
    return settings.MOBILITY_HOME / "downloads"


def default_files() -> tuple[Download, ...]:
    """The official files for the states of the portal's cities, and for every county that their maps show."""
    states = [place[:2] for place in City.objects.values_list("place_geoid", flat=True)]
    return default_downloads(states, counties_in_frames())


def create_first_fetch() -> FetchJob | None:
    """A queued job on a portal that has nothing but the starter set and fetches nothing, else None."""
    if Release.objects.filter(starter_date__isnull=True).exists():
        return None
    if FetchJob.objects.filter(status__in=["queued", "running"]).exists():
        return None
    return FetchJob.objects.create()


def jobs_to_enqueue() -> list[FetchJob]:
    """Jobs to hand to the broker: queued for a while, or running without a worker."""
    return job_runner.jobs_to_enqueue(FetchJob)


def run_job(job_id: str) -> list[IngestJob]:
    """Runs one job to its end. Returns the imports it has queued, to be handed to the broker."""
    queued: list[IngestJob] = []
    initial = {"stage": "asking", "file_name": "", "files_done": 0, "bytes_done": 0, "bytes_total": None, "report": {}}
    job_runner.run_job(FetchJob, job_id, lambda job: queued.extend(_run(job)), _FAILURE, **initial)
    return queued


def _run(job: FetchJob) -> list[IngestJob]:
    downloads = default_files()
    tracker = _ProgressTracker(job, downloads)
    try:
        for fetched in fetch_all(downloads, downloads_folder(), settings.PUBLISHER_MIRRORS, tracker.on_bytes):
            tracker.on_file_finished(fetched)
        paths = [downloads_folder() / fetched.file_name for fetched in tracker.ended if fetched.succeeded]
        missing = "" if tracker.has_tract_outcomes else _without_tract_outcomes()
    except (DiskFullError, FetchError) as problem:
        job_runner.finish_job(job, "failed", {"error": str(problem), "files": tracker.file_summaries})
        return []
    importable, skipped = jobs.sort_out(paths)
    shared = [kept_uploads.share(path, f"fetched-{job.pk}") for path in importable]
    with transaction.atomic():
        queued = IngestJob.objects.bulk_create(IngestJob(path=place, is_upload=is_copy) for place, is_copy in shared)
        here = sum(fetched.succeeded for fetched in tracker.ended)
        known = f", {len(skipped)} of a kind this portal does not read" if skipped else ""
        imports = f"{len(queued)} import{'' if len(queued) == 1 else 's'} queued{known}"
        fetched_files = f"{here} of {len(downloads)} files fetched; {imports}."
        sentence = (fetched_files if here else f"None of the {len(downloads)} files could be fetched.") + missing
        job_runner.finish_job(job, "done", {"sentence": sentence, "files": tracker.file_summaries})
    return queued


def _without_tract_outcomes() -> str:
    """What people see meanwhile, and what to do."""
    made_on = Release.objects.filter(status="live").aggregate(newest=Max("starter_date"))["newest"]
    shown = f" The portal shows the {starter_set_name(made_on)} until they can." if made_on else ""
    return (
        f" No tract file of the sources could be had.{shown} Run manage.py fetch --commit to try again, "
        "or give the files to manage.py ingest."
    )


class _ProgressTracker:
    """Keeps the job's row up to date while files arrive."""

    def __init__(self, job: FetchJob, downloads: tuple[Download, ...]):
        self._job, self._write = job, job_runner.progress_writer(job)
        self._sizes = {download.name: download.expected_bytes for download in downloads}  # as far as known
        self._outcomes = {download.name for download in downloads if download.is_tract_outcome}
        self._done = 0
        self.ended: list[FetchResult] = []
        job.files_total, job.bytes_total = len(downloads), sum(self._sizes.values())
        job.save()

    @property
    def has_tract_outcomes(self) -> bool:
        return any(fetched.succeeded and fetched.name in self._outcomes for fetched in self.ended)

    @property
    def file_summaries(self) -> list[dict]:
        """How each file fared, for people: no address of this machine."""
        return [
            {"name": f.file_name, "outcome": f.outcome, "sentence": f.sentence(), "sha256": f.sha256}
            for f in self.ended
        ]

    def on_bytes(self, download: Download, done: int, total: int | None) -> None:
        self._sizes[download.name] = max(done, total or self._sizes[download.name])
        self._store(download.file_name, self._done + done)

    def on_file_finished(self, fetched: FetchResult) -> None:
        self.ended.append(fetched)
        self._sizes[fetched.name] = fetched.size  # 0 for a file that could not be had
        self._done += fetched.size
        self._job.files_done = len(self.ended)
        self._job.report = {"files": self.file_summaries}
        self._store("", self._done, files_done=len(self.ended), report=self._job.report, now=True)

    def _store(self, file_name: str, done: int, **more) -> None:
        self._job.bytes_done, self._job.bytes_total = done, sum(self._sizes.values())
        self._write(stage="fetching", file_name=file_name, bytes_done=done, bytes_total=self._job.bytes_total, **more)
