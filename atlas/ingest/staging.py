"""Writing a parsed file beside the live one. COPY in binary; a release is complete or it is not there."""

import io
import struct
from collections.abc import Iterator
from datetime import date

import numpy as np
from django.db import connection, transaction

from atlas.ingest import staging_observations, staging_wages
from atlas.measures import UNITS_ZERO_TO_ONE, UnknownMeasure, describe
from atlas.models import (
    AreaIndex,
    Boundary,
    CensusPlace,
    Estimate,
    MapFeature,
    Measure,
    Release,
    ReleaseMeasure,
    TractRelation,
    ZipTracts,
)
from atlas.sources.base import (
    BoundaryTable,
    CensusPlaceTable,
    Column,
    EstimateTable,
    MapLayer,
    ObservationTable,
    OccupationWageTable,
    ParsedFile,
    Progress,
    RelationTable,
    ZipTractTable,
    no_progress,
)
from atlas.sources.opening import OpenedFile

NATIONAL_AREA = "US"
_COPY_HEADER = b"PGCOPY\n\xff\r\n\0" + struct.pack("!ii", 0, 0)
_COPY_TRAILER = struct.pack("!h", -1)


def state_slices(table: EstimateTable) -> list[tuple[str, slice]]:
    """Slices of the sorted table: one per state for tracts, one in all otherwise."""
    if table.dataset.level != "tract":
        return [(NATIONAL_AREA, slice(0, len(table.geoids)))]
    states, starts = np.unique(table.geoids // 10**9, return_index=True)
    ends = [*starts[1:].tolist(), len(table.geoids)]
    return [(f"{state:02d}", slice(a, b)) for state, a, b in zip(states.tolist(), starts.tolist(), ends, strict=True)]


@transaction.atomic
def stage(
    parsed: ParsedFile,
    opened: OpenedFile,
    sha256: str,
    progress: Progress = no_progress,
    is_sample: bool = False,
    *,
    starter_date: date | None = None,
    waits: bool = False,
) -> Release:
    """A STAGED release holding everything in `parsed`. Nothing live is touched.

    `starter_date` is the day of the starter set the file came with. One that `waits` for a decision also keeps the
    names of its tracts: its file may be gone when it is decided.
    """
    release = Release.objects.create(
        dataset=parsed.dataset.key,
        level=parsed.dataset.level,
        vintage=parsed.vintage,
        file_name=opened.path.name[:255],
        sha256=sha256,
        byte_count=opened.packed_bytes,
        rows_read=parsed.rows_read,
        rows_kept=parsed.rows_kept,
        is_sample=is_sample,
        starter_date=starter_date,
    )
    if isinstance(parsed, BoundaryTable):
        _stage_boundaries(parsed, release)
    elif isinstance(parsed, RelationTable):
        _stage_relation(parsed, release)
    elif isinstance(parsed, MapLayer):
        _stage_layer(parsed, release)
    elif isinstance(parsed, ZipTractTable):
        _stage_zip_tracts(parsed, release)
    elif isinstance(parsed, CensusPlaceTable):
        _stage_place_names(parsed, release)
    elif isinstance(parsed, OccupationWageTable):
        staging_wages.stage(parsed, release)
    elif isinstance(parsed, ObservationTable):
        ids = measure_ids([column.slug for column in parsed.columns])
        staging_observations.stage(parsed, release, ids)
    else:
        _stage_estimates(parsed, release, waits or parsed.dataset.level != Release.Level.TRACT)
    progress("staging", parsed.rows_kept, parsed.rows_kept)
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
        (
            struct.pack("!q", release.pk),
            f.geoid.encode(),
            f.part.encode(),
            f.name.encode(),
            f.wkb,
            *(struct.pack("!d", bound) for bound in f.bounds),
        )
        for f in parsed.features
    )
    _copy(Boundary._meta.db_table, columns, rows)


def _stage_layer(parsed: MapLayer, release: Release) -> None:
    columns = (
        "release_id",
        "part",
        "kind",
        "name",
        "feature_class",
        "route_type",
        "wkb",
        "min_longitude",
        "min_latitude",
        "max_longitude",
        "max_latitude",
    )
    rows = (
        (
            struct.pack("!q", release.pk),
            parsed.part.encode(),
            parsed.kind.encode(),
            f.name.encode(),
            f.feature_class.encode(),
            f.route_type.encode(),
            f.wkb,
            *(struct.pack("!d", bound) for bound in f.bounds),
        )
        for f in parsed.features
    )
    _copy(MapFeature._meta.db_table, columns, rows)


def _stage_zip_tracts(parsed: ZipTractTable, release: Release) -> None:
    ZipTracts.objects.create(
        release=release,
        zips=parsed.zips.astype("<i4").tobytes(),
        geoids=parsed.geoids.astype("<i8").tobytes(),
        people=parsed.people.astype("<i4").tobytes(),
        shares=parsed.shares.astype("<f4").tobytes(),
    )


def _stage_place_names(parsed: CensusPlaceTable, release: Release) -> None:
    rows = (
        (
            struct.pack("!q", release.pk),
            *(text.encode() for text in (place.geoid, place.name, place.kind, place.usps)),
            *(struct.pack("!d", degrees) for degrees in (place.longitude, place.latitude)),
        )
        for place in parsed.places
    )
    columns = ("release_id", "geoid", "name", "kind", "usps", "longitude", "latitude")
    _copy(CensusPlace._meta.db_table, columns, rows)


def _stage_relation(parsed: RelationTable, release: Release) -> None:
    TractRelation.objects.create(
        release=release,
        new=parsed.new.astype("<i8").tobytes(),
        old=parsed.old.astype("<i8").tobytes(),
        shared_area=parsed.shared_area.astype("<f8").tobytes(),
        new_area=parsed.new_area.astype("<f8").tobytes(),
        old_area=parsed.old_area.astype("<f8").tobytes(),
    )


def _stage_estimates(parsed: EstimateTable, release: Release, with_names: bool) -> None:
    """Columns are taken one at a time: a full file is far larger than memory."""
    parts = state_slices(parsed)
    ids = measure_ids(list(parsed.slugs))
    AreaIndex.objects.bulk_create(
        AreaIndex(
            release=release,
            area=area,
            geoids=parsed.geoids[where].astype("<i8").tobytes(),
            labels="\n".join(map(_single_line, parsed.names[where])) if parsed.names and with_names else "",
        )
        for area, where in parts
    )
    release_id = struct.pack("!q", release.pk)
    found: list[ReleaseMeasure] = []

    def rows() -> Iterator[tuple[bytes | None, ...]]:
        for column in parsed.columns:
            found.append(ReleaseMeasure(release=release, measure_id=ids[column.slug], **quality(column)))
            measure_id = struct.pack("!q", ids[column.slug])
            value = column.value.astype("<f4", copy=False)
            error = None if column.standard_error is None else column.standard_error.astype("<f4", copy=False)
            for area, where in parts:
                packed_error = None if error is None else error[where].tobytes()
                yield release_id, measure_id, area.encode(), value[where].tobytes(), packed_error

    _copy(Estimate._meta.db_table, ("release_id", "measure_id", "area", "value", "standard_error"), rows())
    ReleaseMeasure.objects.bulk_create(found, batch_size=2000)


def _single_line(name: str) -> str:
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
