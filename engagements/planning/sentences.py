"""What a row of a plan says and what it does not say. People come first; numbers carry their range."""

from engagements.planning.effects import ESTIMANDS
from engagements.planning.interventions import Intervention
from engagements.planning.quantities import Quantity
from engagements.planning.reach import Multiplier
from engagements.planning.words import capitalise, say_amount, say_people, say_range, say_share

NEVER_RANKS = "Effects on {outcome} are not turned into income ranks of children: no study did that."
OF_THE_PLAN = (
    "This is arithmetic from studies made elsewhere. Nothing here shows that the plan works in this city.",
    "The Atlas describes people born 1978-83. It shows where need was, not whether a plan changed it.",
    "Effects on different outcomes are not added up.",
)


def list_claims(
    row: Intervention, multiplier: Multiplier, reached: Quantity, gain: Quantity, cost: Quantity, each: Quantity
) -> tuple[str, ...]:
    """Sentences in the order in which somebody reads them: people, effect, its source, cost."""
    said = [_say_people(row, reached)]
    if gain.value is None:
        said.append(f"No effect is estimated: {gain.reason}.")
    else:
        whom = "those who take part" if multiplier.rule == "take_up" else "everybody offered it"
        said.append(f"Expected change in {row.effect.outcome}, for {whom} together: {say_range(gain)}.")
        said.append(row.transport.explanation)
    if row.effect is not None and not row.effect.reason:
        said.append(_say_study(row))
    if cost.value is None:
        said.append(f"No cost is worked out: {cost.reason}.")
    else:
        said.append(f"Cost: {say_amount(cost.value, cost.unit)}.")
        if each.low is not None:
            said.append(_say_each(row, each, gain.unit))
    return tuple(said)


def list_limits(row: Intervention, multiplier: Multiplier, gain: Quantity) -> tuple[str, ...]:
    """What the row does not claim."""
    if row.effect is None:
        return ("No study is chosen, so nothing is claimed about what it changes.",)
    effect = row.effect
    said = ["It does not say what will happen to any one person."]
    when = " ".join(part for part in (effect.outcome_age.strip(), effect.duration.strip()) if part)
    said.append(
        f"The study measured {effect.outcome} {when}; it does not say what happens later or at other ages."
        if when
        else f"The row doesn't say when {effect.outcome} was measured, so nothing is claimed about how long it lasts."
    )
    if effect.outcome_family != "mobility":
        said.append(NEVER_RANKS.format(outcome=effect.outcome))
    if multiplier.rule == "offered":
        said.append("It does not say what changes for those who take part: the study reports the effect of an offer.")
    if gain.value is not None and effect.scale == "sd":
        said.append("Standard deviations added over people are a measure of scale; they are not dollars or grades.")
    if gain.value is not None and not gain.has_range:
        said.append("It does not say how far off the expected change may be.")
    return tuple(said)


def _say_people(row: Intervention, reached: Quantity) -> str:
    offered = f"{say_people(row.offered)} {row.who} are offered {row.name}"
    if reached.value is None:
        return f"{offered}; how many take part is not planned yet."
    return f"{offered}; about {say_people(reached.value)} take part ({say_share(row.take_up)})."


def _say_study(row: Intervention) -> str:
    effect = row.effect
    per = say_amount(effect.value, effect.unit)
    error = "" if effect.error is None else f", standard error {say_amount(effect.error, effect.unit)}"
    of = f" ({effect.source})" if effect.source else ""
    return f"The study{of} found {per} for one person{error}: {ESTIMANDS[effect.estimand]}."


def _say_each(row: Intervention, each: Quantity, unit: str) -> str:
    year = f"({each.unit.split('(')[1].split(')')[0]})"
    for_one = f"Cost for each 1 of “{row.effect.outcome}, {unit}”"
    if each.is_lower_bound:
        return f"{for_one}: at least {say_amount(each.low, 'dollars')} {year}, {each.reason}."
    short = Quantity(each.value, f"dollars {year}", each.low, each.high, draws=each.draws, reason=each.reason)
    return f"{capitalise(for_one)}: {say_range(short)}."
