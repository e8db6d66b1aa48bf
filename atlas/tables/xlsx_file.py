"""A workbook: typed cells on the first sheet, columns and sources on the second; no text ever becomes a formula."""

import io
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from atlas.tables.declaration import Column, Table
from atlas.tables.describe import notes_of
from atlas.tables.values import Value, python_columns

# Texts stay texts, whatever they begin with or look like.
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
ABOUT = "Columns and sources"  # the second sheet, which imports leave alone
_CREATED = datetime(1980, 1, 1)  # the same table gives the same bytes
_LONGEST_NAME = 31  # letters of a sheet's name, by Excel's rule
_LONGEST_CELL = 32_767  # characters, likewise
_FORBIDDEN = str.maketrans("[]:*?/\\'", "() -   ’")
_WIDEST, _NARROWEST = 60, 9
_CODES = {"date": "yyyy-mm-dd", "datetime": "yyyy-mm-dd hh:mm:ss", "integer": "0"}


def write_xlsx(table: Table, frame: pd.DataFrame) -> bytes:
    """The table under its column names, and a sheet “Columns and sources”."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, OPTIONS) as book:
        book.set_properties({"title": table.title[:255], "created": _CREATED})
        fill_sheet(book, book.add_worksheet(sheet_name(table.sheet or table.name, set())), table, frame)
        fill_about(book, book.add_worksheet(ABOUT), (table,))
    return made.getvalue()


def fill_sheet(
    book: xlsxwriter.Workbook,
    sheet: Worksheet,
    table: Table,
    frame: pd.DataFrame,
) -> None:
    """The header in line 1 with each column's description as a note, a row in each line below.

    Numbers are numbers, days are days, missing cells are blank.
    """
    bold = book.add_format({"bold": True})
    sheet.freeze_panes(1, 0)
    for at, (column, cells) in enumerate(zip(table.columns, python_columns(table, frame), strict=True)):
        style = book.add_format({"num_format": _CODES[column.type]}) if column.type in _CODES else None
        sheet.set_column(at, at, _width(column, cells))
        sheet.write_string(0, at, column.name, bold)
        if column.description:
            sheet.write_comment(0, at, column.description)
        for line, value in enumerate(cells, start=1):
            write_cell(sheet, line, at, value, style)


def fill_about(book: xlsxwriter.Workbook, sheet: Worksheet, tables: tuple[Table, ...]) -> None:
    """Each table's title, columns with type, unit and description, notes and sources, as text under one another."""
    bold = book.add_format({"bold": True})
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 2, 16)
    sheet.set_column(3, 3, 90)
    line = 0
    for table in tables:
        lines: list[tuple[str, ...]] = [
            (table.title,),
            *((text,) for text in (table.description, table.address) if text),
        ]
        lines += [(note,) for note in notes_of(table)]
        lines += [(), ("Column", "Type", "Unit", "What it is")]
        lines += [(c.name, c.type, c.unit, c.description or c.title) for c in table.columns]
        lines += [(), ("Source", "Release", "SHA-256", "Title, vintage, citation, license, address")]
        lines += [
            (s.publisher, str(s.release), s.sha256, "; ".join((s.title, s.vintage, s.citation, s.license, s.address)))
            for s in table.sources
        ]
        for cells in [*lines, ()]:
            style = bold if cells[:1] in ((table.title,), ("Column",), ("Source",)) else None
            for at, text in enumerate(cells):
                write_cell(sheet, line, at, text, style)
            line += 1


def sheet_name(wanted: str, taken: set[str]) -> str:
    """Letters Excel allows, at most 31, none twice (capitals are not told apart); adds itself to `taken`."""
    plain = " ".join(wanted.translate(_FORBIDDEN).split())
    name, number = plain[:_LONGEST_NAME].strip() or "Table", 2
    while name.lower() in taken:
        tail = f" {number}"
        name, number = plain[: _LONGEST_NAME - len(tail)].strip() + tail, number + 1
    taken.add(name.lower())
    return name


def write_cell(sheet: Worksheet, line: int, at: int, value: Value, style: Any) -> None:
    """One cell as what it is: a text stays a text, a number a number, a day a day; what is missing stays blank."""
    if value is None or value == "":
        return
    if isinstance(value, str):
        sheet.write_string(line, at, value.replace("\r\n", "\n")[:_LONGEST_CELL], style)
    elif isinstance(value, bool):
        sheet.write_boolean(line, at, value, style)
    elif isinstance(value, datetime):  # a workbook knows no time zones: UTC, as the column says
        sheet.write_datetime(line, at, value.astimezone(UTC).replace(tzinfo=None), style)
    elif isinstance(value, date):
        sheet.write_datetime(line, at, value, style)
    else:
        sheet.write_number(line, at, value, style)


def _width(column: Column, cells: list[Value]) -> int:
    """Wide enough for the name and for most of its texts."""
    longest = max(
        (len(cell) for cell in cells[:200] if isinstance(cell, str)), default=_CODE_WIDTHS.get(column.type, 0)
    )
    return min(_WIDEST, max(_NARROWEST, len(column.name) + 2, longest + 1))


_CODE_WIDTHS = {"date": 11, "datetime": 19}
