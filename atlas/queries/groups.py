"""Levels and gaps by race and gender: over a place's tracts, and as published for its main county."""

from dataclasses import replace
from functools import lru_cache

import numpy as np

from atlas import vectors
from atlas.measures import count_slugs, describe
from atlas.queries.headlines import (
    MAJORITY,
    MEASURE,
    NO_BOUNDARY,
    SAMPLE_MISMATCH,
    MeanInputs,
    counted_tracts,
    county_name,
    is_sample_mismatch,
    main_counties,
    mean_inputs,
    nation_reference,
    place_mean,
    sources_of_inputs,
)
from atlas.queries.live import Catalog, Generation, LiveMeasure, live_catalog
from atlas.queries.measures import measure
from atlas.queries.members import members
from atlas.queries.weights import COUNT
from atlas.records.groups import (
    GROUPS,
    PAIRS,
    Group,
    GroupGap,
    GroupLevel,
    Groups,
    PublishedGap,
    PublishedLevel,
    WeightCheck,
)
from atlas.records.places import Members, Place, Source, any_sample
from atlas.statistics.benchmark import shifts
from atlas.statistics.gaps import GroupTracts, measure_gap, subtract
from atlas.statistics.inflation import Inflation
from atlas.statistics.results import Estimate, missing_estimate
from atlas.statistics.weights import weighted_mean

# Income only, household before individual: incarceration and births to teenagers are never set side by side by group.
OUTCOMES = ("kfr", "kir")
NO_GROUPS = "no tract file with income by race or gender has been imported yet"
NOT_ADDITIVE = (
    "modeled numbers of children are not additive here: this group's would be larger than that of all children"
)
NOT_COUNTED = "children of this group are not counted in the live files"
PUBLISHED_WITHOUT_ERROR = "the file loaded here has no standard error for it"


def groups(place: Place, weighting: str = MAJORITY) -> Groups:
    """Levels and gaps of every group the live files have, for parents at the 25th percentile."""
    return _groups(live_catalog().generation, place, weighting)


@lru_cache(maxsize=64)
def _groups(generation: Generation, place: Place, weighting: str) -> Groups:
    live, tracts, generated = live_catalog(), members(place), place.geometry_is_sample
    outcome = next((o for o in OUTCOMES if any(measure(g.slug(o)) for g in GROUPS if not g.is_everybody)), "")
    grounds = _live_groups(outcome) if outcome else {}
    reason = NO_GROUPS if not grounds else NO_BOUNDARY if not tracts.codes.size else ""
    if not reason and any(is_sample_mismatch(ground, tracts, generated) for ground in grounds.values()):
        reason = SAMPLE_MISMATCH
    grounds = {} if reason else grounds
    levels = _without_inconsistent_counts(
        tuple(_group_level(group, grounds[group], tracts, weighting) for group in grounds), grounds
    )
    by_group = {level.group: level for level in levels}
    gaps = tuple(
        _gap(by_group[first], by_group[second], grounds, tracts, weighting)
        for first, second in PAIRS
        if first in by_group and second in by_group
    )
    county, share = _main_county(tracts, live)
    published_outcome = next(
        (o for o in OUTCOMES if any(live.find("county", g.slug(o)) for g in GROUPS if not g.is_everybody)), ""
    )
    published = _published_levels(live, county, published_outcome) if county is not None else ()
    checks = tuple(
        found for group, ground in grounds.items() if (found := _check_weights(group, ground, county)) is not None
    )
    return Groups(
        place.slug,
        outcome if levels else "",
        levels,
        gaps,
        county_name(county) if county is not None else "",
        share,
        published_outcome if published else "",
        published,
        _published_gaps(published),
        checks,
        weighting,
        _sources(live, grounds, published_outcome if published else ""),
        reason,
        generated,
    )


def _live_groups(outcome: str) -> dict[Group, MeanInputs]:
    """What the means of each group rest on; without the groups whose measure is not live."""
    found = {group: mean_inputs(group.slug(outcome)) for group in GROUPS if measure(group.slug(outcome))}
    return {group: ground for group, ground in found.items() if ground is not None}


