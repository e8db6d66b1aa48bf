"""From read columns to a table of observations: ids, dates, numbers, one row per area, period and subgroup. Pure."""

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from atlas.sources import columns
from atlas.sources.base import MAX_PROBLEMS_KEPT, Problem, SourceFileError
from atlas.sources.geoids import STATES

_STATE_LIST = np.array(sorted(STATES))
FIRST_DATA_LINE = columns.FIRST_DATA_LINE


def float_column(table: pa.Table, name: str) -> NDArray[np.float64]:
    """float64, NaN where the field is empty: decimals of the file come back to their last digit."""
    values: NDArray[np.float64] = table.column(name).to_numpy(zero_copy_only=False).astype(np.float64)
    return values


def text_column(table: pa.Table, name: str) -> NDArray[np.object_]:
    """str (rows,), stripped; "" where the field is empty."""
    return np.array([text.strip() for text in table.column(name).to_pylist()], dtype=object)


def place_geoids(table: pa.Table) -> NDArray[np.int64]:
    """Seven-digit codes from `state, place`. Raises SourceFileError."""
    return _joined_geoids(table, "place", 100_000)


def county_geoids(table: pa.Table) -> NDArray[np.int64]:
    """Five-digit codes from `state, county`. Raises SourceFileError."""
    return _joined_geoids(table, "county", 1_000)


def _joined_geoids(table: pa.Table, name: str, width: int) -> NDArray[np.int64]:
    state, code = columns.integer_column(table, "state"), columns.integer_column(table, name)
    reject_rows(~np.isin(state, _STATE_LIST), state, "state", "is not a state code")
    reject_rows((code <= 0) | (code >= width), code, name, f"is not a {name} code")
    return state * width + code


def county_geoid_column(table: pa.Table, name: str) -> NDArray[np.int64]:
    """Five-digit codes from one column, with or without the leading zero. Raises SourceFileError."""
    codes = columns.integer_column(table, name)
    wrong = ~np.isin(codes // 1000, _STATE_LIST) | (codes % 1000 == 0)
    reject_rows(wrong, codes, name, "is not a five-digit county code, nor one that lost its leading zero")
    return codes


def integers_in_range(table: pa.Table, name: str, smallest: int, largest: int, what: str) -> NDArray[np.int64]:
    """Whole numbers within a range. Raises SourceFileError."""
    found = columns.integer_column(table, name)
    reject_rows((found < smallest) | (found > largest), found, name, f"is not {what}")
    return found


def year_starts(table: pa.Table) -> NDArray[np.datetime64]:
    """First of January of each row's `year`. Raises SourceFileError."""
    year = integers_in_range(table, "year", 1900, 2100, "a year")
    return (year - 1970).astype("datetime64[Y]").astype("datetime64[D]")


def period_starts(table: pa.Table, day_column: str) -> NDArray[np.datetime64]:
    """Dates from `year, month` and a day column. Raises SourceFileError for dates the calendar does not have."""
    year = integers_in_range(table, "year", 1900, 2100, "a year")
    month = integers_in_range(table, "month", 1, 12, "a month")
    day = integers_in_range(table, day_column, 1, 31, "a day of a month")
    months = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    found: NDArray[np.datetime64] = months.astype("datetime64[D]") + (day - 1).astype("timedelta64[D]")
    reject_rows(found.astype("datetime64[M]") != months, day, day_column, "is not a day of that month")
    return found


def reject_rows(wrong: NDArray[np.bool_], values: NDArray[Any], column: str, reason: str) -> None:
    """Raises SourceFileError naming the line and value of each row in `wrong`."""
    found = np.flatnonzero(wrong)
    if found.size:
        problems = [
            Problem(reason, line=int(i) + FIRST_DATA_LINE, column=column, value=str(values[i])[:80])
            for i in found[:MAX_PROBLEMS_KEPT]
        ]
        raise SourceFileError(problems, int(found.size), len(values))


def check_unique_rows(column: str, geoids: NDArray[np.int64], *keys: NDArray[Any] | None) -> None:
    """Raises SourceFileError where an area has two rows of the same period and subgroup."""
    seen: set[tuple[Any, ...]] = set()
    parts = [geoids.tolist(), *(key.tolist() for key in keys if key is not None)]
    again = np.zeros(len(geoids), bool)
    for row, key in enumerate(zip(*parts, strict=True)):
        again[row] = key in seen
        seen.add(key)
    reject_rows(again, geoids, column, "stands in the file twice for the same period and group")
