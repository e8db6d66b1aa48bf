"""Writing observations: binary COPY made by numpy, one metric at a time.

Rows of a metric that share their text and their empty fields have one fixed width, so a whole group of them is
one array of bytes instead of a loop over rows.
"""

import io
import struct
from collections.abc import Iterator

import numpy as np
from django.db import connection

from atlas.metrics.catalog import METRICS
from atlas.models import AreaIndex, Observation, Release, ReleaseMeasure
from atlas.sources.base import GEOID_WIDTHS, ObservationTable, ObservedColumn

_AREA = "US"
_HEADER = b"PGCOPY\n\xff\r\n\0" + struct.pack("!ii", 0, 0)
_TRAILER = struct.pack("!h", -1)
_EPOCH = np.datetime64("2000-01-01", "D")  # Postgres counts days from here
_NUMBERS = ("value", "lower", "upper", "standard_error")
_COLUMNS = (
    "release_id",
    "area_kind",
    "geoid",
    "metric",
    "subgroup",
    "period_start",
    "period_kind",
    *_NUMBERS,
    "quality",
    "provisional",
    "excluded_reason",
    "valid_from",
    "valid_to",
)


def stage(table: ObservationTable, release: Release, measure_ids: dict[str, int]) -> None:
    """Every row of every metric into `release`, its areas with their names, and what each metric holds."""
    codes = np.unique(table.geoids)
    labels = "\n".join(" ".join(table.names.get(code, "").split()) for code in codes.tolist()) if table.names else ""
    AreaIndex.objects.create(release=release, area=_AREA, geoids=codes.astype("<i8").tobytes(), labels=labels)
    ReleaseMeasure.objects.bulk_create(
        ReleaseMeasure(release=release, measure_id=measure_ids[column.slug], **quality(column))
        for column in table.columns
    )
    statement = f"COPY {Observation._meta.db_table} ({', '.join(_COLUMNS)}) FROM STDIN (FORMAT binary)"
    with connection.cursor() as cursor:
        for column in table.columns:
            rows = b"".join([_HEADER, *_groups(table, column, release.pk), _TRAILER])
            cursor.copy_expert(statement, io.BytesIO(rows))


def quality(column: ObservedColumn) -> dict:
    """Counts of a metric: with a value, without, outside 0-1 where a share is meant."""
    value = column.value if column.rows is None else column.value[column.rows]
    known = value[np.isfinite(value)]
    bounded = METRICS[column.slug].unit == "share"
    return {
        "has_standard_error": column.standard_error is not None,
        "rows_with_value": int(known.size),
        "rows_without_value": int(value.size - known.size),
        "rows_outside_range": int(np.count_nonzero((known < 0) | (known > 1))) if bounded else 0,
        "minimum": float(known.min()) if known.size else None,
        "maximum": float(known.max()) if known.size else None,
    }


def _groups(table: ObservationTable, column: ObservedColumn, release_id: int) -> Iterator[bytes]:
    """The metric's rows, group by group: those of one subgroup, quality, reason and pattern of empty fields."""
    count = len(table.geoids)
    blank = np.full(count, "", dtype=object)
    empty = np.full(count, np.nan)
    numbers = [empty if (array := getattr(column, name)) is None else array for name in _NUMBERS]
    texts = [blank if array is None else array for array in (table.subgroups, column.quality, column.excluded_reason)]
    keys: dict[tuple, list[int]] = {}
    chosen = range(count) if column.rows is None else np.flatnonzero(column.rows).tolist()
    patterns = sum((np.isfinite(array).astype(int) << bit) for bit, array in enumerate(numbers)).tolist()
    lists = [text.tolist() for text in texts]
    for row in chosen:
        keys.setdefault((patterns[row], *(text[row] for text in lists)), []).append(row)
    for (pattern, subgroup, grade, reason), rows in keys.items():
        yield _packed(table, column.slug, np.array(rows), numbers, pattern, subgroup, grade, reason, release_id)


def _packed(
    table: ObservationTable,
    slug: str,
    rows: np.ndarray,
    numbers: list[np.ndarray],
    pattern: int,
    subgroup: str,
    grade: str,
    reason: str,
    release_id: int,
) -> bytes:
    """One group as COPY rows: each field its length, then its bytes; an empty field is length -1 alone."""
    width = GEOID_WIDTHS[table.area_kind]
    geoids = np.char.zfill(table.geoids[rows].astype("S"), width).astype(f"S{width}")
    days = None if table.periods is None else (table.periods[rows] - _EPOCH).astype(int)
    provisional = np.zeros(len(rows), "?") if table.provisional is None else table.provisional[rows]
    fields: list[tuple[str | None, object]] = [
        (">i8", release_id),
        _text(table.area_kind),
        (f"S{width}", geoids),
        _text(slug),
        _text(subgroup),
        (">i4" if days is not None else None, days),
        _text(table.period_kind),
        *((">f8" if pattern >> bit & 1 else None, array[rows]) for bit, array in enumerate(numbers)),
        _text(grade),
        ("?", provisional),
        _text(reason),
        *((">i4" if days is not None else None, days) for days in _terms(table, rows)),
    ]
    layout: list[tuple[str, str]] = [("fields", ">i2")]
    for i, (kind, _) in enumerate(fields):
        layout += [(f"length{i}", ">i4")] + ([(f"data{i}", kind)] if kind else [])
    packed = np.zeros(len(rows), dtype=layout)
    packed["fields"] = len(fields)
    for i, (kind, data) in enumerate(fields):
        if kind is None:
            packed[f"length{i}"] = 0 if isinstance(data, str) else -1
        else:
            packed[f"length{i}"] = np.dtype(kind).itemsize
            packed[f"data{i}"] = data
    return packed.tobytes()


def _terms(table: ObservationTable, rows: np.ndarray) -> Iterator[np.ndarray | None]:
    """First and last day of the rows' designations, as Postgres counts days; None where the table has no terms."""
    for days in (table.valid_from, table.valid_to):
        yield None if days is None else (days[rows] - _EPOCH).astype(int)


def _text(text: str) -> tuple[str | None, object]:
    """A text all rows share; numpy knows no bytes of width 0."""
    data = text.encode()
    return (f"S{len(data)}", data) if data else (None, "")
