"""Rows of a declared table as a DataFrame whose dtypes follow from the declaration.

| type     | dtype                     | missing |
|----------|---------------------------|---------|
| string   | str (backed by pyarrow)   | NaN     |
| integer  | Int64                     | NA      |
| number   | float64                   | NaN     |
| boolean  | boolean                   | NA      |
| date     | date32[day][pyarrow]      | NA      |
| datetime | datetime64[us, UTC]       | NaT     |
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from atlas.tables.declaration import Column, Table

DATE = pd.ArrowDtype(pa.date32())
DTYPES: dict[str, Any] = {
    "string": "str",
    "integer": "Int64",
    "number": "float64",
    "boolean": "boolean",
    "date": DATE,
    "datetime": "datetime64[us, UTC]",
}


def build_frame(table: Table, rows: Iterable[Sequence[object]]) -> pd.DataFrame:
    """A row per row, cells in the order of the columns; None, NaN and (but for text) "" are missing.

    Raises ValueError for a row of another length and for a cell that is not of its column's type.
    """
    held = list(rows)
    for number, row in enumerate(held):
        if len(row) != len(table.columns):
            raise ValueError(f"Row {number} of {table.name} has {len(row)} cells, not {len(table.columns)}.")
    cells = zip(*held, strict=True) if held else ((),) * len(table.columns)
    return pd.DataFrame(
        {column.name: _series(column, given) for column, given in zip(table.columns, cells, strict=True)}
    )


def typed_frame(table: Table, columns: dict[str, Any]) -> pd.DataFrame:
    """The same from whole columns (arrays or series of equal length, by name): for tables of many rows.

    Raises ValueError where the names are not those declared, in their order.
    """
    if tuple(columns) != table.names:
        raise ValueError(f"{table.name} is declared with {', '.join(table.names)}, not {', '.join(columns)}.")
    return pd.DataFrame({c.name: pd.Series(columns[c.name]).astype(DTYPES[c.type]) for c in table.columns})


def _series(column: Column, cells: Sequence[object]) -> pd.Series:
    try:
        made = [_convert(column, cell) for cell in cells]
    except (TypeError, ValueError) as wrong:
        raise ValueError(f"Column {column.name} is declared as {column.type}: {wrong}") from wrong
    return pd.Series(made, dtype=DTYPES[column.type])


def _convert(column: Column, cell: Any) -> object:
    if cell is None or cell is pd.NA or (isinstance(cell, float | np.floating) and np.isnan(cell)):
        return np.nan if column.type == "number" else None
    if column.type == "string":
        return cell.isoformat() if isinstance(cell, date) else str(cell)
    if cell == "":
        return np.nan if column.type == "number" else None
    return _TYPED[column.type](cell)


def _integer(cell: Any) -> int:
    if isinstance(cell, bool) or int(cell) != float(cell):
        raise ValueError(f"{cell!r} is no whole number")
    return int(cell)


def _number(cell: Any) -> float:
    if isinstance(cell, bool):
        raise ValueError(f"{cell!r} is no number")
    return float(cell)


def _boolean(cell: Any) -> bool:
    if not isinstance(cell, bool | np.bool_):
        raise ValueError(f"{cell!r} is neither true nor false")
    return bool(cell)


def _date(cell: Any) -> date:
    if isinstance(cell, datetime):
        raise ValueError(f"{cell!r} is a moment, not a day")
    return cell if isinstance(cell, date) else date.fromisoformat(cell)


def _datetime(cell: Any) -> datetime:
    moment = cell if isinstance(cell, datetime) else datetime.fromisoformat(cell)
    if moment.tzinfo is None:
        raise ValueError(f"{cell!r} has no time zone")
    return moment.astimezone(UTC)


_TYPED: dict[str, Any] = {
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "date": _date,
    "datetime": _datetime,
}
