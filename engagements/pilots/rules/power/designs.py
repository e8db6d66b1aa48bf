"""The precision of each design that has a formula: people, pairs, clusters. What is missing is said."""

from collections.abc import Sequence
from math import sqrt

import numpy as np

from engagements.pilots.rules.check_design import number_problems
from engagements.pilots.rules.estimates import Refused
from engagements.pilots.rules.estimators.cluster_fit import degrees_of_freedom
from engagements.pilots.rules.estimators.cluster_sums import ClusterSums
from engagements.pilots.rules.estimators.counted_units import counted, plural
from engagements.pilots.rules.estimators.locks import lock_for
from engagements.pilots.rules.estimators.proportions import cut_for
from engagements.pilots.rules.estimators.unequal_arms import level_for
from engagements.pilots.rules.power.drawn import DrawnCluster, expected_sums, sums_of_drawn
from engagements.pilots.rules.power.final_look import final_alpha
from engagements.pilots.rules.power.precision import Precision, df_of_two_arms, variances_of
from engagements.pilots.rules.power.second_lock import second_lock_factor
from engagements.pilots.rules.registration import DesignKind, Estimator, OutcomeKind, Registration

METHOD = "power"
NO_FORMULA = "No formula gives this number for a design over time."
FEWEST_CLUSTERS = 3
FEWEST_DF = 2.0
FEWEST_PAIRS = 6


def precision_of(registration: Registration, clusters: Sequence[DrawnCluster] | None = None) -> Precision | Refused:
    """Of the primary contrast. `clusters`: as drawn; without them as `assumptions` say. Designs over time: refused."""
    if refused := _lacks(registration, clusters):
        return refused
    if registration.design == DesignKind.PEOPLE:
        return _of_people(registration)
    if registration.design == DesignKind.PAIRS:
        return _of_pairs(registration)
    if registration.design == DesignKind.CLUSTERS:
        drawn = expected_sums(registration) if clusters is None else sums_of_drawn(registration, clusters)
        return _of_clusters(registration, drawn)
    return Refused(METHOD, NO_FORMULA, "A simulation, which takes seconds to minutes.")


def _lacks(registration: Registration, clusters: Sequence[DrawnCluster] | None) -> Refused | None:
    assumed = registration.assumptions
    needed = []
    if registration.outcome.kind == OutcomeKind.SHARE and not (assumed.base_rate and 0.0 < assumed.base_rate < 100.0):
        needed.append("how many in 100 have the outcome without the program")
    if registration.outcome.kind == OutcomeKind.MEAN and not (assumed.sd and assumed.sd > 0.0):
        needed.append("the standard deviation of the outcome")
    if clusters is None and not assumed.people:
        needed.append("the number of people")
    if registration.design == DesignKind.CLUSTERS:
        if clusters is None and not assumed.clusters:
            needed.append(f"the number of {plural(registration.unit)}")
        if assumed.icc is None:
            needed.append(f"how alike people of one {registration.unit} are")
    if len(registration.arms) < 2 or min(arm.weight for arm in registration.arms[:2]) <= 0:
        needed.append("two groups that people are drawn into")
    if needed:
        return Refused(
            METHOD, "The plan does not say enough to calculate what this test can detect.", f"{'; '.join(needed)}."
        )
    return refused_numbers(registration, METHOD)


def refused_numbers(registration: Registration, method: str) -> Refused | None:
    """A draft keeps any numbers; what a test can detect is not reckoned from those that cannot be registered."""
    wrong = next(iter(number_problems(registration)), None)
    return wrong and Refused(method, "What this test can detect cannot be calculated from these numbers.", wrong[1])


