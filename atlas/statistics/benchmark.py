"""Means of tracts benchmarked to the values their counties have as published. Pure numpy.

A file of tracts and a file of counties come from regressions of their own: the mean of a county's tracts is near its
published value and not equal to it. Each county's difference, published less mean of its tracts, is added to each of
its tracts (difference benchmarking of small area estimation; Rao and Molina, Small Area Estimation, 2015), so that
counties come out as published and places inside them move along.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from atlas.statistics.results import NO_STANDARD_ERRORS, Estimate, missing_estimate

# Of a county's children in the place: from here on the two are one ground, and the published value stands for both.
# The hundredth left out moves a mean by less than a tenth of its distance from the rest.
SAME_GROUND = 0.99


@dataclass(frozen=True)
class CountyTracts:
    """Every tract of the counties a place lies in, aligned (n,); NaN = not known."""

    county: NDArray[np.int64]  # code of each tract's county
    values: NDArray[np.floating]
    weights: NDArray[np.floating]  # children of the whole tract
    inside: NDArray[np.floating]  # those of them who count for the place, 0 outside it
    standard_errors: NDArray[np.floating] | None = None

    @property
    def used(self) -> NDArray[np.bool_]:
        """Tracts in their county's mean: with a value, children and, where there are errors, an error."""
        known: NDArray[np.bool_] = np.isfinite(self.values) & np.isfinite(self.weights) & (self.weights > 0)
        return known if self.standard_errors is None else known & np.isfinite(self.standard_errors)


@dataclass(frozen=True)
class CountyDifference:
    """One county: what is published, what the mean of its tracts is, and what part of the place it is."""

    county: int
    published: float | None
    published_error: float | None
    modelled: float | None  # mean of its tracts
    place_share: float  # of the place's children who lived in it, 0-1
    inside_share: float  # of its own children who count for the place, 0-1

    @property
    def difference(self) -> float | None:
        """Published less modeled: what each of its tracts is moved by. None where one of the two is not known."""
        return None if self.published is None or self.modelled is None else self.published - self.modelled


@dataclass(frozen=True)
class Benchmark:
    """A place's benchmarked mean; `estimate` has no value, and says why, where a county has no published one."""

    estimate: Estimate
    counties: tuple[CountyDifference, ...]  # those with children of the place, the most children first
    adjustment: float | None  # benchmarked mean less the mean of the tracts
    adjustment_error: float | None  # standard error of the published part of it
    is_published: bool  # the place is whole counties: their published values are its mean


def compare_counties(
    tracts: CountyTracts,
    counties: NDArray[np.int64],
    published: NDArray[np.floating],
    published_errors: NDArray[np.floating] | None = None,
) -> tuple[CountyDifference, ...]:
    """Published value and mean of the tracts of every county with children of the place, the most children first.

    `counties` (k,), rising: every county of `tracts`; `published`, `published_errors` (k,): the county file's values
    and standard errors, NaN = not known.
    """
    use = tracts.used
    codes = np.searchsorted(counties, tracts.county[use])
    weights = tracts.weights[use].astype(float)
    inside = np.nan_to_num(tracts.inside[use].astype(float))
    everybody = np.bincount(codes, weights, len(counties))
    mine = np.bincount(codes, inside, len(counties))
    total = mine.sum()
    sums = np.bincount(codes, weights * tracts.values[use].astype(float), len(counties))
    errors = np.full(len(counties), np.nan) if published_errors is None else published_errors
    here = np.flatnonzero(mine > 0)
    columns = (
        counties[here].tolist(),
        _known(published[here]),
        _known(errors[here]),
        (sums[here] / everybody[here]).tolist(),
        (mine[here] / total).tolist(),
        (mine[here] / everybody[here]).tolist(),
    )
    found = [CountyDifference(*row) for row in zip(*columns, strict=True)]
    return tuple(sorted(found, key=lambda one: (-one.place_share, one.county)))


