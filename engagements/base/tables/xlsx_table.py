"""XLSX without trust: sizes are looked at before anything is unpacked, formulas are never worked out."""

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

import openpyxl
from openpyxl.utils.escape import unescape
from openpyxl.utils.exceptions import InvalidFileException

from atlas.tables.xlsx_file import ABOUT
from engagements.base.tables.table import (
    MAX_BYTES,
    MAX_COLUMNS,
    MILESTONES,
    Kind,
    Line,
    Table,
    TableRefused,
    build_table,
)

MAX_PARTS = 200
MAX_UNPACKED = 20_000_000  # bytes of all parts together
MAX_LINES = 100_000  # blank ones too
_SHOWN = 5  # formulas that are named
# Sheets that tools put beside the table itself: Smartsheet its comments, Project its people.
_BESIDE = frozenset({ABOUT.lower(), "comments", "attachments", "resource_table", "assignment_table", "summary"})
# What broken parts make of zipfile, expat (a SyntaxError) and openpyxl.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    OSError,
    EOFError,
    SyntaxError,
    RuntimeError,
)
_NOT_XLSX = "This is not a workbook that can be read. Save it again as .xlsx, or as CSV UTF-8."


def read_xlsx(content: bytes, kind: Kind = MILESTONES) -> Table:
    """The sheet called as the kind says, or the only visible one. Raises TableRefused."""
    if len(content) > MAX_BYTES:
        raise TableRefused(f"The file has more than {MAX_BYTES // 10**6} MB.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            _check_parts(parts, kind)
            return _read(content, parts, kind)
    except TableRefused:
        raise
    except _BROKEN as broken:
        raise TableRefused(_NOT_XLSX) from broken


def _check_parts(parts: zipfile.ZipFile, kind: Kind) -> None:
    found = parts.infolist()
    if len(found) > MAX_PARTS or sum(part.file_size for part in found) > MAX_UNPACKED:
        raise TableRefused(f"Unpacked, the workbook is far larger than a table of {kind.many}.")
    if any(part.flag_bits & 1 for part in found):
        raise TableRefused("The workbook has a password. Save it without one.")
    for part in found:
        if part.filename.lower().endswith((".xml", ".rels", ".vml")):
            text = parts.read(part)  # the size it declares is where reading ends
            if b"<!DOCTYPE" in text or b"<!ENTITY" in text or text[:2] in (b"\xff\xfe", b"\xfe\xff"):
                raise TableRefused(_NOT_XLSX)


def _read(content: bytes, parts: zipfile.ZipFile, kind: Kind) -> Table:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions it leaves out: we want text
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        try:
            sheet, notes = _choose(book, kind)
            sheet.reset_dimensions()
            formulas: list[str] = []
            table = build_table(_lines(sheet, _merged(sheet, parts), formulas, kind), notes, kind)
            return replace(table, notes=(*table.notes, *_formula_notes(formulas)))
        finally:
            book.close()


def _choose(book, kind: Kind):
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    hidden = [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]
    named = [sheet for sheet in visible if sheet.title.strip().lower() == kind.sheet.lower()]
    every = visible
    if not named and len(visible) > 1:
        visible = [sheet for sheet in visible if sheet.title.strip().lower() not in _BESIDE]
    if not named and len(visible) != 1:
        names = ", ".join(f"“{sheet.title}”" for sheet in visible)
        raise TableRefused(f"The workbook shows {len(visible)} sheets ({names}). Call the one to read “{kind.sheet}”.")
    chosen = (named or visible)[0]
    left = [f"Sheet “{sheet.title}” was not read." for sheet in every if sheet is not chosen and sheet.title != ABOUT]
    return chosen, (*left, *(f"Hidden sheet “{title}” was not read." for title in hidden))


def _merged(sheet, parts: zipfile.ZipFile) -> dict[int, str]:
    """Line -> the merged cells it is part of."""
    found: dict[int, str] = {}
    corner = rb"([A-Z]{1,3})(\d{1,7})"
    for a, first, b, last in re.findall(
        rb'mergeCell [^>]*ref="' + corner + b":" + corner, parts.read(sheet._worksheet_path)
    ):
        for line in {int(first), int(last)}:
            found.setdefault(line, f"{(a + first).decode()}:{(b + last).decode()}")
    return found


def _formula_notes(cells: list[str]) -> tuple[str, ...]:
    if not cells:
        return ()
    more = f" and {len(cells) - _SHOWN} more" if len(cells) > _SHOWN else ""
    named = ", ".join(cells[:_SHOWN])
    return (f"Formulas were read as the text they are, not worked out: {named}{more}. Paste their values instead.",)


def _lines(sheet, merged: dict[int, str], formulas: list[str], kind: Kind) -> Iterator[Line]:
    for line, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS + 1), start=1):
        if line > MAX_LINES:
            raise TableRefused(f"The sheet has more than {MAX_LINES:,} lines. Delete the blank ones.")
        texts = tuple(_cell_text(cell) for cell in cells)
        stripped = tuple(text.strip() for text in texts)
        if line in merged and (sum(1 for text in stripped if text) > 1 or not _is_of_one_line(merged[line])):
            raise TableRefused(f"Cells {merged[line]} are merged. Unmerge them: each {kind.one} has its own cells.")
        formulas += [cell.coordinate for cell in cells if getattr(cell, "data_type", "") == "f"]
        yield Line(line, stripped, _indent(cells, texts))


def _is_of_one_line(merged: str) -> bool:
    """A title across a line of its own harms nobody."""
    return len(set(re.findall(r"\d+", merged))) == 1


def _indent(cells, texts: tuple[str, ...]) -> int:
    """How far the first cell is moved to the right: by its style, or by spaces in front of its text."""
    if not texts or not texts[0].strip():
        return 0
    alignment = getattr(cells[0], "alignment", None)
    styled = int(getattr(alignment, "indent", 0) or 0)
    return styled or len(texts[0]) - len(texts[0].lstrip(" \u00a0"))


def _cell_text(cell) -> str:
    text, number_format = _text(cell.value), str(getattr(cell, "number_format", "") or "")
    if "%" in number_format and isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
        return f"{cell.value * 100:.10g}%"  # 0.5 shown as 50% says 50%
    return text


def _text(value: object) -> str:
    """A typed day has one meaning; a formula stays the text it is; 3.0 is 3, 0.1 + 0.2 is 0.3."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime | date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, float):
        return f"{value:.15g}"  # as the spreadsheet shows it: what is beyond is the noise of its arithmetic
    return unescape(str(value))  # _x0001_ is how workbooks write control characters
