"""Which source reads a file: decided by its header or first bytes, never by its name alone."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from atlas.sources import registry, table_reader
from atlas.sources.base import ParsedFile, Progress, file_error, header_error
from atlas.sources.opening import OpenedFile
from atlas.sources.table_reader import Header

_OTHER_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "bars"}


class UnknownFormat(Exception):
    """No source reads a file with this header."""


@dataclass(frozen=True)
class DetectedSource:
    """A source that reads the file."""

    source: str
    read: Callable[[Progress], ParsedFile]


def source_names() -> tuple[str, ...]:
    return tuple(registry.all_sources())


def detect_source(opened: OpenedFile, source: str = "") -> DetectedSource:
    """The source of an opened file; `source` forces one among those of tables.

    Raises UnknownFormat, or SourceFileError for a broken file and for one that the forced source does not read.
    """
    if source and source not in source_names():
        raise file_error(f"there is no source '{source}'; known are {', '.join(source_names())}")
    for name, map_source in registry.MAP_SOURCES.items():
        if map_source.matches_file(opened):
            return DetectedSource(name, partial(map_source.read, opened))
    header = table_reader.read_header(opened)
    for name, table_source in registry.TABLE_SOURCES.items():
        if source in ("", name) and table_source.matches_header(header.names):
            return DetectedSource(name, partial(table_source.read, opened, header))
    if source:
        raise header_error(source, header.names)
    _reject_near_misses(header)
    raise UnknownFormat(", ".join(header.names[:6])[:120])


def _reject_near_misses(header: Header) -> None:
    """A publisher's table with another delimiter or without a key column: refused with the reason, not skipped."""
    line = header.first_line.decode("utf-8").strip()
    sources = tuple(registry.TABLE_SOURCES.values())
    for delimiter, plural in _OTHER_DELIMITERS.items():
        names = tuple(name.strip().strip('"') for name in line.split(delimiter))
        if len(names) > 1 and any(source.matches_header(names) for source in sources):
            raise file_error(f"fields are parted by {plural}; the source's file has commas", line=1, value=line[:40])
    for source in sources:
        missing = [key for key in source.KEY_COLUMNS if key not in header.names]
        if 0 < len(missing) < len(source.KEY_COLUMNS) and source.matches_header((*header.names, *missing)):
            raise file_error("is missing; without it no row has its place", line=1, column=missing[0])
