"""Opening files from outside: plain, .gz, .zip, Parquet or a workbook, guarded against everything that is not text.

A guarded stream refuses NUL bytes, bytes that are not UTF-8, lines over 1 MB and compression
bombs while it is read, in memory that does not grow with the file.
"""

import codecs
import gzip
import hashlib
import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any, cast

from atlas.sources.base import file_error
from atlas.sources.parquet_text import MAGIC as PARQUET_MAGIC
from atlas.sources.parquet_text import ParquetText
from atlas.sources.workbook_text import MARK as WORKBOOK_MARK
from atlas.sources.workbook_text import WorkbookText

MAX_LINE_BYTES = 1_000_000
MAX_EXPANDED_BYTES = 12_000_000_000  # the full tract file is about 5 GB of text
RATIO_ALLOWANCE_BYTES = 64_000_000  # below this any ratio is harmless
MAX_RATIO = 40  # text tables compress 3 to 20 times; bombs 1,000 times
_BLOCK = 1 << 20
# The workbook of an archive that is its table; those beside it are of other areas or describe the columns.
_TABLE_WORKBOOK = re.compile(r"(^|/)(MSA|national)_M20[0-9]{2}_dl\.xlsx$", re.IGNORECASE)
# What the standard library raises for damaged, encrypted or unknown compression.
_DAMAGED = (EOFError, zlib.error, OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError)


