"""What may be added up over the interventions of a plan, and what stays apart."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engagements.plans.arithmetic.costs import COST_AS_PLANNED, chance_of_no_gain
from engagements.plans.arithmetic.effects import Effect
from engagements.plans.arithmetic.interventions import Intervention
from engagements.plans.arithmetic.prose import format_amount, inline
from engagements.plans.arithmetic.quantities import Quantity, certain, from_draws, join_with_and, no_quantity
from engagements.plans.arithmetic.reach import PLANNED
from engagements.plans.arithmetic.results import EffectSum, PlanTotals

MAY_COUNT_TWICE = "one person may be in several interventions, so people are not added up"


@dataclass(frozen=True, eq=False)
class InterventionNumbers:
    """One intervention's numbers on their way to the totals; `gains` (D,) in the outcome's own direction, or None."""

    intervention: Intervention
    reached: Quantity
    gain: Quantity
    gains: np.ndarray | None
    cost: Quantity


@dataclass(frozen=True, eq=False)
class _Estimate:
    """An intervention with an expected gain, in `unit`, from a study's effect; `draws` (D,) of the gain, or None."""

    key: str
    name: str
    effect: Effect
    gain: float
    unit: str
    draws: np.ndarray | None


def add_up(parts: Sequence[InterventionNumbers], *, groups_are_distinct: bool, price_year: int) -> PlanTotals:
    effects, not_added = _add_effects(parts, groups_are_distinct)
    return PlanTotals(_add_people(parts, groups_are_distinct), _add_costs(parts, price_year), effects, not_added)


def _add_people(parts: Sequence[InterventionNumbers], distinct: bool) -> Quantity:
    whos = sorted({part.intervention.people for part in parts})
    unit = whos[0] if len(whos) == 1 else "people"
    if not parts:
        return no_quantity(unit, "the plan has no intervention yet")
    if len(parts) == 1:
        return parts[0].reached
    if not distinct:
        return no_quantity(unit, MAY_COUNT_TWICE)
    if len(whos) > 1:
        return no_quantity(unit, f"{join_with_and(whos)} are counted differently and are not added up")
    known = [part.reached.value for part in parts if part.reached.value is not None]
    if len(known) < len(parts):
        return no_quantity(unit, f"{_name(parts, 'reached')} without a planned take-up")
    return certain(sum(known), unit, f"{PLANNED}; the groups are said to be distinct")


def _add_costs(parts: Sequence[InterventionNumbers], price_year: int) -> Quantity:
    unit = f"dollars ({price_year} prices)"
    known = [part.cost.value for part in parts if part.cost.value is not None]
    if not known:
        return no_quantity(unit, "no intervention has a cost yet")
    if len(known) < len(parts):
        others = format_amount(certain(sum(known), unit, COST_AS_PLANNED))
        return no_quantity(unit, f"{_name(parts, 'cost')} without a cost; the others come to {others}")
    return certain(sum(known), unit, COST_AS_PLANNED)


def _name(parts: Sequence[InterventionNumbers], what: str) -> str:
    names = [part.intervention.name for part in parts if getattr(part, what).value is None]
    return f"{join_with_and(names)} {'is' if len(names) == 1 else 'are'}"


def _add_effects(parts: Sequence[InterventionNumbers], distinct: bool) -> tuple[tuple[EffectSum, ...], tuple[str, ...]]:
    """Same outcome at the same age and time, same unit, same family of people, and nobody in two of them."""
    groups: dict[tuple[str, str, str, str], list[_Estimate]] = {}
    for part in parts:
        effect = part.intervention.effect
        if effect is not None and part.gain.value is not None:
            same = (_plain(effect.outcome), _plain(part.gain.unit), _plain(effect.population), effect.better)
            row = part.intervention
            estimate = _Estimate(row.key, row.name, effect, part.gain.value, part.gain.unit, part.gains)
            groups.setdefault(same, []).append(estimate)
    sums, refused = [], []
    for _, group in sorted(groups.items()):
        if len(group) < 2:
            continue
        outcome, population = group[0].effect.outcome, group[0].effect.population
        names = join_with_and([each.name for each in group])
        if not population.strip():
            refused.append(f"{names}: not added, the studies' rows don't say for which people they hold.")
        elif not distinct:
            refused.append(
                f"{names}: not added. One person may be in several, and nobody measured what they do together."
            )
        elif len({_measured(each.effect) for each in group}) > 1:
            refused.append(f"{names}: not added, the studies measured {inline(outcome)} at different ages or times.")
        elif any(each.draws is None for each in group):
            refused.append(f"{names}: not added, one of them has no range.")
        else:
            sums.append(_sum(outcome, population, group))
    if len(groups) > 1:
        refused.append(
            "Effects on different outcomes, in different units or for different people are shown one by one and never "
            "added up."
        )
    return tuple(sums), tuple(refused)


def _plain(words: str) -> str:
    return " ".join(words.casefold().split())


def _measured(effect: Effect) -> tuple[str, str]:
    """At which age and for how long."""
    return _plain(effect.outcome_age), _plain(effect.duration)


def _sum(outcome: str, population: str, group: Sequence[_Estimate]) -> EffectSum:
    # Sorted, so that rounding does not depend on the order in which a planner entered them.
    ordered = sorted(group, key=lambda each: each.key)
    drawn = [each.draws for each in ordered if each.draws is not None]
    assert len(drawn) == len(ordered), "an effect without draws is not added"
    draws: np.ndarray = np.sum(drawn, axis=0)
    gain = from_draws(draws, ordered[0].unit, value=sum(each.gain for each in ordered))
    keys = tuple(each.key for each in ordered)
    return EffectSum(outcome, population, keys, gain, chance_of_no_gain(ordered[0].effect.sign * draws))
