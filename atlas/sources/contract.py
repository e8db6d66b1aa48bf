"""What a module of this package provides to be a source: one format of one publisher.

A new format is one module that fulfills `TableSource` or `MapSource`, and one line in `registry`.
"""

from typing import Protocol

from atlas.metrics.labels import MetricDefinition
from atlas.sources.base import DatasetInfo, ParsedFile, Progress
from atlas.sources.opening import OpenedFile
from atlas.sources.table_reader import Header


class Source(Protocol):
    """What both kinds of sources have."""

    METRICS: tuple[MetricDefinition, ...]  # of the observations it reads; () for estimates, whose grammar is `measures`

    def find_dataset(self, key: str) -> DatasetInfo | None:
        """One of the data sets it reads, None for any other key."""
        ...


class TableSource(Source, Protocol):
    """Reads a table, told by the names in its header."""

    # Without one of these no row has its place: a file that lacks some, though not all, is refused by name instead of
    # being passed over as unknown. () where nothing tells such a file from another publisher's.
    KEY_COLUMNS: tuple[str, ...]

    def matches_header(self, names: tuple[str, ...]) -> bool:
        """Whether a header is one of this source."""
        ...

    def read(self, opened: OpenedFile, header: Header, progress: Progress) -> ParsedFile:
        """The whole file, checked. Raises SourceFileError naming every problem."""
        ...


class MapSource(Source, Protocol):
    """Reads a map, told by its container or its first bytes."""

    def matches_file(self, opened: OpenedFile) -> bool:
        """Whether a file is one of this source. Raises SourceFileError for a broken one."""
        ...

    def read(self, opened: OpenedFile, progress: Progress) -> ParsedFile:
        """The whole file, checked. Raises SourceFileError naming every problem."""
        ...
