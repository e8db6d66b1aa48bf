"""Effects by cohort and period of Callaway and Sant'Anna, without covariates, as weights of outcomes.

A cohort are the groups that started in one period g. ATT(g, t) is the cohort's mean change from g - 1 to t, minus that
of the groups that never start (or, where there are none, that have not started by t). The effect is their mean over
t >= g, each cohort counting by its groups. Given who starts when, that is one weight per group and period, which makes
the estimate, its error and every reassignment of starts a single product.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engagements.pilots.rules.data import Floats
from engagements.pilots.rules.estimators.panel import Flags
from engagements.pilots.rules.estimators.starts import Whole


def weigh_cells(starts: Whole, periods: int, base: int = 1) -> Floats | None:
    """Weights (groups x periods) whose product with outcomes is the effect; None if no cohort can be compared.

    `base`: how many periods before its start a cohort is measured from. `starts` is `periods` for never. A cohort that
    started in the first period has nothing before, and is left out. Groups that start together have the same weights.
    """
    cohorts = np.unique(starts[(starts > 0) & (starts < periods)])
    found = [weigh_cohort(starts, int(start), periods, base) for start in cohorts]
    total = sum(cells for _, cells in found)
    weights: Floats = np.zeros((starts.size, periods))
    for own, cells in found:
        weights += own * (cells / total if total else 0.0)
    return weights if total else None


def weigh_cohort(starts: Whole, start: int, periods: int, base: int = 1) -> tuple[Floats, int]:
    """The same for the cohort that started in one period alone, and how many of its cells can be compared."""
    weights = np.zeros((starts.size, periods))
    compared = compared_periods(starts, start, periods)
    for period in compared:
        share = against_others(starts, start, period, periods) / len(compared)
        weights[:, period] += share
        weights[:, start - base : start] -= share[:, None] / base
    return weights, len(compared) * int((starts == start).sum())


def compared_periods(starts: Whole, start: int, periods: int) -> list[int]:
    """The periods from a cohort's start in which some group has no program yet."""
    return [period for period in range(start, periods) if _others(starts, period, periods).any()]


def against_others(starts: Whole, start: int, period: int, periods: int) -> Floats:
    """Weights of one period: the mean of the cohort less that of the groups without the program in this period."""
    members, others = starts == start, _others(starts, period, periods)
    return np.asarray(members / members.sum() - others / others.sum())


def _others(starts: Whole, period: int, periods: int) -> Flags:
    """Who has no program in a period: those that never have it, or, where there are none, that do not have it yet."""
    never: Flags = starts == periods
    return never if never.any() else starts > period


@dataclass(frozen=True)
class CohortEffect:
    """Leading axes of the outcomes stay. `df` of Satterthwaite, from the spreads that all cohorts share."""

    value: Floats
    error: Floats
    df: Floats


def effect_of(outcomes: Floats, starts: Whole) -> CohortEffect:
    """`outcomes`: (..., groups, periods). Some cohort must be comparable."""
    weights = weigh_cells(starts, outcomes.shape[-1])
    if weights is None:
        raise ValueError("no cohort can be compared")
    return spread_of(outcomes, starts, weights)


def spread_of(outcomes: Floats, starts: Whole, weights: Floats) -> CohortEffect:
    """The sum of outcomes times weights, which are the same for groups that start together, and its error.

    Every group's part of the effect is its outcomes times its weights. The variance adds up, cohort by cohort, groups
    x their spread with n - 1 below. A cohort of one group borrows the spread that other groups have with the same
    weights, each around its own cohort's mean: those that started too, if any, for their effects may vary. The usual
    error - influence functions with n below and a normal reference - calls chance an effect 8 to 65 times in 100 with
    20 to 50 groups, because cohorts are small (the bench shows it).
    """
    cohorts = [np.flatnonzero(starts == start) for start in np.unique(starts)]
    spare = starts.size - len(cohorts)
    together = [other for other in cohorts if other.size > 1 and starts[other[0]] < outcomes.shape[-1]]
    spare_together = sum(other.size - 1 for other in together)
    variance = expected = squares = np.zeros(outcomes.shape[:-2])
    for members in cohorts:
        own = weights[members[0]]
        if not own.any():
            continue
        parts = outcomes @ own
        shared = members.size * _spread(parts, cohorts) / max(spare, 1)
        if members.size > 1:
            variance = variance + members.size * parts[..., members].var(axis=-1, ddof=1)
            squares = squares + shared**2 / (members.size - 1)
        else:
            borrowed = _spread(parts, together) / spare_together if together else shared
            variance = variance + borrowed
            squares = squares + shared**2 / (spare_together or max(spare, 1))
        expected = expected + shared
    value: Floats = (outcomes * weights).sum(axis=(-2, -1))
    with np.errstate(divide="ignore", invalid="ignore"):
        return CohortEffect(value, np.sqrt(variance), expected**2 / squares)


def _spread(parts: Floats, cohorts: Sequence[Whole]) -> Floats:
    """Sum of squares around each cohort's own mean."""
    total: Floats = np.zeros(parts.shape[:-1])
    for members in cohorts:
        total = total + parts[..., members].var(axis=-1) * members.size
    return total
