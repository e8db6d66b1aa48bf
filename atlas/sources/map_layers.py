"""What the Census Bureau's TIGER/Line layers have in common: one file of one year for one state or county. Pure.

The year and the place stand in the name of the shapefile (`tl_2019_39061_roads.shp`) and nowhere else, so a renamed
one is refused. Coordinates are degrees of NAD83 (EPSG:4269). Only what a map of a city can show is kept.
"""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from atlas.sources import base, geoids
from atlas.sources.base import DatasetInfo, LayerFeature, MapLayer, Problem, Progress, SourceFileError, file_error
from atlas.sources.opening import OpenedFile
from atlas.sources.shapefile_parts import column_names, is_shapefile, shapefile_reader, stem

TIGER_2019 = "https://www2.census.gov/geo/tiger/TIGER2019/"  # the last year drawn with the tracts of 2010
TRACTS_VINTAGE = "2010 tracts"
MAX_LAYER_BYTES = 200_000_000  # expanded; the largest county's roads are about 60 MB
MIN_SQUARE_METERS = 50_000  # a pond or a pocket park is no landmark at the scale of a city
MAX_NAME_LENGTH = 100  # the publisher's own width
_FIRST_YEAR, _LAST_YEAR = 2007, 2050
_MTFCC = re.compile(r"[A-Z][0-9]{4}")
_PROGRESS_ROWS = 2_000

Record = dict[str, Any]


@dataclass(frozen=True)
class LayerFormat:
    """How one layer is told, read and thinned."""

    dataset: DatasetInfo
    kind: str  # of its features, as in `records.context`
    columns: frozenset[str]  # of the table beside the shapes
    stems: tuple[str, ...]  # last words of the shapefile's name
    geometry: tuple[str, ...]  # names of the shapes it may hold
    classes: frozenset[str]  # MTFCC that are kept
    area_column: str = ""  # square meters that decide what is large enough; "" keeps all
    route_column: str = ""
    is_named: bool = False  # only what has a name is kept


def layer_dataset(key: str, title: str, noun: str, address: str) -> DatasetInfo:
    """The data set of a layer; `noun` names its features in the plural."""
    return DatasetInfo(
        key=key,
        title=title,
        publisher="US Census Bureau",
        citation=f"US Census Bureau, TIGER/Line shapefiles, {noun}",
        licence=base.CENSUS_PUBLIC_DOMAIN,
        addresses=(TIGER_2019 + address,),
        vintage=f"{noun} of the year in each file's name, drawn on {TRACTS_VINTAGE}",
        level="map",
        content="layers",
        release_vintage=f"{{year}} {noun}, {TRACTS_VINTAGE}",
    )


def matches(opened: OpenedFile, layer: LayerFormat) -> bool:
    """Whether a file is a shapefile with the layer's columns. Raises SourceFileError for a damaged archive."""
    return is_shapefile(opened) and layer.columns <= column_names(opened)


def read_layer(opened: OpenedFile, layer: LayerFormat, progress: Progress) -> MapLayer:
    """The features of the layer's classes. Raises SourceFileError with every problem; lines are numbers of features,
    from 1.
    """
    year, part = _year_and_part(opened, layer)
    features: list[LayerFeature] = []
    problems: list[Problem] = []
    count = 0
    with shapefile_reader(opened, MAX_LAYER_BYTES) as reader:
        total = reader.numRecords or 0
        if reader.numShapes is not None and reader.numShapes != total:
            raise file_error(f"has {reader.numShapes:,} shapes and {total:,} rows: one does not belong to the other")
        for number, row in enumerate(reader.iterRecords(), 1):
            record = row.as_dict()
            found = _problems(record, layer, part, number)
            if not found and _is_kept(record, layer):
                geometry = _geometry(reader.shape(number - 1), layer)
                if geometry is None:
                    found = [Problem(f"has no {layer.geometry[0].lower()} in degrees", line=number, column="geometry")]
                else:
                    features.append(_feature(record, layer, geometry))
            count += len(found)
            problems += found[: base.MAX_PROBLEMS_KEPT - len(problems)]
            if number % _PROGRESS_ROWS == 0:
                progress("reading", number, total)
    if problems:
        raise SourceFileError(problems, count, total)
    if not features:
        kept = ", ".join(sorted(layer.classes))
        raise file_error(f"holds no {layer.kind} that a city's map shows (classes {kept}), so there is nothing to draw")
    progress("reading", total, total)
    return MapLayer(layer.dataset, year, part, layer.kind, tuple(features), total)


