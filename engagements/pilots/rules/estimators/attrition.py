"""How many of those drawn have no known outcome, in each group, and whether that is too many to pass over."""

from collections.abc import Mapping

import numpy as np

from engagements.pilots.rules.data import PilotData
from engagements.pilots.rules.estimates import Attrition
from engagements.pilots.rules.registration import Registration
from engagements.pilots.rules.tallies import by_arm


def attrition(
    registration: Registration, data: PilotData, treated: str, drawn: Mapping[str, float] | None = None
) -> Attrition | None:
    """Percent lost in the comparison and the treated arm. `drawn`: people drawn by arm, if the data don't say.

    Bounds are needed when either arm lost more than the registered limit (default 20 percent), or the gap between them
    is above its limit (default 5 points). None where nobody says how many were drawn.
    Worked: 100 drawn in each, 90 and 82 measured -> 10 and 18 percent lost, a gap of 8 points, bounds needed.
    """
    lost = {}
    for arm in by_arm(data, [registration.arms[0].key, treated]):
        assigned = arm.assigned if not np.isnan(arm.assigned) else (drawn or {}).get(arm.key, float("nan"))
        if np.isnan(assigned) or assigned <= 0:
            return None
        lost[arm.key] = 100 * max(assigned - arm.n, 0.0) / assigned
    comparison, other = lost.values()
    limits = registration.limits
    gap = other - comparison
    return Attrition(
        lost=lost,
        gap=gap,
        needs_bounds=max(lost.values()) > limits.lost_percent or abs(gap) > limits.lost_gap_points,
    )
