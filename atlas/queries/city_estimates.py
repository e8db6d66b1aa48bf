"""Every live measure at every tract of every city: what the whole-release download is written from."""

from dataclasses import dataclass, replace

import numpy as np

from atlas import vectors
from atlas.measures import count_slugs, describe
from atlas.models import City
from atlas.queries.live import live_catalog
from atlas.queries.measures import available_measures, crosswalk
from atlas.queries.members import city_members
from atlas.queries.tracts import tract_names
from atlas.records.places import MeasureRecord, Members, Source
from atlas.vectors import Vector


@dataclass(frozen=True)
class CityTracts:
    """The tracts of one city, with at least 1% of their area in it."""

    slug: str
    members: Members
    names: tuple[str, ...]


@dataclass(frozen=True)
class MeasureEstimates:
    """One measure at the tracts of `CityEstimates.geoids`; NaN where there is no value. `counts`: children behind."""

    measure: MeasureRecord
    sources: tuple[Source, ...]
    vector: Vector
    counts: np.ndarray | None


@dataclass(frozen=True)
class CityEstimates:
    """`geoids`: int64, sorted, each once, of all cities together."""

    cities: tuple[CityTracts, ...]
    geoids: np.ndarray
    estimates: tuple[MeasureEstimates, ...]


def city_estimates() -> CityEstimates:
    """Cities by slug, measures in the order of `available_measures`. A constant number of queries per live release."""
    slugs = City.objects.order_by("slug").values_list("slug", flat=True)
    ground = {slug: city_members(slug) for slug in slugs}
    codes = [members.codes for members in ground.values() if members.codes.size]
    geoids = np.unique(np.concatenate(codes)) if codes else np.empty(0, "<i8")
    estimates = _estimates(geoids)
    generated = any(source.is_sample for one in estimates for source in one.sources)
    cities = tuple(
        CityTracts(
            slug, members, tract_names(tuple(f"{code:011d}" for code in members.codes.tolist()), generated=generated)
        )
        for slug, members in ground.items()
        if members.codes.size
    )
    return CityEstimates(cities, geoids, estimates)


def _estimates(geoids: np.ndarray) -> tuple[MeasureEstimates, ...]:
    live = live_catalog()
    measures = available_measures("tract")
    homes = {m.slug: live.get("tract", m.derived_from or m.slug) for m in measures}
    counts = {m.slug: live.find_in_release_of(homes[m.slug], count_slugs(homes[m.slug].slug)) for m in measures}
    wanted: dict[int, dict[str, None]] = {}
    for held in (*homes.values(), *(count for count in counts.values() if count is not None)):
        wanted.setdefault(held.release_id, {})[held.slug] = None
    read = {release: vectors.several_at(release, tuple(slugs), geoids) for release, slugs in wanted.items()}
    found = []
    for measure in measures:
        home, count = homes[measure.slug], counts[measure.slug]
        vector = read[home.release_id][home.slug]
        sources: tuple[Source, ...] = (home.source,)
        if measure.derived_from:
            conversion = crosswalk(live, describe(measure.slug).outcome)
            assert conversion is not None, "only with a live crosswalk is a measure offered as derived"
            rule, source = conversion
            ranks, _ = rule.ranks(vector.value)
            vector = replace(vector, value=ranks.astype(np.float32), standard_error=None)
            sources = (*sources, source)
        behind = read[count.release_id][count.slug].value if count is not None else None
        found.append(MeasureEstimates(measure, sources, vector, behind))
    return tuple(found)