def _of_people(registration: Registration) -> Precision | Refused:
    """sqrt(v0 / n0 + v1 / n1), each variance less the part that covariates explain; at the level that will be shown."""
    assumed, arms = registration.assumptions, registration.arms
    each = float(assumed.people or 0) / sum(arm.weight for arm in arms)
    other, treated = (max(each * arm.weight, 1.0) for arm in arms[:2])
    variances = variances_of(registration, assumed.r2)
    level, cut = level_for(other, treated, assumed.level), 1.0
    if registration.outcome.kind == OutcomeKind.SHARE and registration.estimator == Estimator.DIFFERENCE:
        level, cut = assumed.level, float(cut_for(other, treated))  # Newcombe's interval asks only for this
    if level is None:
        return Refused(
            METHOD,
            f"The groups are too unequal for their size: {other:,.0f} people and {treated:,.0f}.",
            "More people in the smaller group, or groups of the same size.",
        )
    lowered = (100.0 - level) / (100.0 - assumed.level)

    def error_at(effect: float) -> float:
        untreated, offered = variances(effect)
        return sqrt(untreated / other + offered / treated)

    people = other + treated
    return Precision(error_at, df_of_two_arms(people), lowered * cut * final_alpha(registration), level, people)


def _of_pairs(registration: Registration) -> Precision | Refused:
    """sqrt((v0 + v1) (1 - r2) / pairs), where r2 is the correlation of the two of a pair; t with pairs - 1."""
    assumed = registration.assumptions
    pairs = int(assumed.people or 0) // 2
    if pairs < FEWEST_PAIRS:
        return Refused(METHOD, f"There are only {counted(pairs, 'pair')}.", f"At least {FEWEST_PAIRS} pairs.")
    variances = variances_of(registration, assumed.r2)

    def error_at(effect: float) -> float:
        return sqrt(sum(variances(effect)) / pairs)

    return Precision(error_at, pairs - 1.0, final_alpha(registration), assumed.level, 2.0 * pairs)


def _of_clusters(registration: Registration, sums: ClusterSums) -> Precision | Refused:
    """The error of least squares over people with these sizes and this draw; t with CR2's df, at the lowered level."""
    treated = int(sums.treated.sum())
    if min(treated, len(sums.n) - treated) < FEWEST_CLUSTERS:
        return Refused(
            METHOD,
            f"Only {counted(min(treated, len(sums.n) - treated), registration.unit)} of one kind can be compared.",
            f"At least {FEWEST_CLUSTERS} {plural(registration.unit)} of each kind.",
        )
    df, lock = float(degrees_of_freedom(sums)), lock_for(sums, final_alpha(registration))
    if not df >= FEWEST_DF or not lock.is_reachable:
        return Refused(
            METHOD,
            f"So few or so unequal {plural(registration.unit)} cannot show an effect of any size.",
            f"More {plural(registration.unit)}, or more equal ones.",
        )
    asked = round(1.0 - registration.assumptions.level / 100.0, 12)
    return Precision(
        error_at=_ClusterError(registration, sums),
        df=df,
        alpha=lock.alpha,
        level=100.0 * (1.0 - lock.alpha * asked / final_alpha(registration)),
        people=float(sums.n.sum()),
        clusters=len(sums.n),
        treated_clusters=treated,
        extra=second_lock_factor(sums, lock),
    )


class _ClusterError:
    """Standard error at an effect: sum of (D / S)^2 n^2 v (icc + (1 - icc) / n), v of the cluster's arm.

    Without covariates, as the registered method has none: `r2` counts for nothing here.
    """

    def __init__(self, registration: Registration, sums: ClusterSums):
        icc = float(registration.assumptions.icc or 0.0)
        weights = (sums.centered / sums.information) ** 2 * sums.n**2 * (icc + (1.0 - icc) / sums.n)
        self._variances = variances_of(registration, 0.0)
        self._other, self._treated = float(weights[~sums.treated].sum()), float(weights[sums.treated].sum())

    def __call__(self, effect: float) -> float:
        untreated, offered = self._variances(effect)
        return float(np.sqrt(untreated * self._other + offered * self._treated))
