"""Cells of a typed frame as plain Python values: what JSON, CSV and workbooks are written from."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd

from atlas.tables.declaration import Table

Value = str | int | float | bool | date | datetime | None


def python_columns(table: Table, frame: pd.DataFrame) -> list[list[Value]]:
    """A list per column, None where a cell is missing. Raises ValueError where the frame has other columns."""
    if tuple(frame.columns) != table.names:
        raise ValueError(f"The frame has columns {', '.join(frame.columns)}; {table.name} declares others.")
    return [_plain(frame[column.name], column.type) for column in table.columns]


def python_rows(table: Table, frame: pd.DataFrame) -> Iterator[tuple[Value, ...]]:
    """The same by row."""
    return zip(*python_columns(table, frame), strict=True)


def _plain(series: pd.Series, kind: str) -> list[Value]:
    values: list[Any] = series.tolist()
    if kind == "datetime":
        return [None if value is pd.NaT else value.to_pydatetime().astimezone(UTC) for value in values]
    return [None if value is pd.NA or value is None or value != value else value for value in values]


def json_value(value: Value) -> str | int | float | bool | None:
    """Dates and moments as ISO text; every other value as it is."""
    return value.isoformat() if isinstance(value, date) else value
