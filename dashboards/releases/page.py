"""A release against the one it replaces or has replaced: what changed, by how much, where."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from atlas.ingest import operations
from atlas.ingest.report import MeasureChange
from atlas.measures import UnknownMeasure, describe
from atlas.metrics.catalog import METRICS
from atlas.queries import cities as city_queries
from atlas.queries.changes import changes_by_city, city_change_map, measure_changes
from atlas.queries.releases import ReleaseRecord, release_slugs
from atlas.records.places import CityRecord
from atlas.sources.outcomes import CZ_SLUG
from dashboards.charts.change_map import draw_change_distribution, draw_change_map
from dashboards.charts.theme import figure_json
from dashboards.formatting.estimates import format_change

MOST_ROWS = 300  # of the table of measures; the report has them all


@dataclass(frozen=True)
class MeasureRow:
    """One measure of the comparison, with its words."""

    label: str
    population: str
    unit: str
    change: MeasureChange

    @property
    def moved(self) -> int:
        return self.change.added + self.change.removed + self.change.changed

    @property
    def largest(self) -> str:
        return format_change(self.change.largest_change, self.unit).removeprefix("+") if self.change.changed else ""

    @property
    def mean(self) -> str:
        return format_change(self.change.mean_change, self.unit) if self.change.changed else ""


def release_page(release: ReleaseRecord, wanted: str, city_slug: str) -> dict[str, Any]:
    """Everything the release's page shows. `wanted` measure and city fall back to where most changes."""
    found = operations.release_comparison(release.id)
    named = (_row(change) for change in found.measures if change.slug != CZ_SLUG)  # a zone is a place, not a measure
    rows = tuple(sorted(named, key=lambda row: -row.moved))
    context: dict[str, Any] = {
        "release": release,
        "comparison": found,
        "rows": rows[:MOST_ROWS],
        "rows_total": len(rows),
        "finding": describe_changes(rows),
        "seen": ",".join(map(str, found.against)),
    }
    base = _base(release, found.against)
    compared = {row.change.slug for row in rows if base} & _slugs(base)
    slug = wanted if wanted in compared else next((r.change.slug for r in rows if r.change.slug in compared), "")
    if base is None or not slug or not release.is_table:
        return context
    row = next(row for row in rows if row.change.slug == slug)
    return (
        context
        | {"row": row, "choices": [r for r in rows if r.change.slug in compared][:MOST_ROWS]}
        | _where(release, base, row, city_slug)
    )


def describe_changes(rows: tuple[MeasureRow, ...]) -> str:
    """The comparison in one or two sentences."""
    if not rows:
        return ""
    changed, added, removed = (sum(getattr(r.change, key) for r in rows) for key in ("changed", "added", "removed"))
    values = sum(row.change.rows_with_value for row in rows)
    if not (changed or added or removed):
        return f"No value differs: all {values:,} are the same."
    counts = (
        (changed, "change"),
        (added, "are new"),
        (removed, "are gone"),
        (values - changed - added, "stay the same"),
    )
    first = f"Values: {', '.join(f'{number:,} {word}' for number, word in counts if number)}."
    moving = [row for row in rows if row.change.changed]
    if len(moving) == 1:
        return f"{first} The largest change is {moving[0].largest}."
    return f"{first} {len(moving)} measures change." if moving else first


def _row(change: MeasureChange) -> MeasureRow:
    try:
        words = describe(change.slug)
    except UnknownMeasure:  # context has words of its own; a crosswalk's column has only its name
        label = METRICS[change.slug].label if change.slug in METRICS else change.slug
        return MeasureRow(label, "", "", change)
    return MeasureRow(words.label, words.population, words.unit, change)


def _base(release: ReleaseRecord, against: tuple[int, ...]) -> int | None:
    """The release to hold it against, where it is still there: the live one, or the one it replaced."""
    if release.status == "staged":
        return next(iter(against), None)
    return next(iter(release.kept), None) if release.status == "live" else None


def _slugs(release_id: int | None) -> set[str]:
    return set(release_slugs(release_id)) if release_id else set()


def _where(release: ReleaseRecord, base: int, row: MeasureRow, city_slug: str) -> dict[str, Any]:
    """One measure: how the changes spread, over the nation and by city, and on one city's map."""
    changes = measure_changes(release.id, base, row.change.slug)
    spread = draw_change_distribution(changes.difference, row.unit)
    found: dict[str, Any] = {
        "base": base,
        "moved": int(np.count_nonzero(np.nan_to_num(changes.difference))),
        "spread": figure_json(spread) if spread.data else None,
    }
    if release.level != "tract":
        return found
    cities = city_queries.cities()
    by_city = changes_by_city(changes, cities)
    city = _choose(cities, by_city, city_slug)
    found |= {"by_city": by_city, "cities": [c for c in cities if c.has_geometry], "city": city}
    if city:
        figure = draw_change_map(city_change_map(changes, city), row.unit)
        found["map"] = figure_json(figure) if figure.data else None
    return found


def _choose(cities: tuple[CityRecord, ...], by_city, wanted: str) -> CityRecord | None:
    mapped = [city for city in cities if city.has_geometry]
    moved = {change.slug: change.changed + change.gained + change.dropped for change in by_city}
    named = [city for city in mapped if city.slug == wanted]
    return next(iter(named + sorted(mapped, key=lambda city: -moved[city.slug])), None)
