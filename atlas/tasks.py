"""Celery's edge: one domain call each."""

from celery import shared_task

from atlas.ingest import jobs


@shared_task(name="atlas.tasks.ingest_file", ignore_result=True)
def ingest_file(job_id: str) -> None:
    """Carries out one ingest job."""
    jobs.carry_out(job_id)


@shared_task(name="atlas.tasks.recover_jobs", ignore_result=True, expires=30)
def recover_jobs() -> None:
    """Hands jobs without a worker to the broker again; harmless when one is still on its way."""
    for job in jobs.waiting():
        ingest_file.delay(str(job.pk))
