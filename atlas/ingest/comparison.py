"""What would change: a parsed file against the live release of its data set."""

import numpy as np

from atlas import vectors
from atlas.ingest.report import MeasureChange
from atlas.ingest.staging import quality
from atlas.models import LivePart, Release, ReleaseMeasure
from atlas.sources.base import EstimateTable


def live_release(dataset: str) -> Release | None:
    """The one that answers for a table of estimates (boundaries have one per part)."""
    part = LivePart.objects.filter(dataset=dataset, part="").select_related("release").first()
    return part.release if part else None


def compare(parsed: EstimateTable, live: Release | None) -> tuple[MeasureChange, ...]:
    """Per measure: rows with a value gained, lost and changed, and the largest change in the measure's unit."""
    measured = (
        set(ReleaseMeasure.objects.filter(release=live).values_list("measure__slug", flat=True)) if live else set()
    )
    return tuple(_change(parsed, column, live, column.slug in measured) for column in parsed.columns)


def _change(parsed: EstimateTable, column, live: Release | None, in_live: bool) -> MeasureChange:
    found = quality(column)
    counts = {key: found[key] for key in ("rows_with_value", "rows_without_value", "rows_outside_range")}
    if not in_live:
        return MeasureChange(column.slug, **counts, added=counts["rows_with_value"])
    old = vectors.national(live.pk, column.slug)
    before, _ = old.at(parsed.geoids)
    has, had = np.isfinite(column.value), np.isfinite(before)
    gone, _ = vectors.locate(parsed.geoids, old.geoids[np.isfinite(old.value)])
    both = has & had
    difference = np.abs(column.value[both].astype(float) - before[both].astype(float))
    return MeasureChange(
        column.slug,
        **counts,
        added=int(np.count_nonzero(has & ~had)),
        removed=int(np.count_nonzero(had & ~has) + np.count_nonzero(~gone)),
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
    return int(np.count_nonzero(~found)), tuple(sorted(slugs - {column.slug for column in parsed.columns}))
