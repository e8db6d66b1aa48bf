"""A city's headline: the weighted mean of its tracts, against county, commuting zone and nation."""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from django.db.models import Exists, OuterRef

from atlas import vectors
from atlas.measures import LATE, UNITS_ZERO_TO_ONE, MeasureDefinition, describe
from atlas.models import City, CityGeometry
from atlas.queries.live import Catalog, Generation, live_catalog
from atlas.queries.measures import DERIVATION, TractVector, crosswalk, tract_vector
from atlas.queries.members import city_members, members
from atlas.queries.precision import county_inflation, orleans_inflation
from atlas.queries.units import with_unit
from atlas.queries.weights import Weights, weights_for
from atlas.records.places import AreaRecord, CityRecord, Headline, Members, Place, Reference, Source, any_sample
from atlas.shown_labels import is_confirmed
from atlas.sources.outcomes import CZ_SLUG
from atlas.sources.us_outline import county_names
from atlas.statistics.crosswalk import Crosswalk
from atlas.statistics.inflation import inflate
from atlas.statistics.results import Estimate
from atlas.statistics.weights import weighted_mean

MEASURE = "kfr_pooled_pooled_p25"
_PUBLISHED_WITHOUT_ERROR = "the file loaded here has no standard error for it"


MAJORITY, BY_SHARE = "majority", "share"  # which tracts count: whole ones by the rule, or each by its share of area
SHARE_RULE = "each tract counted by the share of its area inside, children spread evenly over it"


SAMPLE_MISMATCH = "the sample's tracts are not those of the published outlines here"
NO_BOUNDARY = "the city's boundary and its tracts have not been imported yet"


NO_VALUE = "No value is published for these tracts."


class NotAveraged(LookupError):
    """The measure has no mean over a place's tracts; the message says why."""


@dataclass(frozen=True)
class MeanInputs:
    """Everything national that the means of one measure share."""

    live: Catalog
    ranks: TractVector
    weights: Weights
    weight: np.ndarray  # aligned to ranks.vector.geoids, NaN where unknown
    rule: Crosswalk | None
    crosswalk_source: Source | None
    county_of_tract: np.ndarray
    cz_of_county: dict[int, int]


def headline(place: Place, slug: str = MEASURE, weighting: str = MAJORITY) -> Headline:
    """The place's mean of an outcome. Raises NotAveraged for what is no outcome in ranks or shares."""
    if place.kind == "city":
        found = _headlines(live_catalog().generation, slug, weighting).get(place.slug)
        return found if found is not None else _missing_headline(place.slug, slug, "the city is not known yet")
    return _area_headline(live_catalog().generation, place, slug, weighting)


@lru_cache(maxsize=64)
def _area_headline(generation: Generation, place: AreaRecord, slug: str, weighting: str) -> Headline:
    return _place_headline(place.slug, members(place), place.geometry_is_sample, slug, weighting)


def headlines(cities: tuple[CityRecord, ...], slug: str = MEASURE, weighting: str = MAJORITY) -> dict[str, Headline]:
    """Headline by city slug; the national part is worked out once. Query count does not grow with cities."""
    known = _headlines(live_catalog().generation, slug, weighting)
    return {city.slug: known[city.slug] for city in cities}


@lru_cache(maxsize=16)
def _headlines(generation: Generation, slug: str, weighting: str) -> dict[str, Headline]:
    on_sample_map = Exists(CityGeometry.objects.filter(city=OuterRef("pk"), is_sample=True))
    return {
        city: _place_headline(city, city_members(city), generated, slug, weighting)
        for city, generated in City.objects.values_list("slug", on_sample_map)
    }


def _place_headline(place: str, tracts: Members, generated: bool, slug: str, weighting: str) -> Headline:
    ground = mean_inputs(slug)
    if ground is not None and is_sample_mismatch(ground, tracts, generated):
        return _missing_headline(place, slug, SAMPLE_MISMATCH)
    return replace(_headline(place, slug, tracts, ground, weighting), on_sample_map=generated)


