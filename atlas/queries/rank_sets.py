"""The ranks a tract may have among its city's tracts, as a worker worked them out."""

from dataclasses import replace
from functools import lru_cache

import numpy as np

from atlas.measures import UNITS_ZERO_TO_ONE, describe
from atlas.models import City, TractRankSet
from atlas.models.rank_sets import RANK_METHOD
from atlas.queries.live import Generation, LiveMeasure, live_catalog
from atlas.queries.members import city_members, members
from atlas.records.places import Place, RankSet

PARENT_PERCENTILES = ("p25",)  # of the parents; the portal's headline and default
NOT_COMPUTED_YET = "the ranges of its place are being calculated; they are ready in a minute"


def rank_set(place: Place, geoid: str, slug: str) -> RankSet:
    """The 95% confidence set of one tract's rank, 1 the highest; with `reason` there is none."""
    live = live_catalog().find("tract", slug)
    nothing = RankSet(geoid, slug, None, None, 0, 0, live.source if live else None)
    if place.kind != "city":
        return replace(nothing, reason="ranks are calculated among the tracts of a city, not of an area")
    if live is None or not can_be_ranked(live):
        return replace(nothing, reason="ranks need an outcome with published standard errors")
    if int(geoid) not in members(place).own:
        return replace(nothing, reason=f"the tract lies mostly outside {place.name}")
    found = _load_sets(live_catalog().generation, place.slug, live.release_id, slug)
    if found is None:
        # Not remembered: a worker may finish at any moment, and that flips nothing.
        _load_sets.cache_clear()
        return replace(nothing, reason=NOT_COMPUTED_YET)
    sets, ranked, draws = found
    low, high = sets.get(int(geoid), (0, 0))
    if not low:
        return replace(nothing, of=ranked, draws=draws, reason="no value or no standard error is published for it")
    return replace(nothing, low=low, high=high, of=ranked, draws=draws)


@lru_cache(maxsize=128)
def _load_sets(
    generation: Generation, city: str, release_id: int, slug: str
) -> tuple[dict[int, tuple[int, int]], int, int] | None:
    row = TractRankSet.objects.filter(city__slug=city, release_id=release_id, measure=slug, method=RANK_METHOD).first()
    if row is None or bytes(row.geoids) != city_members(city).own.tobytes():
        return None
    geoids = np.frombuffer(row.geoids, "<i8").tolist()
    low, high = (np.frombuffer(packed, "<i4").tolist() for packed in (row.low, row.high))
    return {geoid: (a, b) for geoid, a, b in zip(geoids, low, high, strict=True)}, row.ranked, row.draws


def can_be_ranked(live: LiveMeasure) -> bool:
    """Outcomes in ranks or shares with standard errors; never incarceration or teenage birth."""
    words = describe(live.slug)
    known = live.level == "tract" and live.has_standard_error and words.group == "outcome"
    return known and words.unit in UNITS_ZERO_TO_ONE and not words.sensitive_as and words.stat in PARENT_PERCENTILES


def missing_rank_sets() -> list[tuple[str, str]]:
    """(city, measure) of what can be ranked and is not, or not by this method, these tracts and this release."""
    live = live_catalog()
    slugs = {m.slug for m in live.measures if m.level == "tract" and m.has_standard_error}
    wanted = [found for slug in sorted(slugs) if (found := live.find("tract", slug)) and can_be_ranked(found)]
    if not wanted:
        return []
    rows = TractRankSet.objects.filter(method=RANK_METHOD).values_list("city__slug", "release_id", "measure", "geoids")
    held = {(city, release, slug): bytes(geoids) for city, release, slug, geoids in rows}
    ground = {slug: city_members(slug).own.tobytes() for slug in City.objects.values_list("slug", flat=True)}
    return [
        (city, measure.slug)
        for city, tracts in sorted(ground.items())
        for measure in wanted
        if tracts and held.get((city, measure.release_id, measure.slug)) != tracts
    ]
