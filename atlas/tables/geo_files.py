"""GeoJSON and GeoPackage: each row of a table of tracts joined to its shape.

There are as many features as rows: a shape without a row is left out, a row without a shape has no geometry (RFC 7946
calls it unlocated). Coordinates are longitude and latitude as the Census files have them, written as WGS 84.
"""

import io
import json
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
from shapely.geometry.base import BaseGeometry

from atlas.tables.declaration import GEOID, Table
from atlas.tables.describe import describe_table
from atlas.tables.json_file import dump

_CRS = "EPSG:4326"
# A GeoPackage notes when it was last changed: without a fixed moment the same table would give other bytes each time.
_UNDATED = {"OGR_CURRENT_DATE": "1980-01-01T00:00:00.000Z"}
_TEXT = ("date", "datetime")  # ISO text in both, as in JSON


class NoShapes(ValueError):
    """A table without a GEOID for each row can't be joined to shapes."""


def join_shapes(table: Table, frame: pd.DataFrame, shapes: Mapping[str, BaseGeometry]) -> gpd.GeoDataFrame:
    """The frame with a geometry per row, in its order. Raises NoShapes unless the GEOID alone is the table's key."""
    if table.key != (GEOID,):
        raise NoShapes(f"The rows of {table.name} are not tracts: they have no shapes.")
    plain = frame.assign(**{c.name: frame[c.name].map(_iso) for c in table.columns if c.type in _TEXT})
    joined: gpd.GeoDataFrame = gpd.GeoDataFrame(plain, geometry=[shapes.get(g) for g in frame[GEOID]], crs=_CRS)
    return joined


def write_geojson(table: Table, frame: pd.DataFrame, shapes: Mapping[str, BaseGeometry]) -> bytes:
    """A FeatureCollection; its member "table" is the declaration with the sources. Raises NoShapes."""
    collection = json.loads(join_shapes(table, frame, shapes).to_json(drop_id=True))
    return dump({"type": "FeatureCollection", "table": describe_table(table), "features": collection["features"]})


def write_geopackage(table: Table, frame: pd.DataFrame, shapes: Mapping[str, BaseGeometry]) -> bytes:
    """One layer called as the table; the declaration is its description. Raises NoShapes."""
    joined, made = join_shapes(table, frame, shapes), io.BytesIO()
    pyogrio.set_gdal_config_options(_UNDATED)
    about = {"IDENTIFIER": table.name, "DESCRIPTION": dump(describe_table(table)).decode()}
    pyogrio.write_dataframe(joined, made, layer=table.name, driver="GPKG", geometry_type="Unknown", layer_options=about)
    return made.getvalue()


def _iso(value: Any) -> str | None:
    return None if value is pd.NA or value is pd.NaT or value is None else str(value.isoformat())
