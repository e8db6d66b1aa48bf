"""A publisher's table kept as a workbook (.xlsx), read as the text it would be: header, commas, empty for missing.

So every reader, and every check of what a file holds, is the same for both forms. The first visible sheet is the
table; formulas are never worked out. Pure.
"""

import csv
import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from atlas.sources.base import file_error

MARK = "xl/workbook.xml"  # a member that every workbook has
MOST_RATIO = 40  # a workbook's parts expand 8 to 20 times; bombs 1,000 times
MOST_EXPANDED_BYTES = 1_000_000_000  # the publisher's largest is about 200 MB
_ROWS_AT_ONCE = 4_096
_MOST_PARTS = 200
_LOOK = 1 << 16  # bytes of a part: what declares a document type stands at its beginning
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
    NotImplementedError,
)


class WorkbookText(io.RawIOBase):
    """The bytes of the CSV form of a workbook, made row by row."""

    def __init__(self, path: Path, member: str, most_bytes: int):
        """`member`: the workbook inside an archive, "" where `path` is one.

        Raises SourceFileError for a damaged one, and for one whose parts expand to more than `most_bytes`.
        """
        super().__init__()
        self._pending = b""
        self._rows_read = 0
        try:
            content = _content(path, member, most_bytes)
            with zipfile.ZipFile(content) as parts:
                # The archive around it may be packed once more; what it holds is as dense as any workbook.
                _check_parts(parts, min(max(most_bytes, MOST_RATIO * content.getbuffer().nbytes), MOST_EXPANDED_BYTES))
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions it leaves out
                self._book = openpyxl.load_workbook(content, read_only=True, data_only=True, keep_links=False)
            visible = [sheet for sheet in self._book.worksheets if sheet.sheet_state == "visible"]
            if not visible:
                raise file_error("the workbook has no sheet that can be seen")
            self._rows = max(int(visible[0].max_row or 0), 1)
            self._blocks = self._make_blocks(visible[0])
        except _BROKEN as broken:
            raise file_error(_DAMAGED) from broken

    @property
    def fraction(self) -> float:
        """Share of the rows handed out, 0-1."""
        return min(self._rows_read / self._rows, 1.0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._pending:
            try:
                block = next(self._blocks, None)
            except _BROKEN as broken:
                raise file_error(_DAMAGED) from broken
            if block is None:
                return 0
            self._pending = block
        taken = self._pending[: len(buffer)]
        buffer[: len(taken)] = taken
        self._pending = self._pending[len(taken) :]
        return len(taken)

    def _make_blocks(self, sheet: Any) -> Iterator[bytes]:
        lines, text = 0, io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\n")
        for cells in sheet.iter_rows(values_only=True):
            writer.writerow([_text(value) for value in cells])
            lines += 1
            if lines % _ROWS_AT_ONCE == 0:
                self._rows_read = lines
                yield text.getvalue().encode()
                text.seek(0)
                text.truncate()
        self._rows_read = self._rows
        if text.tell():
            yield text.getvalue().encode()

    def close(self) -> None:
        if hasattr(self, "_book"):
            self._book.close()
        super().close()


_DAMAGED = "the workbook is cut short or damaged"


def _content(path: Path, member: str, most_bytes: int) -> io.BytesIO:
    if not member:
        return io.BytesIO(path.read_bytes())
    with zipfile.ZipFile(path) as archive, archive.open(member) as entry:
        content = entry.read(most_bytes + 1)
    if len(content) > most_bytes:
        raise file_error(f"entry {member} of the archive expands to more than {most_bytes:,} bytes")
    return io.BytesIO(content)


def _check_parts(parts: zipfile.ZipFile, most_bytes: int) -> None:
    found = parts.infolist()
    if len(found) > _MOST_PARTS or sum(part.file_size for part in found) > most_bytes:
        raise file_error("the workbook expands far beyond what a source's table of this size does")
    if any(part.flag_bits & 1 for part in found):
        raise file_error("the workbook is encrypted")
    for part in found:
        if part.filename.lower().endswith((".xml", ".rels", ".vml")):
            with parts.open(part) as stream:
                start = stream.read(_LOOK)
            if b"<!DOCTYPE" in start or b"<!ENTITY" in start or start[:2] in (b"\xff\xfe", b"\xfe\xff"):
                raise file_error("the workbook declares a document type, which no source's does")


def _text(value: object) -> str:
    """3.0 is 3; what is beyond 15 digits is the noise of a spreadsheet's arithmetic."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
    return " ".join(str(value).split())  # a cell with line breaks is one line of text
