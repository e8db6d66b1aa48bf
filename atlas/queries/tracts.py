"""One measure over a city's tracts, and over the nation's."""

from functools import lru_cache

import numpy as np

from atlas import vectors
from atlas.measures import count_slugs
from atlas.models import CityTract, Tract
from atlas.queries.live import Token, catalogue
from atlas.queries.measures import tract_vector
from atlas.records import CityRecord, CityTracts, any_sample
from atlas.statistics.overlay import SHOWN
from atlas.statistics.percentiles import midranks


class NoSuchMeasure(LookupError):
    """No live release has this measure for tracts."""


def city_tracts(city: CityRecord, slug: str) -> CityTracts:
    """A measure over every tract with at least 1% of its area in the city. Raises NoSuchMeasure.

    Percentiles compare with all US tracts that have a value, each tract counting once. Counts are the
    publisher's column for the measure's race and gender, None when the release has none.
    """
    found = tract_vector(slug)
    if found is None:
        raise NoSuchMeasure(slug)
    rows = list(
        CityTract.objects.filter(city__slug=city.slug, vintage=2010, share__gte=SHOWN)
        .order_by("geoid")
        .values_list("geoid", "share", "belongs", "rule")
    )
    named = Tract.objects.filter(vintage=2010, geoid__in=[row[0] for row in rows])
    if not (city.geometry_is_sample or any_sample(found.sources)):
        named = named.filter(is_sample=False)  # codes of the sample's tracts may be those of real ones
    names = dict(named.values_list("geoid", "name"))
    codes = np.array([int(row[0]) for row in rows], dtype=np.int64)
    values, errors = found.vector.at(codes)
    return CityTracts(
        city=city,
        measure=found.measure,
        geoids=tuple(row[0] for row in rows),
        names=tuple(names.get(row[0], "") for row in rows),
        values=values,
        standard_errors=errors,
        counts=_counts(slug, codes),
        shares_in_city=np.array([row[1] for row in rows]),
        belongs=np.array([row[2] for row in rows], dtype=bool),
        national_percentiles=100 * midranks(values, found.vector.value),
        rule=rows[0][3] if rows else "",
        sources=found.sources,
    )


def _counts(slug: str, codes: np.ndarray) -> np.ndarray | None:
    live = catalogue()
    published = live.find("tract", slug)
    beside = live.beside(published, count_slugs(slug)) if published else None
    return vectors.national(beside.release_id, beside.slug).at(codes)[0] if beside else None


def national_histogram(slug: str, bins: int = 40) -> tuple[np.ndarray, np.ndarray]:
    """(edges (bins + 1,), shares (bins,)) of all US tracts with a value, each counting once; shares sum to 1.

    Edges span the 0.1st to the 99.9th percentile; tracts beyond are counted in the outermost bins.
    """
    return _histogram(catalogue().token, slug, bins)


@lru_cache(maxsize=64)
def _histogram(token: Token, slug: str, bins: int) -> tuple[np.ndarray, np.ndarray]:
    found = tract_vector(slug)
    if found is None:
        raise NoSuchMeasure(slug)
    values = found.vector.value[np.isfinite(found.vector.value)].astype(float)
    if not values.size:
        return np.empty(0), np.empty(0)
    low, high = np.quantile(values, [0.001, 0.999])
    if low == high:
        high = low + 1.0
    counts, edges = np.histogram(np.clip(values, low, high), bins=bins, range=(low, high))
    return edges, counts / values.size
