"""What would change in a series: a parsed table of observations against the live release of its data set."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from atlas import vectors
from atlas.ingest.live_release import live_release
from atlas.ingest.report import MeasureChange
from atlas.ingest.staging_observations import quality
from atlas.models import Observation, Release, ReleaseMeasure
from atlas.sources.base import GEOID_WIDTHS, ObservationTable, ObservedColumn

_Key = tuple[str, str, date | None]  # GEOID, subgroup, first day of the period


def compare_observations(parsed: ObservationTable) -> tuple[tuple[MeasureChange, ...], dict[str, int]]:
    """(changes, losses): per metric, values gained, lost and changed with the largest change in the metric's unit;
    and how many live areas, metrics, groups and periods would go. A shorter file is more often a broken download
    than a decision.
    """
    live = live_release(parsed.dataset.key)
    keys = _keys(parsed) if live else []
    changes = tuple(_change(column, keys, live) for column in parsed.columns)
    if live is None:
        return changes, {}
    groups = {""} if parsed.subgroups is None else set(parsed.subgroups.tolist())
    periods = {None} if parsed.periods is None else set(parsed.periods.tolist())
    held = _Contents(parsed.geoids, {column.slug for column in parsed.columns}, groups, periods)
    return changes, _count_losses(held, live)


def lost_when_staged(release: Release) -> dict[str, int]:
    """What a release that waits for a decision would drop of what is live now."""
    live = live_release(release.dataset)
    return _count_losses(_contents_of(release), live) if live else {}


@dataclass(frozen=True)
class _Contents:
    areas: np.ndarray
    metrics: set[str]
    groups: set[str]
    periods: set


def _contents_of(release: Release) -> _Contents:
    rows = Observation.objects.filter(release=release).order_by()
    return _Contents(
        vectors.index(release.pk)[1],
        set(ReleaseMeasure.objects.filter(release=release).values_list("measure__slug", flat=True)),
        set(rows.values_list("subgroup", flat=True).distinct()),
        set(rows.values_list("period_start", flat=True).distinct()),
    )


def _count_losses(new: _Contents, live: Release) -> dict[str, int]:
    old = _contents_of(live)
    found = {
        "areas": int(np.setdiff1d(old.areas, new.areas).size),
        "metrics": len(old.metrics - new.metrics),
        "groups": len(old.groups - new.groups),
        "periods": len(old.periods - new.periods),
    }
    return {what: count for what, count in found.items() if count}


def _keys(parsed: ObservationTable) -> list[_Key]:
    width, count = GEOID_WIDTHS[parsed.area_kind], len(parsed.geoids)
    geoids = [f"{code:0{width}d}" for code in parsed.geoids.tolist()]
    groups = [""] * count if parsed.subgroups is None else parsed.subgroups.tolist()
    periods = [None] * count if parsed.periods is None else parsed.periods.tolist()
    return list(zip(geoids, groups, periods, strict=True))


def _change(column: ObservedColumn, keys: list[_Key], live: Release | None) -> MeasureChange:
    found = quality(column)
    counts = {key: found[key] for key in ("rows_with_value", "rows_without_value", "rows_outside_range")}
    if live is None:
        return MeasureChange(column.slug, **counts, added=counts["rows_with_value"])
    before = {
        (geoid, group, start): value
        for geoid, group, start, value in Observation.objects.filter(
            release=live, metric=column.slug, value__isnull=False
        ).values_list("geoid", "subgroup", "period_start", "value")
        if value is not None
    }
    speaks = np.isfinite(column.value) if column.rows is None else np.isfinite(column.value) & column.rows
    after = {keys[row]: float(column.value[row]) for row in np.flatnonzero(speaks)}
    differences = {key: abs(after[key] - before[key]) for key in after.keys() & before.keys()}
    largest = max(differences, key=lambda key: (differences[key], str(key)), default=None)
    return MeasureChange(
        column.slug,
        **counts,
        added=len(after.keys() - before.keys()),
        removed=len(before.keys() - after.keys()),
        changed=sum(difference > 0 for difference in differences.values()),
        largest_change=None if largest is None else differences[largest],
        **({} if largest is None or not differences[largest] else _values_at(largest, before, after)),
    )


def _values_at(key: _Key, before: dict[_Key, float], after: dict[_Key, float]) -> dict[str, Any]:
    geoid, group, start = key
    place = ", ".join(filter(None, (geoid, group, str(start or ""))))
    return {"largest_at": place, "largest_before": before[key], "largest_after": after[key]}
