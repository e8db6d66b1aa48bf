"""Filters of a portfolio under a name, one person's own."""

from datetime import datetime

from django.core.exceptions import ValidationError

from engagements import limits
from engagements.access.engagements import initiative_for
from engagements.access.portfolio import saved_view_for
from engagements.base.audited_transaction import audited_transaction
from engagements.base.erasures import record_erasure
from engagements.models import SavedView, User
from engagements.permissions import VIEW_FUNDER_FACING
from engagements.portfolio.queries.portfolio import WrongFilter, query_to_keep

MOST = 30


def save_view(*, initiative: str, name: str, query: str, by: User, now: datetime) -> SavedView:
    """The same name again takes the earlier one's place. Raises NotFound, ValidationError by field."""
    within = initiative_for(by, initiative, VIEW_FUNDER_FACING)
    name = " ".join(name.split())[: limits.SHORT_NAME]
    if not name or not name.isprintable():
        raise ValidationError({"name": "Give the view a name."})
    try:
        kept = query_to_keep(query)
    except WrongFilter as wrong:
        raise ValidationError(str(wrong)) from wrong
    own = SavedView.objects.filter(user=by, initiative=within)
    if own.exclude(name=name).count() >= MOST:
        raise ValidationError(f"You have {MOST} views already: remove one first.")
    row, _ = SavedView.objects.update_or_create(
        user=by, initiative=within, name=name, defaults={"query": kept, "created_at": now}
    )
    return row


def remove_view(*, view: int, by: User) -> None:
    """One's own. Raises NotFound."""
    row = saved_view_for(by, view)
    with audited_transaction(by):
        record_erasure(row)
        row.delete()
