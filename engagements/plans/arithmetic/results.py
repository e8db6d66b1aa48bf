"""What a plan comes to: read by pages, API, PDF and slides alike."""

from dataclasses import dataclass

from engagements.plans.arithmetic.lifetime import LifetimeGain
from engagements.plans.arithmetic.quantities import Quantity
from engagements.plans.arithmetic.targets import TargetComparison


@dataclass(frozen=True)
class InterventionResult:
    """One row. `gain` is the change of the outcome for all people together, in the outcome's own direction.

    effect: of the study, for one person, before any discount. chance_of_no_gain: share of draws without gain in the
    wanted direction, None without draws. claims and does_not_claim: whole sentences, always shown together.
    """

    key: str
    name: str
    people: str
    offered: Quantity
    reached: Quantity
    outcome: str
    outcome_family: str
    effect: Quantity
    rule: str
    transport_label: str
    transport_explanation: str
    gain: Quantity
    chance_of_no_gain: float | None
    cost: Quantity
    cost_per_unit: Quantity
    lifetime: LifetimeGain | None
    claims: tuple[str, ...]
    does_not_claim: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class EffectSum:
    """Effects of several interventions on one outcome, in one unit, for one family of people."""

    outcome: str
    population: str
    keys: tuple[str, ...]
    gain: Quantity
    chance_of_no_gain: float


@dataclass(frozen=True)
class PlanTotals:
    """not_added: why which effects stay apart, as sentences."""

    reached: Quantity
    cost: Quantity
    effects: tuple[EffectSum, ...]
    not_added: tuple[str, ...]


@dataclass(frozen=True)
class PlanResult:
    """rows in the plan's order. does_not_claim holds for the plan as a whole."""

    rows: tuple[InterventionResult, ...]
    totals: PlanTotals
    targets: TargetComparison | None
    does_not_claim: tuple[str, ...]
    warnings: tuple[str, ...]
    price_year: int
    price_source: str
    draws: int
