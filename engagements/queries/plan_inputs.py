"""From the rows of a plan to what the arithmetic takes: one place, so that pages, API and reports agree."""

from collections.abc import Sequence

from engagements import planning
from engagements.models import EvidenceRow, Plan, PlanIntervention
from engagements.planning import Effect, Interval, PlanInput, PlanResult

DRAWS = 10_000
NO_PROFILE = (
    "Lifetime earnings are not worked out: the portal holds no age profile of earnings whose source was verified."
)


def effect_of(row: EvidenceRow) -> Effect:
    """A row of the library as the arithmetic sees it. Raises PlanningRefused."""
    interval = None
    if row.ci_low is not None and row.ci_high is not None and row.ci_low < row.ci_high:
        interval = Interval(row.ci_low, row.ci_high)
    return Effect(
        key=row.key, value=row.effect, unit=row.unit, outcome=row.outcome, estimand=row.estimand,
        standard_error=row.se, interval=interval, study_takeup=row.study_takeup, outcome_family=row.outcome_family,
        population=row.population, outcome_age=row.outcome_age, duration=row.duration,
        better=planning.read_direction(row.effect, row.finding, row.outcome_family), is_verified=row.is_verified,
        source=row.source,
    )  # fmt: skip


def transport_of(plan: Plan) -> planning.Transport:
    """Raises PlanningRefused."""
    if plan.transport == "unknown":
        return planning.unknown()
    if plan.transport == "range":
        return planning.within(plan.transport_low, plan.transport_high, reason=plan.transport_reason)
    return planning.Transport(
        "triangular", plan.transport_low, plan.transport_high, plan.transport_mode, plan.transport_reason
    )


def intervention_of(
    row: PlanIntervention, evidence: EvidenceRow | None, transport: planning.Transport, rule: str = ""
) -> planning.Intervention:
    """`rule`: as somebody asked for it; empty lets the estimand decide. Raises PlanningRefused."""
    return planning.Intervention(
        key=f"intervention-{row.pk or 0}", name=row.name, offered=row.offered,
        effect=effect_of(evidence) if evidence else None, takeup=row.takeup, people=row.people.strip() or "people",
        transport=transport, rule=rule, itt_reason=row.itt_reason, cost_usd=row.cost_usd,
        cost_price_year=row.cost_price_year, cost_basis=row.cost_basis, duration_months=row.duration_months,
        moves_children=bool(evidence and evidence.moves_children),
    )  # fmt: skip


Pairs = Sequence[tuple[PlanIntervention, EvidenceRow | None]]  # an intervention and the evidence as it was read


def plan_input(plan: Plan, pairs: Pairs) -> PlanInput:
    """Raises PlanningRefused."""
    transport = transport_of(plan)
    return PlanInput(
        interventions=tuple(intervention_of(row, evidence, transport) for row, evidence in pairs),
        price_year=plan.price_year, draws=DRAWS, seed=plan.seed, groups_are_distinct=plan.groups_are_distinct,
        distinct_reason=plan.distinct_reason, targets_by_race=plan.targets_by_race,
        legal_review_note=plan.legal_review_note,
    )  # fmt: skip


def work_out(plan: Plan, pairs: Pairs) -> PlanResult:
    """What the plan comes to; the same plan gives the same numbers. Raises PlanningRefused."""
    return planning.compute_plan(plan_input(plan, pairs))
