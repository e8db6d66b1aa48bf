"""Celery's edge: one domain call each."""

from celery import shared_task

from atlas.ingest import fetches, jobs


@shared_task(name="atlas.tasks.ingest_file", ignore_result=True)
def ingest_file(job_id: str) -> None:
    """Carries out one ingest job."""
    jobs.carry_out(job_id)


@shared_task(name="atlas.tasks.fetch_files", ignore_result=True)
def fetch_files(job_id: str) -> None:
    """Carries out one fetch job and hands on the imports it has queued."""
    for job in fetches.carry_out(job_id):
        ingest_file.delay(str(job.pk))


@shared_task(name="atlas.tasks.recover_jobs", ignore_result=True, expires=30)
def recover_jobs() -> None:
    """Hands jobs without a worker to the broker again; harmless when one is still on its way."""
    for job in fetches.waiting():
        fetch_files.delay(str(job.pk))
    for job in jobs.waiting():
        ingest_file.delay(str(job.pk))
