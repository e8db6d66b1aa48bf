"""Declarations of the tables of engagements: those people bring back, and those that answer an import."""

from collections.abc import Iterable, Mapping, Sequence

from atlas.tables.declaration import Column, ColumnType, Table
from engagements.base.tables.table import Table as BroughtTable


def columns_of(
    names: Iterable[str],
    types: Mapping[str, ColumnType],
    help: Mapping[str, str] | None = None,
    units: Mapping[str, str] | None = None,
) -> tuple[Column, ...]:
    """In the order of `names`; what `types` doesn't name is text. `help`: what to write in a column."""
    said, measured = help or {}, units or {}
    return tuple(
        Column(
            name,
            types.get(name, "string"),
            name[:1].upper() + name[1:].replace("_", " "),
            measured.get(name, ""),
            said.get(name, ""),
        )
        for name in names
    )


def text_table(name: str, title: str, header: Sequence[str], sheet: str = "") -> Table:
    """A table of texts under the names somebody else gave its columns."""
    return Table(name, title, columns_of(header, {}), sheet=sheet)


def with_reasons(table: BroughtTable, reasons: Mapping[int, str]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The table as it came, with a last column that says what is wrong in each row."""
    kept = [at for at, name in enumerate(table.header) if name not in ("line", "reason")]
    return ("line", *(table.header[at] for at in kept), "reason"), [
        (str(row.line), *(row.cells[at] for at in kept), reasons.get(row.line, "")) for row in table.rows
    ]
