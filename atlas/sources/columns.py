"""From read columns to estimate columns: float32 vectors sorted by GEOID. Pure."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from atlas.sources import geoids
from atlas.sources.base import MAX_PROBLEMS_KEPT, Column, Problem, SourceFileError

# Header rows are line 1, so row i of the data is line i + 2.
FIRST_DATA_LINE = 2


def integer_column(table: pa.Table, name: str) -> NDArray[np.int64]:
    """An id column, int64 (rows,). Raises SourceFileError naming each empty field: a row without its
    place is no row.
    """
    column = table.column(name)
    if column.null_count:
        empty = np.flatnonzero(column.is_null().to_numpy())
        problems = [Problem("is empty", line=int(i) + FIRST_DATA_LINE, column=name) for i in empty[:200]]
        raise SourceFileError(problems, int(empty.size), table.num_rows)
    values: NDArray[np.int64] = column.to_numpy()
    return values


def sorted_tracts(table: pa.Table, split: bool) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(sorted GEOIDs int64, order), each (rows,), from `state, county, tract` or from one 11-digit `tract` column.

    Raises SourceFileError naming each code that is no tract or stands twice.
    """
    if split:
        state, county, tract = (integer_column(table, name) for name in ("state", "county", "tract"))
        geoids.check_parts(state, county, tract, rows_read=table.num_rows)
        codes = geoids.join_tract_geoids(state, county, tract)
    else:
        codes = integer_column(table, "tract")
        geoids.check_tracts(codes, "tract", rows_read=table.num_rows)
    order = geoids.check_unique(codes, "tract", 11, rows_read=table.num_rows)
    return codes[order], order


def float32_column(table: pa.Table, name: str, order: NDArray[np.int64], scale: float = 1.0) -> NDArray[np.float32]:
    """float32 (rows,) in `order`, NaN for an empty field. `scale` turns rank x 100 into a rank, in double precision.

    Raises SourceFileError naming each number beyond float32.
    """
    values = table.column(name).to_numpy(zero_copy_only=False).astype(np.float64)
    too_large = np.flatnonzero(np.abs(values) > np.finfo(np.float32).max)
    if too_large.size:
        problems = [
            Problem("is too large a number", line=int(i) + FIRST_DATA_LINE, column=name, value=f"{values[i]:g}")
            for i in too_large[:MAX_PROBLEMS_KEPT]
        ]
        raise SourceFileError(problems, int(too_large.size), table.num_rows)
    scaled: NDArray[np.float32] = (values[order] * scale if scale != 1.0 else values[order]).astype(np.float32)
    return scaled


def columns_with_errors(
    table: pa.Table, slugs: dict[str, str], order: NDArray[np.int64], scale: float = 1.0
) -> tuple[Column, ...]:
    """Columns by publisher's name -> slug; `name_se` beside `name` becomes its standard error. Units as published,
    times `scale`. Raises SourceFileError as `float32_column` does.
    """
    present = set(table.column_names)
    return tuple(
        Column(
            slug,
            float32_column(table, name, order, scale),
            float32_column(table, f"{name}_se", order, scale) if f"{name}_se" in present else None,
        )
        for name, slug in slugs.items()
    )
