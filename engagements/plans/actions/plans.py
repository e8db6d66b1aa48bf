"""Starting, changing and archiving plans. Interventions, tracts, links and status have modules of their own."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import F

from engagements.access.engagements import engagement_for
from engagements.access.plans import plan_for
from engagements.base.audited_transaction import (
    add_activity,
    audited_transaction,
    begin_idempotent,
    complete_idempotent,
)
from engagements.base.editing import change, lock, validate
from engagements.evidence.gaps import GAP_BY_CODE
from engagements.limits import MOST_USD
from engagements.models import Plan, User
from engagements.permissions import APPROVE_PLAN, EDIT_PLAN
from engagements.plans.actions.refusals import refusals_as_validation
from engagements.plans.arithmetic import PlanInput
from engagements.plans.arithmetic.prices import LAST_YEAR, check_price_year
from engagements.plans.queries.inputs import transport_of
from engagements.workflow import PLAN_EDITABLE

CHANGEABLE = frozenset(
    {
        "title",
        "need",
        "gap",
        "starts_on",
        "ends_on",
        "price_year",
        "budget_usd",
        "cost_per_child_usd",
        "transport",
        "transport_low",
        "transport_mode",
        "transport_high",
        "transport_reason",
        "groups_are_distinct",
        "distinct_reason",
        "not_claimed",
        "legal_review_note",
    }
)
NOT_NOW = "A plan is changed while it is a draft or in review: take it back to draft first."


def start_plan(
    *,
    engagement: int | str,
    title: str,
    by: User,
    now: datetime,
    need: str = "",
    gap: str = "",
    price_year: int | None = None,
    submission: UUID | None = None,
) -> Plan:
    """A draft. Raises NotFound, ValidationError by field."""
    within = engagement_for(by, engagement, EDIT_PLAN)
    with audited_transaction(by):
        claimed = begin_idempotent(by, "start_plan", submission)
        if claimed.object_id:
            return Plan.objects.get(pk=claimed.object_id)
        plan = Plan(
            engagement=within,
            title=title.strip(),
            need=need.strip(),
            gap=gap,
            written_by=by,
            price_year=price_year or min(now.year, LAST_YEAR),
            is_fictional=within.is_fictional,
        )
        validate(plan, {"title", "need", "gap", "price_year"})
        check_plan(plan)
        with refusals_as_validation():
            plan.save(force_insert=True)
        add_activity(by=by, now=now, verb="started", thing=plan, engagement_id=within.pk)
        complete_idempotent(claimed, plan)
    return plan


def change_plan(
    *, plan: int, changes: dict[str, object], expected_version: int, by: User, now: datetime, why: str = ""
) -> Plan:
    """`changes` of CHANGEABLE fields. Raises NotFound, ValidationError by field, Conflict."""
    unknown = set(changes) - CHANGEABLE
    if unknown:
        raise ValidationError(f"Not changed here: {', '.join(sorted(unknown))}.")
    seen = plan_for(by, plan, EDIT_PLAN)
    with audited_transaction(by, why):
        row = open_to_change(seen)
        wanted = {name: value.strip() if isinstance(value, str) else value for name, value in changes.items()}
        if wanted.get("transport") == "unknown":
            wanted |= {"transport_low": 0.0, "transport_high": 1.0, "transport_mode": None}
        elif wanted.get("transport") == "range":
            wanted["transport_mode"] = None
        with refusals_as_validation():
            done = change(row, wanted, expected_version, check=lambda names: check_plan(row))
        if done:
            _add_activity(row, done, by, now, why)
    return row


def archive_plan(*, plan: int, expected_version: int, by: User, now: datetime, why: str) -> Plan:
    """Out of every list, what was published too; in the history for good. What was published is a lead's to take away.

    `why` is required.

    Raises NotFound, Conflict, ValidationError.
    """
    if not why.strip():
        raise ValidationError({"why": "Say why it is archived."})
    seen = plan_for(by, plan, EDIT_PLAN)
    if seen.published_at is not None:
        seen = plan_for(by, plan, APPROVE_PLAN)
    with audited_transaction(by, why):
        row = lock(seen)
        change(row, {"archived_at": now, "archived_by": by}, expected_version)
        add_activity(by=by, now=now, verb="archived", thing=row, engagement_id=row.engagement_id, why=why)
    return row


def open_to_change(seen: Plan) -> Plan:
    """The locked row of a plan that may be changed now. Raises ValidationError."""
    row = lock(seen)
    if row.status not in PLAN_EDITABLE:
        raise ValidationError(NOT_NOW)
    return row


def count_change(plan: Plan) -> None:
    """What hangs on a plan changed: its version rises, so that nobody approves what they did not read."""
    Plan.objects.filter(pk=plan.pk).update(version=F("version") + 1)
    plan.refresh_from_db(fields=["version"])


def check_plan(plan: Plan) -> None:
    """What arithmetic and database would refuse, as sentences at the field."""
    problems: dict[str, str] = {}
    if not plan.title.strip():
        problems["title"] = "Give the plan a title."
    if plan.gap and plan.gap not in GAP_BY_CODE:
        problems["gap"] = f"“{plan.gap}” is no gap of the evidence library. Choose one of: {', '.join(GAP_BY_CODE)}."
    if plan.starts_on and plan.ends_on and plan.ends_on < plan.starts_on:
        problems["ends_on"] = "The plan ends before it starts."
    if plan.budget_usd is not None and not 0 < plan.budget_usd <= Decimal(MOST_USD):
        problems["budget_usd"] = "A budget is more than $0 and at most $10 billion. Check for extra zeros."
    if plan.cost_per_child_usd is not None and plan.cost_per_child_usd <= 0:
        problems["cost_per_child_usd"] = "The cost for each child is more than $0."
    if problems:
        raise ValidationError(problems)
    with refusals_as_validation():
        check_price_year("price_year", plan.price_year)
        transport_of(plan)
        PlanInput(
            interventions=(),
            price_year=plan.price_year,
            groups_are_distinct=plan.groups_are_distinct,
            distinct_reason=plan.distinct_reason,
        )


def with_floats(changes: dict[str, tuple[object, object]]) -> dict[str, tuple[object, object]]:
    """Amounts as numbers: the feed keeps changes as JSON, which has no Decimal."""
    return {name: (_as_float(before), _as_float(after)) for name, (before, after) in changes.items()}


def _as_float(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else value


def _add_activity(row: Plan, done: dict[str, tuple[object, object]], by: User, now: datetime, why: str) -> None:
    """The lawyers' note stays in the history, where its readers are; the feed says only that it changed."""
    told = with_floats({name: pair for name, pair in done.items() if name != "legal_review_note"})
    add_activity(by=by, now=now, verb="changed", thing=row, engagement_id=row.engagement_id, changes=told, why=why)
