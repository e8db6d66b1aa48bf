"""JSON: the declaration with its sources, then one object per row; a missing value is null."""

import json
from typing import Any

import pandas as pd

from atlas.tables.declaration import Table
from atlas.tables.describe import describe_table
from atlas.tables.values import json_value, python_rows


def write_json(table: Table, frame: pd.DataFrame) -> bytes:
    """{"name", "title", "columns", "sources", "notes", ..., "rows": [{column: value}]}, UTF-8."""
    return dump({**describe_table(table), "rows": rows_of(table, frame)})


def rows_of(table: Table, frame: pd.DataFrame) -> list[dict[str, Any]]:
    names = table.names
    return [dict(zip(names, map(json_value, row), strict=True)) for row in python_rows(table, frame)]


def dump(content: Any) -> bytes:
    """Compact, letters as they are, numbers in their shortest text. Raises ValueError for NaN and infinity."""
    return json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
