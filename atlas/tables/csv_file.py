"""CSV as RFC 4180 has it: one header line, CRLF, UTF-8 without a byte order mark, no line of comments.

Where the numbers come from stands in the datapackage.json beside it. Numbers, days and true/false are written plainly.
A text that a spreadsheet would run as a formula gets one apostrophe in front (`formula_escape`); every other format
carries texts unchanged.
"""

import csv
import io
from datetime import date, datetime

import pandas as pd

from atlas.tables.declaration import Table
from atlas.tables.formula_escape import escape_formula
from atlas.tables.values import Value, python_columns


def write_csv(table: Table, frame: pd.DataFrame) -> bytes:
    """The whole file. A missing cell is empty."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([escape_formula(name) for name in table.names])
    writer.writerows(zip(*(_texts(cells) for cells in python_columns(table, frame)), strict=True))
    return text.getvalue().encode()


def _texts(cells: list[Value]) -> list[str]:
    return [csv_text(cell) for cell in cells]


def csv_text(value: Value) -> str:
    """One cell: the shortest text of a number ("3", not "3.0"), ISO for days and moments (UTC), true or false."""
    if value is None:
        return ""
    if isinstance(value, str):
        return escape_formula(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
