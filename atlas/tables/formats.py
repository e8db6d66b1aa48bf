"""The formats a table is written in. A format's library is loaded when the first file of it is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import pandas as pd

from atlas.tables.declaration import GEOID, Table


@dataclass(frozen=True)
class Format:
    """`extension` is the key in addresses; `writer` is "module:function" in this package."""

    extension: str
    label: str
    media_type: str
    writer: str
    needs_shapes: bool = False


FORMATS = {
    made.extension: made
    for made in (
        Format("csv", "CSV", "text/csv; charset=utf-8", "csv_file:write_csv"),
        Format(
            "xlsx",
            "Excel",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "xlsx_file:write_xlsx",
        ),
        Format("parquet", "Parquet", "application/vnd.apache.parquet", "parquet_file:write_parquet"),
        Format("json", "JSON", "application/json", "json_file:write_json"),
        Format("geojson", "GeoJSON", "application/geo+json", "geo_files:write_geojson", needs_shapes=True),
        Format("gpkg", "GeoPackage", "application/geopackage+sqlite3", "geo_files:write_geopackage", needs_shapes=True),
    )
}


def formats_of(table: Table, *, has_shapes: bool = False) -> tuple[Format, ...]:
    """Formats a table can be written in: those of shapes only for a table of tracts whose shapes are there."""
    joins = has_shapes and table.key == (GEOID,)
    return tuple(made for made in FORMATS.values() if joins or not made.needs_shapes)


def write_table(extension: str, table: Table, frame: pd.DataFrame, shapes: Mapping[str, Any] | None = None) -> bytes:
    """The whole file. `shapes`: GEOID -> geometry, for the formats that need them.

    Raises KeyError for an extension that is no format, geo_files.NoShapes for a table without tracts.
    """
    wanted = FORMATS[extension]
    module, _, function = wanted.writer.partition(":")
    write = getattr(import_module(f"atlas.tables.{module}"), function)
    content: bytes = write(table, frame, shapes or {}) if wanted.needs_shapes else write(table, frame)
    return content
