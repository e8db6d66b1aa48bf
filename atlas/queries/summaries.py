"""One measure of one place in numbers: its mean with references, and how far its tracts differ net of noise."""

from dataclasses import dataclass
from functools import lru_cache

from atlas.queries.headlines import MAJORITY, counted_tracts, headline, mean_inputs
from atlas.queries.live import Generation, live_catalog
from atlas.queries.measures import measure
from atlas.queries.members import members
from atlas.records.places import Headline, Place
from atlas.statistics.dispersion import Dispersion, measure_dispersion


@dataclass(frozen=True)
class Summary:
    """`dispersion` is None while the mean has no value; its `reason` says what it lacks without standard errors."""

    label: str
    unit: str
    headline: Headline
    dispersion: Dispersion | None


def summary(place: Place, slug: str, weighting: str = MAJORITY) -> Summary:
    """Of one outcome. Raises NoMean (atlas.queries.headlines) for what is no outcome in ranks or shares."""
    return _summary(live_catalog().generation, place, slug, weighting)


@lru_cache(maxsize=64)
def _summary(generation: Generation, place: Place, slug: str, weighting: str) -> Summary:
    found, ground, known = headline(place, slug, weighting), mean_inputs(slug), measure(slug)
    dispersion = None
    if found.value is not None and ground is not None:
        codes, factor = counted_tracts(members(place), weighting)
        values, errors = ground.ranks.vector.at(codes)
        dispersion = measure_dispersion(
            values, ground.weights.at(codes) * factor, errors, unit=ground.ranks.measure.unit
        )
    return Summary(known.label if known else "", known.unit if known else "", found, dispersion)
