"""Parquet with the declaration in the file's own metadata: types, units and sources travel with the numbers."""

import io

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from atlas.tables.declaration import Column, Table
from atlas.tables.describe import describe_table
from atlas.tables.json_file import dump

METADATA_KEY = b"table"  # holds the JSON of `describe_table`
_TYPES = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us", tz="UTC"),
}


def write_parquet(table: Table, frame: pd.DataFrame) -> bytes:
    """One row group for small tables; zstd. The same frame gives the same bytes."""
    schema = pa.schema([_field(column) for column in table.columns], {METADATA_KEY: dump(describe_table(table))})
    arrays = pa.Table.from_pandas(frame, schema=schema, preserve_index=False).replace_schema_metadata(schema.metadata)
    made = io.BytesIO()
    pq.write_table(arrays, made, compression="zstd")
    return made.getvalue()


def _field(column: Column) -> pa.Field:
    said = {"title": column.title, "unit": column.unit, "description": column.description}
    return pa.field(column.name, _TYPES[column.type], metadata={k: v for k, v in said.items() if v} or None)
