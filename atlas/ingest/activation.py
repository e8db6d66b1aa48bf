"""The flip: one transaction makes a staged release the live one. Only here is anything live changed."""

import numpy as np
from django.db import transaction
from django.utils import timezone

from atlas.ingest import locks, overlays, universe
from atlas.models import Boundary, LivePart, Release
from atlas.sources.base import BoundaryTable, EstimateTable, RelationTable
from atlas.sources.recognise import Parsed
from atlas.sources.us_outline import counties_2010


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
    _extend_universe(release, parsed)
    cities = overlays.remap_cities(parts, release.level) if parts != [""] else ()
    kept = [found for found in replaced if not found.is_sample]
    return (kept[0].pk if kept else None), cities


def _extend_universe(release: Release, parsed: Parsed | None) -> None:
    """What a file adds to the list of tracts; a whole list makes its states known. The sample adds to no list."""
    if isinstance(parsed, EstimateTable) and release.level == Release.Level.TRACT:
        universe.add(parsed.geoids, parsed.vintage, parsed.names, is_sample=release.is_sample)
        listed = parsed.geoids if universe.is_list(parsed.geoids) else None
    elif isinstance(parsed, RelationTable):
        listed = np.unique(parsed.old)
        universe.add(listed, 2010)
    elif isinstance(parsed, BoundaryTable) and release.level == Release.Level.TRACT:
        listed = _whole_states(np.array([int(feature.geoid) for feature in parsed.features]))
        universe.add(listed, parsed.vintage, is_sample=release.is_sample)
    else:
        return
    if listed is not None and listed.size and not release.is_sample:
        universe.mark_known(listed)


def _whole_states(geoids: np.ndarray) -> np.ndarray:
    """The tracts of those states of which every county of 2010 is there: a state's own boundary file."""
    held = {f"{code:05d}" for code in np.unique(geoids // 10**6).tolist()}
    whole = [s for s in {c[:2] for c in held} if {c for c in counties_2010() if c[:2] == s} <= held]
    return np.sort(geoids[np.isin(geoids // 10**9, [int(state) for state in whole])])
