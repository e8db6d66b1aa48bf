"""Planning arithmetic: from people offered an intervention to a range of what they may gain, and its cost. Pure.

Build the inputs (bad ones raise PlanningRefused: `.field`, `.sentence`), call `compute_plan`, show the result:

>>> effect = Effect(
...     key="mto-young", value=3477, standard_error=1418, unit="dollars per year", outcome="adult earnings",
...     outcome_family="earnings", estimand="tot", population="children in public housing", is_verified=True,
...     outcome_age="at about age 26", source="Chetty, Hendren and Katz 2016",
... )
>>> moves = Intervention(
...     key="moves", name="help with moving", people="children", offered=200, takeup=0.7, effect=effect,
...     transport=unknown(), cost_usd=2500, cost_price_year=2006, moves_children=True,
... )
>>> plan = compute_plan(PlanInput(interventions=(moves,), price_year=2024))
>>> row = plan.rows[0]
>>> row.reached.value, round(row.gain.value), row.gain.unit, row.rule
(140.0, 243390, 'dollars per year', 'people offered it x take-up x effect x share that carries over')
>>> row.gain.low < 10_000, 640_000 < row.gain.high < 680_000, row.chance_of_no_gain < 0.025
(True, True, True)
>>> row.claims[0]
'200 children are offered “help with moving”; about 140 take part (70 in 100).'
>>> PlanInput(interventions=(moves,), price_year=1990)
Traceback (most recent call last):
engagements.plans.arithmetic.refusals.PlanningRefused: There is no price index for 1990: the table has 2000 to 2025. ...

A `Quantity` is value, low, high, standard_error, unit, draws, or the `reason` why some of these are missing.
"""

from atlas.statistics.intervals import Interval
from engagements.plans.arithmetic.compute import PlanInput, compute_plan
from engagements.plans.arithmetic.effects import Effect, read_direction
from engagements.plans.arithmetic.interventions import RULES, Intervention
from engagements.plans.arithmetic.lifetime import AgeProfile, LifetimeGain, LifetimeInput, estimate_lifetime
from engagements.plans.arithmetic.prices import PRICE_YEARS
from engagements.plans.arithmetic.prices import SOURCE as PRICE_SOURCE
from engagements.plans.arithmetic.prose import format_amount, format_range
from engagements.plans.arithmetic.quantities import Quantity
from engagements.plans.arithmetic.refusals import PlanningRefused
from engagements.plans.arithmetic.results import EffectSum, InterventionResult, PlanResult, PlanTotals
from engagements.plans.arithmetic.targets import ChosenSet, TargetComparison, TargetInput, compare_targets
from engagements.plans.arithmetic.transport import LABELS as TRANSPORT_LABELS
from engagements.plans.arithmetic.transport import Transport, around, same, unknown, within

__all__ = [
    "AgeProfile",
    "ChosenSet",
    "Effect",
    "EffectSum",
    "Interval",
    "Intervention",
    "InterventionResult",
    "LifetimeGain",
    "LifetimeInput",
    "PRICE_SOURCE",
    "PRICE_YEARS",
    "PlanInput",
    "PlanResult",
    "PlanTotals",
    "PlanningRefused",
    "Quantity",
    "RULES",
    "TRANSPORT_LABELS",
    "TargetComparison",
    "TargetInput",
    "Transport",
    "around",
    "compare_targets",
    "compute_plan",
    "estimate_lifetime",
    "same",
    "read_direction",
    "format_amount",
    "format_range",
    "unknown",
    "within",
]