def is_sample_mismatch(ground: MeanInputs, tracts: Members, generated: bool) -> bool:
    """Whether generated values would be joined to tracts that a published outline chose."""
    return bool(tracts.codes.size) and not generated and any_sample(ground.ranks.sources)


def counted_tracts(tracts: Members, weighting: str) -> tuple[np.ndarray, np.ndarray]:
    """(GEOIDs, factor on each one's children): whole tracts that belong, or every tract by its share inside."""
    if weighting == BY_SHARE:
        return tracts.codes, tracts.shares
    return tracts.own, np.ones(tracts.own.size)


def mean_inputs(slug: str) -> MeanInputs | None:
    """What the means of a measure rest on, None while the measure is not live. Raises NotAveraged."""
    return _mean_inputs(live_catalog().generation, slug)


@lru_cache(maxsize=32)
def _mean_inputs(generation: Generation, slug: str) -> MeanInputs | None:
    words = with_unit(describe(slug), live_catalog().units)
    if words.group != "outcome" or words.unit not in UNITS_ZERO_TO_ONE:
        raise NotAveraged(_why_not_averaged(words))
    live = live_catalog()
    ranks = tract_vector(slug)
    if ranks is None:
        return None
    published = live.find("tract", slug)
    weights = weights_for(published, slug)
    geoids = ranks.vector.geoids
    weight = weights.at(geoids) if weights.vector is not None else np.full(geoids.size, np.nan)
    in_dollars = words.unit == "rank" and not slug.endswith(LATE)  # the crosswalk is of incomes at ages 31-37
    found = crosswalk(live, words.outcome) if in_dollars else None
    return MeanInputs(
        live,
        ranks,
        weights,
        weight,
        found[0] if found else None,
        found[1] if found else None,
        geoids // 10**6,
        zone_of_counties(live),
    )


def _why_not_averaged(words: MeasureDefinition) -> str:
    if not is_confirmed(words.unit):
        return f"{words.label}: nobody has confirmed its unit yet, so it is not averaged."
    if words.unit.startswith("usd"):
        return "Dollars are never averaged: ask for the rank, which is converted once."
    if words.group != "outcome":
        return f"{words.label} is no outcome of children: it has no mean over children here."
    return f"{words.label} is neither a rank nor a share: it has no mean over children here."


