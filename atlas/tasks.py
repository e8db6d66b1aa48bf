"""Celery's edge: one domain call each."""

import logging
from uuid import UUID

from celery import shared_task
from kombu.exceptions import OperationalError

from atlas.ingest import drawings, fetches, jobs, rank_sets

logger = logging.getLogger(__name__)


# Task names are explicit and stay when a function or module moves: messages in the broker carry them.


@shared_task(name="atlas.tasks.ingest_file", ignore_result=True)
def ingest_file(job_id: str) -> None:
    """Carries out one ingest job."""
    jobs.run_job(job_id)


@shared_task(name="atlas.tasks.fetch_files", ignore_result=True)
def fetch_files(job_id: str) -> None:
    """Carries out one fetch job and hands on the imports it has queued."""
    for job in fetches.run_job(job_id):
        enqueue_import(job.pk)


def enqueue_import(job_id: UUID) -> None:
    """Tells the workers of a queued job. With the broker away, `recover_jobs` tells them later."""
    try:
        ingest_file.delay(str(job_id))
    except OperationalError:
        logger.warning("The broker does not answer: job %s starts when it does.", job_id)


@shared_task(name="atlas.tasks.work_out_rank_sets", ignore_result=True, expires=30)
def compute_rank_sets() -> None:
    """Computes the rank sets a flip made necessary, whoever flipped; what a worker that died left undone, too."""
    rank_sets.compute_missing()


@shared_task(name="atlas.tasks.draw_maps", ignore_result=True, expires=30)
def draw_maps() -> None:
    """Draws the maps that a flip or an upgrade made necessary."""
    drawings.store_missing()


@shared_task(name="atlas.tasks.recover_jobs", ignore_result=True, expires=30)
def recover_jobs() -> None:
    """Hands jobs without a worker to the broker again; harmless when one is still on its way."""
    for fetch_job in fetches.jobs_to_enqueue():
        fetch_files.delay(str(fetch_job.pk))
    for ingest_job in jobs.jobs_to_enqueue():
        ingest_file.delay(str(ingest_job.pk))
