"""Writing and archiving local notes. Whoever calls has checked that `by` may do it for this city."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from atlas.models import City, CityTract, LocalNote, LocalNoteEvent
from atlas.models.notes import LONGEST_NOTE, LONGEST_SOURCE
from engagements.models import User

TRACT_VINTAGE = 2010  # of the Atlas, and so of every tract shown


class NoteRefused(ValueError):
    """Nothing was written; the text says why."""


@transaction.atomic
def add_note(
    *, city: City, text: str, happened_on: date, precision: str, source: str, by: User, tract_geoid: str = ""
) -> LocalNote:
    """A note on the city, or on one of its 2010 tracts. A month or a year is kept as its first day.

    Raises NoteRefused.
    """
    text, source = _plain(text, "note", LONGEST_NOTE), _plain(source, "source", LONGEST_SOURCE)
    if precision not in LocalNote.Precision.values:
        raise NoteRefused(f"The date is known to the {' or the '.join(LocalNote.Precision.values)}, nothing else.")
    if precision != LocalNote.Precision.DAY:
        happened_on = happened_on.replace(day=1, **({"month": 1} if precision == LocalNote.Precision.YEAR else {}))
    if happened_on > timezone.localdate():
        raise NoteRefused("A note says what has happened; this day is still to come.")
    if tract_geoid and not _tract_of(city, tract_geoid):
        raise NoteRefused(f"{tract_geoid} is no tract of {city.name} in the Census of {TRACT_VINTAGE}.")
    note = LocalNote.objects.create(
        city=city, tract_geoid=tract_geoid, tract_vintage=TRACT_VINTAGE if tract_geoid else None,
        happened_on=happened_on, precision=precision, text=text, source=source, written_by=by,
    )  # fmt: skip
    LocalNoteEvent.objects.create(note=note, kind=LocalNoteEvent.Kind.ADDED, by=by)
    return note


@transaction.atomic
def archive_note(*, note: LocalNote, by: User, reason: str) -> LocalNote:
    """Takes a note off every page and keeps it with its history. Raises NoteRefused."""
    reason = _plain(reason, "reason", LONGEST_SOURCE)
    held = LocalNote.objects.select_for_update().get(pk=note.pk)
    if held.archived_at is not None:
        raise NoteRefused("This note has been archived already.")
    held.archived_at, held.archived_by = timezone.now(), by
    held.save(update_fields=["archived_at", "archived_by"])
    LocalNoteEvent.objects.create(note=held, kind=LocalNoteEvent.Kind.ARCHIVED, by=by, reason=reason)
    return held


def _plain(text: str, what: str, longest: int) -> str:
    """Text without surrounding space. Raises NoteRefused for none, too much, or characters nobody can see."""
    plain = text.replace("\r\n", "\n").strip()
    if not plain:
        raise NoteRefused(f"The {what} is empty.")
    if len(plain) > longest:
        raise NoteRefused(f"The {what} has {len(plain)} characters; {longest} fit.")
    if not all(character.isprintable() or character == "\n" for character in plain):
        raise NoteRefused(f"The {what} holds characters that can't be seen; write it as plain text.")
    return plain


def _tract_of(city: City, geoid: str) -> bool:
    return CityTract.objects.filter(city=city, geoid=geoid, vintage=TRACT_VINTAGE, share__gt=0).exists()
