"""How many of those drawn have no known outcome, also where the file leaves out people who were drawn."""

from dataclasses import dataclass

from engagements.pilots.rules.data import PilotData
from engagements.pilots.rules.estimates import Attrition, Bounds, Refused
from engagements.pilots.rules.estimators.attrition import attrition
from engagements.pilots.rules.estimators.bounds import METHOD, lee
from engagements.pilots.rules.facts import PilotFacts
from engagements.pilots.rules.registration import OVER_TIME, DesignKind, Registration
from engagements.pilots.rules.tallies import by_arm


@dataclass(frozen=True)
class Lost:
    """`bounds`: Lee's, or why they cannot be had; None where the limits of the registration do not ask for them."""

    attrition: Attrition | None
    bounds: Bounds | Refused | None = None


def find_lost(registration: Registration, data: PilotData, facts: PilotFacts) -> Lost:
    """Where people were drawn, the draw counts: whoever was drawn and is not in the file at all is lost too.

    Worked: 1,000 drawn in each arm, files with 900 and 820 lines, all measured: 10 and 18 percent are lost, and bounds
    cannot be had, for they need a line (or a count) of everybody drawn.
    """
    treated = registration.arms[1].key
    if registration.design == DesignKind.PEOPLE and (absent := _with_absent(registration, data, facts)):
        refused = Refused(
            METHOD, "The file leaves out people who were drawn.", "Everybody drawn, also without an outcome."
        )
        return Lost(absent, refused if absent.needs_bounds else None)
    drawn = facts.drawn if registration.design == DesignKind.PEOPLE else None
    found = attrition(registration, data, treated, drawn)
    if found is None or not found.needs_bounds or registration.design in OVER_TIME:
        return Lost(found)
    return Lost(found, lee(registration, data, treated))


def _with_absent(registration: Registration, data: PilotData, facts: PilotFacts) -> Attrition | None:
    """None where nobody says how many were drawn, or the data have them all."""
    arms = by_arm(data, [registration.arms[0].key, registration.arms[1].key])
    drawn = [facts.drawn.get(arm.key, 0.0) for arm in arms]
    is_short = any(arm.assigned < number for arm, number in zip(arms, drawn, strict=True))
    if min(drawn) <= 0 or not is_short:
        return None
    lost = {arm.key: 100 * max(1 - arm.n / facts.drawn[arm.key], 0.0) for arm in arms}
    comparison, other = lost.values()
    limits = registration.limits
    needs = max(lost.values()) > limits.lost_percent or abs(other - comparison) > limits.lost_gap_points
    return Attrition(lost, other - comparison, needs)