def _headline(place: str, slug: str, tracts: Members, ground: MeanInputs | None, weighting: str) -> Headline:
    if ground is None:
        label = describe(slug).label
        return _missing_headline(place, slug, f"{label[:1].lower()}{label[1:]} has not been imported yet")
    if not tracts.codes.size:
        return _missing_headline(place, slug, NO_BOUNDARY)
    if ground.weights.vector is None:
        return _missing_headline(place, slug, ground.weights.reason)
    codes, shares, inside = tracts.codes, tracts.shares, tracts.belongs
    weight = ground.weights.at(codes)
    mine = tracts.own
    used, factor = counted_tracts(tracts, weighting)
    values, errors = ground.ranks.vector.at(used)
    children = ground.weights.at(used) * factor
    inflation = county_inflation(slug, ground.ranks.vector, ground.weights, used, children)
    everybody = ground.weights.everybody(used)
    everybody = None if everybody is None else everybody * factor
    mean = inflate(
        weighted_mean(values, children, errors, unit=ground.ranks.measure.unit, everybody=everybody), inflation
    )
    counties = main_counties(mine, ground.weights.at(mine))
    county = counties[0]
    published = _published_county(county, slug, ground) if len(counties) == 1 else None
    zone = _published_zone(county, slug, ground) if len(counties) == 1 else None
    references = (*(r for r in (published, zone) if r), *_references(counties, ground))
    county_mean = next((r.value for r in references if r.kind == "county" and not r.is_published), None)
    return Headline(
        city=place,
        measure=slug,
        value=mean.value,
        standard_error=mean.standard_error,
        standard_error_reason=mean.reason if mean.standard_error is None else "",
        usd=_dollars(mean, ground),
        at_or_below_zero_share=_zero_share(mine, ground),
        coverage=mean.coverage,
        tracts_used=mean.n,
        tracts_total=int(used.size),
        weight_rule=f"{ground.weights.rule}; {SHARE_RULE}" if weighting == BY_SHARE else ground.weights.rule,
        derivation=DERIVATION if ground.ranks.measure.derived_from else "",
        references=references,
        measured_error=_measured_error(county_mean, published),
        measured_error_county=county_name(county) if published else "",
        area_rule_coverage=_share(np.nansum((weight * shares)[inside]), np.nansum(weight * shares)),
        outside_share=_share(np.nansum((weight * (1 - shares))[inside]), np.nansum(weight[inside])),
        county_share=_share(
            np.nansum(weight[inside & np.isin(codes // 10**6, counties)]),
            np.nansum(ground.weight[np.isin(ground.county_of_tract, counties)]),
        ),
        reason="" if mean.value is not None else mean.reason if np.isfinite(values).any() else NO_VALUE,
        sources=_all_sources(ground, slug),
        children=float(np.nansum(children)) * ground.weights.place_scale(used),
        coverage_reason=mean.coverage_reason,
        inflation=inflation if mean.standard_error is not None else None,
        inflation_check=orleans_inflation(slug, ground.ranks.vector, ground.weights)
        if mean.standard_error is not None
        else None,
    )


def _measured_error(county_mean: float | None, published: Reference | None) -> float | None:
    """The county's mean over its tracts less its published value; None where one of them is not known."""
    if published is None or published.value is None or county_mean is None:
        return None
    return county_mean - published.value


def _missing_headline(place: str, slug: str, reason: str) -> Headline:
    return Headline(
        place, slug, None, None, reason, None, None, None, 0, 0, "", "", (), None, "", None, None, None, reason
    )


def sources_of_inputs(ground: MeanInputs) -> tuple[Source, ...]:
    every = (
        *ground.ranks.sources,
        *ground.weights.sources,
        *([ground.crosswalk_source] if ground.crosswalk_source else []),
    )
    return tuple({source.release_id: source for source in every}.values())


def _all_sources(ground: MeanInputs, slug: str) -> tuple[Source, ...]:
    """Sources of the mean and of the published values that stand beside it."""
    beside = (ground.live.find(level, slug) for level in ("county", "cz"))
    every = (*sources_of_inputs(ground), *(found.source for found in beside if found))
    return tuple({source.release_id: source for source in every}.values())


def _share(part: float, whole: float) -> float | None:
    return float(part / whole) if whole > 0 else None


def _dollars(mean: Estimate, ground: MeanInputs) -> float | None:
    return ground.rule.dollars(mean.value) if ground.rule and mean.value is not None else None


def _zero_share(mine: np.ndarray, ground: MeanInputs) -> float | None:
    """Share of the city's weighted children in tracts printed as $0 (rank at or below percentile 9)."""
    if ground.ranks.at_or_below_zero is None:
        return None
    found, position = vectors.locate(ground.ranks.vector.geoids, mine)
    zero = np.where(found, ground.ranks.at_or_below_zero[position], False)
    weight = ground.weights.at(mine)
    return _share(np.nansum(weight[zero]), np.nansum(weight))


MAIN_COUNTY_SHARE = 0.8  # of a place's children in one county: under it no single county stands beside the place


def main_counties(mine: np.ndarray, weight: np.ndarray) -> tuple[int, ...]:
    """The county that holds most of a place's children, or every one of its counties when none holds 80 in 100.

    Children by `weight` (n,), aligned with the GEOIDs `mine`; by number of tracts where weights are unknown.
    """
    counties, codes = np.unique(mine // 10**6, return_inverse=True)
    children = np.bincount(codes, np.nan_to_num(weight), len(counties))
    share = children if children.any() else np.bincount(codes)
    first = int(np.argmax(share))
    if share[first] >= MAIN_COUNTY_SHARE * share.sum():
        return (int(counties[first]),)
    return tuple(int(county) for county in counties)


def name_counties(counties: tuple[int, ...]) -> str:
    """The county's name, or "its 4 counties"."""
    return county_name(counties[0]) if len(counties) == 1 else f"its {len(counties)} counties"


def county_name(county: int) -> str:
    return county_names().get(f"{county:05d}", f"county {county:05d}")


def _published_county(county: int, slug: str, ground: MeanInputs) -> Reference | None:
    """The publisher's own county estimate, with its standard error."""
    return _published_reference("county", county_name(county), "county", county, slug, ground)


def _published_zone(county: int, slug: str, ground: MeanInputs) -> Reference | None:
    """The publisher's own estimate of the main county's commuting zone: a regression of its own, no sum of tracts."""
    zone = ground.cz_of_county.get(county)
    return (
        None
        if zone is None
        else _published_reference("commuting zone", zone_name(county, zone, ground.live), "cz", zone, slug, ground)
    )


def _published_reference(
    kind: str, name: str, level: str, code: int, slug: str, ground: MeanInputs
) -> Reference | None:
    found = ground.live.find(level, slug)
    if found is None:
        return None
    values, errors = vectors.national(found.release_id, slug).at(np.array([code]))
    if not np.isfinite(values[0]):
        return None
    value = vectors.published(values[0])
    error = vectors.published(errors[0]) if errors is not None else None
    return Reference(
        kind,
        name,
        value,
        error,
        ground.rule.dollars(value) if ground.rule and value is not None else None,
        "published",
        "" if error is not None else _PUBLISHED_WITHOUT_ERROR,
        True,
        found.source.is_sample,
    )


def _references(counties: tuple[int, ...], ground: MeanInputs) -> tuple[Reference, ...]:
    """County, commuting zone and nation as means of their tracts with the city's own weights.

    Several counties stand as one, without a commuting zone: they need not share any.
    """
    everything = np.ones(ground.county_of_tract.size, bool)
    nation = _reference("nation", "United States", everything, ground)
    if len(counties) > 1:
        inside = np.isin(ground.county_of_tract, counties)
        return _reference("county", name_counties(counties), inside, ground), nation
    (county,) = counties
    zone = ground.cz_of_county.get(county)
    in_zone = [c for c, z in ground.cz_of_county.items() if zone is not None and z == zone]
    return (
        _reference("county", county_name(county), ground.county_of_tract == county, ground),
        _zone_reference(zone_name(county, zone, ground.live), in_zone, ground),
        nation,
    )


def _zone_reference(name: str, counties: list[int], ground: MeanInputs) -> Reference:
    """Nothing where the tract file leaves out whole counties of the zone: the rest of it is another place."""
    without = len(set(counties) - set(np.unique(ground.county_of_tract).tolist()))
    if not without:
        return _reference("commuting zone", name, np.isin(ground.county_of_tract, counties), ground)
    return Reference(
        "commuting zone",
        name,
        None,
        None,
        None,
        ground.weights.rule,
        f"no mean: {without} of the zone's {len(counties)} counties have no tract in the file",
        is_sample=any_sample(sources_of_inputs(ground)),
    )


def zone_of_counties(live: Catalog) -> dict[int, int]:
    """The commuting zone of 1990 of each county of the live county file; {} while none is live."""
    zones = live.find("county", CZ_SLUG)
    if zones is None:
        return {}
    vector = vectors.national(zones.release_id, CZ_SLUG)
    return {
        int(c): int(z) for c, z in zip(vector.geoids.tolist(), vector.value.tolist(), strict=True) if np.isfinite(z)
    }


def zone_name(county: int, zone: int | None, live: Catalog) -> str:
    """Names of zones repeat (Columbus, Jackson), so the number stands beside the name."""
    if zone is None:
        return "commuting zone not known"
    names = vectors.labels(live.get("county", CZ_SLUG).release_id)
    return f"{names.get(county, '')} (zone {zone})".strip()


def _reference(kind: str, name: str, where: np.ndarray, ground: MeanInputs) -> Reference:
    errors = ground.ranks.vector.standard_error
    mean = weighted_mean(
        ground.ranks.vector.value[where],
        ground.weight[where],
        None if errors is None else errors[where],
        unit=ground.ranks.measure.unit,
    )
    return Reference(
        kind,
        name,
        mean.value,
        mean.standard_error,
        _dollars(mean, ground),
        ground.weights.rule,
        mean.reason if mean.standard_error is None else "",
        is_sample=any_sample(sources_of_inputs(ground)),
    )
