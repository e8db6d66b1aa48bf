"""A whole plan at once: the one entry that pages, API, PDF and slides use."""

from dataclasses import dataclass

import numpy as np

from atlas.statistics.intervals import Z95
from engagements.plans.arithmetic.costs import chance_of_no_gain, cost_per_unit, count_cost
from engagements.plans.arithmetic.effects import Effect
from engagements.plans.arithmetic.interventions import Intervention
from engagements.plans.arithmetic.lifetime import estimate_lifetime
from engagements.plans.arithmetic.prices import CPI_U, NOTES, SOURCE, check_price_year, price_factor
from engagements.plans.arithmetic.quantities import RANGE_NOT_AVAILABLE, Quantity, from_draws, no_quantity
from engagements.plans.arithmetic.reach import NO_STUDY, Multiplier, count_offered, count_reached, find_multiplier
from engagements.plans.arithmetic.refusals import PlanningRefused, check_text
from engagements.plans.arithmetic.results import InterventionResult, PlanResult
from engagements.plans.arithmetic.sentences import OF_THE_PLAN, list_claims, list_limits
from engagements.plans.arithmetic.simulation import DRAWS, SEED, draw_effect, draw_transport, multiply
from engagements.plans.arithmetic.targets import TargetInput, compare_targets
from engagements.plans.arithmetic.totals import InterventionNumbers, add_up

FEWEST_DRAWS, MOST_DRAWS = 1_000, 100_000
NO_LEGAL_NOTE = (
    "Neighborhoods are chosen by measures for one race. Have the city's lawyers look at this before anything is "
    "published, and note what they said."
)


@dataclass(frozen=True)
class PlanInput:
    """interventions: in the plan's order, keys unique. price_year: all costs are brought to its prices.

    seed: of the draws. groups_are_distinct: the planner says that nobody is in two interventions, and why.
    legal_review_note: asked for when tracts are chosen by race measures. Raises PlanningRefused.
    """

    interventions: tuple[Intervention, ...]
    price_year: int
    draws: int = DRAWS
    seed: int = SEED
    groups_are_distinct: bool = False
    distinct_reason: str = ""
    targets: TargetInput | None = None
    targets_by_race: bool = False
    legal_review_note: str = ""

    def __post_init__(self) -> None:
        check_price_year("price_year", self.price_year)
        keys = [row.key for row in self.interventions]
        if len(set(keys)) < len(keys):
            raise PlanningRefused("key", "Two interventions have the same key. Give each its own.")
        if isinstance(self.draws, bool) or not FEWEST_DRAWS <= self.draws <= MOST_DRAWS:
            raise PlanningRefused("draws", f"The number of draws is {FEWEST_DRAWS:,} to {MOST_DRAWS:,}.")
        if self.groups_are_distinct:
            check_text(
                "distinct_reason",
                self.distinct_reason,
                "Write why nobody can be in two interventions: different schools, ages, neighborhoods.",
            )


def compute_plan(plan: PlanInput) -> PlanResult:
    """Pure: the same plan gives the same numbers; those of an intervention don't depend on the others."""
    rows, parts = [], []
    for intervention in plan.interventions:
        row, part = _compute_intervention(intervention, plan)
        rows.append(row)
        parts.append(part)
    return PlanResult(
        tuple(rows),
        add_up(parts, groups_are_distinct=plan.groups_are_distinct, price_year=plan.price_year),
        None if plan.targets is None else compare_targets(plan.targets),
        OF_THE_PLAN,
        _warn_plan(plan),
        plan.price_year,
        SOURCE,
        plan.draws,
    )


