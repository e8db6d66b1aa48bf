"""Which registered look the data have reached, at which level it is shown, and whether the pilot is at its end.

The share of information is counted, never typed: people measured, of those that the plan registered. In clusters it is
at most the true share, so that boundaries are never too near.
"""

from collections.abc import Mapping
from dataclasses import replace

from engagements.pilots.rules.data import PilotData
from engagements.pilots.rules.estimators.looks import at_look, nominal_level
from engagements.pilots.rules.facts import PilotFacts
from engagements.pilots.rules.registration import Boundary, Registration
from engagements.pilots.rules.tallies import as_cells

TOLERANCE = 0.01  # of the registered number: so many people may be missing at a look before the last
_LEAST = 0.01  # below it every boundary is farther out than any interval is shown


def is_over(registration: Registration, facts: PilotFacts) -> bool:
    """The registered end had come when the data came in. Without an end there is nothing to wait for.

    Worked: the end is December 31; data of December 20, analyzed on January 2: no.
    """
    return registration.ends_on is None or min(facts.today, facts.data_on or facts.today) >= registration.ends_on


def are_data_early(registration: Registration, facts: PilotFacts) -> bool:
    """The registered end has come, but the data came in before it."""
    return not is_over(registration, facts) and is_over(registration, replace(facts, data_on=None))


def drawn_and_due(registration: Registration, facts: PilotFacts) -> Mapping[str, float] | None:
    """Sizes drawn, by arm, of which every outcome is due: None before the registered end, {} where nobody says them.
    Whoever is not in the data at an early look is not lost: that outcome may still come.

    Worked: 1,000 drawn in each arm, 500 of each in the data at the look at .5: nobody is lost for being absent, nor is
    the member of a pair whose partner is there.
    """
    return facts.drawn if is_over(registration, facts) else None


def share_measured(registration: Registration, data: PilotData) -> float:
    """Of the registered number of people, those whose outcome is known; 0 where no number was registered.

    Worked: 452 and 452 of 9,040: .1.
    """
    planned = registration.assumptions.people
    return float(as_cells(data).n.sum()) / planned if planned else 0.0


def look_reached(registration: Registration, data: PilotData, facts: PilotFacts) -> int:
    """Number, from 1, of the last registered look whose share of the data is there; after the end the last; else 0.

    Worked, looks at .5 and 1: .1 -> 0; .49 -> 1; .99 -> 1; 1 -> 2. Later data at a look are shown at its own, stricter
    boundary: the earlier looks may have been taken or not.
    """
    if is_over(registration, facts):
        return len(registration.looks)
    share = share_measured(registration, data)
    return sum(share >= (look - TOLERANCE if look < 1 else 1.0) for look in registration.looks)


def is_registered_look(registration: Registration, data: PilotData, facts: PilotFacts) -> bool:
    """A look that the plan allows: one that the data have reached, or any where the boundary is always valid."""
    if registration.boundary == Boundary.OBRIEN_FLEMING:
        return look_reached(registration, data, facts) > 0
    return registration.boundary == Boundary.ALWAYS_VALID


def for_this_look(registration: Registration, data: PilotData, facts: PilotFacts) -> Registration:
    """The registration with the level of this look: of the one reached, before the first of the share reached."""
    if registration.boundary == Boundary.NONE:
        return registration
    if registration.boundary == Boundary.OBRIEN_FLEMING and (number := look_reached(registration, data, facts)):
        return at_look(registration, number)
    level = nominal_level(registration, max(share_measured(registration, data), _LEAST))
    return replace(registration, assumptions=replace(registration.assumptions, level=level))


def has_crossed(low: float, high: float) -> bool:
    """A registered look whose interval, at its own level, leaves out nothing: the stopping rule ends the pilot."""
    return low > 0 or high < 0
