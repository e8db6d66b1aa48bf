"""Undoing an import: every row becomes what it was, as long as nobody changed any of them since."""

from datetime import datetime, timedelta
from typing import Any

import pghistory.core
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from engagements.access.imports import import_for
from engagements.base.audited_transaction import add_activity, audited_transaction
from engagements.base.editing import change, lock
from engagements.models import (
    Contact,
    DueDateChange,
    ImportKey,
    Indicator,
    IndicatorValue,
    Milestone,
    MilestoneDependency,
    ProgressEntry,
    TableImport,
    TableKind,
    User,
)
from engagements.models.abstract import Versioned

UNDO_WITHIN = timedelta(days=1)
_SHOWN = 3  # rows that are named when an undo is refused
_MODELS: dict[str, type[Versioned]] = {
    "milestone": Milestone,
    "indicator": Indicator,
    "indicatorvalue": IndicatorValue,
    "contact": Contact,
}
_NEVER_BACK = frozenset({"id", "version"})


def may_be_undone(row: TableImport, now: datetime) -> bool:
    """Within the day, of a kind whose rows can be taken back: the ledger's are reversed one by one."""
    return row.state == TableImport.State.KEPT and row.kind != TableKind.LEDGER and now - row.at <= UNDO_WITHIN


def undo_import(*, table_import: int, by: User, now: datetime) -> TableImport:
    """All rows or none. What was added is archived, what was changed becomes what it was.

    Raises NotFound; ValidationError with a sentence when the day is over, or that names rows changed since.
    """
    seen = import_for(by, table_import)
    with audited_transaction(by, "import undone"):
        row = lock(seen)
        if row.state == TableImport.State.UNDONE:
            return row
        if not may_be_undone(row, now):
            raise ValidationError(_("An import can be undone within a day. Nothing was undone."))
        things = _locked(row.written)
        _check_unchanged(things, row.written)
        for noun, pk, before, _after in row.written:
            if noun == "milestonedependency":
                MilestoneDependency.objects.filter(pk=pk).delete()
            elif before is not None:
                _take_back(things[noun, pk], before, by, now)
        _archive_added(row.written, by, now)
        added = [pk for noun, pk, before, _after in row.written if before is None and noun in _MODELS]
        ImportKey.objects.filter(engagement=row.engagement_id, kind=row.kind, object_id__in=added).delete()
        row.state, row.undone_at, row.undone_by = TableImport.State.UNDONE, now, by
        row.save(update_fields=["state", "undone_at", "undone_by"])
        add_activity(by=by, now=now, verb="undone", thing=row, engagement_id=row.engagement_id)
    return row


def _locked(written: list[list[Any]]) -> dict[tuple[str, int], Versioned]:
    """Each row that was written, in one order for all."""
    found: dict[tuple[str, int], Versioned] = {}
    for noun, model in _MODELS.items():
        ids = [pk for each, pk, _before, _after in written if each == noun]
        rows: models.QuerySet[Any] = model._base_manager.filter(pk__in=ids).order_by("pk").select_for_update()
        found |= {(noun, row.pk): row for row in rows}
    return found


def _check_unchanged(things: dict[tuple[str, int], Versioned], written: list[list[Any]]) -> None:
    changed = [
        str(things[noun, pk])
        for noun, pk, _before, after in written
        if noun in _MODELS and things[noun, pk].version != after
    ]
    if changed:
        named = ", ".join(f"“{title}”" for title in changed[:_SHOWN])
        raise ValidationError(
            _("Changed since the import: {named}{more}. Nothing was undone; correct the rows by hand.").format(
                named=named, more=_(" and {count} more").format(count=len(changed) - _SHOWN) if changed[_SHOWN:] else ""
            ),
            code="changed",
        )


def _archive_added(written: list[list[Any]], by: User, now: datetime) -> None:
    """One statement for each kind of row: an import may have added thousands. Triggers keep the history."""
    for noun, model in _MODELS.items():
        added = [pk for each, pk, before, _after in written if each == noun and before is None]
        if added:
            model._base_manager.filter(pk__in=added).update(archived_at=now, archived_by=by)


def _take_back(thing: Versioned, before: int, by: User, now: datetime) -> None:
    """Every field as the history has it."""
    (events,) = pghistory.core.event_models(tracks_model=type(thing))
    was = events._default_manager.filter(pgh_obj_id=thing.pk, version=before).order_by("-pgh_id").first()
    if was is None:
        raise ValidationError(_("The history of “{title}” does not reach that far.").format(title=thing))
    fields = [field for field in thing._meta.concrete_fields if field.name not in _NEVER_BACK]
    done = change(thing, {field.name: getattr(was, field.attname) for field in fields}, None)
    if isinstance(thing, Milestone):
        _keep_in_its_lists(thing, done, by, now)


def _keep_in_its_lists(row: Milestone, done: dict[str, tuple[Any, Any]], by: User, now: datetime) -> None:
    """Progress and moved dates are lists that only grow: that a change was undone is an entry too."""
    words = _("The import was undone.")
    if "status" in done:
        ProgressEntry.objects.create(
            engagement_id=row.engagement_id,
            milestone=row,
            old_status=done["status"][0],
            status=row.status,
            line=words,
            at=now,
            by=by,
        )
    if "due_on" in done and row.due_on is not None:
        DueDateChange.objects.create(
            milestone=row, old=done["due_on"][0], new=row.due_on, reason="other", words=words, at=now, by=by
        )