def _compute_intervention(row: Intervention, plan: PlanInput) -> tuple[InterventionResult, InterventionNumbers]:
    multiplier = find_multiplier(row)
    reached, cost = count_reached(row), count_cost(row, plan.price_year)
    gain, gains = _estimate_gain(row, multiplier, plan)
    effect = row.effect
    sign = effect.sign if effect else 1
    wanted = None if gains is None else sign * gains
    each = cost_per_unit(cost, gain, gains, sign=sign)
    result = InterventionResult(
        key=row.key,
        name=row.name,
        people=row.people,
        offered=count_offered(row),
        reached=reached,
        outcome=effect.outcome if effect else "",
        outcome_family=effect.outcome_family if effect else "",
        effect=_quote_effect(row),
        rule=multiplier.words,
        transport_label=row.transport.label,
        transport_explanation=row.transport.explanation,
        gain=gain,
        chance_of_no_gain=None if wanted is None else chance_of_no_gain(wanted),
        cost=cost,
        cost_per_unit=each,
        lifetime=None if row.lifetime is None else estimate_lifetime(row.lifetime, plan.draws, plan.seed),
        claims=list_claims(row, multiplier, reached, gain, cost, each),
        does_not_claim=list_limits(row, multiplier, gain),
        warnings=_warn_row(row, multiplier),
    )
    return result, InterventionNumbers(row, reached, gain, gains, cost)


def _estimate_gain(row: Intervention, multiplier: Multiplier, plan: PlanInput) -> tuple[Quantity, np.ndarray | None]:
    """(gain, its draws (D,)); without a standard error the expected gain alone, for k's spread is not all there is."""
    effect = row.effect
    if effect is None or effect.value is None or multiplier.count is None:  # without an effect there is no count
        return no_quantity(_gain_unit(row, plan), multiplier.reason), None
    people, unit = multiplier.count * _unit_factor(effect, plan), _gain_unit(row, plan)
    # Study and carry-over are drawn independently: the mean of the product is known exactly.
    expected = people * effect.value * row.transport.mean
    if effect.error is None:
        return Quantity(expected, unit, reason=RANGE_NOT_AVAILABLE), None
    gains = multiply(
        people, draw_effect(effect, plan.draws, plan.seed), draw_transport(row.transport, plan.draws, plan.seed)
    )
    return from_draws(gains, unit, value=expected), gains


def _unit_factor(effect: Effect, plan: PlanInput) -> float:
    """Percentage points become people, counts per 100 become counts, dollars are brought to the plan's prices."""
    if effect.scale == "points":
        return 0.01
    if effect.is_money and (year := effect.dollars_of) is not None and year in CPI_U:
        return price_factor(year, plan.price_year) / effect.per
    return 1 / effect.per


def _gain_unit(row: Intervention, plan: PlanInput) -> str:
    effect = row.effect
    if effect is None:
        return ""
    if effect.scale in ("points", "share"):
        return row.people
    if effect.scale == "score":
        return f"{effect.counted}, added over people"
    if effect.is_money and effect.dollars_of in CPI_U:
        return f"{effect.counted} ({plan.price_year} prices)"
    return effect.counted


def _quote_effect(row: Intervention) -> Quantity:
    """The study's own number, for one person."""
    effect = row.effect
    if effect is None:
        return no_quantity("", NO_STUDY)
    if effect.value is None or effect.reason:
        return no_quantity(effect.unit, effect.reason)
    error = effect.error
    if error is None:
        return Quantity(effect.value, effect.unit, reason=RANGE_NOT_AVAILABLE)
    if effect.interval is not None and effect.interval.level == 0.95:
        low, high = effect.interval.low, effect.interval.high
    else:
        low, high = effect.value - Z95 * error, effect.value + Z95 * error
    return Quantity(effect.value, effect.unit, low, high, error, reason=effect.error_sentence)


def _warn_row(row: Intervention, multiplier: Multiplier) -> tuple[str, ...]:
    said = [multiplier.warning] if multiplier.warning else []
    effect = row.effect
    if effect is not None and not effect.reason:
        if effect.error_sentence:
            said.append(effect.error_sentence)
        if effect.is_money and effect.dollars_of not in CPI_U:
            why = "is not recorded" if effect.dollars_of is None else f"is {effect.dollars_of}, before the price index"
            said.append(f"The price year of the study's dollars {why}: they are shown as the study printed them.")
    return tuple(said)


def _warn_plan(plan: PlanInput) -> tuple[str, ...]:
    said = [NO_LEGAL_NOTE] if plan.targets_by_race and not plan.legal_review_note.strip() else []
    costs = [row for row in plan.interventions if row.cost_usd is not None]
    years = {plan.price_year, *(row.cost_price_year for row in costs if row.cost_price_year is not None)}
    said += [f"Prices: {NOTES[year]}." for year in sorted(years) if year in NOTES and len(years) > 1]
    return tuple(said)
