"""Children of 2000 in two groups, tract by tract: from low-income families and others, Black and white."""

import numpy as np

from atlas import vectors
from atlas.measures import RACES
from atlas.queries.headlines import MEASURE
from atlas.queries.live import Catalog, live_catalog
from atlas.queries.members import members
from atlas.queries.outcome_tracts import SAMPLE_TRACTS_MISMATCH
from atlas.queries.surroundings import surroundings
from atlas.queries.weights import CHILDREN, weights_for
from atlas.records.analysis import ChildGroups, GroupCounts
from atlas.records.places import Place, Source, any_sample
from atlas.vectors import Vector

LOW_INCOME, BY_RACE = "low_income", "black_white"


def child_groups(place: Place) -> tuple[ChildGroups, ...]:
    """Low-income and other children, then Black and white children, each with counts or the reason for none."""
    live = live_catalog()
    return (
        _count_groups(place, LOW_INCOME, "low-income children", "other children", *_by_income(live)),
        _count_groups(place, BY_RACE, "Black children", "white children", *_by_race(live, "black", "white")),
    )


Counts = tuple[np.ndarray, np.ndarray, np.ndarray]  # GEOIDs, first group, second group


def _by_income(live: Catalog) -> tuple[Counts | None, str, tuple[Source, ...], str]:
    weights = weights_for(live.find("tract", MEASURE), MEASURE)
    everybody = live.find("tract", CHILDREN)
    if weights.vector is None:
        return None, "", (), f"Low-income children cannot be counted tract by tract yet: {weights.reason}."
    if everybody is None:
        return None, "", (), "How many children each tract had in 2000 (tract_collapse) has not been imported yet."
    geoids = weights.vector.geoids
    total = _child_counts(everybody.release_id, CHILDREN).at(geoids)[0].astype(float)
    low = weights.at(geoids)
    rule = f"low-income children: {weights.rule}; other children: all under 18 in Census 2000 less these"
    if over := int(np.sum(low > total)):
        rule += (
            "; where more low-income children are given than the census counted, all of those under 18 are taken as "
            f"low-income and none as other ({over:,} US tracts)"
        )
    return (
        (geoids, np.where(low > total, total, low), np.maximum(total - low, 0)),
        rule,
        (*weights.sources, everybody.source),
        "",
    )


def _by_race(live: Catalog, first: str, second: str) -> tuple[Counts | None, str, tuple[Source, ...], str]:
    slugs = [CHILDREN.replace("pooled", race, 1) for race in (first, second)]
    held = [live.find("tract", slug) for slug in slugs]
    one, two = held
    if one is None or two is None:
        missing = [RACES[race] for race, found in zip((first, second), held, strict=True) if found is None]
        return None, "", (), f"Counts of {' and '.join(missing)} children by tract (Census 2000) are not live."
    geoids = _child_counts(one.release_id, slugs[0]).geoids
    counts_of_first, counts_of_second = (
        _child_counts(found.release_id, slug).at(geoids)[0].astype(float)
        for found, slug in zip((one, two), slugs, strict=True)
    )
    rule = f"{RACES[first]} and {RACES[second]} children under 18, counted in Census 2000"
    return (geoids, counts_of_first, counts_of_second), rule, (one.source, two.source), ""


def _child_counts(release_id: int, slug: str) -> Vector:
    return vectors.national(release_id, slug)


def _count_groups(
    place: Place,
    slug: str,
    first: str,
    second: str,
    counts: Counts | None,
    rule: str,
    sources: tuple[Source, ...],
    reason: str,
) -> ChildGroups:
    mine = members(place).own
    once = tuple({source.release_id: source for source in sources}.values())
    if not reason and not mine.size:
        reason = f"Which tracts {place.name} is made of is not known yet: their boundaries have not been imported."
    if not reason and any_sample(once) and not place.geometry_is_sample:
        reason = SAMPLE_TRACTS_MISMATCH
    if reason or counts is None:
        return ChildGroups(slug, first, second, rule, (), once, reason)
    geoids, one, two = counts
    found, position = vectors.locate(geoids, mine)
    own = [np.where(found, part[position], np.nan) for part in (one, two)]
    around = (
        GroupCounts(other.kind, other.name, one[other.inside], two[other.inside])
        for other in surroundings(mine, own[0], geoids)
    )
    return ChildGroups(slug, first, second, rule, (GroupCounts(place.kind, place.name, *own), *around), once)
