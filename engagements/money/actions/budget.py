"""Budget lines: what was meant to be spent in whole quarters, changed with the old version kept."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import ValidationError

from atlas.formatting.money import format_dollars
from engagements.access.engagements import engagement_for
from engagements.access.money import budget_line_for
from engagements.base.audited_transaction import (
    add_activity,
    audited_transaction,
    begin_idempotent,
    complete_idempotent,
)
from engagements.base.editing import change, lock, validate
from engagements.models import BudgetLine, Engagement, User
from engagements.money.actions import checks
from engagements.money.queries.choices import funders_of
from engagements.money.rules.checks import Problem, ProposedEntry, check
from engagements.permissions import EDIT_MONEY

CHANGEABLE = frozenset({"name", "amount_usd", "price_year", "period_start", "period_end", "plan", "funder"})


def add_budget_line(
    *,
    engagement: int | str,
    name: str,
    amount_usd: Decimal,
    period_start: date,
    period_end: date,
    by: User,
    now: datetime,
    price_year: int | None = None,
    plan: int | None = None,
    funder: int | None = None,
    submission: UUID | None = None,
) -> BudgetLine:
    """The period is of whole quarters: sums are kept by quarter. Raises NotFound, ValidationError by field."""
    within = engagement_for(by, engagement, EDIT_MONEY)
    with audited_transaction(by):
        claimed = begin_idempotent(by, "add_budget_line", submission)
        if claimed.object_id:
            return BudgetLine.objects.get(pk=claimed.object_id)
        line = BudgetLine(
            engagement=within,
            name=name.strip(),
            amount_usd=amount_usd,
            period_start=period_start,
            period_end=period_end,
            price_year=price_year or period_start.year,
            plan_id=plan,
            funder_id=funder,
            is_fictional=within.is_fictional or by.is_fictional,
        )
        _check(line, within, now)
        validate(line, {"name", "amount_usd"})
        line.save(force_insert=True)
        add_activity(
            by=by,
            now=now,
            verb="added",
            thing=line,
            engagement_id=within.pk,
            line=f"budget of {format_dollars(amount_usd)}",
        )
        complete_idempotent(claimed, line)
    return line


def change_budget_line(
    *, line: int, changes: dict[str, object], expected_version: int, why: str, by: User, now: datetime
) -> BudgetLine:
    """`changes`: of CHANGEABLE, plan and funder by id. Raises NotFound, Conflict, ValidationError."""
    seen = budget_line_for(by, line, EDIT_MONEY)
    with audited_transaction(by, why):
        row = lock(seen)
        wanted = {
            f"{name}_id" if name in ("plan", "funder") else name: changes[name] for name in CHANGEABLE & {*changes}
        }
        done = change(row, wanted, expected_version, check=lambda names: _check(row, seen.engagement, now))
        if done:
            told = {name: (_plain(a), _plain(b)) for name, (a, b) in done.items()}
            add_activity(
                by=by, now=now, verb="changed", thing=row, engagement_id=row.engagement_id, why=why, changes=told
            )
    return row


def archive_budget_line(*, line: int, expected_version: int, why: str, by: User, now: datetime) -> BudgetLine:
    """Raises NotFound, Conflict, ValidationError."""
    seen = budget_line_for(by, line, EDIT_MONEY)
    with audited_transaction(by, why):
        row = lock(seen)
        change(row, {"archived_at": now, "archived_by": by}, expected_version)
        add_activity(by=by, now=now, verb="archived", thing=row, engagement_id=row.engagement_id, why=why)
    return row


def _plain(value: object) -> object:
    return str(value) if isinstance(value, Decimal) else value


def _check(line: BudgetLine, within: Engagement, now: datetime) -> None:
    problems: list[Problem] = [
        ("amount_usd" if field == "amount" else field, sentence)
        for field, sentence in check(
            ProposedEntry("spent", line.amount_usd, now.date(), line.price_year), today=now.date(), starts_on=None
        )
    ]
    if line.period_end < line.period_start:
        problems.append(("period_end", "The period ends before it begins."))
    if line.period_start.day != 1 or line.period_start.month % 3 != 1:
        problems.append(("period_start", "A budget begins with a quarter: January 1, April 1, July 1 or October 1."))
    after = line.period_end + timedelta(days=1)
    if after.day != 1 or after.month % 3 != 1:
        problems.append(("period_end", "A budget ends with a quarter: March 31, June 30, September 30 or December 31."))
    problems += checks.link_problems(within, line.plan_id, None, None)
    if line.funder_id and not funders_of(within.initiative_id, within.city_id).filter(pk=line.funder_id).exists():
        problems.append(("funder", "Choose one of this initiative's funders, or the city itself."))
    if not line.name:
        problems.append(("name", "Give it a name."))
    checks.refuse(problems)
    if line.period_end.year > 2100:
        raise ValidationError({"period_end": "A budget ends by 2100."})
