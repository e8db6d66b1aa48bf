"""From the rows of a plan to what the arithmetic takes: one place, so that pages, API and reports agree."""

import re
from collections.abc import Sequence

from engagements import planning
from engagements.models import EvidenceRow, OutcomeFamily, Plan, PlanIntervention
from engagements.planning import Effect, Interval, PlanInput, PlanResult
from engagements.planning.prices import check_price_year

DRAWS = 10_000
NO_PROFILE = (
    "Lifetime earnings are not worked out: the portal holds no age profile of earnings whose source was verified."
)
# Where nothing found says which way is wanted.
_LOWER_IS_BETTER = frozenset({OutcomeFamily.JUSTICE.value})


def effect_of(row: EvidenceRow) -> Effect:
    """A row of the library as the arithmetic sees it. Raises PlanningRefused."""
    interval = None if row.ci_low is None or row.ci_high is None else Interval(row.ci_low, row.ci_high)
    if interval is not None and not interval.low < interval.high:
        interval = None
    year = re.search(r"dollars? of ((?:19|20)\d\d)", row.unit)
    return Effect(
        key=row.key, value=row.effect, unit=row.unit.replace("per cent", "percent"), outcome=row.outcome,
        estimand=row.estimand, standard_error=row.se, interval=interval, study_take_up=row.study_takeup,
        outcome_family=row.outcome_family, population=row.population, outcome_age=row.outcome_age,
        duration=row.duration, better=wanted_direction(row), verified=row.is_verified,
        price_year=_known_year(int(year[1])) if year else None, source=row.source,
    )  # fmt: skip


def wanted_direction(row: EvidenceRow) -> str:
    """“higher” or “lower”: what the row calls better says so, else the outcome's family."""
    if row.effect and row.finding in (EvidenceRow.Finding.POSITIVE, EvidenceRow.Finding.NEGATIVE):
        good = (row.effect > 0) == (row.finding == EvidenceRow.Finding.POSITIVE)
        return "higher" if good else "lower"
    return "lower" if row.outcome_family in _LOWER_IS_BETTER else "higher"


def _known_year(year: int) -> int | None:
    """Dollars of a year without a price index stay as the study printed them."""
    try:
        return check_price_year("effect_price_year", year)
    except planning.PlanningRefused:
        return None


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
    total = row.cost_basis == PlanIntervention.CostBasis.TOTAL
    unit_cost = float(row.cost_usd) / row.offered if total and row.offered else float(row.cost_usd)
    return planning.Intervention(
        key=f"intervention-{row.pk or 0}", name=row.name, offered=row.offered,
        effect=effect_of(evidence) if evidence else None, take_up=row.takeup, who=row.people.strip() or "people",
        transport=transport, rule=rule, scaling_reason=row.itt_reason, unit_cost=unit_cost,
        cost_price_year=row.cost_price_year,
        cost_for="reached" if row.cost_basis == PlanIntervention.CostBasis.REACHED else "offered",
        moves_children=bool(evidence and evidence.moves_children),
    )  # fmt: skip


Pairs = Sequence[tuple[PlanIntervention, EvidenceRow | None]]  # an intervention and the evidence as it was read


def plan_input(plan: Plan, pairs: Pairs) -> PlanInput:
    """Raises PlanningRefused."""
    transport = transport_of(plan)
    return PlanInput(
        interventions=tuple(intervention_of(row, evidence, transport) for row, evidence in pairs),
        price_year=plan.price_year, draws=DRAWS, groups_are_distinct=plan.groups_are_distinct,
        distinct_reason=plan.distinct_reason, chosen_by_race=plan.targets_by_race,
        legal_review=plan.legal_review_note,
    )  # fmt: skip


def work_out(plan: Plan, pairs: Pairs) -> PlanResult:
    """What the plan comes to; the same plan gives the same numbers. Raises PlanningRefused."""
    return planning.compute_plan(plan_input(plan, pairs))
