"""One measure over a place's tracts, and over the nation's."""

from functools import lru_cache

import numpy as np

from atlas import vectors
from atlas.measures import count_slugs
from atlas.models import CityTract, Tract
from atlas.queries.live import Generation, live_catalog, live_generation
from atlas.queries.measures import tract_vector
from atlas.queries.members import members
from atlas.records.places import Place, PlaceTracts, any_sample
from atlas.statistics.map_classes import national_edges
from atlas.statistics.percentiles import midranks


class MeasureNotLive(LookupError):
    """No live release has this measure for tracts."""


def place_tracts(place: Place, slug: str) -> PlaceTracts:
    """A measure over every tract with at least 1% of its area in the place. Raises MeasureNotLive.

    Percentiles compare with all US tracts that have a value, each tract counting once. Counts are the
    publisher's column for the measure's race and gender, None when the release has none. Kept until something is
    flipped: its arrays are not to be written to.
    """
    return _place_tracts(live_generation(), place, slug)


@lru_cache(maxsize=128)
def _place_tracts(generation: Generation, place: Place, slug: str) -> PlaceTracts:
    found = tract_vector(slug)
    if found is None:
        raise MeasureNotLive(slug)
    ground = members(place)
    geoids = tuple(f"{code:011d}" for code in ground.codes.tolist())
    values, errors = found.vector.at(ground.codes)
    return PlaceTracts(
        place=place,
        measure=found.measure,
        geoids=geoids,
        names=tract_names(geoids, generated=place.geometry_is_sample or any_sample(found.sources)),
        values=values,
        standard_errors=errors,
        counts=_counts(slug, ground.codes),
        shares_in_city=ground.shares,
        belongs=ground.belongs,
        national_percentiles=100 * midranks(values, found.vector.value),
        national_middle=national_middle(slug),
        national_edges=map_edges(slug),
        rule=ground.rule,
        sources=found.sources,
    )


def tract_names(geoids: tuple[str, ...], *, generated: bool) -> tuple[str, ...]:
    """The publisher's neighborhood names, "" without one. Codes of the sample's tracts may be those of real ones:
    their names are taken only where what is shown is generated. No query for tracts of the portal's cities."""
    known = _city_tract_names(live_generation())
    if strangers := [geoid for geoid in geoids if geoid not in known]:
        known = known | _read_names(Tract.objects.filter(vintage=2010, geoid__in=strangers))
    found = (known.get(geoid, ("", False)) for geoid in geoids)
    return tuple(name if generated or not is_sample else "" for name, is_sample in found)


@lru_cache(maxsize=2)
def _city_tract_names(generation: Generation) -> dict[str, tuple[str, bool]]:
    """Two queries for all cities: pages that set many beside one another cost no more than one."""
    inside = CityTract.objects.filter(vintage=2010).values_list("geoid", flat=True)
    nameless = dict.fromkeys(inside, ("", False))
    return nameless | _read_names(Tract.objects.filter(vintage=2010, geoid__in=list(nameless)))


def _read_names(tracts) -> dict[str, tuple[str, bool]]:
    return {geoid: (name, is_sample) for geoid, name, is_sample in tracts.values_list("geoid", "name", "is_sample")}


def _counts(slug: str, codes: np.ndarray) -> np.ndarray | None:
    live = live_catalog()
    published = live.find("tract", slug)
    beside = live.find_in_release_of(published, count_slugs(slug)) if published else None
    return vectors.national(beside.release_id, beside.slug).at(codes)[0] if beside else None


def national_middle(slug: str) -> float | None:
    """The middle US tract: the median of all tracts with a value, each counting once; None without any.

    It is not the average low-income child, which weighs tracts by their children. Raises MeasureNotLive.
    """
    return _middle(live_catalog().generation, slug)


@lru_cache(maxsize=64)
def _middle(generation: Generation, slug: str) -> float | None:
    found = tract_vector(slug)
    if found is None:
        raise MeasureNotLive(slug)
    known = found.vector.value[np.isfinite(found.vector.value)].astype(float)
    return float(np.median(known)) if known.size else None


def map_edges(slug: str) -> tuple[float, ...]:
    """The rising edges of the map's classes, the same for every city; the middle US tract is one. Raises
    MeasureNotLive."""
    return _edges(live_generation(), slug)


@lru_cache(maxsize=64)
def _edges(generation: Generation, slug: str) -> tuple[float, ...]:
    found = tract_vector(slug)
    if found is None:
        raise MeasureNotLive(slug)
    return national_edges(slug, found.vector.value)


def national_histogram(slug: str, bins: int = 40) -> tuple[np.ndarray, np.ndarray]:
    """(edges (bins + 1,), shares (bins,)) of all US tracts with a value, each counting once; shares sum to 1.

    Edges span the 0.1st to the 99.9th percentile; tracts beyond are counted in the outermost bins.
    """
    return _histogram(live_catalog().generation, slug, bins)


@lru_cache(maxsize=64)
def _histogram(generation: Generation, slug: str, bins: int) -> tuple[np.ndarray, np.ndarray]:
    found = tract_vector(slug)
    if found is None:
        raise MeasureNotLive(slug)
    values = found.vector.value[np.isfinite(found.vector.value)].astype(float)
    if not values.size:
        return np.empty(0), np.empty(0)
    low, high = np.quantile(values, [0.001, 0.999])
    if low == high:
        high = low + 1.0
    counts, edges = np.histogram(np.clip(values, low, high), bins=bins, range=(low, high))
    return edges, counts / values.size
