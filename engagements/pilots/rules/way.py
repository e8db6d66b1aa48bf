"""The way of a pilot from its plan to its verdict: which steps are done, and which comes next."""

from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    REGISTERED = "registered"
    DRAWN = "drawn"
    DATA = "data"
    ANALYZED = "analyzed"
    ANSWERED = "answered"  # the city answered, or its ten business days are over
    PUBLISHED = "published"


@dataclass(frozen=True)
class Standing:
    """Where a pilot is. `is_drawn_design`: units are drawn, so that the draw is a step at all. `verdict`: what was
    published, "" before that. `is_answered`: the city was asked about its sentence and answered, or had its time.
    `is_retracted`: by the last publication, which stays what everybody reads while its result is a draft again."""

    is_registered: bool
    is_drawn_design: bool
    is_drawn: bool
    has_data: bool
    is_analyzed: bool
    is_answered: bool = False
    is_public: bool = False
    is_stopped: bool = False
    verdict: str = ""
    is_retracted: bool = False


def way_of(at: Standing) -> list[tuple[Step, bool]]:
    """Each step and whether it is done. What was stopped before data goes straight to the city and the public."""
    found = [(Step.REGISTERED, at.is_registered)]
    if not (at.is_stopped and not at.has_data):
        if at.is_drawn_design:
            found.append((Step.DRAWN, at.is_drawn))
        found += [(Step.DATA, at.has_data), (Step.ANALYZED, at.is_analyzed)]
    return [*found, (Step.ANSWERED, at.is_public or at.is_answered), (Step.PUBLISHED, at.is_public)]


def next_step(at: Standing) -> Step | None:
    """The first after all that is done; None after the last, and where a draft was stopped.

    Worked: registered and drawn, no data -> data; analyzed without a result -> answered.
    """
    if at.is_stopped and not at.is_registered:
        return None
    steps = way_of(at)
    last = max((number for number, (_step, is_done) in enumerate(steps) if is_done), default=-1)
    return next((step for step, is_done in steps[last + 1 :] if not is_done), None)
