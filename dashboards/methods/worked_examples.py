"""Worked numbers of /methods/, each computed by the function that the portal itself uses; nothing is typed in.

`numbers` are what the sentence says, unrounded: tests hold them against values worked out elsewhere.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

import numpy as np

from atlas.formatting.counts import format_index
from atlas.formatting.money import format_whole_dollars
from atlas.formatting.percentiles import format_points
from atlas.formatting.shares import format_percent
from atlas.statistics import change, crosswalk, percentiles, weights
from dashboards.panels.method_anchors import (
    BOUNDARY,
    CHANGING,
    CITY_MEAN,
    CORRELATIONS,
    COUNTY_ADJUSTMENT,
    DISPERSION,
    DOLLARS,
    GAPS,
    PERCENTILES,
    RANK_SETS,
    SEGREGATION,
    SHRINKAGE,
    SIDES,
    STANDARD_ERROR,
    TIERS,
    VERDICT_RULE,
    WEIGHTS,
)
from engagements.verdicts import VERDICTS, Verdict

# Five made-up tracts: mean percentile of household income, its standard error, low-income children.
VALUES = np.array([0.30, 0.35, 0.40, 0.45, 0.38])
ERRORS = np.array([0.02, 0.015, 0.025, 0.03, 0.01])
CHILDREN = np.array([400, 900, 250, 150, 1300.0])
FIVE = "Five made-up tracts with means at the 30th, 35th, 40th, 45th and 38th percentile"
Z95 = 1.959964


@dataclass(frozen=True)
class WorkedExample:
    said: str
    numbers: dict[str, Any]


@cache
def worked(anchor: str) -> WorkedExample | None:
    """The example of an entry; None where it has none."""
    found = _EXAMPLES.get(anchor)
    if found is None:
        return None
    module, example = found
    return example(import_module(module if "." in module else f"atlas.statistics.{module}"))


def _city_mean(_) -> WorkedExample:
    found = weights.weighted_mean(VALUES, CHILDREN, ERRORS)
    assert found.value is not None, "five values have a mean"
    return WorkedExample(
        f"{FIVE} and 400, 900, 250, 150 and 1,300 low-income children: the average is {found.value * 100:.2f}. Without "
        f"weights it would be {format_points(VALUES.mean())}.",
        {"value": found.value, "unweighted": float(VALUES.mean())},
    )


def _county_adjustment(benchmark) -> WorkedExample:
    tracts = benchmark.CountyTracts(
        np.ones(2, np.int64), np.array([0.30, 0.40]), np.full(2, 100.0), np.array([100.0, 0.0]), np.full(2, 0.01)
    )
    counties = benchmark.compare_counties(tracts, np.array([1]), np.array([0.36]), np.array([0.002]))
    mean = weights.weighted_mean(tracts.values, tracts.inside, tracts.standard_errors)
    found = benchmark.benchmark(mean, tracts, counties).estimate
    return WorkedExample(
        "Two made-up tracts of one county at 30 and 40, with 100 children each and standard errors of 1.0; the county "
        f"is published at 36 (standard error 0.20), its tracts average {format_points(counties[0].modelled)}. The "
        f"first tract alone moves from {format_points(mean.value)} to {format_points(found.value)}, with a standard "
        f"error of {found.standard_error * 100:.2f}.",
        {"modelled": counties[0].modelled, "value": found.value, "standard_error": found.standard_error},
    )


def _standard_error(inflation) -> WorkedExample:
    found = weights.weighted_mean(VALUES, CHILDREN, ERRORS)
    assert found.standard_error is not None, "every one of the five has a standard error"
    ratio = inflation.measure_inflation(np.array([0.0030]), np.array([0.0024]))
    raised = inflation.inflate(found, ratio)
    low, high = (raised.value + side * Z95 * raised.standard_error for side in (-1, 1))
    return WorkedExample(
        f"The same five tracts with standard errors of 2.0, 1.5, 2.5, 3.0 and 1.0 percentiles: the formula gives "
        f"{found.standard_error * 100:.2f}. If the county’s published error is 0.30 where the formula gives 0.24, the "
        f"ratio is {ratio.value:.2f} and the error used {raised.standard_error * 100:.2f}: 95% interval "
        f"{format_points(low)} to {format_points(high)}.",
        {"formula": found.standard_error, "ratio": ratio.value, "used": raised.standard_error, "interval": (low, high)},
    )


def _weights(_) -> WorkedExample:
    model = weights.ShareModel(0.72, -2.40, counties=0, rmse=0.0)
    middle, rich = model.share(np.array([50_000.0, 100_000.0]))
    return WorkedExample(
        f"With a = 0.72 and b = −2.40, a tract with an average income of $50,000 has {format_percent(middle)} of its "
        "children "
        f"below the median and one with $100,000 has {format_percent(rich)}: of 1,000 children, weights of "
        f"{1000 * middle:.0f} and {1000 * rich:.0f}.",
        {"at_50000": float(middle), "at_100000": float(rich)},
    )


def _dollars(_) -> WorkedExample:
    table = crosswalk.Crosswalk(np.where(np.arange(101) < 10, 0.0, 10.0 * np.arange(101.0) ** 2))
    each = [table.dollars(0.2), table.dollars(0.6)]
    mean, converted = sum(each) / 2, table.dollars(0.4)
    return WorkedExample(
        f"In a made-up table the 20th percentile is {format_whole_dollars(each[0])} and the 60th "
        f"{format_whole_dollars(each[1])}. Two equal "
        f"tracts at these percentiles average the 40th percentile, which is {format_whole_dollars(converted)}; the "
        "average of their "
        f"dollars would be {format_whole_dollars(mean)}.",
        {"converted": converted, "mean_of_dollars": mean},
    )


def _percentiles(_) -> WorkedExample:
    values = np.array([0.30, 0.36, 0.41, 0.43, 0.39, 0.33, 0.47, 0.35])
    rank = float(percentiles.midranks(values, values)[1])
    return WorkedExample(
        f"Of eight tracts, three lie below the one at 36 and only itself is equal: (3 + ½) ÷ 8 = {rank * 100:.2f}.",
        {"rank": rank},
    )


def _boundary(overlay) -> WorkedExample:
    import shapely

    boxes = np.array([shapely.box(-83.10, 42.30, -83.09, 42.31), shapely.box(-83.09, 42.30, -83.08, 42.31)])
    city = shapely.box(-83.096, 42.30, -83.086, 42.31)
    inside = overlay.shares(boxes, city, overlay.equal_area(-83.09, 42.305))
    counts = ["counts whole" if share >= overlay.MAJORITY else "does not count" for share in inside]
    return WorkedExample(
        f"Two made-up tracts with {inside[0] * 100:.0f}% and {inside[1] * 100:.0f}% of their area inside a city: the "
        f"first {counts[0]}, the second {counts[1]}.",
        {"shares": tuple(float(share) for share in inside)},
    )


def _dispersion(dispersion) -> WorkedExample:
    found = dispersion.measure_dispersion(VALUES, CHILDREN, ERRORS)
    return WorkedExample(
        f"The same five tracts: V = {found.total_variance:.6f}, N = {found.noise_variance:.6f}, so S = "
        f"{found.signal_variance.value:.6f}. The true spread is about "
        f"{format_points(found.signal_sd.value)} percentiles, "
        f"and {format_percent(found.reliability.value)} of the spread on the map is not noise.",
        {
            "total": found.total_variance,
            "noise": found.noise_variance,
            "signal": found.signal_variance.value,
            "reliability": found.reliability.value,
        },
    )


def _tiers(tiers) -> WorkedExample:
    found = tiers.sort_into_tiers(VALUES, CHILDREN, ERRORS)
    words = {"above": "clearly above", "below": "clearly below", "indistinguishable": "too close to call"}
    listed = "; ".join(f"{format_points(v)} {words[t]}" for v, t in zip(VALUES, found.tier, strict=True))
    return WorkedExample(
        f"The same five tracts against their average of {found.mean * 100:.2f}: {listed}.",
        {"tiers": found.tier, "d": tuple(found.value), "standard_error": tuple(found.standard_error)},
    )


def _sides(sides) -> WorkedExample:
    y, s = np.array([0.48, 0.45, 0.40, 0.33]), np.array([0.01, 0.015, 0.02, 0.012])
    found = sides.count_sides(y, s, 0.42)
    first = sides.critical_value(len(y), 0)
    return WorkedExample(
        "Four tracts at 48, 45, 40 and 33 with standard errors of 1.0, 1.5, 2.0 and 1.2 against a middle of 42: z is "
        f"6, 2, −1 and −7.5, the first limit {first:.2f}. {found.above} is clearly above, {found.below} clearly below; "
        f"{found.undecided} can’t be told from the middle, one of which a test by itself would have called above.",
        {"limit": first, "counts": (found.above, found.below, found.undecided)},
    )


def _shrinkage(moments) -> WorkedExample:
    means, _ = moments.shrink_with_known_variance(VALUES, ERRORS, 0.3655, 0.00268)
    return WorkedExample(
        "If the line is 36.55 for every tract and S were known to be 0.00268, the tract at "
        f"{format_points(VALUES[3])} with "
        f"a standard error of 3.0 would be drawn to {format_points(means[3])}, the one at "
        f"{format_points(VALUES[4])} with 1.0 to "
        f"{format_points(means[4])}.",
        {"means": tuple(float(mean) for mean in means)},
    )


def _rank_sets(ranks) -> WorkedExample:
    found = ranks.simultaneous_rank_sets(np.array([0.48, 0.42, 0.41, 0.33]), np.array([0.01, 0.015, 0.02, 0.012]))
    sets = tuple(zip(found.low.tolist(), found.high.tolist(), strict=True))
    said = ", ".join(f"{low}" if low == high else f"{low} to {high}" for low, high in sets)
    return WorkedExample(
        f"Four tracts at 48, 42, 41 and 33 with standard errors of 1.0, 1.5, 2.0 and 1.2: ranks {said}.", {"sets": sets}
    )


def _gaps(gaps) -> WorkedExample:
    results = import_module("atlas.statistics.results")
    pair = (results.Estimate(0.445, 0.012, 1, "rank"), results.Estimate(0.322, 0.018, 1, "rank"))
    found = gaps.subtract(*pair)
    low, high = (found.value + side * Z95 * found.standard_error for side in (-1, 1))
    return WorkedExample(
        f"Means of 44.5 (standard error 1.2) and 32.2 (1.8): the gap is {format_points(found.value)} "
        "percentiles, standard "
        f"error {found.standard_error * 100:.2f}, 95% interval {format_points(low)} to "
        f"{format_points(high)}.",
        {"value": found.value, "standard_error": found.standard_error, "interval": (low, high)},
    )


def _correlations(association) -> WorkedExample:
    y = np.array([0.30, 0.36, 0.41, 0.43, 0.39, 0.33, 0.47, 0.35])
    x = np.array([0.35, 0.25, 0.15, 0.05, 0.20, 0.30, 0.10, 0.12])
    corners = np.array([(east, north) for north in (0.0, 1.0) for east in range(4)])  # two rows of four, 1 mile apart
    found = association.correlate(x, y, np.array([400, 900, 250, 150, 1300, 600, 300, 500.0]), corners)
    r, held = found.estimate.value, found.estimate.interval
    return WorkedExample(
        "Eight made-up tracts in two rows of four, a mile apart, poverty across and outcome up, weighted by children: "
        f"r = −{abs(r):.3f}. They are worth {found.effective:.2f} independent tracts, so the 95% interval is "
        f"{format_index(held.low)} to {format_index(held.high)} and p = {found.p:.3f}.",
        {"r": r, "effective": found.effective, "p": found.p, "interval": (held.low, held.high)},
    )


def _segregation(segregation) -> WorkedExample:
    found = segregation.measure_segregation(np.array([100, 300, 50, 20.0]), np.array([400, 100, 250, 480.0]))
    named = {
        "dissimilarity": found.dissimilarity,
        "isolation": found.isolation,
        "exposure": found.exposure,
        "H": found.theil_h,
    }
    said = ", ".join(f"{name} {estimate.value:.3f}" for name, estimate in named.items())
    return WorkedExample(
        f"Four tracts with 100, 300, 50 and 20 low-income and 400, 100, 250 and 480 other children: {said}.",
        {name: estimate.value for name, estimate in named.items()},
    )


def _changing(_) -> WorkedExample:
    found = change.compare_ends((58.23, 66.06), (55.78, 62.97), (60.67, 69.14), ("Strong", "Strong"))
    same = change.compare_ends((58.23, 58.66), (55.78, 55.42), (60.67, 61.90), ("Strong", "Strong"))
    words = {"apart": "they do not overlap", "overlap": "they overlap, so the two are too close to call"}
    return WorkedExample(
        f"58.2% (bounds 55.8 to 60.7) and later 66.1% (63.0 to 69.1): {words[found.verdict]}. Had the later value been "
        f"58.7% (55.4 to 61.9): {words[same.verdict]}.",
        {"verdicts": (found.verdict, same.verdict)},
    )


def _verdict_rule(verdict) -> WorkedExample:
    cases = {"6 (2 to 10)": (6, 2, 10), "0.2 (−2 to 2.4)": (0.2, -2, 2.4), "0.2 (−7 to 7.4)": (0.2, -7, 7.4)}
    words = {said: verdict.decide(verdict.VerdictCase(*numbers, 4))[0].value for said, numbers in cases.items()}
    told = "; ".join(f"{said}: {VERDICTS[Verdict(word)].label.lower()}" for said, word in words.items())
    return WorkedExample(
        f"The city wrote down that 4 more in 100 would be worth having. Three made-up pilots, with ranges: {told}.",
        {"words": tuple(words.values())},
    )


_EXAMPLES: dict[str, tuple[str, Callable[[Any], WorkedExample]]] = {
    BOUNDARY: ("overlay", _boundary),
    CITY_MEAN: ("weights", _city_mean),
    COUNTY_ADJUSTMENT: ("benchmark", _county_adjustment),
    STANDARD_ERROR: ("inflation", _standard_error),
    WEIGHTS: ("weights", _weights),
    DOLLARS: ("crosswalk", _dollars),
    PERCENTILES: ("percentiles", _percentiles),
    TIERS: ("tiers", _tiers),
    SIDES: ("sides", _sides),
    SHRINKAGE: ("moments", _shrinkage),
    RANK_SETS: ("ranks", _rank_sets),
    GAPS: ("gaps", _gaps),
    DISPERSION: ("dispersion", _dispersion),
    CORRELATIONS: ("association", _correlations),
    SEGREGATION: ("segregation", _segregation),
    CHANGING: ("change", _changing),
    VERDICT_RULE: ("engagements.pilots.rules.verdict", _verdict_rule),
}
WITH_EXAMPLE = frozenset(_EXAMPLES)
