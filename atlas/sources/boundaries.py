"""Census boundaries of 2010 tracts and of places, whatever the file they come in.

A tract is known by its state, county and tract codes (STATEFP/COUNTYFP/TRACTCE, or STATE/COUNTY/TRACT in the
gz_2010 files), a place by STATEFP/PLACEFP. Coordinates are degrees of NAD83 or WGS84 (the difference, under two
meters, is far below the files' own generalization).
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from atlas.sources import base, geoids
from atlas.sources.base import BoundaryTable, DatasetInfo, Feature, Problem, Progress, SourceFileError, file_error

MAX_MAP_BYTES = 300_000_000  # a national tract file at 1:500,000 is about 200 MB
_TRACT_FIELDS = (
    ("STATEFP", "COUNTYFP", "TRACTCE"),
    ("STATE", "COUNTY", "TRACT"),
    ("STATEFP10", "COUNTYFP10", "TRACTCE10"),
)
_PLACE_FIELDS = (("STATEFP", "PLACEFP"), ("STATE", "PLACE"), ("STATEFP10", "PLACEFP10"))
_ADDRESS = "https://www2.census.gov/geo/tiger/"

TRACTS = DatasetInfo(
    key="tract_boundaries_2010",
    title="Census tract boundaries, 2010 tracts, generalized to 1:500,000",
    publisher="US Census Bureau",
    citation="US Census Bureau, cartographic boundary files of census tracts (2010 tracts)",
    licence=base.CENSUS_PUBLIC_DOMAIN,
    addresses=(_ADDRESS + "GENZ2010/", _ADDRESS + "GENZ2018/shp/"),
    vintage="2010 Census tracts",
    level="tract",
    content="boundaries",
)
PLACES = DatasetInfo(
    key="place_boundaries",
    title="Census place boundaries",
    publisher="US Census Bureau",
    citation="US Census Bureau, TIGER/Line place boundaries",
    licence=base.CENSUS_PUBLIC_DOMAIN,
    addresses=(_ADDRESS + "TIGER2019/PLACE/",),
    vintage="places of 2019",
    level="place",
    content="boundaries",
)


def find_dataset(key: str) -> DatasetInfo | None:
    return next((info for info in (TRACTS, PLACES) if info.key == key), None)


def boundary_table(rows: Iterable[tuple[Any, Any]], total: int, progress: Progress) -> BoundaryTable:
    """Tracts or places, not both, of (properties, geometry as in GeoJSON); every one needs its codes and a polygon.

    Raises SourceFileError with all problems; lines are numbers of features, from 1.
    """
    features: list[Feature] = []
    problems: list[Problem] = []
    codes, kinds, count = set(), set(), 0

    def note(problem: Problem) -> None:
        nonlocal count
        count += 1
        if len(problems) < base.MAX_PROBLEMS_KEPT:
            problems.append(problem)

    for number, (properties, geometry) in enumerate(rows, 1):
        kind, code, name = _identify(properties)
        if not kind:
            note(Problem("has neither tract nor place codes", line=number, value=str(properties)[:80]))
            continue
        kinds.add(kind)
        if code in codes:
            note(Problem("stands in the file twice", line=number, column="GEOID", value=code))
            continue
        codes.add(code)
        polygon = _polygon(geometry)
        if polygon is None:
            note(Problem("has no polygon in degrees", line=number, column="geometry", value=code))
            continue
        part = code[:5] if kind == "tract" else code
        features.append(Feature(code, part, name, shapely.to_wkb(polygon), polygon.bounds))
        if number % 500 == 0:
            progress("reading", number, total)
    if len(kinds) > 1:
        note(Problem("holds tracts and places together; give one file of each"))
    if problems:
        raise SourceFileError(problems, count, total)
    if not features:
        raise file_error("holds no boundaries")
    progress("reading", total, total)
    features.sort(key=lambda f: f.geoid)
    return BoundaryTable(
        TRACTS if kinds == {"tract"} else PLACES, 2010 if kinds == {"tract"} else 2019, tuple(features), total
    )


def _identify(properties: Any) -> tuple[str, str, str]:
    """('tract' or 'place', GEOID, name), ('', '', '') when the codes are missing or not of their width."""
    if not isinstance(properties, dict):
        return "", "", ""
    kinds = (*(("tract", f, (2, 3, 6)) for f in _TRACT_FIELDS), *(("place", f, (2, 5)) for f in _PLACE_FIELDS))
    for kind, fields, widths in kinds:
        codes = [str(properties.get(field) or "") for field in fields]
        if all(_is_code(code, width) for code, width in zip(codes, widths, strict=True)):
            if int(codes[0]) in geoids.STATES:
                return kind, "".join(codes), _name(properties)
    return "", "", ""


def _is_code(text: str, width: int) -> bool:
    return len(text) == width and text.isascii() and text.isdigit()


def _name(properties: dict[str, Any]) -> str:
    """At most 120 printable characters: NULs, control characters and lone surrogates are nobody's name."""
    text = str(properties.get("NAME") or properties.get("NAME10") or "")
    return "".join(c for c in text if c.isprintable())[:120]


def _polygon(geometry: Any) -> BaseGeometry | None:
    """A non-empty polygon within the degrees of the globe, or None."""
    try:
        with np.errstate(invalid="ignore"):  # NaN among the coordinates is refused below
            polygon = shape(geometry)
    except (AttributeError, TypeError, ValueError, KeyError, IndexError, RecursionError, shapely.errors.ShapelyError):
        return None
    if polygon.is_empty or polygon.geom_type not in ("Polygon", "MultiPolygon"):
        return None
    if not np.isfinite(shapely.get_coordinates(polygon)).all():
        return None
    west, south, east, north = polygon.bounds
    inside = -180 <= west and east <= 180 and -90 <= south and north <= 90
    return polygon if inside else None