@dataclass
class OpenedFile:
    """A file as found: `member` is the entry of a .zip; `text_stream()` starts afresh at every call."""

    path: Path
    kind: str  # "plain", "gzip", "zip", "parquet" or "workbook"
    member: str = ""
    members: tuple[str, ...] = field(default_factory=tuple)

    @property
    def packed_bytes(self) -> int:
        return self.path.stat().st_size

    def raw_stream(self) -> IO[bytes]:
        if self.kind == "gzip":
            return cast(IO[bytes], gzip.open(self.path, "rb"))
        if self.kind == "zip":
            return zipfile.ZipFile(self.path).open(self.member)
        if self.kind == "parquet":
            return cast(IO[bytes], ParquetText(self.path, self.most_expanded_bytes))
        if self.kind == "workbook":
            return cast(IO[bytes], WorkbookText(self.path, self.member, self.most_expanded_bytes))
        return open(self.path, "rb")

    def text_stream(self, *, lines: bool = True) -> "GuardedStream":
        """`lines` False for documents such as GeoJSON, whose line may be as long as the file."""
        return GuardedStream(self, lines)

    @property
    def most_expanded_bytes(self) -> int:
        """More than this no publisher's file of its packed size expands to."""
        return max(RATIO_ALLOWANCE_BYTES, MAX_RATIO * self.packed_bytes)

    def read_member(self, name: str, limit: int) -> bytes:
        """One whole entry of a .zip, refused when it expands beyond `limit` bytes."""
        try:
            with zipfile.ZipFile(self.path) as archive, archive.open(name) as entry:
                data = entry.read(limit + 1)
        except _DAMAGED as error:
            raise file_error("the archive is cut short or damaged") from error
        if len(data) > limit:
            raise file_error(f"entry {name} of the archive expands to more than {limit:,} bytes")
        return data

    def read_start(self, name: str, count: int) -> bytes:
        """The first `count` bytes of an entry of a .zip, or all of a shorter one."""
        try:
            with zipfile.ZipFile(self.path) as archive, archive.open(name) as entry:
                return entry.read(count)
        except _DAMAGED as error:
            raise file_error("the archive is cut short or damaged") from error

    def sha256(self) -> str:
        """Of the file as it lies on disk."""
        with open(self.path, "rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()


class GuardedStream(io.RawIOBase):
    """Reads expanded bytes without the byte order mark; raises SourceFileError on the first thing that is not text.

    `position` is the number of expanded bytes handed out, `packed_position` how far it is on disk.
    """

    def __init__(self, opened: OpenedFile, lines: bool = True):
        super().__init__()
        self.opened = opened
        self._raw: IO[bytes] = io.BytesIO()  # so that closing works when opening fails
        try:
            self._raw = opened.raw_stream()
        except _DAMAGED as error:
            raise file_error("the file is cut short or damaged: it can't be expanded") from error
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._line_bytes = 0
        self._has_lines = lines
        self._lines = 1
        self._pending = memoryview(b"")
        self._started = False
        self.position = 0
        self.expanded = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """Fills the buffer, or what is left of the text: a short answer would end a reader's block early."""
        filled = 0
        while filled < len(buffer):
            if not self._pending:
                self._pending = memoryview(self._next_block())
                if not self._pending:
                    break
            take = self._pending[: len(buffer) - filled]
            buffer[filled : filled + len(take)] = take
            self._pending = self._pending[len(take) :]
            filled += len(take)
        self.position += filled
        return filled

    @property
    def fraction(self) -> float | None:
        """How far the reading is, 0-1, as far as the container tells."""
        if self.opened.kind == "zip":
            with zipfile.ZipFile(self.opened.path) as archive:
                whole = archive.getinfo(self.opened.member).file_size
            return min(self.expanded / whole, 1.0) if whole else None
        if isinstance(self._raw, ParquetText | WorkbookText):
            return self._raw.fraction
        packed = self._raw.fileobj if isinstance(self._raw, gzip.GzipFile) else self._raw
        return min(packed.tell() / self.opened.packed_bytes, 1.0)

    def _next_block(self) -> bytes:
        try:
            block = self._raw.read(_BLOCK)
        except _DAMAGED as error:
            raise file_error("the file is cut short or damaged: it can't be expanded to its end") from error
        if not block:
            self._decode(b"", final=True)
            return b""
        if not self._started:
            self._started = True
            block = block.removeprefix(codecs.BOM_UTF8)
        self.expanded += len(block)
        self._check_expansion()
        if b"\0" in block:
            raise file_error(
                "holds NUL bytes: this is not a text table", line=self._lines + block[: block.index(b"\0")].count(b"\n")
            )
        if not block.isascii():
            self._decode(block)
        if self._has_lines:
            self._check_lines(block)
        return block

    def _decode(self, block: bytes, final: bool = False) -> None:
        try:
            self._decoder.decode(block, final)
        except UnicodeDecodeError as error:
            line = self._lines + block[: error.start].count(b"\n")
            raise file_error(
                "is not UTF-8 text", line=line, value=repr(error.object[error.start : error.start + 4])
            ) from error

    def _check_expansion(self) -> None:
        if self.opened.kind == "plain":
            return
        too_dense = self.expanded > self.opened.most_expanded_bytes
        if too_dense or self.expanded > MAX_EXPANDED_BYTES:
            raise file_error(
                f"expands to over {self.expanded // 1_000_000:,} MB, which no source's table of this size does"
            )

    def _check_lines(self, block: bytes) -> None:
        """Every line shorter than MAX_LINE_BYTES; blocks are about as long, so two looks are enough."""
        first = block.find(b"\n")
        head = len(block) if first < 0 else first
        if self._line_bytes + head > MAX_LINE_BYTES:
            raise file_error(f"is longer than {MAX_LINE_BYTES:,} bytes", line=self._lines)
        if first < 0:
            self._line_bytes += len(block)
            return
        last = block.rfind(b"\n")
        self._line_bytes = len(block) - last - 1
        if last - first > MAX_LINE_BYTES:
            start = first
            while (following := block.find(b"\n", start + 1)) >= 0:
                if following - start > MAX_LINE_BYTES:
                    raise file_error(
                        f"is longer than {MAX_LINE_BYTES:,} bytes", line=self._lines + block[: start + 1].count(b"\n")
                    )
                start = following
        self._lines += block.count(b"\n")

    def close(self) -> None:
        self._raw.close()
        super().close()


def open_file(path: Path) -> OpenedFile:
    """Looks at the first bytes, never at the name. Raises SourceFileError for what is no single table or map."""
    try:
        with open(path, "rb") as stream:
            magic = stream.read(4)
    except OSError as error:
        raise file_error(f"can't be read: {error.strerror}") from error
    if not magic:
        raise file_error("the file is empty")
    if magic == PARQUET_MAGIC:
        return OpenedFile(path, "parquet")
    if magic[:2] == b"\x1f\x8b":
        return OpenedFile(path, "gzip")
    if magic == b"PK\x03\x04":
        return _open_zip(path)
    if magic[:2] == b"PK":
        raise file_error("the archive is empty or cut short")
    return OpenedFile(path, "plain")


def _open_zip(path: Path) -> OpenedFile:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    except zipfile.BadZipFile as error:
        raise file_error("the archive is cut short or damaged") from error
    if any(".." in PurePosixPath(e.filename.replace("\\", "/")).parts or e.filename[:1] in "/\\" for e in entries):
        raise file_error("the archive names a file outside its own folder, which is unsafe")
    if any(entry.flag_bits & 1 for entry in entries):
        raise file_error("the archive is encrypted")
    names = [entry.filename for entry in entries if not entry.filename.startswith("__MACOSX/")]
    if WORKBOOK_MARK in names:
        return OpenedFile(path, "workbook", "", tuple(names))
    shapes = [name for name in names if name.lower().endswith(".shp")]
    tables = [name for name in names if name.lower().endswith((".csv", ".txt", ".geojson", ".json"))]
    workbooks = [name for name in names if _TABLE_WORKBOOK.search(name)]
    if not shapes and not tables and len(workbooks) == 1:
        return OpenedFile(path, "workbook", workbooks[0], tuple(names))
    chosen = shapes or tables
    if len(chosen) != 1:
        raise file_error(f"the archive holds {len(chosen)} tables or maps; give it one")
    entry = next(entry for entry in entries if entry.filename == chosen[0])
    if entry.file_size > max(RATIO_ALLOWANCE_BYTES, MAX_RATIO * path.stat().st_size):
        raise file_error(f"expands to {entry.file_size // 1_000_000:,} MB, which no source's table of this size does")
    return OpenedFile(path, "zip", chosen[0], tuple(names))
