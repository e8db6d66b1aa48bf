"""How many of those drawn have no known outcome, in each group, and whether that is too many to pass over."""

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.special import chdtrc

from engagements.pilots.rules.data import PilotData
from engagements.pilots.rules.estimates import Attrition
from engagements.pilots.rules.registration import DesignKind, MissingRule, Registration
from engagements.pilots.rules.tallies import as_cells, by_arm, codes_of

# A gap of 2 points between two arms of 3,000, all of it from the lower half, gives 12% false positives though no limit
# is passed; with this third rule no such case passes 5% (bench, decision 0115).
CLEAR_GAP = 0.10


def attrition(
    registration: Registration, data: PilotData, treated: str, drawn: Mapping[str, float] | None = None
) -> Attrition | None:
    """Percent lost in the comparison and the treated arm. `drawn`: people drawn by arm, if the data don't say.

    Bounds are needed when either arm lost more than the registered limit (default 20 percent), when the gap between
    them is above its limit (default 5 points), or, where people were drawn one by one, when the gap is larger than
    chance makes it (chi-squared, p under .10). None where nobody says how many were drawn.
    Worked: 100 drawn in each, 90 and 82 measured -> 10 and 18 percent lost, a gap of 8 points, bounds needed;
    3,000 drawn in each, 2,700 and 2,640 measured -> a gap of 2 points, p .013, bounds needed.
    """
    lost, drawn_here = {}, []
    for arm in by_arm(data, [registration.arms[0].key, treated]):
        assigned = arm.assigned if not np.isnan(arm.assigned) else (drawn or {}).get(arm.key, float("nan"))
        if np.isnan(assigned) or assigned <= 0:
            return None
        lost[arm.key] = 100 * max(assigned - arm.n, 0.0) / assigned
        drawn_here.append(float(assigned))
    percents = tuple(lost.values())
    alone = is_one_by_one(registration, data, sum(drawn_here))
    return Attrition(lost, percents[1] - percents[0], is_too_much(registration, drawn_here, percents, alone))


def is_one_by_one(registration: Registration, data: PilotData, drawn: float) -> bool:
    """People are the units: drawn singly, or each a member of a pair. `drawn`: people of both arms in the data."""
    if registration.design != DesignKind.PAIRS:
        return registration.design == DesignKind.PEOPLE
    cells = as_cells(data)
    return bool(drawn <= len(codes_of(cells.arm, cells.city, cells.block)[1]))


def is_too_much(
    registration: Registration, drawn: Sequence[float], percents: Sequence[float], one_by_one: bool = True
) -> bool:
    """Whether losses of two arms (people drawn, percent lost) ask for bounds."""
    limits = registration.limits
    if registration.missing == MissingRule.WORST:
        return False  # everybody drawn is counted already
    if max(percents) > limits.lost_percent or abs(percents[1] - percents[0]) > limits.lost_gap_points:
        return True
    return one_by_one and _gap_p(drawn, percents) < CLEAR_GAP


def _gap_p(drawn: Sequence[float], percents: Sequence[float]) -> float:
    """Chi-squared test of the same share lost in both arms; 1 where nobody or everybody is."""
    share = sum(size * percent for size, percent in zip(drawn, percents, strict=True)) / sum(drawn) / 100
    if not 0 < share < 1:
        return 1.0
    variance = share * (1 - share) * sum(1 / size for size in drawn)
    return float(chdtrc(1, ((percents[1] - percents[0]) / 100) ** 2 / variance))
