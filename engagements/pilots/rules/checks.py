"""What a registration lacks before it can be locked, and what its writers should think about again."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import date

from engagements import limits
from engagements.pilots.rules.check_design import design_problems, method_words
from engagements.pilots.rules.check_outcomes import outcome_problems
from engagements.pilots.rules.check_people import people_problems
from engagements.pilots.rules.drawing.public_seed import FEWEST_NUMBERS, LONGEST_NAME, MOST_NUMBERS
from engagements.pilots.rules.plain import Problem
from engagements.pilots.rules.registration import DRAWN, Boundary, DesignKind, Estimator, OutcomeKind, Registration

_NEEDED = {
    "title": "Give the pilot a title.",
    "question": "Write the question as one sentence.",
    "unit": "Say what is drawn or compared: a person, a household, a school.",
    "people": "Say who is counted in the outcome: residents, students.",
    "eligibility": "Say who can take part.",
    "spillovers": "Say whether people without the program may be touched by it, and how you know.",
}
_SHORT = {"title": limits.TITLE, "unit": limits.SHORT_NAME, "people": limits.SHORT_NAME}
# Fewer than this many groups of a kind give no verdict at all.
FEWEST_CLUSTERS = 3
FEW_CLUSTERS = 10


def lacks(registration: Registration, *, today: date | None = None) -> list[Problem]:
    """Everything that keeps it from being locked, each (field, sentence); empty: it may be locked.

    A field is named as in the file of `analyze_pilot`: "outcome.key", "arms.0.gets", "human_subjects.body".
    """
    return [
        *_texts(registration),
        *_dates(registration),
        *design_problems(registration),
        *_seed(registration, today),
        *outcome_problems(registration),
        *_assumed(registration),
        *people_problems(registration.human_subjects, today),
    ]


def cannot_be_analyzed(registration: Registration) -> list[Problem]:
    """The part of `lacks` without which no number can be computed: for plans that were never locked here."""
    needed = {"outcome.key", "smallest_worthwhile"}
    outcomes = [one for one in outcome_problems(registration) if one[0] in needed or one[0].endswith(".key")]
    return [*design_problems(registration), *_unmeasured_looks(registration), *outcomes]


def _unmeasured_looks(registration: Registration) -> Iterator[Problem]:
    if registration.boundary != Boundary.NONE and not registration.assumptions.people:
        yield "assumptions.people", "Say how many people you expect in all: a look is at a share of them."


def cautions(registration: Registration, detectable: float | None = None) -> list[Problem]:
    """What may be locked but is unwise. `detectable`: the smallest effect it can detect, in the shown unit.

    Worked: worth having from 5, detectable 9 -> "This test cannot detect less than 9 ...".
    """
    return list(_cautions(registration, detectable))


def _texts(registration: Registration) -> Iterator[Problem]:
    for name, sentence in _NEEDED.items():
        if not getattr(registration, name).strip():
            yield name, sentence
    for one in fields(registration):
        value = getattr(registration, one.name)
        if isinstance(value, str) and len(value) > (most := _SHORT.get(one.name, limits.DEFINITION)):
            yield one.name, f"Shorten it to {most:,} characters."
    for number, arm in enumerate(registration.arms):
        group = f"group {number + 1}" if number else "the comparison group"
        if not arm.name.strip():
            yield f"arms.{number}.name", f"Name {group}."
        if not arm.gets.strip():
            yield f"arms.{number}.gets", f"Say what people in {group} receive."


def _dates(registration: Registration) -> Iterator[Problem]:
    starts, ends, until = registration.starts_on, registration.ends_on, registration.outcome.window_to
    if starts is None:
        yield "starts_on", "Give the day on which the program starts."
    if ends is None:
        yield "ends_on", "Give the day from which a verdict may be given."
    elif starts is not None and ends < starts:
        yield "ends_on", "The pilot would end before it starts."
    elif until is not None and ends < until:
        yield "ends_on", "The outcome is still counted after this day. Set the end to the window’s last day or later."


def _seed(registration: Registration, today: date | None) -> Iterator[Problem]:
    """A public draw is told by its name, its day and how many numbers it has: then its seed has one spelling."""
    draw = registration.draw
    if not draw.seed_from.strip():
        if draw.seed_from or draw.seed_on is not None or draw.seed_numbers is not None:
            yield "draw.seed_from", "Name the public draw, or leave its day and its numbers empty."
        return
    if len(draw.seed_from) > LONGEST_NAME:
        yield "draw.seed_from", f"Shorten it to {LONGEST_NAME} characters."
    if draw.seed_on is None:
        yield "draw.seed_on", "Give the day on which the public draw is held."
    elif today is not None and draw.seed_on <= today:
        yield "draw.seed_on", "Choose a later public draw. Its numbers must not be known before the list is locked."
    if draw.seed_numbers is None or not FEWEST_NUMBERS <= draw.seed_numbers <= MOST_NUMBERS:
        yield (
            "draw.seed_numbers",
            f"Say how many numbers the public draw has, from {FEWEST_NUMBERS} to {MOST_NUMBERS}. "
            "With fewer, too few draws could come up.",
        )


def _assumed(registration: Registration) -> Iterator[Problem]:
    assumed = registration.assumptions
    if registration.design not in DRAWN:
        return
    if assumed.people is None:
        yield "assumptions.people", "Say how many people you expect, in all groups together."
    if registration.outcome.kind == OutcomeKind.SHARE and assumed.base_rate is None:
        yield "assumptions.base_rate", "Say how many in 100 you expect without the program."
    if registration.outcome.kind == OutcomeKind.MEAN and assumed.sd is None:
        yield "assumptions.sd", "Say how far apart people are: the standard deviation."
    if registration.design in (DesignKind.CLUSTERS, DesignKind.PHASED):
        if assumed.clusters is None:
            yield "assumptions.clusters", f"Say how many groups there are ({registration.unit})."
        if assumed.icc is None:
            yield "assumptions.icc", "Say how alike people of one group are: the intraclass correlation, often 0.05."


def _cautions(registration: Registration, detectable: float | None) -> Iterator[Problem]:
    worth, assumed = registration.smallest_worthwhile, registration.assumptions
    if detectable is not None and detectable > worth:
        unit = "in 100" if registration.outcome.kind == OutcomeKind.SHARE else registration.outcome.unit
        yield (
            "smallest_worthwhile",
            f"This test cannot detect less than {detectable:,.3g} {unit}; you said {worth:,.3g} would be worth having. "
            "The likely answer is “cannot tell”.",
        )
    treated = assumed.treated_clusters
    if assumed.clusters is not None and registration.design == DesignKind.CLUSTERS:
        kinds = [assumed.clusters] if treated is None else [treated, assumed.clusters - treated]
        least = min(kinds) if treated is not None else assumed.clusters // 2
        if least < FEWEST_CLUSTERS:
            yield "assumptions.clusters", f"With fewer than {FEWEST_CLUSTERS} of each kind no verdict is possible."
        elif assumed.clusters < FEW_CLUSTERS:
            yield "assumptions.clusters", "With so few groups only very large effects can be told from chance."
    if assumed.take_up < 50:
        yield "assumptions.take_up", "If few take part, the verdict says little about taking part."
    if len(registration.secondary) + sum(len(one.values) for one in registration.subgroups) > 10:
        yield "secondary", "Many outcomes and subgroups: the correction for trying many leaves each with little power."
    if registration.estimator == Estimator.DIFFERENCE and (registration.draw.block_by or len(registration.cities) > 1):
        yield (
            "estimator",
            f"People are drawn within blocks. {method_words(Estimator.BLOCKED)} uses that and is more exact.",
        )
    if registration.design not in DRAWN:
        yield "design", "Nobody is drawn here. A drawn comparison would be easier to believe, if one is possible."
    people = registration.human_subjects
    if people.expires_on is not None and registration.ends_on is not None and people.expires_on < registration.ends_on:
        yield "human_subjects.expires_on", "The determination ends before the pilot does. Plan its renewal."
