"""The history of releases: one event per change, written in the transaction that makes the change."""

from django.utils import timezone

from atlas.models import IngestJob, Release, ReleaseEvent

COMMAND_LINE, WORKER, BROWSER = "command line", "worker", "browser"
Kind = ReleaseEvent.Kind


def record_event(
    kind: str, *, dataset: str, release: Release | None, by: int | None, via: str, reason: str = "", **details
) -> None:
    """`by` is the person's id, None when nobody signed in stood behind it; `via` the way it came."""
    about = {}
    if release:
        about = {"file_name": release.file_name, "sha256": release.sha256, "rows_kept": release.rows_kept}
    ReleaseEvent.objects.create(
        kind=kind, dataset=dataset, release=release, by_id=by, reason=reason, details={"via": via, **about, **details}
    )


def settle_jobs(release: Release, status: str, sentence: str) -> None:
    """Jobs that waited for a decision on `release` say what was decided."""
    for job in IngestJob.objects.filter(release=release, status=IngestJob.Status.STAGED):
        IngestJob.objects.filter(pk=job.pk).update(
            status=status, report={**job.report, "sentence": sentence}, updated_at=timezone.now()
        )
