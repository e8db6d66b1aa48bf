"""A city's headline: the weighted average of its tracts, against county, commuting zone and nation."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from django.db.models import Exists, OuterRef

from atlas import vectors
from atlas.measures import LATE, UNITS_ZERO_TO_ONE, MeasureDefinition, describe
from atlas.models import City, CityGeometry
from atlas.queries.benchmarks import main_difference, place_benchmark
from atlas.queries.live import Catalog, Generation, live_catalog
from atlas.queries.measures import DERIVATION, TractVector, crosswalk, tract_vector
from atlas.queries.members import city_members, members
from atlas.queries.precision import county_inflation, orleans_inflation
from atlas.queries.units import with_unit
from atlas.queries.weights import Weights, weights_for
from atlas.records.places import (
    AreaRecord,
    Basis,
    CityRecord,
    Headline,
    Members,
    Place,
    Reference,
    Source,
    any_sample,
)
from atlas.shown_labels import is_confirmed
from atlas.sources.outcomes import CZ_SLUG
from atlas.sources.us_outline import county_names
from atlas.statistics.benchmark import Benchmark
from atlas.statistics.crosswalk import Crosswalk
from atlas.statistics.inflation import Inflation, inflate
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
    counties: frozenset[int]  # with a tract in the file

    def rows_of(self, counties: Iterable[int]) -> np.ndarray:
        """Positions of the tracts of these counties, among the nation's."""
        return vectors.rows_of_counties(self.ranks.vector.geoids, counties)


def headline(place: Place, slug: str = MEASURE, weighting: str = MAJORITY) -> Headline:
    """The place's mean of an outcome. Raises NotAveraged for what is no outcome in ranks or shares."""
    if place.kind == "city":
        return _city_headline(live_catalog().generation, place.slug, slug, weighting)
    return _area_headline(live_catalog().generation, place, slug, weighting)


@lru_cache(maxsize=64)
def _area_headline(generation: Generation, place: AreaRecord, slug: str, weighting: str) -> Headline:
    return _place_headline(place.slug, members(place), place.geometry_is_sample, slug, weighting)


def headlines(cities: tuple[CityRecord, ...], slug: str = MEASURE, weighting: str = MAJORITY) -> dict[str, Headline]:
    """Headline by city slug; the national part is worked out once. Query count does not grow with cities."""
    generation = live_catalog().generation
    return {city.slug: _city_headline(generation, city.slug, slug, weighting) for city in cities}


@lru_cache(maxsize=1024)
def _city_headline(generation: Generation, city: str, slug: str, weighting: str) -> Headline:
    """Of one city: a page that needs it the other way counts no other city that way."""
    known = _cities_on_sample_maps(generation)
    if city not in known:
        return _missing_headline(city, slug, "the city is not known yet")
    return _place_headline(city, city_members(city), known[city], slug, weighting)


@lru_cache(maxsize=2)
def _cities_on_sample_maps(generation: Generation) -> dict[str, bool]:
    on_sample_map = Exists(CityGeometry.objects.filter(city=OuterRef("pk"), is_sample=True))
    return dict(City.objects.values_list("slug", on_sample_map))


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
    county_of_tract = geoids // 10**6
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
        county_of_tract,
        zone_of_counties(live),
        frozenset(county_of_tract[np.flatnonzero(np.diff(county_of_tract, prepend=-1))].tolist()),
    )


def _why_not_averaged(words: MeasureDefinition) -> str:
    if not is_confirmed(words.unit):
        return f"{words.label}: nobody has confirmed its unit yet, so it is not averaged."
    if words.unit.startswith("usd"):
        return "Dollars are never averaged: ask for the percentile, which is converted once."
    if words.group != "outcome":
        return f"{words.label} is no outcome of children: it has no average over children here."
    return f"{words.label} is neither a percentile nor a share: it has no average over children here."


