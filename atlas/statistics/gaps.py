"""Gaps between two groups' city means: as each lives, and at the same weights (methods 2.2 as amended)."""

from dataclasses import dataclass, field
from math import floor

import numpy as np
from numpy.typing import NDArray

from atlas.statistics.results import NO_STANDARD_ERRORS, Estimate, missing_estimate
from atlas.statistics.weights import total_weight, weighted_mean

SMALLEST_COVERAGE = 0.6  # of the second group's children; under it no common-weight headline
NO_COMMON_TRACT = "no tract has values for both groups"


@dataclass(frozen=True)
class GroupTracts:
    """One group over the city's tracts, arrays (n,) aligned with the other group's; NaN = missing."""

    values: NDArray[np.floating] = field(repr=False)
    weights: NDArray[np.floating] = field(repr=False)  # the group's own low-income children
    standard_errors: NDArray[np.floating] | None = field(repr=False, default=None)
    everybody: NDArray[np.floating] | None = field(repr=False, default=None)  # stands in for blank weights in coverage


@dataclass(frozen=True)
class Gap:
    """First group minus second. own = common + between; children are those of the second group's weights."""

    own: Estimate  # each group at its own weights
    common: Estimate  # both at the second group's weights, tracts with both; coverage = its children kept
    between: Estimate  # own - common: from living in different neighborhoods
    coverage: float | None  # share of the second group's weighted children the common form keeps, 0-1
    first_coverage: float | None  # share of the first group's children who live in the tracts kept
    tracts_dropped: int  # with a value for one group only
    n: int  # tracts in the common form
    unit: str
    headline_allowed: bool
    reason: str = ""  # why no common-weight headline


def subtract(first: Estimate, second: Estimate) -> Estimate:
    """first - second with independent errors: SE = sqrt(SE1^2 + SE2^2). ValueError for different units.

    Worked: .445 (.012) less .322 (.018) is .123, SE .02163331, z 5.685677 (methods 2.2).
    """
    if first.unit != second.unit:
        raise ValueError(f"{first.unit} less {second.unit} is no difference")
    n = min(first.n, second.n)
    if first.value is None or second.value is None:
        return missing_estimate(n, first.unit, first.reason or second.reason)
    value = first.value - second.value
    if first.standard_error is None or second.standard_error is None:
        return Estimate(value, None, n, first.unit, reason=first.reason or second.reason)
    return Estimate(value, float(np.hypot(first.standard_error, second.standard_error)), n, first.unit)


def measure_gap(first: GroupTracts, second: GroupTracts, *, unit: str = "rank") -> Gap:
    """Own-weight and common-weight gap and the part between neighborhoods, with its own standard error.

    The second group sets the common weights: give the smaller group second. Where one group's file has no
    standard errors, none is shown. The groups' errors count as independent, as do the tracts'.
    """
    exact = first.standard_errors is not None and second.standard_errors is not None
    means = [
        weighted_mean(group.values, group.weights, group.standard_errors if exact else None, unit=unit)
        for group in (first, second)
    ]
    own = subtract(*means)
    first_used, second_used = _used(first, exact), _used(second, exact)
    has_first, has_second = _has_value(first, exact), second_used
    both = has_first & has_second
    dropped = int((has_first ^ _has_value(second, exact)).sum())
    coverage, first_coverage = _share_used(second, both), _share_used(first, both)
    if own.value is None or not both.any():
        why = own.reason if own.value is None else NO_COMMON_TRACT
        nothing = missing_estimate(0, unit, why)
        return Gap(own, nothing, nothing, coverage, first_coverage, dropped, 0, unit, False, why)
    common_share = _shares(second.weights, both)
    difference = np.where(both, first.values - second.values, 0.0)
    value = float(common_share @ difference)
    n = int(both.sum())
    common_error = between_error = None
    if exact:
        errors = [np.asarray(group.standard_errors, float) for group in (first, second)]
        noise = [np.where(np.isfinite(error), error, 0.0) for error in errors]
        common_error = float(np.sqrt(common_share**2 @ (noise[0] ** 2 + noise[1] ** 2)))
        # own - common = sum (W1 - V) y1 - sum (W2 - V) y2: the same estimates with other weights, so the errors of
        # the two gaps are not independent and must not be added.
        moved = [_shares(first.weights, first_used) - common_share, _shares(second.weights, second_used) - common_share]
        between_error = float(np.sqrt(sum(m**2 @ s**2 for m, s in zip(moved, noise, strict=True))))
    reason = "" if exact else own.reason or NO_STANDARD_ERRORS
    allowed = coverage is not None and coverage >= SMALLEST_COVERAGE
    return Gap(
        own,
        Estimate(value, common_error, n, unit, coverage, reason),
        Estimate(own.value - value, between_error, n, unit, coverage, reason),
        coverage,
        first_coverage,
        dropped,
        n,
        unit,
        allowed,
        "" if allowed else _coverage_reason(coverage, second),
    )


def _coverage_reason(coverage: float | None, second: GroupTracts) -> str:
    if coverage is None:
        unknown = total_weight(second.weights, second.everybody)[1]
        return f"no comparison at equal weights: {unknown or NO_COMMON_TRACT}"
    needed, held = f"{100 * SMALLEST_COVERAGE:.0f}", f"{100 * coverage:.0f}"
    if held == needed:  # rounded up to what it does not reach
        held = f"{floor(1000 * coverage) / 10:.1f}"
    return (
        f"tracts with values for both groups hold {held} in 100 of the second group's children; "
        f"a comparison at equal weights needs {needed}"
    )


def _has_value(group: GroupTracts, exact: bool) -> NDArray[np.bool_]:
    known: NDArray[np.bool_] = np.isfinite(group.values)
    if exact and group.standard_errors is not None:
        known &= np.isfinite(group.standard_errors)
    return known


def _used(group: GroupTracts, exact: bool) -> NDArray[np.bool_]:
    """Tracts in the group's own mean."""
    used: NDArray[np.bool_] = _has_value(group, exact) & np.isfinite(group.weights) & (group.weights > 0)
    return used


def _shares(weights: NDArray[np.floating], use: NDArray[np.bool_]) -> NDArray[np.floating]:
    kept = np.where(use, weights, 0.0).astype(float)
    shares: NDArray[np.floating] = kept / kept.sum()
    return shares


def _share_used(group: GroupTracts, kept: NDArray[np.bool_]) -> float | None:
    known = np.isfinite(group.weights) & (group.weights > 0)
    total, _ = total_weight(group.weights, group.everybody)
    return float(group.weights[known & kept].sum() / total) if total else None
