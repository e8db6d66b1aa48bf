"""Entering and changing values of an indicator while they are drafts or in review."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from engagements.access.discussion import document_for
from engagements.access.plans import indicator_for, value_for
from engagements.base.audited_transaction import (
    add_activity,
    audited_transaction,
    begin_idempotent,
    complete_idempotent,
)
from engagements.base.editing import Conflict, change, lock
from engagements.discussion.actions.documents import NewFile, store_document
from engagements.indicators.actions.value_entries import (
    CLOSED,
    NUMBERS,
    EntriesRefused,
    ValueEntry,
    author_if_numbers_change,
    check_entries,
    entered_line,
    save_value,
    values_of_period,
)
from engagements.indicators.rules.checks import value_of_parts
from engagements.models import Document, Indicator, IndicatorValue, User
from engagements.permissions import EDIT_INDICATOR
from engagements.workflow import INDICATOR_VALUE_APPROVED

CHANGEABLE = (*NUMBERS, "note", "document")


def enter_value(
    *,
    indicator: int,
    period_start: date,
    period_end: date,
    entry: ValueEntry,
    by: User,
    now: datetime,
    document: int | None = None,
    file: NewFile | None = None,
    submission: UUID | None = None,
) -> IndicatorValue:
    """A draft, of everybody or of one group. Raises NotFound, ValidationError by field."""
    try:
        (row,) = enter_period(
            indicator=indicator,
            period_start=period_start,
            period_end=period_end,
            entries=(entry,),
            by=by,
            now=now,
            document=document,
            file=file,
            submission=submission,
        )
    except EntriesRefused as refused:
        raise refused.as_validation from refused
    return row


def enter_period(
    *,
    indicator: int,
    period_start: date,
    period_end: date,
    entries: Iterable[ValueEntry],
    by: User,
    now: datetime,
    document: int | None = None,
    file: NewFile | None = None,
    submission: UUID | None = None,
) -> tuple[IndicatorValue, ...]:
    """Everybody and the groups of one period at once: all or none. Drafts that are there are changed.

    Raises NotFound, Conflict, ValidationError about the file, EntriesRefused.
    """
    seen = indicator_for(by, indicator, EDIT_INDICATOR)
    entries = [replace(e, value=value_of_parts(e.value, e.numerator, e.denominator)) for e in entries]
    with audited_transaction(by):
        claimed = begin_idempotent(by, "enter_values", submission)
        locked = lock(seen)  # values of one indicator are entered one after another
        there = {(row.dimension, row.category): row for row in values_of_period(locked, period_start, period_end)}
        if claimed.object_id:
            return tuple(there[entry.group] for entry in entries if entry.group in there)
        check_entries(locked, period_start, period_end, entries, there, today=now.date())
        evidence = _evidence(seen, document, file, by, now)
        kept = tuple(
            save_value(locked, period_start, period_end, e, there.get(e.group), evidence, by, now) for e in entries
        )
        add_activity(
            by=by,
            now=now,
            verb="entered",
            thing=locked,
            engagement_id=locked.engagement_id,
            line=entered_line(period_start, period_end, len(kept)),
        )
        complete_idempotent(claimed, locked)
    return kept


def change_value(
    *,
    value: int,
    changes: dict[str, object],
    expected_version: int,
    by: User,
    now: datetime,
    file: NewFile | None = None,
) -> IndicatorValue:
    """Of CHANGEABLE, while it is a draft or in review; what was reviewed has to be reviewed again.

    Raises NotFound, Conflict, ValidationError by field.
    """
    seen = value_for(by, value, EDIT_INDICATOR)
    with audited_transaction(by):
        indicator = lock(seen.indicator)
        row = lock(seen)
        if row.status in INDICATOR_VALUE_APPROVED:
            raise ValidationError(CLOSED)
        wanted: dict[str, Any] = {name: changes[name] for name in CHANGEABLE if name in changes}
        number, top, bottom = (wanted.get(name, getattr(row, name)) for name in ("value", "numerator", "denominator"))
        if "value" in wanted:
            wanted["value"] = value_of_parts(number, top, bottom)
        if file is not None or "document" in wanted:  # else it stays: what it rests on may be archived by now
            wanted["document"] = _evidence(seen.indicator, wanted.get("document"), file, by, now)
        after = {name: wanted.get(name, getattr(row, name)) for name in NUMBERS}
        entry = ValueEntry(dimension=row.dimension, category=row.category, version=expected_version, **after)
        there = {(r.dimension, r.category): r for r in values_of_period(indicator, row.period_start, row.period_end)}
        try:
            check_entries(indicator, row.period_start, row.period_end, [entry], there, today=now.date())
        except EntriesRefused as refused:
            raise refused.as_validation from refused
        before = {name: getattr(row, name) for name in NUMBERS}
        try:
            done = change(row, wanted | author_if_numbers_change(row, wanted, by, now), expected_version)
        except Conflict as conflict:  # when and by whom it was typed is nothing to decide on
            typed = tuple(each for each in conflict.fields if each.field in CHANGEABLE)
            raise Conflict(row, typed or conflict.fields) from conflict
        if done:
            told = {name: (before[name], getattr(row, name)) for name in NUMBERS if before[name] != getattr(row, name)}
            add_activity(
                by=by,
                now=now,
                verb="changed",
                thing=indicator,
                engagement_id=row.engagement_id,
                changes=told,
                line=entered_line(row.period_start, row.period_end, 1, row.category),
            )
    return row


def archive_value(*, value: int, expected_version: int, by: User, now: datetime, why: str) -> IndicatorValue:
    """A draft that should not be there. Raises NotFound, Conflict, ValidationError."""
    seen = value_for(by, value, EDIT_INDICATOR)
    with audited_transaction(by, why):
        indicator = lock(seen.indicator)
        row = lock(seen)
        if row.status in INDICATOR_VALUE_APPROVED:
            raise ValidationError(CLOSED)
        change(row, {"archived_at": now, "archived_by": by}, expected_version)
        add_activity(
            by=by,
            now=now,
            verb="archived",
            thing=indicator,
            engagement_id=row.engagement_id,
            why=why,
            line=entered_line(row.period_start, row.period_end, 1, row.category),
        )
    return row


def _evidence(
    indicator: Indicator, document: int | None, file: NewFile | None, by: User, now: datetime
) -> Document | None:
    """The document that supports the value: one just uploaded, or an existing one."""
    if file is not None:
        kept = store_document(file, engagement=indicator.engagement, milestone=None, by=by, now=now)
        add_activity(
            by=by, now=now, verb="added", thing=kept, engagement_id=indicator.engagement_id, visibility=kept.visibility
        )
        return kept
    if document is None:
        return None
    found = document_for(by, document)
    if found.engagement_id != indicator.engagement_id:
        raise ValidationError({"document": "The file is of another engagement."})
    return found
