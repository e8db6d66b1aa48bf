"""The evidence library as a table, in the columns an import reads again."""

from typing import Any

from engagements.evidence.records import COLUMNS, LISTS, YES_OR_NO, EvidenceFields

HEADER = (*COLUMNS, "version")


def evidence_cells(row: EvidenceFields, version: int | None = None) -> tuple[object, ...]:
    """A row in the order of HEADER. Numbers stay numbers; whole ones carry no decimal point."""
    return (*(_cell(name, getattr(row, name)) for name in COLUMNS), version)


def shown_value(name: str, value: object) -> str:
    """As the table has it, for a reader."""
    cell = _cell(name, value)
    return "" if cell is None else str(cell)


def _cell(name: str, value: Any) -> object:
    if name in LISTS:
        return "; ".join(value)
    if name in YES_OR_NO:
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value