def _year_and_part(opened: OpenedFile, layer: LayerFormat) -> tuple[int, str]:
    """(2019, "39061") of tl_2019_39061_roads."""
    name = stem(opened).lower()
    found = re.fullmatch(rf"tl_([0-9]{{4}})_([0-9]{{5}}|[0-9]{{2}})_(?:{'|'.join(layer.stems)})", name)
    if found is None or not _FIRST_YEAR <= int(found[1]) <= _LAST_YEAR or int(found[2][:2]) not in geoids.STATES:
        wanted = f"tl_2019_39061_{layer.stems[0]}.shp"
        raise file_error(
            f"its name does not say the year and the state or county, as {wanted} does; without them its {layer.kind}s "
            "have neither vintage nor place",
            value=f"{name}.shp"[:80],
        )
    return int(found[1]), found[2]


def _problems(record: Record, layer: LayerFormat, part: str, number: int) -> list[Problem]:
    found = []
    code = _text(record.get("MTFCC"))
    if not _MTFCC.fullmatch(code):
        found.append(Problem("is no feature class", line=number, column="MTFCC", value=code[:20]))
    if layer.route_column and _text(record.get(layer.route_column)) not in ("", "I", "U", "S", "C", "M", "O"):
        value = _text(record.get(layer.route_column))[:20]
        found.append(Problem("is no route type", line=number, column=layer.route_column, value=value))
    if layer.area_column:
        area = record.get(layer.area_column)
        if not isinstance(area, int) or area < 0:
            shown = _text(area)[:20]
            found.append(Problem("is no area in square meters", line=number, column=layer.area_column, value=shown))
    if "STATEFP" in layer.columns and (state := _text(record.get("STATEFP"))) != part[:2]:
        found.append(Problem(f"is not the file's state {part[:2]}", line=number, column="STATEFP", value=state[:20]))
    return found


def _is_kept(record: Record, layer: LayerFormat) -> bool:
    large = not layer.area_column or record[layer.area_column] > MIN_SQUARE_METERS
    named = not layer.is_named or bool(_text(record.get("FULLNAME")))
    return large and named and _text(record["MTFCC"]) in layer.classes


def _feature(record: Record, layer: LayerFormat, geometry: BaseGeometry) -> LayerFeature:
    name = "".join(c for c in _text(record.get("FULLNAME")) if c.isprintable())[:MAX_NAME_LENGTH]
    route = _text(record.get(layer.route_column)) if layer.route_column else ""
    return LayerFeature(name, _text(record["MTFCC"]), route, shapely.to_wkb(geometry), geometry.bounds)


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _geometry(read: Any, layer: LayerFormat) -> BaseGeometry | None:
    """A non-empty valid shape of the layer's kind within the degrees of the globe, or None."""
    try:
        with np.errstate(invalid="ignore"):  # NaN among the coordinates is refused below
            found = shapely.force_2d(shape(read.__geo_interface__))
    except _BROKEN_SHAPE:
        return None
    points = shapely.get_coordinates(found)
    if found.is_empty or found.geom_type not in layer.geometry or not np.isfinite(points).all():
        return None
    west, south, east, north = found.bounds
    return found if -180 <= west and east <= 180 and -90 <= south and north <= 90 else None


_BROKEN_SHAPE: tuple[type[Exception], ...] = (
    AttributeError,
    TypeError,
    ValueError,
    KeyError,
    IndexError,
    RecursionError,
    shapely.errors.ShapelyError,
)

LINES, POLYGONS, POINTS = ("LineString", "MultiLineString"), ("Polygon", "MultiPolygon"), ("Point",)
