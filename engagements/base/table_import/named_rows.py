"""Rows of a table that are each one thing with a name: matched by number, by the tool's key or by name, then written.

Milestones have more to them; indicators and contacts are this.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import ValidationError

from engagements.base.editing import Conflict
from engagements.base.table_import.keeping import keep_keys, keys_of, note_row
from engagements.base.table_import.problems import problems_by_column
from engagements.base.table_import.results import Problem, RowResult
from engagements.base.tables.cells import read_whole
from engagements.base.tables.mapping import Mapping as ColumnMapping
from engagements.base.tables.table import Table
from engagements.models import Engagement, TableKind
from engagements.models.abstract import Versioned


@dataclass(frozen=True)
class NamedRow:
    """One row. `fields`: of the thing, as far as the table has the column. `problems`: (column, sentence)."""

    line: int
    title: str
    pk: int | None
    version: int | None
    key: str
    city: str
    fields: dict[str, Any]
    problems: tuple[Problem, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class NamedRows:
    rows: tuple[NamedRow, ...]
    notes: tuple[str, ...] = ()


def read_named_rows(
    table: Table, mapping: ColumnMapping, read_fields: Callable[[dict[str, str], list[Problem]], dict[str, Any]]
) -> NamedRows:
    """`read_fields` makes the fields of one row's cells, adds to its problems and gives `name` among them.

    Raises TableRefused when the mapping names a column that the table doesn't have.
    """
    mapping.check_header(table)
    found: list[NamedRow] = []
    for row in table.rows:
        cell = mapping.cells_of(table, row)
        problems: list[Problem] = []
        numbers: dict[str, int | None] = {}
        for name in ("id", "version"):
            try:
                numbers[name] = read_whole(cell[name]) if cell.get(name) else None
            except ValueError as wrong:
                problems.append((name, str(wrong)))
                numbers[name] = None
        fields = read_fields(cell, problems)
        name = str(fields.get("name", ""))
        if not name:
            problems.append(("name", "Give it a name."))
        key, city = cell.get("external_id", ""), cell.get("city", "")
        found.append(NamedRow(row.line, name, numbers["id"], numbers["version"], key, city, fields, tuple(problems)))
    return NamedRows(tuple(_once(found)))


def _once(rows: list[NamedRow]) -> Iterable[NamedRow]:
    """Two rows with one number, key or name are both refused."""
    ids = Counter(row.pk for row in rows if row.pk is not None)
    keys = Counter(row.key for row in rows if row.key)
    names = Counter(row.title.casefold() for row in rows if row.title)
    for row in rows:
        problems = list(row.problems)
        if row.pk is not None and ids[row.pk] > 1:
            problems.append(("id", "Another row has the same id."))
        if row.key and keys[row.key] > 1:
            problems.append(("external_id", f"Another row has the same key, “{row.key[:40]}”."))
        if row.pk is None and not row.key and names[row.title.casefold()] > 1:
            problems.append(("name", "Another row has the same name. Give the id or a key, or another name."))
        yield replace(row, problems=tuple(problems))


@dataclass(frozen=True)
class NamedThings:
    """What rows are matched with and how they are written. `things`: all of the engagement, archived ones too.

    `add(fields)` returns the new thing; `change(thing, fields, version)` writes what differs; both raise
    ValidationError by field. `shown(field, value)`: a value in words. `also(row)`: another way to know a thing again.
    """

    kind: TableKind
    noun: str
    things: list[Any]
    add: Callable[[dict[str, Any]], Versioned]
    change: Callable[[Any, dict[str, Any], int], object]
    shown: Callable[[str, Any], str]
    current: Callable[[Any, str], Any]
    also: Callable[[NamedRow, list[Any]], list[Any]] = field(default=lambda row, live: [])


def write_named_rows(
    within: Engagement, known: NamedThings, rows: tuple[NamedRow, ...], source_system: str
) -> tuple[RowResult, ...]:
    """Inside the transaction of the import."""
    by_key = keys_of(within, known.kind, source_system, [row.key for row in rows])
    by_id = {thing.pk: thing for thing in known.things}
    live = [thing for thing in known.things if thing.archived_at is None]
    results, made = [], {}
    for row in rows:
        note_row()
        result, thing = _write_one(within, known, row, by_id, by_key, live)
        results.append(result)
        if thing is not None and row.key:
            made[row.key] = thing.pk
    keep_keys(within, known.kind, source_system, made, by_key)
    return tuple(results)


def _write_one(
    within: Engagement,
    known: NamedThings,
    row: NamedRow,
    by_id: Mapping[int, Any],
    by_key: Mapping[str, int],
    live: list[Any],
) -> tuple[RowResult, Any]:
    target, problems = _match(within, known, row, by_id, by_key, live)
    if problems:
        return RowResult(row.line, "refused", row.title, problems=tuple(problems)), None
    try:
        if target is None:
            thing = known.add(row.fields)
            written = ((known.noun, thing.pk, None, thing.version),)
            return RowResult(row.line, "add", row.title, notes=row.notes, written=written), thing
        before = {name: known.current(target, name) for name in row.fields}
        changes = {name: value for name, value in row.fields.items() if before[name] != value}
        if not changes:
            return RowResult(row.line, "unchanged", row.title, notes=row.notes), target
        version = target.version
        known.change(target, changes, row.version or version)
        after = type(target)._base_manager.values_list("version", flat=True).get(pk=target.pk)
    except ValidationError as refused:
        return RowResult(row.line, "refused", row.title, problems=tuple(problems_by_column(refused))), None
    except Conflict as conflict:
        problems = [
            (c.field, f"Someone changed it since this file was exported: it is now “{known.shown(c.field, c.theirs)}”.")
            for c in conflict.fields
        ]
        return RowResult(row.line, "refused", row.title, problems=tuple(problems)), None
    shown = tuple((name, known.shown(name, before[name]), known.shown(name, value)) for name, value in changes.items())
    written = ((known.noun, target.pk, version, after),)
    return RowResult(row.line, "change", row.title, shown, notes=row.notes, written=written), target


def _match(
    within: Engagement,
    known: NamedThings,
    row: NamedRow,
    by_id: Mapping[int, Any],
    by_key: Mapping[str, int],
    live: list[Any],
) -> tuple[Any, list[Problem]]:
    problems = list(row.problems)
    here = within.city.name
    if row.city and row.city.casefold() not in (here.casefold(), str(within.city).casefold()):
        problems.append(("city", f"This row is of {row.city[:60]}; this import is for {here}. Take the row out."))
    if row.pk is not None or row.key in by_key:
        field = "id" if row.pk is not None else "external_id"
        target = by_id.get(row.pk if row.pk is not None else by_key[row.key])
        if target is None:
            problems.append((field, f"This engagement has no such row as {str(row.pk or row.key)[:40]}."))
        elif target.archived_at is not None:
            problems.append((field, "It is archived. Restore it, or take the row out."))
        return target, problems
    found = known.also(row, live) or [each for each in live if each.name.strip().casefold() == row.title.casefold()]
    if len(found) > 1:
        problems.append(("name", f"{len(found)} have this name. Give the id or a key of the one you mean."))
    return (found[0] if len(found) == 1 else None), problems