def _gap(
    first: GroupLevel, second: GroupLevel, grounds: dict[Group, MeanInputs], tracts: Members, weighting: str
) -> GroupGap:
    """Both groups benchmarked, or neither: the difference of a benchmarked level and one that is not means nothing."""
    alike = first.basis != "raw" and second.basis != "raw"
    arrays = [_group_tracts(grounds[level.group], tracts, weighting, alike) for level in (first, second)]
    gap = measure_gap(arrays[0], arrays[1], unit="rank")
    if not alike:
        return GroupGap(first.group, second.group, gap, is_benchmarked=False)
    own = subtract(first.here, second.here)  # the levels shown, with their own standard errors
    between = gap.between
    if own.value is not None and gap.common.value is not None:
        between = replace(between, value=own.value - gap.common.value)
    return GroupGap(first.group, second.group, replace(gap, own=own, between=between), is_benchmarked=True)


def _group_tracts(ground: MeanInputs, tracts: Members, weighting: str, benchmarked: bool) -> GroupTracts:
    """A group's values and children over the place's tracts, standard errors already multiplied; `benchmarked`: each
    value with its county's difference."""
    codes, factor = counted_tracts(tracts, weighting)
    values, errors = ground.ranks.vector.at(codes)
    if ground.weights.vector is None:
        return GroupTracts(values.astype(float), np.full(codes.size, np.nan), errors)
    found = place_mean(tracts, ground, weighting)
    ratio = found.inflation
    if errors is not None:
        errors = errors.astype(float) * (ratio.value if ratio.applies else 1.0)
    everybody = ground.weights.everybody(codes)
    moved = shifts(found.benchmark.counties, codes // 10**6) if benchmarked else 0.0
    return GroupTracts(
        values.astype(float) + moved, found.children, errors, None if everybody is None else everybody * factor
    )


def _group_level(group: Group, ground: MeanInputs, tracts: Members, weighting: str) -> GroupLevel:
    """By the same function as the headline's mean: for everybody the two are one number."""
    codes, _ = counted_tracts(tracts, weighting)
    unit, slug = ground.ranks.measure.unit, ground.ranks.measure.slug
    nation = nation_reference(slug)
    beside = Estimate(nation.value, nation.standard_error, ground.ranks.vector.geoids.size, unit, reason=nation.reason)
    if ground.weights.vector is None:
        here, why = (
            missing_estimate(0, unit, ground.weights.reason),
            "children of this group are not counted in the live files",
        )
        nothing = Inflation(None, None, 0, reason=ground.weights.reason)
        return GroupLevel(group, slug, here, beside, int(codes.size), None, why, ground.weights.rule, nothing)
    found = place_mean(tracts, ground, weighting)
    mine: float | None = float(np.nansum(found.children)) * ground.weights.place_scale(codes)
    why = ""
    if ground.weights.race != group.race:
        mine, why = None, "children of this group are not counted in the live files"
    elif ground.weights.model is not None and group.gender != "pooled":
        mine, why = None, "boys and girls are not counted apart in the live files"
    return GroupLevel(
        group,
        slug,
        found.best,
        beside,
        int(codes.size),
        mine,
        why,
        ground.weights.rule,
        found.inflation,
        found.basis,
        found.raw,
        found.basis_reason,
    )


def _without_inconsistent_counts(
    levels: tuple[GroupLevel, ...], grounds: dict[Group, MeanInputs]
) -> tuple[GroupLevel, ...]:
    """No number of children of a race whose model gives more than that of all children does."""
    whole = next((level.children for level in levels if level.group.is_everybody), None)
    modelled = {group for group, ground in grounds.items() if ground.weights.model is not None}
    return tuple(
        replace(level, children=None, children_reason=NOT_ADDITIVE)
        if whole is not None and level.children is not None and level.children > whole and level.group in modelled
        else level
        for level in levels
    )


def _main_county(tracts: Members, live: Catalog) -> tuple[int | None, float | None]:
    """The county most of the place's low-income children lived in, and the share of its children in the place.

    (None, None) for a place over several counties none of which holds most of its children.
    """
    if not tracts.own.size:
        return None, None
    ground = mean_inputs(MEASURE)
    if ground is None or ground.weights.vector is None:
        home = main_counties(tracts.own, np.full(tracts.own.size, np.nan))
        return (home[0] if len(home) == 1 else None), None
    weight = ground.weights.at(tracts.own)
    home = main_counties(tracts.own, weight)
    if len(home) > 1:
        return None, None
    county = home[0]
    whole = float(np.nansum(ground.weight[ground.county_of_tract == county]))
    own = float(np.nansum(weight[tracts.own // 10**6 == county]))
    return county, own / whole if whole > 0 else None


def _published_levels(live: Catalog, county: int, outcome: str) -> tuple[PublishedLevel, ...]:
    named = {group: live.find("county", group.slug(outcome)) for group in GROUPS if outcome}
    held = {group: found for group, found in named.items() if found is not None}
    counts = {group: live.find_in_release_of(found, count_slugs(found.slug)) for group, found in held.items()}
    slugs: dict[int, list[str]] = {}
    for found in (*held.values(), *(count for count in counts.values() if count)):
        slugs.setdefault(found.release_id, []).append(found.slug)
    read = {release_id: tuple(names) for release_id, names in slugs.items()}
    levels = (
        _published_level(county, group, found, counts[group], read[found.release_id]) for group, found in held.items()
    )
    return tuple(level for level in levels if level.here.value is not None)


def _published_level(
    county: int, group: Group, held: LiveMeasure, count: LiveMeasure | None, read: tuple[str, ...]
) -> PublishedLevel:
    """`read`: every slug that is wanted of the release, so that one query brings them all."""
    unit, vectors_held = describe(held.slug).unit, vectors.several(held.release_id, read)
    values, errors = vectors_held[held.slug].at(np.array([county]))
    value = vectors.published(values[0])
    error = vectors.published(errors[0]) if errors is not None else None
    here = Estimate(value, error, 1, unit, reason="" if error is not None else PUBLISHED_WITHOUT_ERROR)
    if count is None:
        return PublishedLevel(group, held.slug, here, missing_estimate(0, unit, "the county file has no counts"), None)
    children = vectors.published(vectors_held[count.slug].at(np.array([county]))[0][0])
    nation = _nation_of(group, held, count, read)
    return PublishedLevel(group, held.slug, here, nation, children)


def _nation_of(group: Group, held: LiveMeasure, count: LiveMeasure, read: tuple[str, ...]) -> Estimate:
    """The nation beside a published level: for everybody the one the headline stands against, where it is known."""
    if group.is_everybody and measure(held.slug) is not None and (ground := mean_inputs(held.slug)) is not None:
        if ground.weights.vector is not None and any_sample(ground.ranks.sources) == held.source.is_sample:
            nation = nation_reference(held.slug)
            return Estimate(nation.value, nation.standard_error, 1, ground.ranks.measure.unit, reason=nation.reason)
    return _mean_of_counties(held.release_id, read, held.slug, count.slug)


@lru_cache(maxsize=64)
def _mean_of_counties(release_id: int, read: tuple[str, ...], slug: str, count_slug: str) -> Estimate:
    """Every county's published value, weighted by the group's published counts."""
    held = vectors.several(release_id, read)
    vector, children = held[slug], held[count_slug].value.astype(float)
    return weighted_mean(vector.value, children, vector.standard_error, unit=describe(slug).unit)


def _published_gaps(levels: tuple[PublishedLevel, ...]) -> tuple[PublishedGap, ...]:
    known = {level.group: level.here for level in levels}
    return tuple(
        PublishedGap(first, second, subtract(known[first], known[second]))
        for first, second in PAIRS
        if first in known and second in known
    )


def _check_weights(group: Group, ground: MeanInputs, county: int | None) -> WeightCheck | None:
    """Of a race's modeled weights; None where nothing was modeled or the county has no count of them."""
    model = ground.weights.model
    if county is None or model is None or group.gender != "pooled" or ground.weights.race != group.race:
        return None
    count = ground.live.get("county", COUNT.replace("pooled", group.race, 1))  # the model was fitted to it
    inside = ground.county_of_tract == county
    children = vectors.national(count.release_id, count.slug).at(np.array([county]))[0][0]
    if not np.isfinite(children):
        return None
    slug, error, standard_error = ground.ranks.measure.slug, None, None
    held = ground.live.find("county", slug)
    if held is not None:
        values, errors = vectors.national(held.release_id, slug).at(np.array([county]))
        mean = weighted_mean(ground.ranks.vector.value[inside], ground.weight[inside])
        if np.isfinite(values[0]) and mean.value is not None:
            error = mean.value - float(values[0])
            standard_error = vectors.published(errors[0]) if errors is not None else None
    modelled = float(np.nansum(ground.weight[inside]))
    return WeightCheck(group.race, modelled, float(children), error, standard_error, model.rmse, model.counties)


def _sources(live: Catalog, grounds: dict[Group, MeanInputs], published_outcome: str) -> tuple[Source, ...]:
    every = [source for ground in grounds.values() for source in sources_of_inputs(ground)]
    if published_outcome:
        held = (live.find("county", group.slug(published_outcome)) for group in GROUPS)
        every += [found.source for found in held if found is not None]
    return tuple({source.release_id: source for source in every}.values())
