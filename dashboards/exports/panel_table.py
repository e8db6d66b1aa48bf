"""A panel as a declared table: exactly the rows of its table, raw, for every format it leaves the portal in.

Files call things by standard names: `value`, `standard_error`, `n` (children behind an estimate), `reason` (why a
number is missing). A table of tracts has all four, filled or not. `sample_notice` marks each row of generated data.
"""

from collections.abc import Callable
from typing import Any

import pandas as pd

from atlas.queries.shapes import tract_shapes
from atlas.records.places import SAMPLE_NOTICE
from atlas.tables.csv_file import write_csv as write_table_csv
from atlas.tables.declaration import GEOID, Column, ColumnType, Table
from atlas.tables.frames import build_frame
from atlas.web.table_files import Shapes, TableFile, provenance_of
from dashboards.exports.numbers import number_in
from dashboards.formatting.shown_dollars import in_shown_dollars, shown_dollars, shown_unit
from dashboards.panels.base import Cell, Panel
from dashboards.panels.base import Column as PanelColumn

SAMPLE_COLUMN = Column("sample_notice", "string", "Says that the row was generated", "", "Not a published figure")
NO_VALUE, NO_ERROR = "no value is published", "the file loaded here has no standard error"
_OUTCOMES = {"rank": "value", "note": "reason"}
_TRACTS = {"children": "n", "note": "reason"}
# Of a panel: names of its columns that are others in files.
_FILE_NAMES = {
    "headline": _OUTCOMES,
    "groups": _OUTCOMES,
    "gaps": {"note": "reason"},
    "where": _TRACTS,
    "standing": _TRACTS,
}
_TYPES: dict[str, ColumnType] = {"text": "string", "date": "date", "yes": "boolean"}


def panel_file(panel: Panel, name: str, address: str = "") -> TableFile:
    """`name`: of the file, "detroit-where". `address`: of the panel on its page."""
    if not panel.table.columns:
        return _explain(panel, name, address)
    whole, for_files = panel.table.columns, [column for column, _ in panel.table.for_files]
    columns = tuple(_declare(panel, column) for column in (*whole, *for_files))
    rows = [[_raw(cell, column) for cell, column in zip(row, whole, strict=True)] for row in panel.table.rows]
    for column, cells in panel.table.for_files:
        for row, cell in zip(rows, cells, strict=True):
            row.append(_raw(cell, column))
    names = [column.name for column in columns]
    of_tracts = GEOID in names and "value" in names
    if of_tracts:
        columns, rows = _complete(columns, rows)
    if panel.is_sample:
        columns, rows = (*columns, SAMPLE_COLUMN), [[*row, SAMPLE_NOTICE] for row in rows]
    table = Table(
        name,
        panel.table.caption,
        columns,
        (GEOID,) if of_tracts else (),
        panel.finding,
        tuple(map(provenance_of, panel.sources)),
        (*panel.caveats, *panel.details, *([shown_dollars().sentence] if panel.has_incomes else [])),
        address,
        is_sample=panel.is_sample,
    )
    frame = build_frame(table, rows)
    return TableFile(table, frame, shapes_of(frame) if of_tracts else None)


def _explain(panel: Panel, name: str, address: str) -> TableFile:
    """A table of one row that says why there is nothing else in it."""
    column = Column("reason", "string", "Why there are no numbers")
    table = Table(name, panel.title, (column,), address=address, is_sample=panel.is_sample)
    return TableFile(table, build_frame(table, [[panel.reason]]))


def write_csv(panel: Panel) -> str:
    """A panel's CSV as text."""
    found = panel_file(panel, panel.slug)
    return write_table_csv(found.table, found.frame).decode()


def column_unit(column: PanelColumn) -> str:
    """Unit of a column's raw numbers: "rank 0-1", "share 0-1", "usd_2015"; "" for text and bare counts."""
    if column.kind == "share":
        return "share 0-1"
    return {"rank": "rank 0-1", "share": "share 0-1"}.get(column.unit, shown_unit(column.unit))


def _declare(panel: Panel, column: PanelColumn) -> Column:
    name = _FILE_NAMES.get(panel.slug, {}).get(column.key, column.key)
    unit = "percentile 0-100" if column.kind == "percentile" else column_unit(column)
    return Column(shown_unit(name), _TYPES.get(column.kind, "number"), column.label, unit)


def _raw(cell: Cell, column: PanelColumn) -> Cell | bool:
    return cell == "yes" if column.kind == "yes" else shown_cell(cell, column)


def shown_cell(cell: Cell, column: PanelColumn) -> Cell:
    """A raw cell in the dollars shown, in the unit of its column or, where rows differ, its own; None for no number.

    In a column of units the unit of its row's numbers as they leave.
    """
    if not column.is_number:
        return shown_unit(cell) if column.key == "unit" and isinstance(cell, str) else cell
    number = number_in(cell)
    return number if number is None else in_shown_dollars(number, getattr(cell, "unit", column.unit))


def column_key(column: PanelColumn) -> str:
    """What a column is called in files and answers: one called after its dollars after those shown."""
    return shown_unit(column.key)


def _complete(columns: tuple[Column, ...], rows: list[list[Any]]) -> tuple[tuple[Column, ...], list[list[Any]]]:
    """A table of tracts with standard error, n and reason, whether its source has them or not."""
    unit = next(column.unit for column in columns if column.name == "value")
    wanted = (
        Column("standard_error", "number", "Standard error", unit),
        Column("n", "number", "Children behind the value"),
        Column("reason", "string", "Why a number is missing"),
    )
    added = tuple(column for column in wanted if column.name not in [held.name for held in columns])
    whole = (*columns, *added)
    at = {column.name: position for position, column in enumerate(whole)}
    rows = [[*row, *[None] * len(added)] for row in rows]
    for row in rows:
        missing = [NO_VALUE] if row[at["value"]] is None else []
        missing += [NO_ERROR] if row[at["value"]] is not None and row[at["standard_error"]] is None else []
        row[at["reason"]] = "; ".join(filter(None, [row[at["reason"]], *missing]))
    return whole, rows


def shapes_of(frame: pd.DataFrame) -> Callable[[], Shapes]:
    """Finds the live shapes of the tracts of a frame when a map file is asked for."""

    def find() -> Shapes:
        found, sources = tract_shapes(tuple(frame[GEOID]))
        return Shapes(found, tuple(map(provenance_of, sources)))

    return find