def benchmark(
    mean: Estimate, tracts: CountyTracts, counties: tuple[CountyDifference, ...], ratio: float = 1.0
) -> Benchmark:
    """The place's mean with each county's difference added to its tracts.

    `mean` is the plain mean of the place's tracts; `ratio` what the errors of independent tracts are multiplied by
    (`inflation`). With share_c the place's children in county c, P_c published and M_c the mean of the tracts:

        m* = m + sum_c share_c (P_c - M_c)
        Var(m*) = sum_c share_c^2 SE(P_c)^2 + ratio^2 sum_i (W_i - share_c(i) V_i)^2 s_i^2

    W_i: weight of tract i in the place's mean, V_i: its weight in its county's. The second sum is the error of how far
    the place is from its counties; it is independent of the first where a child's result varies alike all over the
    county. Where every county has at least SAME_GROUND of its children in the place, the mean is
    sum_c share_c P_c and the second sum is left out: the place is its counties.

    No value where a county has no published one: a mean adjusted in part is comparable with nothing.

    Worked: tracts at .30 and .40 of 100 children each, published .36 with standard error .002; the place is the first:
    M = .35, so m* = .30 + .01 = .31. With standard errors of .01 for both: sqrt(.002^2 + 2 (.5 x .01)^2) = .00735.
    """
    unit, n = mean.unit, mean.n
    missing = [one.county for one in counties if one.difference is None]
    if mean.value is None or missing or not counties:
        of_all = "1 county has" if len(missing) == 1 else f"{len(missing):,} counties have"
        why = mean.reason if mean.value is None else f"{of_all} no published value of this measure"
        return Benchmark(missing_estimate(n, unit, why), counties, None, None, False)
    shares = np.array([one.place_share for one in counties])
    errors = np.array([np.nan if one.published_error is None else one.published_error for one in counties])
    published_error = float(np.sqrt(np.sum(shares**2 * errors**2)))
    known_error = published_error if np.isfinite(published_error) else None
    whole = all(one.inside_share >= SAME_GROUND for one in counties)
    if whole:
        value = float(shares @ np.array([one.published for one in counties], dtype=float))
    else:
        value = mean.value + float(shares @ np.array([one.difference for one in counties], dtype=float))
    contrast = 0.0 if whole else _contrast_error(tracts, counties, ratio)
    error = None if known_error is None or contrast is None else float(np.hypot(known_error, contrast))
    reason = (
        "" if error is not None else NO_STANDARD_ERRORS if known_error is not None else "the county file has no errors"
    )
    found = Estimate(value, error, n, unit, mean.coverage, reason, coverage_reason=mean.coverage_reason)
    return Benchmark(found, counties, value - mean.value, known_error, whole)


def shifts(counties: tuple[CountyDifference, ...], county_of_tract: NDArray[np.int64]) -> NDArray[np.floating]:
    """What each tract (n,) is moved by: its county's difference, NaN where that is not known."""
    moved: NDArray[np.floating] = np.full(county_of_tract.size, np.nan)
    for one in counties:
        if one.difference is not None:
            moved[county_of_tract == one.county] = one.difference
    return moved


def _contrast_error(tracts: CountyTracts, counties: tuple[CountyDifference, ...], ratio: float) -> float | None:
    """Standard error of how far the place's mean is from that of its counties; None without errors of tracts."""
    if tracts.standard_errors is None:
        return None
    use = tracts.used
    county, weights = tracts.county[use], tracts.weights[use].astype(float)
    inside = np.nan_to_num(tracts.inside[use].astype(float))
    moved = inside / inside.sum()
    for one in counties:
        there = county == one.county
        moved[there] -= one.place_share * weights[there] / weights[there].sum()
    return ratio * float(np.sqrt(np.sum(moved**2 * tracts.standard_errors[use].astype(float) ** 2)))


def _known(numbers: NDArray[np.floating]) -> list[float | None]:
    return [number if math.isfinite(number) else None for number in numbers.tolist()]
