"""The history of releases: one event per change, written in the transaction that makes the change."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from atlas.ingest.report import MeasureChange
from atlas.models import IngestJob, Release, ReleaseEvent

COMMAND_LINE, WORKER, BROWSER = "command line", "worker", "browser"
Kind = ReleaseEvent.Kind
MAX_CORRECTIONS = 20  # measures an event spells out


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


def corrections(changes: Iterable[MeasureChange], *, sample_before: bool) -> dict[str, Any]:
    """What an event keeps of changed values: the measures with most of them, each with its largest change.

    {} where no published value changed: figures in place of generated ones correct nothing.
    """
    moved = sorted((c for c in changes if c.changed), key=lambda change: -change.changed)
    if not moved or sample_before:
        return {}
    kept = [
        {
            "slug": change.slug,
            "changed": change.changed,
            "at": change.largest_at,
            "before": change.largest_before,
            "after": change.largest_after,
        }
        for change in moved[:MAX_CORRECTIONS]
    ]
    return {"corrections": kept, "changed": sum(c.changed for c in moved), "changed_measures": len(moved)}


def undone_corrections(release: Release) -> dict[str, Any]:
    """What taking a release back changes: its own corrections the other way round."""
    event = ReleaseEvent.objects.filter(release=release, kind=Kind.ACTIVATED).order_by("-id").first()
    if event is None or "corrections" not in event.details:
        return {}
    turned = [{**one, "before": one["after"], "after": one["before"]} for one in event.details["corrections"]]
    return {**{key: event.details[key] for key in ("changed", "changed_measures")}, "corrections": turned}


def settle_jobs(release: Release, status: str, sentence: str) -> None:
    """Jobs that waited for a decision on `release` say what was decided."""
    for job in IngestJob.objects.filter(release=release, status=IngestJob.Status.STAGED):
        IngestJob.objects.filter(pk=job.pk).update(
            status=status, report={**job.report, "sentence": sentence}, updated_at=timezone.now()
        )
