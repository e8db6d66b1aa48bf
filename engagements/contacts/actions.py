"""Writing contacts, one by one and from a table."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from engagements.access.contacts import contact_for
from engagements.access.engagements import engagement_for
from engagements.base.audited_transaction import (
    add_activity,
    audited_transaction,
    begin_idempotent,
    complete_idempotent,
)
from engagements.base.editing import change, lock, validate
from engagements.base.table_import.keeping import commit_import
from engagements.base.table_import.named_rows import NamedRow, NamedThings, write_named_rows
from engagements.base.table_import.results import ImportResult
from engagements.base.table_import.transactions import preview_rows
from engagements.models import Contact, Engagement, TableKind, User
from engagements.permissions import EDIT_RECORD, IMPORT

FIELDS = ("name", "email", "phone", "title", "organisation", "note")


def add_contact(
    *, engagement: int | str, fields: dict[str, Any], by: User, now: datetime, submission: UUID | None = None
) -> Contact:
    """`fields` of FIELDS. Raises NotFound, ValidationError by field."""
    within = engagement_for(by, engagement, EDIT_RECORD)
    with audited_transaction(by):
        claimed = begin_idempotent(by, "add_contact", submission)
        if claimed.object_id:
            return Contact.objects.get(pk=claimed.object_id)
        row = Contact(engagement=within, is_fictional=within.is_fictional, **_cleaned(fields))
        _check(row, set(FIELDS))
        row.save(force_insert=True)
        add_activity(by=by, now=now, verb="added", thing=row, engagement_id=within.pk)
        complete_idempotent(claimed, row)
    return row


def change_contact(*, contact: int, changes: dict[str, Any], expected_version: int, by: User, now: datetime) -> Contact:
    """Raises NotFound, Conflict, ValidationError by field."""
    seen = contact_for(by, contact)
    with audited_transaction(by):
        row = lock(seen)
        done = change(row, _cleaned(changes), expected_version, check=lambda names: _check(row, names))
        if done:
            add_activity(by=by, now=now, verb="changed", thing=row, engagement_id=row.engagement_id, changes=done)
    return row


def archive_contact(*, contact: int, by: User, now: datetime, why: str) -> Contact:
    """Out of the list, in the history for good. Raises NotFound, ValidationError."""
    seen = contact_for(by, contact)
    with audited_transaction(by, why):
        row = lock(seen)
        change(row, {"archived_at": now, "archived_by": by}, None)
        add_activity(by=by, now=now, verb="archived", thing=row, engagement_id=row.engagement_id, why=why)
    return row


def preview_contacts(
    *, engagement: int | str, rows: tuple[NamedRow, ...], source_system: str, by: User, now: datetime
) -> ImportResult:
    """What each row would do; nothing is kept. Raises NotFound."""
    within = engagement_for(by, engagement, IMPORT)
    return preview_rows(lambda: _carry_out(within, rows, source_system, by, now), by=by)


def import_contacts(
    *,
    engagement: int | str,
    rows: tuple[NamedRow, ...],
    source_system: str,
    fingerprint: str,
    by: User,
    now: datetime,
    submission: UUID | None = None,
) -> ImportResult | None:
    """All rows in one transaction. Kept only when none is refused and each does what the person was shown.

    None when this submission was carried out before. Raises NotFound.
    """
    within = engagement_for(by, engagement, IMPORT)
    return commit_import(
        within,
        TableKind.CONTACTS,
        lambda: _carry_out(within, rows, source_system, by, now),
        source_system=source_system,
        fingerprint=fingerprint,
        by=by,
        now=now,
        submission=submission,
    )


def _carry_out(
    within: Engagement, rows: tuple[NamedRow, ...], source_system: str, by: User, now: datetime
) -> ImportResult:
    def same_address(row: NamedRow, live: list[Contact]) -> list[Contact]:
        wanted = str(row.fields.get("email", "")).lower()
        return [each for each in live if wanted and each.email.lower() == wanted]

    known = NamedThings(
        kind=TableKind.CONTACTS,
        noun="contact",
        things=list(Contact.objects.filter(engagement=within)),
        add=lambda fields: add_contact(engagement=within.pk, fields=fields, by=by, now=now),
        change=lambda row, fields, version: change_contact(
            contact=row.pk, changes=fields, expected_version=version, by=by, now=now
        ),
        shown=lambda _field, value: str(value),
        current=getattr,
        also=same_address,
    )
    return ImportResult.of(write_named_rows(within, known, rows, source_system))


def _cleaned(fields: dict[str, Any]) -> dict[str, Any]:
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise ValidationError(f"A contact has no {', '.join(sorted(unknown))}.")
    return {
        name: " ".join(str(value).split()) if name != "note" else str(value).strip() for name, value in fields.items()
    }


def _check(row: Contact, names: set[str]) -> None:
    validate(row, names)
    if "name" in names and not row.name:
        raise ValidationError({"name": "Give a name."})
    if "email" in names and row.email:
        others = Contact.objects.filter(engagement=row.engagement_id, archived_at=None, email__iexact=row.email)
        if others.exclude(pk=row.pk).exists():
            raise ValidationError({"email": "Another contact has this address."})
