"""How complete a live release is: counts per measure, and the share of each city's areas with a value."""

from dataclasses import dataclass

import numpy as np

from atlas import vectors
from atlas.measures import UnknownMeasure, describe
from atlas.models import City, CityTract, Estimate, ReleaseMeasure

MEASURES_PER_PAGE = 60
_GEOID_WIDTHS = {"tract": 11, "county": 5}  # digits of the GEOIDs that a level has one row for


@dataclass(frozen=True)
class MeasureQuality:
    """`empty` is suppressed or missing: the publishers leave the field empty for both. Shares are 0-1."""

    slug: str
    label: str
    population: str
    unit: str
    values: int
    empty: int
    outside: int
    minimum: float | None
    maximum: float | None
    has_standard_error: bool
    coverage: tuple[float | None, ...]  # aligned to Quality.cities, None without any area

    @property
    def national(self) -> float:
        """Share of all the file's rows that have a value."""
        return self.values / (self.values + self.empty) if self.values + self.empty else 0.0


@dataclass(frozen=True)
class Quality:
    """One page of a release's measures. `cities` is () where coverage by city has no meaning."""

    level: str
    cities: tuple[tuple[str, int], ...]  # name, number of its areas
    measures: tuple[MeasureQuality, ...]
    page: int
    pages: int
    total: int


def quality(release_id: int, level: str, vintage: int = 2010, page: int = 1) -> Quality:
    """Five queries whatever the number of cities, measures and tracts."""
    rows = ReleaseMeasure.objects.filter(release=release_id).select_related("measure").order_by("measure__slug")
    total = rows.count()
    pages = max(1, -(-total // MEASURES_PER_PAGE))
    page = min(max(page, 1), pages)
    shown = list(rows[(page - 1) * MEASURES_PER_PAGE : page * MEASURES_PER_PAGE])
    areas = _areas_by_city(level, vintage)
    covered = _count_covered(release_id, [row.measure_id for row in shown], areas) if areas else {}
    measures = tuple(_measure(row, areas, covered.get(row.measure_id, {})) for row in shown)
    return Quality(level, tuple((city, len(codes)) for city, codes in areas.items()), measures, page, pages, total)


def _areas_by_city(level: str, vintage: int) -> dict[str, np.ndarray]:
    """GEOIDs of each city's own areas of a level, sorted; {} for a level that no city is made of."""
    if level not in _GEOID_WIDTHS:
        return {}
    names = City.objects.order_by("name").values_list("name", flat=True)
    found: dict[str, set[int]] = {name: set() for name in names}
    rows = CityTract.objects.filter(belongs=True, vintage=vintage).values_list("city__name", "geoid")
    for name, geoid in rows:
        found[name].add(int(geoid[: _GEOID_WIDTHS[level]]))
    return {name: np.array(sorted(codes), dtype=np.int64) for name, codes in found.items()}


def _count_covered(release_id: int, measures: list[int], areas: dict[str, np.ndarray]) -> dict[int, dict[str, int]]:
    """By measure and city: how many of the city's areas have a value. Reads only the states the cities lie in."""
    slices, geoids = vectors.index(release_id)
    states = {f"{int(code) // 10**9:02d}" for codes in areas.values() for code in codes}
    at = {
        area: {city: vectors.locate(geoids[where], codes) for city, codes in areas.items()}
        for area, where in slices.items()
        if area in states or area == "US"
    }
    found: dict[int, dict[str, int]] = {}
    rows = Estimate.objects.filter(release=release_id, measure__in=measures, area__in=at)
    for measure, area, packed in rows.values_list("measure_id", "area", "value").iterator():
        known = np.isfinite(np.frombuffer(packed, "<f4"))
        held = found.setdefault(measure, {})
        for city, (there, position) in at[area].items():
            held[city] = held.get(city, 0) + int(np.count_nonzero(known[position[there]]))
    return found


def _measure(row: ReleaseMeasure, areas: dict[str, np.ndarray], covered: dict[str, int]) -> MeasureQuality:
    slug = row.measure.slug
    try:
        words = describe(slug)
        label, population, unit = words.label, words.population, words.unit
    except UnknownMeasure:  # an id stored beside the estimates
        label, population, unit = slug, "", ""
    return MeasureQuality(
        slug,
        label,
        population,
        unit,
        row.rows_with_value,
        row.rows_without_value,
        row.rows_outside_range,
        row.minimum,
        row.maximum,
        row.has_standard_error,
        tuple(covered.get(city, 0) / codes.size if codes.size else None for city, codes in areas.items()),
    )
