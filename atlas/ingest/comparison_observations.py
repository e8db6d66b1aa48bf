"""What would change in a series: a parsed table of observations against the live release of its data set."""

import numpy as np

from atlas import vectors
from atlas.ingest.live_release import live_release
from atlas.ingest.report import MeasureChange
from atlas.ingest.staging_observations import quality
from atlas.models import Observation, Release, ReleaseMeasure
from atlas.sources.base import GEOID_WIDTHS, ObservationTable, ObservedColumn, refuse

_Key = tuple[str, str, object]  # GEOID, subgroup, first day of the period


def compare(parsed: ObservationTable, accept_losses: bool) -> tuple[MeasureChange, ...]:
    """Per metric: values gained, lost and changed, and the largest change in the metric's unit.

    Raises Refused when live areas, metrics, groups or periods would go, unless losses are accepted: a shorter
    file is more often a broken download than a decision.
    """
    live = live_release(parsed.dataset.key)
    if live and not accept_losses:
        gone = [f"{count:,} {what}" for what, count in lost(parsed, live).items() if count]
        if gone:
            raise refuse(f"would drop {', '.join(gone)} that are live; use --accept-losses if that is meant")
    keys = _keys(parsed) if live else []
    return tuple(_change(column, keys, live) for column in parsed.columns)


def lost(parsed: ObservationTable, live: Release) -> dict[str, int]:
    """How many live areas, metrics, groups and periods the new file does not hold."""
    _, areas = vectors.index(live.pk)
    metrics = set(ReleaseMeasure.objects.filter(release=live).values_list("measure__slug", flat=True))
    rows = Observation.objects.filter(release=live)
    groups = set(rows.order_by().values_list("subgroup", flat=True).distinct())
    periods = set(rows.order_by().values_list("period_start", flat=True).distinct())
    return {
        "areas": int(np.setdiff1d(areas, parsed.geoids).size),
        "metrics": len(metrics - {column.slug for column in parsed.columns}),
        "groups": len(groups - set([""] if parsed.subgroups is None else parsed.subgroups.tolist())),
        "periods": len(periods - set([None] if parsed.periods is None else parsed.periods.tolist())),
    }


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
    }
    speaks = np.isfinite(column.value) if column.rows is None else np.isfinite(column.value) & column.rows
    after = {keys[row]: float(column.value[row]) for row in np.flatnonzero(speaks)}
    differences = [abs(after[key] - before[key]) for key in after.keys() & before.keys()]
    return MeasureChange(
        column.slug,
        **counts,
        added=len(after.keys() - before.keys()),
        removed=len(before.keys() - after.keys()),
        changed=sum(difference > 0 for difference in differences),
        largest_change=max(differences, default=None),
    )
