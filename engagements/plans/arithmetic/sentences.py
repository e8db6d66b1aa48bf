"""What a row of a plan says and what it does not say. People come first; numbers carry their range."""

import re

from atlas.formatting.counts import format_people
from atlas.formatting.shares import format_per_hundred
from engagements.plans.arithmetic.effects import ESTIMANDS, Effect
from engagements.plans.arithmetic.interventions import Intervention
from engagements.plans.arithmetic.prose import (
    format_amount,
    format_ends,
    format_least,
    format_range,
    format_value,
    inline,
    is_dollars,
    quote_amount,
    quote_number,
)
from engagements.plans.arithmetic.quantities import Quantity
from engagements.plans.arithmetic.reach import Multiplier

NEVER_RANKS = "Effects on {outcome} are not turned into income ranks of children: no study measured that."
OF_THE_PLAN = (
    "This is arithmetic from studies made elsewhere. Nothing here shows that the plan works in this city.",
    "The Atlas describes people born before 1990. It shows where need was, not whether a plan changed it.",
    "Effects on different outcomes are not added up.",
)


def list_claims(
    row: Intervention, multiplier: Multiplier, reached: Quantity, gain: Quantity, cost: Quantity, each: Quantity
) -> tuple[str, ...]:
    """Sentences in the order in which somebody reads them: people, effect, its source, cost."""
    said = [_people_sentence(row, reached)]
    if gain.value is None:
        said.append(f"No effect is estimated: {gain.reason}.")
    else:
        assert row.effect is not None, "a gain is estimated from a study's effect"
        whom = "those who take part" if multiplier.rule == "takeup" else "everybody offered it"
        said.append(f"Expected change in {inline(row.effect.outcome)}, for {whom} together: {format_range(gain)}.")
        said.append(row.transport.explanation)
    if row.effect is not None and not row.effect.reason:
        said.append(_study_sentence(row.effect))
    if cost.value is None:
        said.append(f"No cost is calculated: {cost.reason}.")
    else:
        said.append(f"Cost: {format_amount(cost)}.")
        if each.low is not None:
            assert row.effect is not None, "the cost of a unit is that of a study's effect"
            said.append(_each_sentence(row.people, row.effect, each, gain.unit))
        elif gain.has_range:
            said.append(f"Nothing can be said about the cost of one unit of it, {each.reason}.")
    return tuple(said)


def list_limits(row: Intervention, multiplier: Multiplier, gain: Quantity) -> tuple[str, ...]:
    """What the row does not claim."""
    if row.effect is None:
        return ("No study is chosen, so nothing is claimed about what it changes.",)
    effect = row.effect
    said = ["It does not say what will happen to any one person."]
    when = ", ".join(part for part in (_age_sentence(effect.outcome_age), inline(effect.duration.strip())) if part)
    said.append(
        f"The study measured {inline(effect.outcome)} ({when}); it does not say what happens later or at other ages."
        if when
        else f"Nothing is claimed about how long it lasts: no time is recorded for {inline(effect.outcome)}."
    )
    said.append(NEVER_RANKS.format(outcome=inline(effect.outcome)))
    if effect.population.strip():
        said.append(f"The people studied were {inline(effect.population.strip())}; others may gain more or less.")
    if re.search(r"\b(per|a) (year|quarter|month|week|day)\b", effect.unit):
        said.append("It is not added up over time: nobody measured for how long it lasts here.")
    if multiplier.rule == "takeup_ratio":
        said.append(
            "It does not say what changes for those who do not take part: they are taken as not affected. Those who "
            "take part here are taken to gain what those in the study gained."
        )
    if gain.value is not None and effect.scale == "score":
        said.append("Scores added over people only say how large the plan is; they are not dollars, grades or lives.")
    if gain.value is not None and not gain.has_range:
        said.append("It does not say how far off the expected change may be.")
    return tuple(said)


def _age_sentence(age: str) -> str:
    """Worked: "40" -> "at age 40"; "in the mid-twenties" stays."""
    age = age.strip()
    return f"at age {age}" if age[:1].isdigit() else inline(age)


def _people_sentence(row: Intervention, reached: Quantity) -> str:
    offered = f"{format_people(row.offered)} {row.people} are offered “{row.name}”"
    if reached.value is None or row.takeup is None:
        return f"{offered}; how many take part is not planned yet."
    return f"{offered}; about {format_people(reached.value)} take part ({format_per_hundred(row.takeup)})."


def _study_sentence(effect: Effect) -> str:
    assert effect.value is not None, "an effect without a value has a reason instead"
    found = quote_amount(effect.value, effect.short_unit, 6)
    one = " for one person" if effect.per == 1 else ""
    digits = 6 if effect.standard_error is not None else 4  # as printed; worked out from an interval, with less
    error = "" if effect.error is None else f", standard error {quote_number(effect.error, effect.short_unit, digits)}"
    of = f" ({effect.source})" if effect.source else ""
    return f"The study{of} found {found}{one}{error}. {ESTIMANDS[effect.estimand]}"


def _each_sentence(people: str, effect: Effect, each: Quantity, unit: str) -> str:
    """What one unit of the effect costs; a lower bound says that there is no upper one."""
    if each.value is None or each.high is None:
        cost = f"at least {format_least(each)}, {each.reason}"
    else:
        cost = f"{format_value(each)}; 95% range {format_ends(each)}"
    return f"Cost of {_name_unit(people, effect, unit)}: {cost}."


def _name_unit(people: str, effect: Effect, unit: str) -> str:
    if effect.scale in ("points", "share"):
        return f"one of the {people} for whom this changes: {inline(effect.outcome)}"
    if effect.scale == "score":
        return f"1 ({effect.counted}) in {inline(effect.outcome)} for one person"
    if is_dollars(unit):
        way = "more" if effect.better == "higher" else "less"
        return f"one dollar{unit[len('dollars') :]} {way} in {inline(effect.outcome)}"
    return f"each 1 ({unit}) by which this changes: {inline(effect.outcome)}"
