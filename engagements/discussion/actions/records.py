"""Decisions, meetings, open questions and notes of an engagement, or of several at once."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from engagements.access.discussion import record_for
from engagements.access.engagements import engagement_for
from engagements.access.roles import people_with
from engagements.base.audited_transaction import (
    add_activity,
    audited_transaction,
    begin_idempotent,
    complete_idempotent,
)
from engagements.base.editing import change, lock, validate
from engagements.discussion.actions.documents import check_level
from engagements.models import Record, RecordPlace, User
from engagements.permissions import EDIT_RECORD, VIEW_CITY, Visibility

CHANGEABLE = frozenset({"title", "body", "on", "visibility"})


def add_record(
    *,
    engagement: int | str,
    kind: str,
    title: str,
    on: date,
    by: User,
    now: datetime,
    body: str = "",
    visibility: str = Visibility.TEAM.value,
    attendees: Iterable[int] = (),
    present: str = "",
    also: Iterable[int] = (),
    submission: UUID | None = None,
) -> Record:
    """`kind`: of Record.Kind. Attendees who are not of the engagement are left out; `present`: who was there, in words.

    `also`: other engagements it is about. It is one record, read in each by whoever may read this level there.
    Raises NotFound, ValidationError.
    """
    within = engagement_for(by, engagement, EDIT_RECORD)
    others = [engagement_for(by, pk, EDIT_RECORD) for pk in sorted(set(also) - {within.pk})]
    for place in (within, *others):
        check_level(by, place.pk, visibility)
    with audited_transaction(by):
        claimed = begin_idempotent(by, "add_record", submission)
        if claimed.object_id:
            return Record.objects.get(pk=claimed.object_id)
        record = Record(
            engagement=within,
            kind=kind,
            title=title.strip(),
            body=body.strip(),
            present=present.strip(),
            on=on,
            visibility=visibility,
            written_by=by,
            created_at=now,
        )
        validate(record, CHANGEABLE | {"kind", "present"})
        record.save(force_insert=True)
        record.attendees.set(people_with(within, VIEW_CITY).filter(pk__in=list(attendees)))
        RecordPlace.objects.bulk_create(RecordPlace(record=record, engagement=place) for place in others)
        for place in (within, *others):
            add_activity(
                by=by, now=now, verb="recorded", thing=record, engagement_id=place.pk, visibility=visibility, line=kind
            )
        complete_idempotent(claimed, record)
    return record


def change_record(*, record: int, changes: dict[str, object], expected_version: int, by: User, now: datetime) -> Record:
    """Raises NotFound, Conflict, ValidationError."""
    seen = record_for(by, record, EDIT_RECORD)
    if "visibility" in changes:
        check_level(by, seen.engagement_id, str(changes["visibility"]))
    with audited_transaction(by):
        row = lock(seen)
        done = change(row, {name: changes[name] for name in CHANGEABLE & set(changes)}, expected_version)
        if done:
            add_activity(by=by, now=now, verb="changed", thing=row, engagement_id=row.engagement_id, changes=done)
    return row


def archive_record(*, record: int, expected_version: int, by: User, now: datetime, why: str = "") -> Record:
    """Raises NotFound, Conflict, ValidationError."""
    seen = record_for(by, record, EDIT_RECORD)
    with audited_transaction(by, why):
        row = lock(seen)
        change(row, {"archived_at": now, "archived_by": by}, expected_version)
        add_activity(by=by, now=now, verb="archived", thing=row, engagement_id=row.engagement_id, why=why)
    return row
