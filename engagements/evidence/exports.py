"""The evidence library as a table, in the columns an import reads again."""

from typing import Any

from atlas.tables.declaration import ColumnType, Table
from engagements.base.tables.declare import columns_of
from engagements.evidence.import_rows import HELP
from engagements.evidence.records import COLUMNS, LISTS, NUMBERS, WHOLE_NUMBERS, YES_OR_NO, EvidenceFields

HEADER = (*COLUMNS, "version")
_TYPES: dict[str, ColumnType] = {
    "verified_on": "date",
    "version": "integer",
    **dict.fromkeys(NUMBERS, "number"),
    **dict.fromkeys(WHOLE_NUMBERS, "integer"),
    **dict.fromkeys(YES_OR_NO, "boolean"),
}
_UNITS = {"study_takeup": "share 0-1", "cost_usd": "dollars of cost_price_year"}


def evidence_table(name: str = "evidence", address: str = "") -> Table:
    """Study findings. `effect`, its error and its interval are in the unit their row names."""
    columns = columns_of(HEADER, _TYPES, HELP, _UNITS)
    key = ("key",) if name == "evidence" else ()
    return Table(name, "What studies found", columns, key, address=address)


def evidence_cells(row: EvidenceFields, version: int | None = None) -> tuple[object, ...]:
    """A row in the order of HEADER."""
    return (*(_cell(name, getattr(row, name)) for name in COLUMNS), version)


def shown_value(name: str, value: object) -> str:
    """As a page has it, for a reader."""
    if name in YES_OR_NO:
        return "yes" if value else "no"
    cell = _cell(name, value)
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return "" if cell is None else str(cell)


def _cell(name: str, value: Any) -> object:
    return "; ".join(value) if name in LISTS else value
