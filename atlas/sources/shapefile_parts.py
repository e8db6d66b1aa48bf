"""The parts of a zipped shapefile: opened within one budget of bytes, and what its reader raises for broken ones."""

import io
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath

import shapefile

from atlas.sources.base import file_error
from atlas.sources.opening import OpenedFile

_FIELD_BYTES, _MOST_FIELDS = 32, 255
# What the reader raises for garbled or truncated parts.
_NOT_A_SHAPEFILE = (
    shapefile.ShapefileException,
    shapefile.PossiblyCorruptFileHeader,
    struct.error,
    ValueError,
    IndexError,
    KeyError,
    TypeError,
    AttributeError,
    OverflowError,
)


def is_shapefile(opened: OpenedFile) -> bool:
    """Whether the chosen entry of a .zip is the .shp of a shapefile."""
    return opened.kind == "zip" and opened.member.lower().endswith(".shp")


def stem(opened: OpenedFile) -> str:
    """The name its parts share, without folder and suffix: tl_2019_39061_roads."""
    return PurePosixPath(opened.member.replace("\\", "/")).stem


def column_names(opened: OpenedFile) -> frozenset[str]:
    """Of the table beside the shapes, from its header alone; none where there is no such table."""
    name = _part(opened, "dbf")
    head = opened.read_start(name, (_MOST_FIELDS + 1) * _FIELD_BYTES) if name else b""
    found = []
    for start in range(_FIELD_BYTES, len(head) - _FIELD_BYTES + 1, _FIELD_BYTES):
        if head[start] == 0x0D:  # ends the list of fields
            break
        found.append(head[start : start + 11].split(b"\0")[0].decode("ascii", "replace").strip())
    return frozenset(found)


@contextmanager
def shapefile_reader(opened: OpenedFile, most_bytes: int) -> Iterator[shapefile.Reader]:
    """A reader of all parts, at most `most_bytes` together. Raises SourceFileError for an archive that is damaged, too
    large or lacks the .shx or .dbf beside the .shp; also for what is found broken inside the block.
    """
    parts, left = {}, min(most_bytes, opened.most_expanded_bytes)
    for suffix in ("shp", "shx", "dbf"):
        name = _part(opened, suffix)
        if name is None:
            raise file_error(f"the archive has a .shp but no .{suffix} beside it")
        data = opened.read_member(name, left)  # one budget for the three together
        left -= len(data)
        parts[suffix] = io.BytesIO(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", shapefile.PossiblyCorruptFileHeader)  # a length that is a lie
            with shapefile.Reader(**parts, encoding=_encoding(opened)) as reader:
                yield reader
    except _NOT_A_SHAPEFILE as error:
        raise file_error("is not a readable shapefile") from error


def _part(opened: OpenedFile, suffix: str) -> str | None:
    wanted = f"{opened.member[:-4]}.{suffix}".lower()
    return next((member for member in opened.members if member.lower() == wanted), None)


def _encoding(opened: OpenedFile) -> str:
    """What the .cpg beside the .shp says; the Census wrote latin-1 before it wrote UTF-8 with a .cpg."""
    name = _part(opened, "cpg")
    text = opened.read_member(name, 1000).decode("ascii", "replace").strip().lower() if name else ""
    return "utf-8" if text in ("utf-8", "utf8", "65001") else "latin-1"
