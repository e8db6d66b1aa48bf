"""XLSX without trust: sizes are looked at before anything is unpacked, formulas are never worked out."""

import io
import re
import warnings
import zipfile
import zlib
from datetime import date, datetime

import openpyxl
from openpyxl.utils.escape import unescape
from openpyxl.utils.exceptions import InvalidFileException

from atlas.tables.xlsx_file import ABOUT
from engagements.base.tables.table import MAX_BYTES, MAX_COLUMNS, MILESTONES, Kind, Table, TableRefused, build_table

MAX_PARTS = 200
MAX_UNPACKED = 20_000_000  # bytes of all parts together
MAX_LINES = 100_000  # blank ones too
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
            _check_merged(sheet, parts, kind)
            sheet.reset_dimensions()
            return build_table(_lines(sheet), notes, kind)
        finally:
            book.close()


def _choose(book, kind: Kind):
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    hidden = [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]
    named = [sheet for sheet in visible if sheet.title.strip().lower() == kind.sheet.lower()]
    if not named and len(visible) > 1:
        visible = [sheet for sheet in visible if sheet.title != ABOUT]
    if not named and len(visible) != 1:
        names = ", ".join(f"“{sheet.title}”" for sheet in visible)
        raise TableRefused(f"The workbook shows {len(visible)} sheets ({names}). Call the one to read “{kind.sheet}”.")
    chosen = (named or visible)[0]
    left = [f"Sheet “{sheet.title}” was not read." for sheet in visible if sheet is not chosen and sheet.title != ABOUT]
    return chosen, (*left, *(f"Hidden sheet “{title}” was not read." for title in hidden))


def _check_merged(sheet, parts: zipfile.ZipFile, kind: Kind) -> None:
    found = re.search(rb'mergeCell [^>]*ref="([A-Z0-9:]{1,20})"', parts.read(sheet._worksheet_path))
    if found:
        raise TableRefused(f"Cells {found[1].decode()} are merged. Unmerge them: each {kind.one} has its own cells.")


def _lines(sheet):
    for line, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS + 1, values_only=True), start=1):
        if line > MAX_LINES:
            raise TableRefused(f"The sheet has more than {MAX_LINES:,} lines. Delete the blank ones.")
        yield line, [_text(value) for value in cells]


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
