"""What the standard errors of one measure allow to say of a place's tracts: shrunken values, tiers, reliability."""

import logging
from functools import lru_cache

import numpy as np

from atlas.measures import UNITS_ZERO_TO_ONE, describe
from atlas.queries.headlines import mean_inputs, place_mean
from atlas.queries.live import Generation, live_catalog
from atlas.queries.measures import TractVector, tract_vector
from atlas.queries.members import members
from atlas.queries.tracts import MeasureNotLive
from atlas.queries.weights import Weights, weights_for
from atlas.records.places import MeasureRecord, Members, Place, TractStatistics, any_sample
from atlas.statistics.benchmark import shifts
from atlas.statistics.dispersion import measure_dispersion
from atlas.statistics.results import NO_STANDARD_ERRORS, Estimate
from atlas.statistics.shrinkage import NO_VALUE, shrink
from atlas.statistics.tiers import sort_into_tiers
from atlas.statistics.weights import weighted_mean

logger = logging.getLogger(__name__)

# Greying out what is mostly noise follows NYC Population FactFinder, which grays estimates with a coefficient of
# variation above 20%. Ranks and shares have no natural size to take 20% of, so ours compares with the spread.
UNRELIABLE_BELOW = 0.5
UNRELIABLE_RULE = (
    "uncertain: its standard error is larger than the spread of true differences between tracts, so that less than "
    "half of its adjusted value comes from its own children"
)
NOT_SOLVABLE = "the standard errors of this file cannot be used in a fit; an administrator can find out why in the log"
MOSTLY_OUTSIDE = "it lies mostly outside, so it is not tested"


def tract_statistics(place: Place, slug: str) -> TractStatistics:
    """Kept until something is flipped. Raises MeasureNotLive; a measure that allows nothing says why in `reason`.

    Steadied values: empirical Bayes toward a constant and the log standard error, fitted on every tract of the
    counties the place's tracts lie in. Tiers: each tract of the place, moved like the place's mean by its county's
    difference, against that mean; the mean and its standard error are the headline's.
    """
    return _statistics(live_catalog().generation, place, slug)


@lru_cache(maxsize=128)
def _statistics(generation: Generation, place: Place, slug: str) -> TractStatistics:
    found, live = tract_vector(slug), live_catalog()
    if found is None:
        raise MeasureNotLive(slug)
    ground = members(place)
    if reason := _untestable_reason(found, ground, place):
        return _without_statistics(place, found.measure, ground, reason)
    weights = weights_for(live.find("tract", slug), slug)
    try:
        return _compute(place, found, ground, weights)
    except np.linalg.LinAlgError:  # numbers no fit can use must not take the map down
        logger.exception("Statistics of %s over the tracts of %s could not be calculated", slug, place.slug)
        return _without_statistics(place, found.measure, ground, NOT_SOLVABLE)


def _untestable_reason(found: TractVector, ground: Members, place: Place) -> str:
    """Why there is nothing to work out, "" when there is."""
    words = describe(found.measure.slug)
    if not ground.own.size:
        return "no tract lies in it"
    if any_sample(found.sources) and not place.geometry_is_sample:
        return "the sample's tracts are not those of a published outline"
    if words.sensitive_as:
        return "incarceration and teenage birth are shown as original estimates only"
    if words.group != "outcome":
        return "only children's outcomes are tested: the files give no standard error for characteristics and counts"
    if found.vector.standard_error is None:
        return NO_STANDARD_ERRORS
    return "" if found.measure.unit in UNITS_ZERO_TO_ONE else "money is not averaged over tracts: choose the rank"


def _compute(place: Place, found: TractVector, ground: Members, weights: Weights) -> TractStatistics:
    unit, national = found.measure.unit, found.vector
    in_counties = np.isin(national.geoids // 10**6, np.unique(ground.own // 10**6))
    codes = np.union1d(national.geoids[in_counties], ground.codes)
    values, errors = national.at(codes)
    shown = np.isin(codes, ground.codes)
    shrunk = shrink(values, errors, fit=np.isin(codes // 10**6, np.unique(ground.own // 10**6)), show=shown, unit=unit)
    own_values, own_errors = national.at(ground.own)
    # Each tract counts as one child where nobody knows how many there were: the page says which it is.
    weight = weights.at(ground.own) if weights.vector is not None else np.ones(ground.own.size)
    mean, moved = _mean_and_shifts(found, ground, weights, weight)
    tested = sort_into_tiers(own_values + moved, weight, own_errors, unit=unit)
    spread = measure_dispersion(own_values, weight, own_errors, unit=unit).reliability
    tiers, untested = _align_with_members(ground, tested.tier, tested.reasons)
    return TractStatistics(
        place=place,
        measure=found.measure,
        geoids=_geoids(ground),
        shrunk=shrunk.value,
        shrunk_sd=shrunk.standard_error,
        tiers=tiers,
        unreliable=np.nan_to_num(shrunk.own_weight, nan=1.0) < UNRELIABLE_BELOW,
        reasons=shrunk.reasons,
        untested=untested,
        mean=mean.value,
        mean_standard_error=mean.standard_error,
        reliability=spread.value,
        reliability_low=spread.interval.low if spread.interval else None,
        reliability_high=spread.interval.high if spread.interval else None,
        fitted_tracts=shrunk.n_fit,
        weight_rule=weights.rule or f"each tract counting once, because {weights.reason}",
        unreliable_rule=UNRELIABLE_RULE,
        sources=tuple({source.release_id: source for source in (*found.sources, *weights.sources)}.values()),
        reason=tested.reason if not any(tiers) and not np.isfinite(shrunk.value).any() else "",
        raised_errors=shrunk.raised_errors,
    )


def _mean_and_shifts(
    found: TractVector, ground: Members, weights: Weights, weight: np.ndarray
) -> tuple[Estimate, np.ndarray]:
    """The place's mean as its headline has it, and what its benchmark moves each own tract by before it is tested.

    Without counts there is no headline: the mean of tracts counting once each, and nothing is moved.
    """
    inputs = mean_inputs(found.measure.slug)
    if inputs is None or weights.vector is None:
        values, errors = found.vector.at(ground.own)
        return weighted_mean(values, weight, errors, unit=found.measure.unit), np.zeros(ground.own.size)
    place = place_mean(ground, inputs)
    if place.basis == "raw":
        return place.best, np.zeros(ground.own.size)
    return place.best, shifts(place.benchmark.counties, ground.own // 10**6)


def _align_with_members(
    ground: Members, tiers: tuple[str, ...], reasons: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Tiers and reasons of the place's own tracts among those that only touch it."""
    own = iter(zip(tiers, reasons, strict=True))
    rows = [next(own) if belongs else ("", MOSTLY_OUTSIDE) for belongs in ground.belongs.tolist()]
    return tuple(tier for tier, _ in rows), tuple(why for _, why in rows)


def _geoids(ground: Members) -> tuple[str, ...]:
    return tuple(f"{code:011d}" for code in ground.codes.tolist())


def _without_statistics(place: Place, measure: MeasureRecord, ground: Members, reason: str) -> TractStatistics:
    gap, none = np.full(ground.codes.size, np.nan), ("",) * ground.codes.size
    why = (reason or NO_VALUE,) * ground.codes.size
    return TractStatistics(
        place,
        measure,
        _geoids(ground),
        gap,
        gap,
        none,
        np.zeros(ground.codes.size, bool),
        why,
        why,
        None,
        None,
        None,
        None,
        None,
        0,
        "",
        UNRELIABLE_RULE,
        (measure.source,),
        reason,
    )
