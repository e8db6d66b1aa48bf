"""From the rows of a plan to what the arithmetic takes: one place, so that pages, API and reports agree."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from atlas.statistics.crosswalk import Crosswalk
from engagements.models import EvidenceRow, Plan, PlanIntervention
from engagements.plans import arithmetic
from engagements.plans.arithmetic import AgeProfile, Effect, Interval, LifetimeInput, PlanInput, PlanResult
from engagements.plans.arithmetic.effects import Estimand
from engagements.plans.arithmetic.interventions import CostBasis, Rule

DRAWS = 10_000
NO_PROFILE = (
    "Lifetime earnings are not calculated: no intervention that moves children brings an age profile of earnings, and "
    "the portal holds none whose source was verified."
)
BROUGHT = "brought by the plan’s author; the portal did not check it"


@dataclass(frozen=True)
class StartingPoint:
    """Where children who move start from: the area's mean rank 0-1, and what turns ranks into dollars, with sources.

    `reason` says why there is no such point, "" when there is.
    """

    rank: float | None = None
    crosswalk: Crosswalk | None = None
    notes: tuple[str, ...] = ()
    reason: str = ""


def effect_of(row: EvidenceRow) -> Effect:
    """A row of the library as the arithmetic sees it. Raises PlanningRefused."""
    interval = None
    if row.ci_low is not None and row.ci_high is not None and row.ci_low < row.ci_high:
        interval = Interval(row.ci_low, row.ci_high)
    return Effect(
        key=row.key,
        value=row.effect,
        unit=row.unit,
        outcome=row.outcome,
        estimand=cast(Estimand, row.estimand),  # Effect refuses what is none
        standard_error=row.se,  # never `se_bound`: what an error is at most makes no range
        computed_from_p=row.p_value if row.se_origin == "from_p" else None,
        interval=interval,
        study_takeup=row.study_takeup,
        outcome_family=row.outcome_family,
        population=row.population,
        outcome_age=row.outcome_age,
        duration=row.duration,
        better=arithmetic.read_direction(row.effect, row.finding, row.outcome_family),
        is_verified=row.is_verified,
        source=row.source,
    )


def transport_of(plan: Plan) -> arithmetic.Transport:
    """Raises PlanningRefused."""
    if plan.transport == "unknown":
        return arithmetic.unknown()
    if plan.transport == "range":
        return arithmetic.within(plan.transport_low, plan.transport_high, reason=plan.transport_reason)
    return arithmetic.Transport(
        "triangular", plan.transport_low, plan.transport_high, plan.transport_mode, plan.transport_reason
    )


def profile_of(row: PlanIntervention) -> AgeProfile | None:
    """The age profile the planner gave, with survival 1 at each age. Raises PlanningRefused."""
    if row.age_profile is None:
        return None
    ages, wages = zip(*row.age_profile, strict=True) if row.age_profile else ((), ())
    return AgeProfile(
        row.age_profile_name,
        BROUGHT,
        row.age_profile_year or 0,
        tuple(int(age) for age in ages),
        tuple(float(wage) for wage in wages),
        (1.0,) * len(ages),
    )


def wants_lifetime_gain(row: PlanIntervention, evidence: EvidenceRow | None) -> bool:
    """Only help with moving, and only with everything the recipe needs."""
    typed = (row.years_of_exposure, row.rank_change, row.rank_change_se, row.causal_low, row.causal_high)
    return bool(evidence and evidence.moves_children and row.age_profile and None not in typed)


def lifetime_of(row: PlanIntervention, start: StartingPoint) -> LifetimeInput | None:
    """Raises PlanningRefused."""
    if start.rank is None or start.crosswalk is None:
        return None
    profile = profile_of(row)
    if profile is None:
        return None
    return LifetimeInput(
        base_rank=start.rank,
        rank_change=row.rank_change,
        rank_change_se=row.rank_change_se,
        years_of_exposure=row.years_of_exposure,
        crosswalk=start.crosswalk,
        profile=profile,
        causal_low=row.causal_low,
        causal_high=row.causal_high,
        notes=start.notes,
    )


def intervention_of(
    row: PlanIntervention,
    evidence: EvidenceRow | None,
    transport: arithmetic.Transport,
    rule: str = "",
    start: StartingPoint | None = None,
) -> arithmetic.Intervention:
    """`rule`: as somebody asked for it; empty lets the estimand decide. Raises PlanningRefused."""
    lifetime = lifetime_of(row, start) if start is not None and wants_lifetime_gain(row, evidence) else None
    return arithmetic.Intervention(
        key=f"intervention-{row.pk or 0}",
        name=row.name,
        offered=row.offered,
        effect=effect_of(evidence) if evidence else None,
        takeup=row.takeup,
        people=row.people.strip() or "people",
        transport=transport,
        rule=cast(Rule, rule),  # Intervention refuses what is none
        study_takeup=row.study_takeup,
        itt_reason=row.itt_reason,
        cost_usd=float(row.cost_usd),
        cost_price_year=row.cost_price_year,
        cost_basis=cast(CostBasis, row.cost_basis),  # Intervention refuses what is none
        duration_months=row.duration_months,
        moves_children=bool(evidence and evidence.moves_children),
        lifetime=lifetime,
    )


Pairs = Sequence[tuple[PlanIntervention, EvidenceRow | None]]  # an intervention and the evidence as it was read


def plan_input(plan: Plan, pairs: Pairs, start: StartingPoint | None = None) -> PlanInput:
    """Raises PlanningRefused."""
    transport = transport_of(plan)
    return PlanInput(
        interventions=tuple(intervention_of(row, evidence, transport, start=start) for row, evidence in pairs),
        price_year=plan.price_year,
        draws=DRAWS,
        seed=plan.seed,
        groups_are_distinct=plan.groups_are_distinct,
        distinct_reason=plan.distinct_reason,
        targets_by_race=plan.targets_by_race,
        legal_review_note=plan.legal_review_note,
    )


def compute_from_rows(plan: Plan, pairs: Pairs, start: StartingPoint | None = None) -> PlanResult:
    """What the plan comes to; the same plan gives the same numbers. Raises PlanningRefused."""
    return arithmetic.compute_plan(plan_input(plan, pairs, start))
