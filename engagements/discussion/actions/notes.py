"""Local notes: public, signed, dated."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from atlas.models import CityTract
from engagements.access.errors import NotAllowed, NotFound
from engagements.access.roles import engagements_with
from engagements.base.audited_transaction import audited_transaction, begin_idempotent, complete_idempotent
from engagements.base.editing import change, lock, validate
from engagements.models import LocalNote, User
from engagements.permissions import MANAGE_ROLES, WRITE_LOCAL_NOTE

CHANGEABLE = frozenset({"body", "began_on", "ended_on", "source"})


def write_local_note(
    *,
    city: int,
    body: str,
    began_on: date,
    by: User,
    now: datetime,
    tract_geoid: str = "",
    ended_on: date | None = None,
    source: str = "",
    submission: UUID | None = None,
) -> LocalNote:
    """By whoever works in an engagement of this city. Raises NotFound, ValidationError by field."""
    if not engagements_with(by, WRITE_LOCAL_NOTE).filter(city_id=city).exists():
        raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
    if ended_on and ended_on < began_on:
        raise ValidationError({"ended_on": "The end is before the beginning."})
    _check_tract(city, tract_geoid)
    with audited_transaction(by):
        claimed = begin_idempotent(by, "write_local_note", submission)
        if claimed.object_id:
            return LocalNote.objects.get(pk=claimed.object_id)
        note = LocalNote(
            city_id=city,
            tract_geoid=tract_geoid,
            body=body.strip(),
            began_on=began_on,
            ended_on=ended_on,
            source=source.strip(),
            author=by,
            created_at=now,
        )
        validate(note, CHANGEABLE)
        note.save(force_insert=True)
        complete_idempotent(claimed, note)
    return note


def change_local_note(
    *, note: int, changes: dict[str, Any], expected_version: int, by: User, now: datetime
) -> LocalNote:
    """Raises NotFound, NotAllowed, Conflict, ValidationError."""
    seen = _own(note, by)
    began_on, ended_on = (changes.get(name, getattr(seen, name)) for name in ("began_on", "ended_on"))
    if ended_on and ended_on < began_on:
        raise ValidationError({"ended_on": "The end is before the beginning."})
    with audited_transaction(by):
        row = lock(seen)
        change(row, {name: changes[name] for name in CHANGEABLE & set(changes)}, expected_version)
    return row


def archive_local_note(*, note: int, expected_version: int, by: User, now: datetime, why: str = "") -> LocalNote:
    """Raises NotFound, NotAllowed, Conflict, ValidationError."""
    seen = _own(note, by)
    with audited_transaction(by, why):
        row = lock(seen)
        change(row, {"archived_at": now, "archived_by": by}, expected_version)
    return row


def note_for(by: User, pk: int) -> LocalNote:
    """To change or archive. Raises NotFound, NotAllowed."""
    return _own(pk, by)


def _check_tract(city: int, geoid: str) -> None:
    """With at least 1% of its area in the city, as on the city's map."""
    if geoid and not CityTract.objects.filter(city_id=city, geoid=geoid, share__gte=0.01).exists():
        raise ValidationError(
            {"tract_geoid": f"{geoid} is no tract of this city (Census 2010). Look it up on the city's page."}
        )


def _own(pk: int, by: User) -> LocalNote:
    """One's own, or any in a city whose roles one manages; notes are public, so a no may say why."""
    note = LocalNote.objects.filter(pk=pk, archived_at=None).select_related("city").first()
    if note is None or not by.is_active:
        raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
    if note.author_id != by.pk and not engagements_with(by, MANAGE_ROLES).filter(city_id=note.city_id).exists():
        raise NotAllowed("A note is changed by who wrote it.")
    return note
