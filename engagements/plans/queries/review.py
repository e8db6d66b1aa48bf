"""A plan as a reviewer reads it: its fields in words, by section, to be kept with a decision and compared."""

from collections.abc import Iterable

from engagements.models import Indicator, Milestone, Plan
from engagements.plans.queries.versions import PlanField, intervention_fields, typed_fields
from engagements.plans.records import PlanContent, thaw
from engagements.reviews.queries import APPROVED, Baseline
from engagements.reviews.rules.changes import ReviewedField

_SECTIONS = {
    "title": "need",
    "need": "need",
    "gap": "need",
    "measure": "area",
    "area_name": "area",
    "area_rule": "area",
    "cost_per_child_usd": "area",
    "targets_by_race": "area",
    "starts_on": "interventions",
    "ends_on": "interventions",
    "transport": "interventions",
    "transport_low": "interventions",
    "transport_mode": "interventions",
    "transport_high": "interventions",
    "transport_reason": "interventions",
    "groups_are_distinct": "interventions",
    "distinct_reason": "interventions",
    "price_year": "money",
    "budget_usd": "money",
    "not_claimed": "claims",
}
_PROSE = {"need", "area_rule", "transport_reason", "distinct_reason", "not_claimed"}
NO_INDICATOR = "No indicator belongs to this plan, so nobody can say later whether it worked."
NO_MILESTONE = "No milestone is linked to this plan, so nobody can see whether it is on time."


def plan_content(plan: Plan, content: PlanContent) -> tuple[ReviewedField, ...]:
    """What is typed, and the indicators and milestones that belong to it. Two statements."""
    return (*content_fields(content), *_indicators(plan), *_milestones(content.milestones))


def published_baseline(plan: Plan, now: Iterable[ReviewedField]) -> Baseline | None:
    """What was published last. It keeps no indicators: those of `now` stand for them, so none looks new.

    One statement.
    """
    last = plan.publications.select_related("approved_by").order_by("-number").first()
    if last is None:
        return None
    linked = tuple(field for field in now if field.section == "indicators")
    content = (*content_fields(thaw(PlanContent, last.content)), *linked)
    return Baseline(APPROVED, "Published", last.published_at, str(last.approved_by), content)


def unmeasured(indicators: int, milestones: int) -> tuple[str, ...]:
    """What a plan says before it is published that has no indicator or no milestone."""
    return ((NO_INDICATOR,) if not indicators else ()) + ((NO_MILESTONE,) if not milestones else ())


def content_fields(content: PlanContent) -> tuple[ReviewedField, ...]:
    """What is typed in the plan itself, in words."""
    typed = [
        ReviewedField(_SECTIONS[f.name], f.name, f.label, f.value, f.name in _PROSE) for f in typed_fields(content)
    ]
    tracts = ReviewedField("area", "geoids", "Tracts", " ".join(content.geoids), True)
    parts = [
        ReviewedField(
            "interventions",
            f"intervention {row.pk} {f.name}",
            f"{row.name}: {f.label}",
            f.value,
            f.name == "itt_reason",
        )
        for row in content.interventions
        for f in intervention_fields(row)
    ]
    return (*typed, tracts, *parts)


def _indicators(plan: Plan) -> tuple[ReviewedField, ...]:
    rows = Indicator.objects.filter(plan_id=plan.pk, archived_at=None).order_by("pk")
    return tuple(
        ReviewedField("indicators", f"indicator {row.pk}", f"Indicator: {row.name}", _goal(row)) for row in rows
    )


def _goal(row: Indicator) -> str:
    ends = ["not set" if value is None else f"{value:,.10g}" for value in (row.baseline, row.target)]
    return f"{row.unit}: from {ends[0]} to {ends[1]}"


def _milestones(pks: tuple[int, ...]) -> tuple[ReviewedField, ...]:
    rows = Milestone.objects.filter(pk__in=pks, archived_at=None).order_by("due_on", "pk")
    return tuple(
        ReviewedField(
            "indicators",
            f"milestone {row.pk}",
            f"Milestone: {row.title}",
            PlanField.of("due_on", "Due", row.due_on).value if row.due_on else "no date",
        )
        for row in rows
    )
