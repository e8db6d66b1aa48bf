"""Agreements under which rows about people may come in: written once, ended by hand or by their days."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from engagements.access.discussion import document_for
from engagements.access.pilots import agreement_for, pilot_city_for
from engagements.base.audited_transaction import (
    add_activity,
    audited_transaction,
    begin_idempotent,
    complete_idempotent,
)
from engagements.base.editing import change, lock
from engagements.models import DataAgreement, User
from engagements.permissions import EDIT_PILOT

WORDS = ("title", "parties", "legal_basis", "allowed_uses")


def write_agreement(
    *,
    pilot: int,
    engagement: int,
    document: int,
    fields: dict[str, Any],
    by: User,
    now: datetime,
    submission: UUID | None = None,
) -> DataAgreement:
    """Of one city that takes part, shown by a document of that city. `fields`: as the model has them.

    Raises NotFound, ValidationError by field.
    """
    city = pilot_city_for(by, pilot, engagement, EDIT_PILOT)
    shown = document_for(by, document)
    _check(fields, now.astimezone(UTC).date())
    if shown.engagement_id != city.engagement_id or shown.archived_at is not None:
        raise ValidationError({"document": _("The document is of another city, or was archived.")})
    with audited_transaction(by):
        claimed = begin_idempotent(by, "write_agreement", submission)
        if claimed.object_id:
            return DataAgreement.objects.get(pk=claimed.object_id)
        made = DataAgreement(engagement=city.engagement, document=shown, written_by=by, created_at=now, **fields)
        made.full_clean(exclude={"engagement", "document", "written_by"})
        made.save(force_insert=True)
        add_activity(by=by, now=now, verb="added", thing=made, engagement_id=made.engagement_id)
        complete_idempotent(claimed, made)
    return made


def end_agreement(*, pk: int, expected_version: int, why: str, by: User, now: datetime) -> DataAgreement:
    """No more data come in under it; what came stays until its day. Raises NotFound, Conflict, ValidationError."""
    seen = agreement_for(by, pk, EDIT_PILOT)
    with audited_transaction(by, why):
        row = lock(seen)
        change(row, {"archived_at": now, "archived_by": by}, expected_version)
        add_activity(by=by, now=now, verb="ended", thing=row, engagement_id=row.engagement_id, why=why)
    return row


def _check(fields: dict[str, Any], today: date) -> None:
    problems = {}
    for name in WORDS:
        if not str(fields.get(name, "")).strip():
            problems[name] = _("This must be said.")
    delete_on, expires_on = fields.get("delete_on"), fields.get("expires_on")
    if delete_on is None or delete_on <= today:
        problems["delete_on"] = _("The day of deletion must still be to come.")
    elif expires_on is not None and expires_on > delete_on:
        problems["expires_on"] = _("No data can come in after the day of deletion.")
    if expires_on is not None and expires_on < today:
        problems["expires_on"] = _("This agreement has expired.")
    if (fields.get("smallest_cell") or 10) < 10:
        problems["smallest_cell"] = _("Ten is the least; an agreement may ask for more.")
    if problems:
        raise ValidationError(problems)
