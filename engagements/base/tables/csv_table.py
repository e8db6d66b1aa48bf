"""CSV as spreadsheets write it: UTF-8, by comma, semicolon or tab."""

import csv
import io

from atlas.tables.formula_escape import unescape_formula
from engagements.base.tables.table import MAX_BYTES, MILESTONES, Kind, Table, TableRefused, build_table


def read_csv(content: bytes, kind: Kind = MILESTONES) -> Table:
    """Raises TableRefused."""
    if len(content) > MAX_BYTES:
        raise TableRefused(f"The file has more than {MAX_BYTES // 10**6} MB.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as other:
        raise TableRefused("The file is not UTF-8. Save it as “CSV UTF-8”, or bring the .xlsx.") from other
    if "\x00" in text:
        raise TableRefused("This is no text file. Bring a .csv or an .xlsx.")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    return build_table(_lines(reader), kind=kind)


def _lines(reader):
    begins = 1
    width = 0
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                width = width or len(cells)
                if len(cells) < width:
                    raise TableRefused(f"Line {begins} has fewer cells than there are columns.")
            yield begins, [unescape_formula(cell) for cell in cells]
            begins = reader.line_num + 1
    except csv.Error as broken:
        raise TableRefused(f"Line {reader.line_num} can't be read: a quotation mark is missing or stray.") from broken


def _delimiter(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(",;\t", key=first.count)
