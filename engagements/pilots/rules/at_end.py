"""At which level this look is shown, and whether the pilot has reached its registered end."""

from dataclasses import replace

from engagements.pilots.rules.data import PilotData
from engagements.pilots.rules.estimators.looks import at_look, nominal_level
from engagements.pilots.rules.facts import PilotFacts
from engagements.pilots.rules.registration import Boundary, Registration
from engagements.pilots.rules.tallies import as_cells


def is_over(registration: Registration, facts: PilotFacts) -> bool:
    """The registered end has come. Without one there is nothing to wait for."""
    return registration.ends_on is None or facts.today >= registration.ends_on


def is_registered_look(registration: Registration, facts: PilotFacts) -> bool:
    """An earlier look that the plan allows: one of several, or any where the boundary is always valid."""
    if registration.boundary == Boundary.ALWAYS_VALID:
        return True
    return (
        registration.boundary != Boundary.NONE and facts.look is not None and 1 <= facts.look <= len(registration.looks)
    )


def for_this_look(registration: Registration, data: PilotData, facts: PilotFacts) -> Registration:
    """The registration with the level of this look: after the end that of the last one."""
    if registration.boundary == Boundary.ALWAYS_VALID and not registration.looks:
        planned = registration.assumptions.people
        measured = float(as_cells(data).n.sum())
        share = measured / planned if planned else 1.0
        level = nominal_level(registration, max(share, 1e-6))
        return replace(registration, assumptions=replace(registration.assumptions, level=level))
    return at_look(registration, facts.look or len(registration.looks) or 1)


def has_crossed(low: float, high: float) -> bool:
    """A registered look whose interval, at its own level, leaves out nothing: the stopping rule ends the pilot."""
    return low > 0 or high < 0
