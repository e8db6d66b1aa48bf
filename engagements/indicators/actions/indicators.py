"""What is counted: making, changing and archiving indicators."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from engagements.access.engagements import engagement_for
from engagements.access.plans import indicator_for, plan_for
from engagements.access.roles import people_with
from engagements.base.audited_transaction import (
    add_activity,
    audited_transaction,
    begin_idempotent,
    complete_idempotent,
)
from engagements.base.editing import change, lock, validate
from engagements.indicators.queries.indicators import definition_of
from engagements.indicators.rules.checks import check_definition
from engagements.models import Engagement, Indicator, IndicatorValue, User
from engagements.permissions import APPROVE_INDICATOR, EDIT_INDICATOR, VIEW_PLAN, VIEW_TEAM
from engagements.workflow import INDICATOR_VALUE_APPROVED

FIELDS = (
    "kind",
    "name",
    "definition",
    "unit",
    "direction",
    "denominator",
    "outcome_family",
    "baseline",
    "baseline_on",
    "target",
    "target_on",
    "every_months",
    "dimensions",
    "source",
    "no_interval_reason",
    "counts_people",
    "is_unduplicated",
    "owner",
    "plan",
)
REQUIRED = ("kind", "name", "definition", "unit", "direction", "outcome_family", "source")
# What approved values were read against: changed only with a reason.
READ_AGAINST = frozenset(
    {
        "definition",
        "direction",
        "denominator",
        "baseline",
        "baseline_on",
        "target",
        "target_on",
        "source",
        "counts_people",
        "is_unduplicated",
    }
)


def add_indicator(
    *, engagement: int | str, fields: dict[str, object], by: User, now: datetime, submission: UUID | None = None
) -> Indicator:
    """`fields` of FIELDS; owner and plan by id. Raises NotFound, ValidationError by field."""
    within = engagement_for(by, engagement, EDIT_INDICATOR)
    with audited_transaction(by):
        claimed = begin_idempotent(by, "add_indicator", submission)
        if claimed.object_id:
            return Indicator.objects.get(pk=claimed.object_id)
        row = Indicator(engagement=within, is_fictional=within.is_fictional, **_columns(within, fields, by))
        _check(row, set(FIELDS))
        row.save(force_insert=True)
        add_activity(by=by, now=now, verb="added", thing=row, engagement_id=within.pk, line=row.get_kind_display())
        complete_idempotent(claimed, row)
    return row


def change_indicator(
    *, indicator: int, changes: dict[str, object], expected_version: int, by: User, now: datetime, why: str = ""
) -> Indicator:
    """Raises NotFound, Conflict, ValidationError by field.

    The unit stays once there is a value; what approved values were read against changes with a reason only.
    """
    seen = indicator_for(by, indicator, EDIT_INDICATOR)
    with audited_transaction(by, why):
        row = lock(seen)
        wanted = _columns(seen.engagement, changes, by, already=row)

        def check(names: set[str]) -> None:
            _check(row, names)
            _check_change(row, names, why)

        done = change(
            row, {name.removesuffix("_id"): value for name, value in wanted.items()}, expected_version, check=check
        )
        if done:
            add_activity(
                by=by, now=now, verb="changed", thing=row, engagement_id=row.engagement_id, changes=done, why=why
            )
    return row


def archive_indicator(*, indicator: int, expected_version: int, by: User, now: datetime, why: str) -> Indicator:
    """With its values it leaves every list and stays in the history. Raises NotFound, Conflict, ValidationError."""
    seen = indicator_for(by, indicator, EDIT_INDICATOR)
    with audited_transaction(by, why):
        row = lock(seen)
        if row.values.filter(archived_at=None, status__in=INDICATOR_VALUE_APPROVED).exists() and not _approves(row, by):
            raise ValidationError("It has approved values: a lead archives it.")
        change(row, {"archived_at": now, "archived_by": by}, expected_version)
        add_activity(by=by, now=now, verb="archived", thing=row, engagement_id=row.engagement_id, why=why)
    return row


def _approves(row: Indicator, by: User) -> bool:
    return people_with(row.engagement, APPROVE_INDICATOR).filter(pk=by.pk).exists()


def _columns(
    within: Engagement, fields: dict[str, object], by: User, already: Indicator | None = None
) -> dict[str, object]:
    """Cleaned texts; owner and plan looked up. Who owns it already may stay."""
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise ValidationError(f"An indicator has no {', '.join(sorted(unknown))}.")
    wanted: dict[str, Any] = {n: value.strip() if isinstance(value, str) else value for n, value in fields.items()}
    if "dimensions" in wanted:
        wanted["dimensions"] = [str(name).strip() for name in wanted["dimensions"] or ()]
    if "owner" in wanted:
        owner = wanted.pop("owner")
        stays = already is not None and already.owner_id == owner
        if owner is not None and not stays and not people_with(within, VIEW_TEAM).filter(pk=owner).exists():
            raise ValidationError({"owner": "The owner has to be in the team."})
        wanted["owner_id"] = owner
    if "plan" in wanted:
        plan = wanted.pop("plan")
        if plan is not None and plan_for(by, plan, VIEW_PLAN).engagement_id != within.pk:
            raise ValidationError({"plan": "The plan is of another engagement."})
        wanted["plan_id"] = plan
    return wanted


def _check(row: Indicator, names: set[str]) -> None:
    problems: dict[str, list[str]] = {}
    try:
        validate(row, names - {"owner", "plan", "dimensions"})
    except ValidationError as refused:
        problems = dict(refused.message_dict)
    for name in REQUIRED:
        if name in names and name not in problems and not str(getattr(row, name) or "").strip():
            problems[name] = ["This is needed."]
    if not problems:
        problems = {name: [sentence] for name, sentence in check_definition(definition_of(row)).items()}
    if problems:
        raise ValidationError(problems)


def _check_change(row: Indicator, names: set[str], why: str) -> None:
    values = IndicatorValue.objects.filter(indicator=row, archived_at=None)
    if "unit" in names and values.exists():
        raise ValidationError({"unit": "There are values in the old unit. Make a new indicator, and archive this one."})
    if "dimensions" in names:
        used = set(values.exclude(dimension="").values_list("dimension", flat=True)) - set(row.dimensions)
        if used:
            raise ValidationError({"dimensions": f"There are values by {', '.join(sorted(used))}: keep it."})
    if names & READ_AGAINST and not why.strip() and values.filter(status__in=INDICATOR_VALUE_APPROVED).exists():
        raise ValidationError({"why": "Values were approved against what you change. Say why it changes."})