@dataclass(frozen=True)
class PlaceMean:
    """A place's mean before and after benchmarking. `best` is what is shown as its mean."""

    raw: Estimate
    benchmark: Benchmark
    inflation: Inflation
    children: np.ndarray  # of each tract counted

    @property
    def best(self) -> Estimate:
        return self.raw if self.benchmark.estimate.value is None else self.benchmark.estimate

    @property
    def basis(self) -> Basis:
        if self.benchmark.estimate.value is None:
            return "raw"
        return "published" if self.benchmark.is_published else "benchmarked"

    @property
    def basis_reason(self) -> str:
        return self.benchmark.estimate.reason if self.basis == "raw" and self.raw.value is not None else ""


def place_mean(tracts: Members, ground: MeanInputs, weighting: str = MAJORITY) -> PlaceMean:
    """The one mean of a place's tracts and its one standard error; only with weights and tracts."""
    used, factor = counted_tracts(tracts, weighting)
    values, errors = ground.ranks.vector.at(used)
    children = ground.weights.at(used) * factor
    inflation = county_inflation(ground.ranks.measure.slug, ground.ranks.vector, ground.weights, used, children)
    everybody = ground.weights.everybody(used)
    everybody = None if everybody is None else everybody * factor
    raw = inflate(
        weighted_mean(values, children, errors, unit=ground.ranks.measure.unit, everybody=everybody), inflation
    )
    ratio = inflation.value if inflation.applies and inflation.value is not None else 1.0
    found = place_benchmark(ground.ranks, ground.weights, used, children, raw, ratio)
    return PlaceMean(raw, found, inflation, children)


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
    used, _ = counted_tracts(tracts, weighting)
    found = place_mean(tracts, ground, weighting)
    mean, children = found.best, found.children
    counties = main_counties(mine, ground.weights.at(mine))
    main = main_difference(found.benchmark) if len(counties) == 1 else None
    measured_error = None if main is None or main.difference is None else -main.difference
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
        references=_references(ground.live.generation, slug, counties),
        measured_error=measured_error,
        measured_error_county=county_name(counties[0]) if measured_error is not None else "",
        area_rule_coverage=_share(np.nansum((weight * shares)[inside]), np.nansum(weight * shares)),
        outside_share=_share(np.nansum((weight * (1 - shares))[inside]), np.nansum(weight[inside])),
        county_share=_share(
            np.nansum(weight[inside & np.isin(codes // 10**6, counties)]),
            np.nansum(ground.weight[ground.rows_of(counties)]),
        ),
        reason="" if mean.value is not None else mean.reason if _any_value(ground, used) else NO_VALUE,
        sources=_all_sources(ground, slug),
        children=float(np.nansum(children)) * ground.weights.place_scale(used),
        coverage_reason=mean.coverage_reason,
        inflation=found.inflation if found.raw.standard_error is not None else None,
        inflation_check=orleans_inflation(slug, ground.ranks.vector, ground.weights)
        if found.raw.standard_error is not None
        else None,
        basis=found.basis,
        basis_reason=found.basis_reason,
        raw_value=found.raw.value,
        raw_standard_error=found.raw.standard_error,
        raw_usd=_dollars(found.raw, ground),
        adjustment_error=found.benchmark.adjustment_error,
        county_differences=found.benchmark.counties,
    )


def _any_value(ground: MeanInputs, codes: np.ndarray) -> bool:
    return bool(np.isfinite(ground.ranks.vector.at(codes)[0]).any())


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


def _published_reference(
    kind: str, name: str, level: str, code: int, slug: str, ground: MeanInputs
) -> Reference | None:
    found = ground.live.find(level, slug)
    if found is None or found.source.is_sample != any_sample(ground.ranks.sources):
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
        basis="published",
        raw_value=_tract_mean(level, code, ground),
    )


def _tract_mean(level: str, code: int, ground: MeanInputs) -> float | None:
    """The mean of a county's or zone's tracts; None where whole counties of it have no tract in the file."""
    counties = [code] if level == "county" else [c for c, zone in ground.cz_of_county.items() if zone == code]
    if not ground.counties.issuperset(counties):
        return None
    inside = ground.rows_of(counties)
    errors = ground.ranks.vector.standard_error
    return weighted_mean(
        ground.ranks.vector.value[inside], ground.weight[inside], None if errors is None else errors[inside]
    ).value


@lru_cache(maxsize=1024)
def _references(generation: Generation, measure: str, counties: tuple[int, ...]) -> tuple[Reference, ...]:
    """County, commuting zone and nation, each once: as published where it is, else as the mean of its tracts.

    Several counties stand as one, without a commuting zone: they need not share any. However a place's own tracts are
    counted, these are the same.
    """
    ground = mean_inputs(measure)
    assert ground is not None, "only places with a mean have something beside them"
    nation = nation_reference(ground.ranks.measure.slug)
    inside = ground.rows_of(counties)
    if len(counties) > 1:
        return _reference("county", name_counties(counties), inside, ground), nation
    (county,) = counties
    slug, zone = ground.ranks.measure.slug, ground.cz_of_county.get(county)
    named = zone_name(county, zone, ground.live)
    own = _published_reference("county", county_name(county), "county", county, slug, ground)
    whole = None if zone is None else _published_reference("commuting zone", named, "cz", zone, slug, ground)
    in_zone = [c for c, z in ground.cz_of_county.items() if zone is not None and z == zone]
    return (
        own or _reference("county", county_name(county), inside, ground),
        whole or _zone_reference(named, in_zone, ground),
        nation,
    )


def nation_reference(slug: str) -> Reference:
    """What every place is held against; only for a measure that is live."""
    return _nation(live_catalog().generation, slug)


@lru_cache(maxsize=64)
def _nation(generation: Generation, slug: str) -> Reference:
    """The average low-income child: the mean of every US tract, each counting by its low-income children."""
    ground = mean_inputs(slug)
    assert ground is not None, "only places with a mean have a nation beside them"
    return _reference("nation", "United States", np.arange(ground.county_of_tract.size), ground)


def _zone_reference(name: str, counties: list[int], ground: MeanInputs) -> Reference:
    """Nothing where the tract file leaves out whole counties of the zone: the rest of it is another place."""
    without = len(set(counties) - ground.counties)
    if not without:
        return _reference("commuting zone", name, ground.rows_of(counties), ground)
    return Reference(
        "commuting zone",
        name,
        None,
        None,
        None,
        ground.weights.rule,
        f"no average: {without} of the zone's {len(counties)} counties have no tract in the file",
        is_sample=any_sample(sources_of_inputs(ground)),
    )


def zone_of_counties(live: Catalog) -> dict[int, int]:
    """The commuting zone of 1990 of each county of the live county file; {} while none is live."""
    zones = live.find("county", CZ_SLUG)
    return {} if zones is None else _zones(zones.release_id)


@lru_cache(maxsize=2)
def _zones(release_id: int) -> dict[int, int]:
    vector = vectors.national(release_id, CZ_SLUG)
    return {
        int(c): int(z) for c, z in zip(vector.geoids.tolist(), vector.value.tolist(), strict=True) if np.isfinite(z)
    }


def zone_name(county: int, zone: int | None, live: Catalog) -> str:
    """Names of zones repeat (Columbus, Jackson), so the number stands beside the name."""
    if zone is None:
        return "commuting zone not known"
    names = vectors.labels(live.get("county", CZ_SLUG).release_id)
    return f"{names.get(county, '')} (zone {zone})".strip()


def _reference(kind: str, name: str, rows: np.ndarray, ground: MeanInputs) -> Reference:
    """Of the tracts at `rows` among the nation's, benchmarked like the place's own mean."""
    codes = ground.ranks.vector.geoids[rows]
    everything = Members(codes, np.ones(codes.size), np.ones(codes.size, bool), "")
    found = place_mean(everything, ground)
    mean = found.best
    return Reference(
        kind,
        name,
        mean.value,
        mean.standard_error,
        _dollars(mean, ground),
        ground.weights.rule,
        mean.reason if mean.standard_error is None else "",
        is_sample=any_sample(sources_of_inputs(ground)),
        basis=found.basis,
        raw_value=found.raw.value,
        basis_reason=found.basis_reason,
    )
