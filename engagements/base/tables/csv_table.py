"""CSV as spreadsheets write it: UTF-8, or UTF-16 with its mark, by comma, semicolon or tab; read line by line."""

import csv
import io
from collections.abc import Iterator

from atlas.tables.formula_escape import unescape_formula
from engagements.base.tables.table import MAX_BYTES, MILESTONES, Kind, Line, Table, TableRefused, build_table

_SNIFFED = 15  # lines that say what stands between cells


def read_csv(content: bytes, kind: Kind = MILESTONES) -> Table:
    """Raises TableRefused."""
    if len(content) > MAX_BYTES:
        raise TableRefused(f"The file has more than {MAX_BYTES // 10**6} MB.")
    text = _decode(content)
    if "\x00" in text:
        raise TableRefused("This is no text file. Bring a .csv or an .xlsx.")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    return build_table(_lines(reader), kind=kind)


def _decode(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError as broken:
            raise TableRefused("The file is cut off. Save it again as “CSV UTF-8”, or bring the .xlsx.") from broken
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as other:
        before = content[: other.start]
        line, column = before.count(b"\n") + 1, before[before.rfind(b"\n") + 1 :].count(b",") + 1
        raise TableRefused(
            f"The file is not UTF-8: line {line}, about column {column}, has a character of another encoding. "
            "Save it as “CSV UTF-8”, or bring the .xlsx."
        ) from other


def _lines(reader) -> Iterator[Line]:
    begins, width = 1, 0
    try:
        for cells in reader:
            filled = sum(1 for cell in cells if cell.strip())
            if filled:
                width = width or (len(cells) if filled > 1 else 0)
                if len(cells) < width:
                    raise TableRefused(f"Line {begins} has fewer cells than there are columns.")
            first = cells[0] if cells else ""
            indent = len(first) - len(first.lstrip(" \u00a0\t")) if first.strip() else 0
            yield Line(begins, tuple(unescape_formula(cell).strip() for cell in cells), indent)
            begins = reader.line_num + 1
    except csv.Error as broken:
        raise TableRefused(f"Line {reader.line_num} can't be read: a quotation mark is missing or stray.") from broken


def _delimiter(text: str) -> str:
    lines = [line for line in text[:50_000].splitlines() if line.strip()][:_SNIFFED]
    return max(",;\t", key=lambda mark: max((line.count(mark) for line in lines), default=0))
