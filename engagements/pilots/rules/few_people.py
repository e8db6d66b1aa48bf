"""Effects on so few people that somebody could be known by them are refused, whatever the method and whoever reads."""

import numpy as np

from engagements.pilots.rules.data import Cells, Floats, PilotData
from engagements.pilots.rules.estimates import Answer, Refused
from engagements.pilots.rules.estimators.contrast import FEWEST_PEOPLE
from engagements.pilots.rules.estimators.methods import Method, method_of
from engagements.pilots.rules.registration import OVER_TIME, Estimator, Registration
from engagements.pilots.rules.tallies import codes_of, part_of

# These compare within blocks: people of a block (a pair) with one arm alone are in no estimate.
_WITHIN = frozenset({Estimator.BLOCKED, Estimator.PAIRED, Estimator.CLUSTERED})


def shown_method(estimator: Estimator) -> Method:
    """The method as an analysis uses it: an arm of 1 to 9 people is refused, and the refusal does not say how many."""
    method = method_of(estimator)

    def guarded(registration: Registration, data: PilotData, treated: str) -> Answer:
        return too_few(registration, data, treated) or method(registration, data, treated)

    return guarded


def too_few(registration: Registration, data: PilotData, treated: str) -> Refused | None:
    """None where both arms have 10 people or more in the estimate, and where one has nobody: methods say that better.

    Worked: six pairs of persons, all measured -> refused; ten -> None.
    """
    if not 0 < smallest_arm(registration, data, treated) < FEWEST_PEOPLE:
        return None
    return Refused(
        registration.estimator,
        f"A group has fewer than {FEWEST_PEOPLE} people with a known outcome: somebody could be known by the result.",
        f"At least {FEWEST_PEOPLE} people with a known outcome in each group.",
    )


def smallest_arm(registration: Registration, data: PilotData, treated: str) -> float:
    """People measured in the smaller of both arms, as far as the registered method uses them; over time in the period
    with the most. Infinite where each group has one number a period (a feed, a place): that is of no single person."""
    keys = (registration.arms[0].key, treated)
    data = part_of(data, (data.arm == keys[0]) | (data.arm == keys[1]))
    people = _measured(data)
    is_treated = data.arm == treated
    if registration.design in OVER_TIME:
        groups = codes_of(data.arm, data.city, data.cluster, data.period)[1]
        if people.max(initial=0) <= 1 and len(groups) == len(people):
            return float("inf")
        counts = _by(codes_of(data.period)[0], people, is_treated)
        return float(counts.max(axis=0, initial=0).min())
    counts = _by(codes_of(data.city, data.block)[0], people, is_treated)
    if registration.estimator in _WITHIN:
        counts = counts[(counts > 0).all(axis=1)]
    return float(counts.sum(axis=0).min())


def _measured(data: PilotData) -> Floats:
    if isinstance(data, Cells):
        return np.where(np.isfinite(data.n), data.n, 0.0)
    return np.isfinite(data.outcome).astype(float)


def _by(code: np.ndarray, people: Floats, is_treated: np.ndarray) -> Floats:
    """People by code and arm: (codes, 2), the comparison first."""
    size = int(code.max(initial=-1)) + 1
    arms = [np.bincount(code, weights=people * (is_treated == arm), minlength=size) for arm in (False, True)]
    return np.stack(arms, axis=1).astype(np.float64)
