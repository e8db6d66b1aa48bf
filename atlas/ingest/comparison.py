"""What would change: a parsed file against the live release of its data set."""

import numpy as np
from django.db.models import F

from atlas import vectors
from atlas.ingest.report import MeasureChange
from atlas.ingest.staging import quality
from atlas.models import Boundary, LivePart, Release, ReleaseMeasure
from atlas.sources.base import BoundaryTable, Column, EstimateTable


def live_release(dataset: str) -> Release | None:
    """The one that answers for a table of estimates (boundaries have one per part)."""
    part = LivePart.objects.filter(dataset=dataset, part="").select_related("release").first()
    return part.release if part else None


def compare(parsed: EstimateTable, live: Release | None) -> tuple[MeasureChange, ...]:
    """Per measure: rows with a value gained, lost and changed, and the largest change in the measure's unit."""
    if live is None:
        return tuple(_new(column) for column in parsed.columns)
    measured = set(ReleaseMeasure.objects.filter(release=live).values_list("measure__slug", flat=True))
    _, geoids = vectors.index(live.pk)
    found, position = vectors.locate(geoids, parsed.geoids)
    kept, _ = vectors.locate(parsed.geoids, geoids)
    changes = []
    for column in parsed.columns:
        if column.slug not in measured:
            changes.append(_new(column))
            continue
        # Not remembered: a full file has thousands of columns, and this is the last look at the old ones.
        old = vectors.read(live.pk, column.slug).value
        before = np.where(found, old[position], np.float32(np.nan))
        changes.append(_change(column, before, gone=int(np.count_nonzero(np.isfinite(old) & ~kept))))
    return tuple(changes)


def _counts(column: Column) -> dict[str, int]:
    found = quality(column)
    return {key: found[key] for key in ("rows_with_value", "rows_without_value", "rows_outside_range")}


def _new(column: Column) -> MeasureChange:
    counts = _counts(column)
    return MeasureChange(column.slug, **counts, added=counts["rows_with_value"])


def _change(column: Column, before: np.ndarray, gone: int) -> MeasureChange:
    """`before` are the live values of the same rows; `gone` counts live values whose row is no longer there."""
    has, had = np.isfinite(column.value), np.isfinite(before)
    both = has & had
    difference = np.abs(column.value[both].astype(float) - before[both].astype(float))
    return MeasureChange(
        column.slug,
        **_counts(column),
        added=int(np.count_nonzero(has & ~had)),
        removed=int(np.count_nonzero(had & ~has)) + gone,
        changed=int(np.count_nonzero(difference)),
        largest_change=float(difference.max()) if difference.size else None,
    )


def lost(parsed: EstimateTable, live: Release | None) -> tuple[int, tuple[str, ...]]:
    """(live tracts, live measures) that the new file does not hold; a sample's are no loss."""
    if live is None or live.is_sample:
        return 0, ()
    _, geoids = vectors.index(live.pk)
    found, _ = vectors.locate(parsed.geoids, geoids)
    slugs = set(ReleaseMeasure.objects.filter(release=live).values_list("measure__slug", flat=True))
    return int(np.count_nonzero(~found)), tuple(sorted(slugs - set(parsed.slugs)))


def lost_boundaries(parsed: BoundaryTable) -> int:
    """Live boundaries of the file's own parts (counties, places) that it does not hold."""
    held = {feature.geoid for feature in parsed.features}
    parts = {feature.part for feature in parsed.features}
    live = Boundary.objects.filter(
        release__live_parts__dataset=parsed.dataset.key, release__live_parts__part=F("part"), part__in=parts
    )
    return sum(geoid not in held for geoid in live.values_list("geoid", flat=True))
