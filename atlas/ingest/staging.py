"""Writing a parsed file beside the live one. COPY in binary; a release is complete or it is not there."""

import io
import struct
from collections.abc import Iterator

import numpy as np
from django.db import connection, transaction

from atlas.measures import UNITS_ZERO_TO_ONE, UnknownMeasure, describe
from atlas.models import AreaIndex, Boundary, Estimate, Measure, Release, ReleaseMeasure
from atlas.sources.base import BoundaryTable, Column, EstimateTable, Progress, no_progress
from atlas.sources.opening import OpenedFile
from atlas.sources.recognise import Parsed

NATIONAL_AREA = "US"
_COPY_HEADER = b"PGCOPY\n\xff\r\n\0" + struct.pack("!ii", 0, 0)
_COPY_TRAILER = struct.pack("!h", -1)


def areas(table: EstimateTable) -> list[tuple[str, slice]]:
    """Slices of the sorted table: one per state for tracts, one in all otherwise."""
    if table.dataset.level != "tract":
        return [(NATIONAL_AREA, slice(0, len(table.geoids)))]
    states, starts = np.unique(table.geoids // 10**9, return_index=True)
    ends = [*starts[1:].tolist(), len(table.geoids)]
    return [(f"{state:02d}", slice(a, b)) for state, a, b in zip(states.tolist(), starts.tolist(), ends, strict=True)]


@transaction.atomic
def stage(
    parsed: Parsed, opened: OpenedFile, sha256: str, progress: Progress = no_progress, *, waits: bool = False
) -> Release:
    """A STAGED release holding everything in `parsed`. Nothing live is touched.

    One that `waits` for a decision also keeps the names of its tracts: its file may be gone when it is decided.
    """
    kept = len(parsed.geoids) if isinstance(parsed, EstimateTable) else len(parsed.features)
    release = Release.objects.create(
        dataset=parsed.dataset.key,
        level=parsed.dataset.level,
        vintage=parsed.vintage,
        file_name=opened.path.name[:255],
        sha256=sha256,
        byte_count=opened.packed_bytes,
        rows_read=parsed.rows_read,
        rows_kept=kept,
    )
    if isinstance(parsed, BoundaryTable):
        _stage_boundaries(parsed, release)
    else:
        _stage_estimates(parsed, release, waits or parsed.dataset.level != Release.Level.TRACT)
    progress("staging", kept, kept)
    return release


def _stage_boundaries(parsed: BoundaryTable, release: Release) -> None:
    columns = (
        "release_id",
        "geoid",
        "part",
        "name",
        "wkb",
        "min_longitude",
        "min_latitude",
        "max_longitude",
        "max_latitude",
    )
    rows = (
        (struct.pack("!q", release.pk), f.geoid.encode(), f.part.encode(), f.name.encode(), f.wkb,
         *(struct.pack("!d", bound) for bound in f.bounds))
        for f in parsed.features
    )  # fmt: skip
    _copy(Boundary._meta.db_table, columns, rows)


def _stage_estimates(parsed: EstimateTable, release: Release, with_names: bool) -> None:
    parts = areas(parsed)
    ids = measure_ids([column.slug for column in parsed.columns])
    AreaIndex.objects.bulk_create(
        AreaIndex(
            release=release, area=area, geoids=parsed.geoids[where].astype("<i8").tobytes(),
            labels="\n".join(map(_one_line, parsed.names[where])) if parsed.names and with_names else "",
        )
        for area, where in parts
    )  # fmt: skip
    ReleaseMeasure.objects.bulk_create(
        ReleaseMeasure(release=release, measure_id=ids[column.slug], **quality(column)) for column in parsed.columns
    )
    release_id = struct.pack("!q", release.pk)
    rows = (
        (
            release_id,
            struct.pack("!q", ids[column.slug]),
            area.encode(),
            column.value[where].astype("<f4").tobytes(),
            None if column.standard_error is None else column.standard_error[where].astype("<f4").tobytes(),
        )
        for column in parsed.columns
        for area, where in parts
    )
    _copy(Estimate._meta.db_table, ("release_id", "measure_id", "area", "value", "standard_error"), rows)


def _one_line(name: str) -> str:
    return " ".join(name.split("\n")) if "\n" in name else name


def measure_ids(slugs: list[str]) -> dict[str, int]:
    """Ids of measures, made where they are new."""
    Measure.objects.bulk_create([Measure(slug=slug) for slug in slugs], ignore_conflicts=True)  # names only, no values
    return dict(Measure.objects.filter(slug__in=slugs).values_list("slug", "id"))


def quality(column: Column) -> dict:
    """Counts of a column: with a value, without, outside 0-1 where a rank or share is meant."""
    known = column.value[np.isfinite(column.value)]
    try:
        bounded = describe(column.slug).unit in UNITS_ZERO_TO_ONE
    except UnknownMeasure:  # ids stored beside the estimates, such as a county's commuting zone
        bounded = False
    return {
        "has_standard_error": column.standard_error is not None,
        "rows_with_value": int(known.size),
        "rows_without_value": int(column.value.size - known.size),
        "rows_outside_range": int(np.count_nonzero((known < 0) | (known > 1))) if bounded else 0,
        "minimum": float(known.min()) if known.size else None,
        "maximum": float(known.max()) if known.size else None,
    }


def _copy(table: str, columns: tuple[str, ...], rows: Iterator[tuple[bytes | None, ...]]) -> None:
    """COPY ... FROM STDIN (FORMAT binary): fields are already in Postgres's binary form."""
    with connection.cursor() as cursor:
        statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT binary)"
        cursor.copy_expert(statement, _RowStream(rows, len(columns)))


class _RowStream(io.RawIOBase):
    """A binary COPY stream made row by row, so that memory does not grow with the file."""

    def __init__(self, rows: Iterator[tuple[bytes | None, ...]], width: int):
        self._rows = rows
        self._width = struct.pack("!h", width)
        self._buffer = bytearray(_COPY_HEADER)
        self._ended = False

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while not self._ended and (size < 0 or len(self._buffer) < size):
            row = next(self._rows, None)
            if row is None:
                self._buffer += _COPY_TRAILER
                self._ended = True
                break
            self._buffer += self._width
            for field in row:
                self._buffer += struct.pack("!i", -1) if field is None else struct.pack("!i", len(field)) + field
        taken = bytes(self._buffer) if size < 0 else bytes(self._buffer[:size])
        del self._buffer[: len(taken)]
        return taken
