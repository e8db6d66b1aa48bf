"""Ledger entries, budget lines and column mappings, fetched and checked in one query."""

from django.db.models import Q, QuerySet

from engagements.access.errors import first_or_not_found
from engagements.access.roles import in_engagements_with, initiatives_with
from engagements.models import (
    BudgetLine,
    LedgerEntry,
    User,
)
from engagements.permissions import (
    VIEW_MONEY,
)


def visible_entries(user: User, permission: str = VIEW_MONEY) -> QuerySet[LedgerEntry]:
    """Of an engagement through a role that sees its money; of a whole initiative through a role in all of it."""
    whole = Q(engagement=None, initiative__in=initiatives_with(user, permission).values("pk"))
    return LedgerEntry.objects.filter(in_engagements_with(user, permission) | whole)


def entry_for(user: User, pk: int, permission: str = VIEW_MONEY) -> LedgerEntry:
    """Raises NotFound."""
    rows = visible_entries(user, permission).filter(pk=pk)
    return first_or_not_found(
        rows.select_related("engagement__city", "initiative", "plan", "milestone", "funder", "entered_by")
    )


def visible_budget_lines(user: User) -> QuerySet[BudgetLine]:
    return BudgetLine.objects.filter(in_engagements_with(user, VIEW_MONEY), archived_at=None)


def budget_line_for(user: User, pk: int, permission: str = VIEW_MONEY) -> BudgetLine:
    """Raises NotFound."""
    rows = visible_budget_lines(user).filter(in_engagements_with(user, permission), pk=pk)
    return first_or_not_found(rows.select_related("engagement__city", "plan", "funder"))
