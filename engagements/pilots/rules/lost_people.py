"""How many of those drawn have no known outcome, also where the file leaves out people who were drawn."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engagements.pilots.rules.absent_units import absent_units, name_of_absent, sizes_drawn
from engagements.pilots.rules.data import PilotData
from engagements.pilots.rules.estimates import Attrition, Bounds, Refused
from engagements.pilots.rules.estimators.attrition import attrition, is_one_by_one, is_too_much
from engagements.pilots.rules.estimators.bounds import METHOD, lee
from engagements.pilots.rules.registration import OVER_TIME, DesignKind, Registration
from engagements.pilots.rules.tallies import ArmTally, by_arm


@dataclass(frozen=True)
class Lost:
    """`bounds`: Lee's, or why they cannot be had; None where the limits of the registration do not ask for them."""

    attrition: Attrition | None
    bounds: Bounds | Refused | None = None


def find_lost(
    registration: Registration, data: PilotData, drawn: Mapping[str, float] | None, level: float | None = None
) -> Lost:
    """The draw counts: a unit that was drawn and is not in the file at all is lost too, with its people.

    `drawn`: by arm key, in the unit of the draw; {} where it is not known, None where outcomes are not yet due.
    `level`: in percent, of the interval that bounds are united with; None: as registered.
    Worked: 1,000 drawn in each arm, files with 900 and 820 lines, all measured: 10 and 18 percent are lost, and bounds
    cannot be had, for they need a line (or a count) of everybody drawn. 7 of 10 schools in the file: 30 percent.
    """
    treated = registration.arms[1].key
    if absent := _with_absent(registration, data, drawn):
        what = f"The file leaves out {name_of_absent(registration)}."
        refused = Refused(METHOD, what, "Everybody drawn, also without an outcome.")
        return Lost(absent, refused if absent.needs_bounds else None)
    people = drawn if registration.design == DesignKind.PEOPLE else None
    found = attrition(registration, data, treated, people)
    if found is None or not found.needs_bounds or registration.design in OVER_TIME:
        return Lost(found)
    return Lost(found, lee(registration, data, treated, level))


def _with_absent(registration: Registration, data: PilotData, sizes: Mapping[str, float] | None) -> Attrition | None:
    """None where nobody says how many were drawn, outcomes are not yet due, or the data have them all. How many people
    an absent group has is not known: as many as those in the data have on average."""
    keys = [registration.arms[0].key, registration.arms[1].key]
    absent = absent_units(registration, data, sizes)
    known = sizes_drawn(registration, data, sizes)
    drawn = [known.get(key, 0.0) for key in keys]
    if min(drawn) <= 0 or not any(key in absent for key in keys):
        return None
    arms = by_arm(data, keys)
    came = [1 - absent.get(arm.key, 0.0) / number for arm, number in zip(arms, drawn, strict=True)]
    lost = {arm.key: 100 * (1 - here * _share_measured(arm)) for arm, here in zip(arms, came, strict=True)}
    comparison, other = lost.values()
    people = sum(arm.n if np.isnan(arm.assigned) else arm.assigned for arm in arms)
    alone = is_one_by_one(registration, data, people)
    return Attrition(lost, other - comparison, is_too_much(registration, drawn, (comparison, other), alone))


def _share_measured(arm: ArmTally) -> float:
    """Of the people in the file; 1 where it does not say how many were drawn."""
    return 1.0 if np.isnan(arm.assigned) or arm.assigned <= 0 else min(arm.n / arm.assigned, 1.0)
