"""The steps of a pilot in words, with what is next and where it is done."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.pilots.rules.way import Standing, Step, next_step, way_of

WORDS = {
    Step.REGISTERED: gettext_lazy("Registered"),
    Step.DRAWN: gettext_lazy("Drawn"),
    Step.DATA: gettext_lazy("Data"),
    Step.ANALYZED: gettext_lazy("Analyzed"),
    Step.ANSWERED: gettext_lazy("City’s reply"),
    Step.PUBLISHED: gettext_lazy("Published"),
}
_NEXT = {
    Step.REGISTERED: gettext_lazy("Write the registration and lock it: nothing is drawn or counted before."),
    Step.DRAWN: gettext_lazy("List who can take part, lock the list, and draw the groups."),
    Step.DATA: gettext_lazy("Add the outcome as counts by group, once its time is over."),
    Step.ANALYZED: gettext_lazy("Run the registered analysis."),
    Step.ANSWERED: gettext_lazy("Write the result, and ask the city about its exact sentence."),
    Step.PUBLISHED: gettext_lazy("A second person reviews it, someone who neither registered nor analyzed this pilot."),
}
_DOORS = {
    Step.REGISTERED: ("pilot_registration_edit", gettext_lazy("Write the registration")),
    Step.DRAWN: ("pilot_units", gettext_lazy("List the units")),
    Step.DATA: ("pilot_data", gettext_lazy("Add data")),
    Step.ANALYZED: ("pilot_analysis", gettext_lazy("Open the analysis")),
    Step.ANSWERED: ("pilot_analysis", gettext_lazy("Open the analysis")),
    Step.PUBLISHED: ("pilot_analysis", gettext_lazy("Open the analysis")),
}


@dataclass(frozen=True)
class ShownStep:
    """`state`: "done", "next" or "later"."""

    words: str
    state: str


@dataclass(frozen=True)
class ShownWay:
    """`address` "" where there is nothing to open. `is_retracted`: its verdict was withdrawn."""

    steps: tuple[ShownStep, ...]
    said: str
    door: str
    address: str
    is_retracted: bool = False


def shown_way(pk: int, at: Standing) -> ShownWay:
    """All that a page says of what is next."""
    upcoming = next_step(at)
    steps = tuple(
        ShownStep(str(WORDS[step]), "done" if is_done else "next" if step == upcoming else "later")
        for step, is_done in way_of(at)
    )
    if upcoming is None:
        if not at.is_registered:
            return ShownWay(steps, _("It was stopped before its plan was locked. Nothing more is to be done."), "", "")
        said = _("Its verdict was retracted.") if at.is_retracted else _("Its verdict is published.")
        return ShownWay(steps, said, "", "", at.is_retracted)
    name, door = _DOORS[upcoming]
    return ShownWay(steps, str(_NEXT[upcoming]), str(door), address_of(name, pk))


def address_of(name: str, pk: int) -> str:
    """ "" where there is no such page."""
    try:
        return reverse(name, args=[pk])
    except NoReverseMatch:
        return ""
