"""Ingest jobs: one file each, carried out by a worker."""

import logging
from pathlib import Path

from atlas.ingest import history, job_runner, kept_uploads
from atlas.ingest.pipeline import Mode, run
from atlas.ingest.report import IngestReport
from atlas.ingest.scanning import find_files, looks_like_data
from atlas.models import IngestJob, Release
from atlas.sources.base import SourceFileError
from atlas.sources.detect import UnknownFormat, detect_source
from atlas.sources.opening import open_file
from atlas.starter.manifest import SHIPPED, read_manifest

logger = logging.getLogger(__name__)

_STATUS_OF_OUTCOME = {
    "activated": "done",
    "staged": "staged",
    "unchanged": "done",
    "superseded": "done",
    "valid": "done",
    "refused": "refused",
    "skipped": "refused",
}
_FAILURE = "The portal failed on this file. Nothing was imported; the log has the details."


def queue_folder(folder: Path, by=None) -> tuple[list[IngestJob], list[Path]]:
    """A queued job for every file of a folder that a source reads. Returns (jobs, files left alone)."""
    return queue_files(find_files([folder]), by)


def queue_files(paths, by=None) -> tuple[list[IngestJob], list[Path]]:
    """A queued job for every file that a source reads. Returns (jobs, files left alone)."""
    importable, skipped = sort_out(paths)
    jobs = IngestJob.objects.bulk_create(IngestJob(path=str(path), requested_by=by) for path in importable)
    return jobs, skipped


def sort_out(paths) -> tuple[list[Path], list[Path]]:
    """(files that a source reads, files to leave alone)."""
    importable: list[Path] = []
    skipped: list[Path] = []
    for path in paths:
        (importable if _path_fits_field(path) and _should_import(path) else skipped).append(path)
    return importable, skipped


def queue_starter_set() -> list[IngestJob]:
    """A queued job for every file that came with the portal, in the order in which a city gets its numbers soonest."""
    shipped = read_manifest(SHIPPED)
    files = shipped.files if shipped else ()
    return IngestJob.objects.bulk_create(IngestJob(path=str(SHIPPED / file.name)) for file in files)


def _path_fits_field(path: Path) -> bool:
    """Names that are no UTF-8, or longer than a job's field, can't be kept in a row."""
    try:
        longest = IngestJob._meta.get_field("path").max_length
        return longest is None or len(str(path).encode()) <= longest
    except UnicodeEncodeError:
        return False


def _should_import(path: Path) -> bool:
    """A source reads it, or it is broken in a way its job should say; what is plainly something else is left alone."""
    try:
        detect_source(open_file(path))
    except UnknownFormat:
        return False
    except SourceFileError:
        return looks_like_data(path)
    except Exception:  # a reader's own fault must not keep the portal from starting: the job will say it
        logger.exception("looking at %s failed", path.name)
        return looks_like_data(path)
    return True


def is_new_portal() -> bool:
    return not IngestJob.objects.exists() and not Release.objects.exists()


def jobs_to_enqueue() -> list[IngestJob]:
    """Jobs to hand to the broker: queued for a while, or running without a worker."""
    return job_runner.jobs_to_enqueue(IngestJob)


def run_job(job_id: str) -> None:
    """Runs one job to its end."""
    job_runner.run_job(IngestJob, job_id, _run, _FAILURE, rows_done=0, rows_total=None)


def _run(job: IngestJob) -> None:
    write = job_runner.progress_writer(job)
    with kept_uploads.local_file(job.path) as path:
        report = run(
            path,
            source=job.source,
            mode=Mode.ACTIVATE if job.commit else Mode.STAGE,
            accept_losses=job.accept_losses,
            stage_losses=job.requested_by_id is not None,
            by=job.requested_by_id,
            via=history.WORKER,
            progress=lambda stage, done, total: write(stage=stage, rows_done=done, rows_total=total),
        )
    _finish(job, report)


def _finish(job: IngestJob, report: IngestReport) -> None:
    job.dataset = report.dataset
    job.release_id = report.release_id
    job.rows_done = report.rows_read
    job.rows_total = report.rows_read
    job_runner.finish_job(job, _STATUS_OF_OUTCOME[report.outcome], {**report.as_dict(), "sentence": report.sentence()})
    if job.is_upload:
        kept_uploads.forget(job.path)
