"""Values from a table: tried out row by row inside a transaction, then kept as a whole or not at all."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from atlas.formatting.dates import format_period
from engagements.access.engagements import engagement_for
from engagements.base.audited_transaction import add_activity
from engagements.base.editing import Conflict
from engagements.base.table_import.keeping import keep_import, note_row
from engagements.base.table_import.results import ImportResult, RowResult
from engagements.base.table_import.transactions import commit_rows, preview_rows
from engagements.indicators.actions.value_entries import (
    NUMBERS,
    EntriesRefused,
    ValueEntry,
    check_entries,
    entered_line,
    save_value,
    values_of_period,
)
from engagements.indicators.import_rows import ValueImportRow
from engagements.indicators.rules.checks import value_of_parts
from engagements.models import Engagement, Indicator, IndicatorValue, TableKind, User
from engagements.permissions import EDIT_INDICATOR


def preview_values_import(
    *, engagement: int | str, wishes: tuple[ValueImportRow, ...], by: User, now: datetime
) -> ImportResult:
    """What each row would do; nothing is kept. Raises NotFound."""
    within = engagement_for(by, engagement, EDIT_INDICATOR)
    return preview_rows(lambda: ImportResult.of(_carry_out(within, wishes, by, now)), by=by)


def import_values(
    *,
    engagement: int | str,
    wishes: tuple[ValueImportRow, ...],
    fingerprint: str,
    by: User,
    now: datetime,
    source_system: str = "",
    submission: UUID | None = None,
) -> ImportResult | None:
    """All rows in one transaction. Kept only when none is refused and each does what the person was shown.

    None when this submission was carried out before. Raises NotFound.
    """
    within = engagement_for(by, engagement, EDIT_INDICATOR)
    return commit_rows(
        lambda: ImportResult.of(_carry_out(within, wishes, by, now)),
        by=by,
        action="import_values",
        fingerprint=fingerprint,
        submission=submission,
        done=lambda result: keep_import(within, TableKind.VALUES, source_system, result, by=by, now=now),
    )


@dataclass(frozen=True)
class _Named:
    """A row with the indicator and the period it names."""

    wish: ValueImportRow
    indicator: Indicator
    start: date
    end: date

    @property
    def key(self) -> tuple[int, date, date]:
        return self.indicator.pk, self.start, self.end

    @property
    def title(self) -> str:
        return _title(self.wish, self.indicator.name)


def _carry_out(
    engagement: Engagement, wishes: tuple[ValueImportRow, ...], by: User, now: datetime
) -> tuple[RowResult, ...]:
    # Locked in one order: two imports of one engagement follow one another.
    rows = Indicator.objects.select_for_update().filter(engagement=engagement, archived_at=None).order_by("pk")
    named = [_name(engagement, wish, list(rows)) for wish in wishes]
    results = [each for each in named if isinstance(each, RowResult)]
    good = sorted((each for each in named if isinstance(each, _Named)), key=lambda each: each.key)
    for _, group in groupby(good, key=lambda each: each.key):
        note_row()
        results += _carry_out_period(list(group), by, now)
    return tuple(sorted(results, key=lambda row: row.line))


def _name(within: Engagement, wish: ValueImportRow, rows: list[Indicator]) -> _Named | RowResult:
    """The row with what it names, or its refusal."""
    title = _title(wish, wish.indicator)
    if wish.problems:
        return RowResult(wish.line, "refused", title, problems=wish.problems)
    here = within.city.name
    if wish.city and wish.city.casefold() not in (here.casefold(), str(within.city).casefold()):
        words = f"This row is of {wish.city[:60]}; this import is for {here}. Take the row out."
        return RowResult(wish.line, "refused", title, problems=(("city", words),))
    start, end = wish.period_start, wish.period_end
    assert start is not None and end is not None, "a row without its period has a problem"
    found = [row for row in rows if row.name.strip().casefold() == wish.indicator.casefold()]
    found = found or [row for row in rows if str(row.pk) == wish.indicator]
    if len(found) == 1:
        return _Named(wish, found[0], start, end)
    words = (
        f"{len(found)} indicators have this name. Write the number of the one you mean."
        if found
        else "This engagement has no such indicator. Add it first."
    )
    return RowResult(wish.line, "refused", title, problems=(("indicator", words),))


def _title(wish: ValueImportRow, name: str) -> str:
    if not wish.period_start or not wish.period_end:
        return name
    group = f", {wish.category}" if wish.category else ""
    return f"{name}, {format_period(wish.period_start, wish.period_end)}{group}"


def _carry_out_period(group: list[_Named], by: User, now: datetime) -> list[RowResult]:
    """Rows of one indicator and period, checked together."""
    indicator, start, end = group[0].indicator, group[0].start, group[0].end
    there = {(row.dimension, row.category): row for row in values_of_period(indicator, start, end)}
    entries = {each.wish.line: _entry(each.wish, there) for each in group}
    same = [each for each in group if _is_same(entries[each.wish.line], there)]
    new = [each for each in group if each not in same]
    results = [RowResult(each.wish.line, "unchanged", each.title) for each in same]
    if not new:
        return results
    try:
        check_entries(indicator, start, end, [entries[each.wish.line] for each in new], there, today=now.date())
    except EntriesRefused as refused:
        return results + _refuse_all(new, refused)
    kept = 0
    for each in new:
        result = _keep(each, entries[each.wish.line], there, by, now)
        kept += result.outcome != "refused"
        results.append(result)
    if kept:
        add_activity(
            by=by,
            now=now,
            verb="imported",
            thing=indicator,
            engagement_id=indicator.engagement_id,
            line=entered_line(start, end, kept),
        )
    return results


def _entry(wish: ValueImportRow, there: dict[tuple[str, str], IndicatorValue]) -> ValueEntry:
    numbers = dict(wish.numbers)
    numbers["value"] = value_of_parts(numbers["value"], numbers["numerator"], numbers["denominator"])
    row = there.get((wish.dimension, wish.category))
    version = wish.version or row.version if row else None
    return ValueEntry(dimension=wish.dimension, category=wish.category, note=wish.note, version=version, **numbers)


def _is_same(entry: ValueEntry, there: dict[tuple[str, str], IndicatorValue]) -> bool:
    row = there.get(entry.group)
    return row is not None and row.note == entry.note and all(getattr(row, n) == getattr(entry, n) for n in NUMBERS)


def _keep(
    each: _Named, entry: ValueEntry, there: dict[tuple[str, str], IndicatorValue], by: User, now: datetime
) -> RowResult:
    row = there.get(entry.group)
    before = {name: getattr(row, name) for name in (*NUMBERS, "note")} if row else {}
    try:
        with transaction.atomic():
            kept = save_value(each.indicator, each.start, each.end, entry, row, None, by, now)
    except Conflict as conflict:
        words = [
            (c.field, f"Someone changed it since this file was exported: it is now {_shown(c.theirs)}.")
            for c in conflict.fields
        ]
        return _refuse(each, tuple(words))
    except ValidationError as refused:
        return _refuse(each, (("version", " ".join(refused.messages)),))
    version = row.version if row else None
    written = (("indicatorvalue", kept.pk, version, kept.version),) if kept.version != version else ()
    if row is None:
        return RowResult(each.wish.line, "add", each.title, written=written)
    changes = tuple(
        (name, _shown(before[name]), _shown(getattr(kept, name)))
        for name in before
        if before[name] != getattr(kept, name)
    )
    return RowResult(each.wish.line, "change" if changes else "unchanged", each.title, changes, written=written)


def _refuse_all(new: list[_Named], refused: EntriesRefused) -> list[RowResult]:
    """Each row with its own problems; a group that is not in the table is told at the first row."""
    problems = {group: tuple(found.items()) for group, found in refused.problems.items()}
    mine = {(each.wish.dimension, each.wish.category): each for each in new}
    strange = tuple(found for group, rows in problems.items() if group not in mine for found in rows)
    results = []
    for number, (group, each) in enumerate(mine.items()):
        found = (*problems.get(group, ()), *(strange if number == 0 else ()))
        others = (("value", "Other rows of this period are refused."),)
        results.append(_refuse(each, found or others))
    return results


def _refuse(each: _Named, problems: tuple[tuple[str, str], ...]) -> RowResult:
    return RowResult(each.wish.line, "refused", each.title, problems=problems)


def _shown(value: object) -> str:
    return "" if value is None else f"{value:,.10g}" if isinstance(value, float) else str(value)
