"""One measure in two releases, side by side: over the nation, and in each city."""

from dataclasses import dataclass

import numpy as np

from atlas import vectors
from atlas.models import CityTract, Tract
from atlas.records.places import CityChangeMap, CityRecord
from atlas.statistics.overlay import MIN_SHARE


@dataclass(frozen=True)
class Changes:
    """Aligned arrays over the areas of both releases, NaN where one has no value; the measure's own unit."""

    slug: str
    geoids: np.ndarray  # int64, sorted
    before: np.ndarray  # float32
    after: np.ndarray

    @property
    def difference(self) -> np.ndarray:
        """After minus before, NaN where either is missing."""
        return self.after.astype(float) - self.before.astype(float)


@dataclass(frozen=True)
class CityChange:
    """How many of a city's own tracts change, gain or lose their value; by how much those that change do."""

    slug: str
    name: str
    tracts: int
    changed: int
    gained: int
    dropped: int
    mean: float | None  # over the tracts that change
    largest: float | None  # signed


def measure_changes(new_id: int, old_id: int, slug: str) -> Changes:
    """A measure of two releases of one data set."""
    new, old = vectors.national(new_id, slug), vectors.national(old_id, slug)
    geoids = np.union1d(new.geoids, old.geoids)
    return Changes(slug, geoids, old.at(geoids)[0], new.at(geoids)[0])


def changes_by_city(changes: Changes, cities: tuple[CityRecord, ...]) -> tuple[CityChange, ...]:
    """Every city's own tracts, in the cities' order. One query."""
    codes: dict[str, list[int]] = {}
    for slug, geoid in CityTract.objects.filter(belongs=True, vintage=2010).values_list("city__slug", "geoid"):
        codes.setdefault(slug, []).append(int(geoid))
    return tuple(_city_change(changes, city, np.array(codes.get(city.slug, []), dtype=np.int64)) for city in cities)


def _city_change(changes: Changes, city: CityRecord, codes: np.ndarray) -> CityChange:
    before, after = _values_at(changes, codes)
    difference = after.astype(float) - before.astype(float)
    moved = difference[np.isfinite(difference) & (difference != 0)]
    return CityChange(
        city.slug,
        city.name,
        len(codes),
        moved.size,
        int(np.count_nonzero(np.isfinite(after) & ~np.isfinite(before))),
        int(np.count_nonzero(np.isfinite(before) & ~np.isfinite(after))),
        float(moved.mean()) if moved.size else None,
        float(moved[np.argmax(np.abs(moved))]) if moved.size else None,
    )


def city_change_map(changes: Changes, city: CityRecord) -> CityChangeMap:
    """Before and after in every tract of the city's map. Two queries."""
    rows = list(
        CityTract.objects.filter(city__slug=city.slug, vintage=2010, share__gte=MIN_SHARE)
        .order_by("geoid")
        .values_list("geoid", "belongs")
    )
    geoids = tuple(row[0] for row in rows)
    names = dict(Tract.objects.filter(vintage=2010, geoid__in=geoids).values_list("geoid", "name"))
    before, after = _values_at(changes, np.array([int(geoid) for geoid in geoids], dtype=np.int64))
    belongs = np.array([row[1] for row in rows], dtype=bool)
    return CityChangeMap(city, geoids, tuple(names.get(g, "") for g in geoids), belongs, before, after)


def _values_at(changes: Changes, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    found, position = vectors.locate(changes.geoids, codes)
    if not changes.geoids.size:
        return np.full(len(codes), np.nan, "f4"), np.full(len(codes), np.nan, "f4")
    nothing = np.float32(np.nan)
    return np.where(found, changes.before[position], nothing), np.where(found, changes.after[position], nothing)
