"""The flip: one transaction makes a staged release the live one. Only here is anything live changed."""

from django.db import transaction
from django.utils import timezone

from atlas.ingest import locks, overlays
from atlas.ingest.tracts import add_to_universe
from atlas.models import Boundary, LivePart, Release
from atlas.sources.base import EstimateTable
from atlas.sources.recognise import Parsed


@transaction.atomic
def activate(release: Release, parsed: Parsed | None = None) -> tuple[int | None, tuple[str, ...]]:
    """Flips `release` live. Returns (release kept for rollback, slugs of cities whose tracts were worked out anew).

    The replaced release stays, retired, for rollback; older retired ones of the data set are deleted, and so is
    a sample: nobody goes back from published figures to generated ones.
    """
    locks.hold_until_commit(locks.DATASET, release.dataset)
    now = timezone.now()
    parts = list(Boundary.objects.filter(release=release).values_list("part", flat=True).distinct()) or [""]
    replaced = list(
        Release.objects.filter(live_parts__dataset=release.dataset, live_parts__part__in=parts)
        .exclude(pk=release.pk)
        .distinct()
        .order_by("-pk")
    )
    LivePart.objects.bulk_create(
        [LivePart(dataset=release.dataset, part=part, release=release) for part in parts],
        update_conflicts=True, unique_fields=["dataset", "part"], update_fields=["release"],
    )  # fmt: skip
    release.status, release.activated_at, release.retired_at = Release.Status.LIVE, now, None
    release.save(update_fields=["status", "activated_at", "retired_at"])
    Release.objects.filter(dataset=release.dataset, status="live").exclude(live_parts__isnull=False).update(
        status=Release.Status.RETIRED, retired_at=now
    )
    keep = (
        Release.objects.filter(dataset=release.dataset, status="retired", is_sample=False)
        .order_by("-retired_at", "-pk")
        .values("pk")[:1]
    )
    Release.objects.filter(dataset=release.dataset, status="retired").exclude(
        pk__in=list(keep.values_list("pk", flat=True))
    ).delete()
    if isinstance(parsed, EstimateTable) and release.level == Release.Level.TRACT:
        add_to_universe(parsed, release.is_sample)
    cities = overlays.remap_cities(parts, release.level) if parts != [""] else ()
    kept = [found for found in replaced if not found.is_sample]
    return (kept[0].pk if kept else None), cities
