"""What is typed in a plan and what it comes to, read with a constant number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from engagements.models import EvidenceRow, Plan, PlanIntervention
from engagements.plans.arithmetic import PlanInput, PlanningRefused, PlanResult, compute_plan
from engagements.plans.queries.area import area_figures, starting_point
from engagements.plans.queries.events import events_of
from engagements.plans.queries.inputs import NO_PROFILE, Pairs, StartingPoint, compute_from_rows, wants_lifetime_gain
from engagements.plans.queries.occupations import occupations_paid
from engagements.plans.records import EvidenceUsed, InterventionPlanned, PlanContent, PlanFigures

_PRICES_IF_REFUSED = 2024


@dataclass(frozen=True)
class LoadedPlan:
    """A plan with all that hangs on it. `pairs`: live interventions in order, with the evidence as it was read."""

    plan: Plan
    pairs: Pairs
    geoids: tuple[str, ...]
    milestones: tuple[int, ...]
    documents: tuple[int, ...]


def load_plan(plan: Plan) -> LoadedPlan:
    """Six statements at most, whatever it holds."""
    rows = list(
        plan.interventions.filter(archived_at=None).select_related("evidence").prefetch_related("evidence__tried_in")
    )
    return LoadedPlan(
        plan,
        tuple(zip(rows, evidence_as_read(rows), strict=True)),
        tuple(plan.tracts.order_by("geoid").values_list("geoid", flat=True)),
        tuple(plan.milestone_links.order_by("milestone_id").values_list("milestone_id", flat=True)),
        tuple(plan.document_links.order_by("document_id").values_list("document_id", flat=True)),
    )


def evidence_as_read(rows: Sequence[PlanIntervention]) -> list[EvidenceRow | None]:
    """The evidence of each in the version the plan was made with: a newer one is used only on request."""
    changed = [row for row in rows if row.evidence and row.evidence.version != row.evidence_version]
    if not changed:
        return [row.evidence for row in rows]
    found = events_of(EvidenceRow).filter(
        pgh_obj_id__in=[row.evidence_id for row in changed], version__in=[row.evidence_version for row in changed]
    )
    then = {(event.pgh_obj_id, event.version): event for event in found}
    return [then.get((row.evidence_id, row.evidence_version), row.evidence) for row in rows]


def content_of(loaded: LoadedPlan) -> PlanContent:
    """What was typed; needs `plan.engagement.city`."""
    plan = loaded.plan
    city = plan.engagement.city
    return PlanContent(
        title=plan.title,
        city_name=city.name,
        city_slug=city.slug,
        need=plan.need,
        gap=plan.gap,
        measure=plan.measure,
        area_name=plan.area_name,
        area_rule=plan.area_rule,
        geoids=loaded.geoids,
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        price_year=plan.price_year,
        budget_usd=plan.budget_usd,
        cost_per_child_usd=plan.cost_per_child_usd,
        transport=plan.transport,
        transport_low=plan.transport_low,
        transport_mode=plan.transport_mode,
        transport_high=plan.transport_high,
        transport_reason=plan.transport_reason,
        groups_are_distinct=plan.groups_are_distinct,
        distinct_reason=plan.distinct_reason,
        targets_by_race=plan.targets_by_race,
        has_legal_note=bool(plan.legal_review_note.strip()),
        not_claimed=plan.not_claimed,
        interventions=tuple(_planned(row, evidence, city.pk) for row, evidence in loaded.pairs),
        milestones=loaded.milestones,
        documents=loaded.documents,
        what_happened=plan.what_happened if plan.status == "closed" else "",
        closed_on=plan.closed_at.date() if plan.closed_at else None,
        is_fictional=plan.is_fictional,
    )


def _planned(row: PlanIntervention, evidence: EvidenceRow | None, city_id: int) -> InterventionPlanned:
    return InterventionPlanned(
        pk=row.pk,
        name=row.name,
        people=row.people,
        offered=row.offered,
        takeup=row.takeup,
        itt_reason=row.itt_reason,
        cost_usd=row.cost_usd,
        cost_basis=row.cost_basis,
        cost_basis_words=row.get_cost_basis_display(),
        cost_price_year=row.cost_price_year,
        starts_on=row.starts_on,
        duration_months=row.duration_months,
        years_of_exposure=row.years_of_exposure,
        rank_change=row.rank_change,
        rank_change_se=row.rank_change_se,
        causal_low=row.causal_low,
        causal_high=row.causal_high,
        evidence=_used(evidence, row, city_id) if evidence else None,
        age_profile=tuple(tuple(pair) for pair in row.age_profile or ()),
        age_profile_name=row.age_profile_name,
        age_profile_year=row.age_profile_year,
        study_takeup=row.study_takeup,
        occupations=tuple(row.occupations),
    )


def _used(evidence: EvidenceRow, row: PlanIntervention, city_id: int) -> EvidenceUsed:
    assert row.evidence is not None and row.evidence_version is not None, "evidence is kept with its version"
    return EvidenceUsed(
        key=evidence.key,
        version=row.evidence_version,
        intervention=evidence.intervention,
        outcome=evidence.outcome,
        tier=evidence.get_tier_display(),
        estimand=evidence.get_estimand_display() or "Not stated",
        effect_words=evidence.effect_words,
        population=evidence.population,
        setting=evidence.setting,
        source=evidence.source,
        is_verified=evidence.is_verified,
        tried_here=any(city.pk == city_id for city in row.evidence.tried_in.all()),
    )


def figures_of(loaded: LoadedPlan, now: datetime) -> PlanFigures:
    """Everything in numbers. A plan whose rows the arithmetic refuses says why instead."""
    plan = loaded.plan
    area = area_figures(plan.engagement.city.slug, plan.area_name, loaded.geoids, plan.area_rule, plan.measure)
    start = _start(loaded)
    result, refused = _result(plan, loaded.pairs, start)
    return PlanFigures(
        area=area,
        rows=result.rows,
        totals=result.totals,
        lifetime_reason=_why_no_lifetime(loaded, start),
        does_not_claim=result.does_not_claim,
        warnings=(*refused, *result.warnings),
        price_year=result.price_year,
        price_source=result.price_source,
        draws=result.draws,
        computed_at=now,
        occupations=occupations_paid(loaded.pairs, plan.engagement.city),
    )


def _start(loaded: LoadedPlan) -> StartingPoint | None:
    """None where no intervention asks for it."""
    if not any(wants_lifetime_gain(*pair) for pair in loaded.pairs):
        return None
    plan = loaded.plan
    return starting_point(plan.engagement.city.slug, plan.area_name, loaded.geoids, plan.area_rule)


def _why_no_lifetime(loaded: LoadedPlan, start: StartingPoint | None) -> str:
    """ "" where nothing moves children: nothing is said of lifetime earnings then."""
    if start is not None:
        return f"Lifetime earnings are not calculated: {start.reason}." if start.reason else ""
    moves = any(evidence and evidence.moves_children for _, evidence in loaded.pairs)
    return NO_PROFILE if moves else ""


def _result(plan: Plan, pairs: Pairs, start: StartingPoint | None) -> tuple[PlanResult, tuple[str, ...]]:
    try:
        return compute_from_rows(plan, pairs, start), ()
    except PlanningRefused as refused:
        said = f"Nothing is calculated: {refused.sentence}"
        return compute_plan(PlanInput(interventions=(), price_year=_PRICES_IF_REFUSED)), (said,)
