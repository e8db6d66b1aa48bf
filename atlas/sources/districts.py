"""Districts that somebody uploads: GeoJSON in degrees, one feature each. Everything in it is hostile. Pure.

Coordinates are longitude and latitude of WGS84 (RFC 7946; NAD83 differs by under two meters). Invalid rings are
mended; nothing is guessed: a projected file, swapped axes or a feature without a polygon is refused in words.
"""

import json
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import shape

from atlas.sources.base import MAX_PROBLEMS_KEPT, Problem, SourceFileError, file_error

MAX_BYTES = 5_000_000
MAX_DISTRICTS = 200
MAX_VERTICES = 100_000
MAX_PROPERTIES, MAX_PROPERTY_LENGTH = 40, 80
NAME_KEYS = ("name", "district", "ward", "label", "namelsad", "title", "id")
_TANGLED = 50  # box pairs per edge beyond which mending a ring could take all memory
_DEGREES = ("crs84", "epsg:4326", "epsg::4326", "epsg:4269", "epsg::4269")
_WHAT_TO_DO = "Export it as GeoJSON in longitude and latitude (WGS 84, EPSG:4326)"


@dataclass(frozen=True)
class District:
    """One feature: its properties as short plain text, its polygon in degrees, valid; `mended` when it was not."""

    number: int  # in the file, from 1
    properties: dict[str, str]
    polygon: shapely.Geometry
    mended: bool


def read_districts(data: bytes) -> tuple[District, ...]:
    """Every feature of the file. Raises SourceFileError naming each that is no district; then nothing is read."""
    document = _parse(data)
    features = _features(document)
    _refuse_projection(document)
    if len(features) > MAX_DISTRICTS:
        raise file_error(f"it holds {len(features):,} features; {MAX_DISTRICTS} districts at once are the most")
    vertices = 0
    for feature in features:
        vertices += _count_vertices(feature)
        if vertices > MAX_VERTICES:
            raise file_error(f"it has more than {MAX_VERTICES:,} corners in its lines: simplify it and try again")
    found, problems = [], []
    for number, feature in enumerate(features, 1):
        try:
            found.append(_district(number, feature))
        except _InvalidDistrict as problem:
            problems.append(Problem(f"feature {number} {problem}"))
    if problems:
        raise SourceFileError(problems[:MAX_PROBLEMS_KEPT], len(problems), len(features))
    return tuple(found)


def name_keys(districts: tuple[District, ...]) -> tuple[str, ...]:
    """Properties that can name the districts, likeliest first: those that every feature fills in."""
    keys = [key for key in districts[0].properties if all(d.properties.get(key) for d in districts)]
    different = {key: len({d.properties[key] for d in districts}) == len(districts) for key in keys}

    def order(key: str) -> tuple[int, bool, int]:
        lower = key.lower()
        rank = NAME_KEYS.index(lower) if lower in NAME_KEYS else len(NAME_KEYS)
        return rank, not different[key], keys.index(key)

    return tuple(sorted(keys, key=order))


class _InvalidDistrict(ValueError):
    """Says why, after "feature 3 "."""


def _parse(data: bytes) -> dict[str, Any]:
    if len(data) > MAX_BYTES:
        raise file_error(f"it is larger than {MAX_BYTES // 10**6} MB: simplify it or split it")
    if not data.strip():
        raise file_error("the file is empty")
    if data[:2] in (b"PK", b"\x1f\x8b"):
        raise file_error("it is a packed archive: unpack it and upload the .geojson inside")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise file_error("it is not UTF-8 text, so it is no GeoJSON") from error
    if "\0" in text:
        raise file_error("it holds NUL bytes, so it is no GeoJSON")
    try:
        found = json.loads(text, parse_constant=_reject_constant)
    except (ValueError, RecursionError) as error:
        where = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise file_error(f"it is not readable as JSON{where}") from error
    if not isinstance(found, dict):
        raise file_error("it is JSON, but no GeoJSON FeatureCollection")
    return found


def _reject_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _features(document: dict[str, Any]) -> list[Any]:
    features = [document] if document.get("type") == "Feature" else document.get("features")
    if document.get("type") not in ("FeatureCollection", "Feature") or not isinstance(features, list):
        raise file_error("it is JSON, but no GeoJSON FeatureCollection")
    if not features:
        raise file_error("it holds no features")
    return features


def _refuse_projection(document: dict[str, Any]) -> None:
    """The `crs` member is of the older GeoJSON; programs still write it."""
    crs = document.get("crs")
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = str(properties.get("name", "")) if isinstance(properties, dict) else ""
    if name and not name.lower().endswith(_DEGREES):
        raise file_error(f"it is in another coordinate system ({_plain_text(name, 60)}). {_WHAT_TO_DO}")


def _count_vertices(feature: Any) -> int:
    """Positions in a feature's coordinates; counted without recursion, whatever is nested in them."""
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    waiting = [geometry.get("coordinates")] if isinstance(geometry, dict) else []
    count = 0
    while waiting:
        item = waiting.pop()
        if isinstance(item, list):
            if item and not isinstance(item[0], list):
                count += 1
            else:
                waiting.extend(item)
    return count


def _district(number: int, feature: Any) -> District:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise _InvalidDistrict("is no GeoJSON feature")
    properties = feature.get("properties")
    polygon, mended = _polygon(feature.get("geometry"))
    return District(number, _text_properties(properties if isinstance(properties, dict) else {}), polygon, mended)


def _text_properties(properties: dict[str, Any]) -> dict[str, str]:
    """Plain values only, cut to what a page can show."""
    found: dict[str, str] = {}
    for key, value in properties.items():
        if len(found) < MAX_PROPERTIES and isinstance(value, (str, int, float)) and not isinstance(value, bool):
            text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
            found[_plain_text(key, 40)] = _plain_text(text, MAX_PROPERTY_LENGTH)
    return found


def _plain_text(text: str, longest: int) -> str:
    """Printable characters in single spaces: no control characters, no direction marks, no lone surrogates."""
    return " ".join("".join(c if c.isprintable() else " " for c in text[: 4 * longest]).split())[:longest].strip()


def _polygon(geometry: Any) -> tuple[shapely.Geometry, bool]:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise _InvalidDistrict(f"is a {_plain_text(str(kind), 30)}, not an area" if kind else "has no geometry")
    try:
        with np.errstate(invalid="ignore"):
            found = shapely.force_2d(shape({"type": kind, "coordinates": geometry.get("coordinates")}))
    except (
        AttributeError,
        TypeError,
        ValueError,
        IndexError,
        RecursionError,
        OverflowError,
        shapely.errors.ShapelyError,
    ) as error:
        raise _InvalidDistrict("has broken coordinates") from error
    points = shapely.get_coordinates(found)
    if not points.size:
        raise _InvalidDistrict("has no coordinates")
    if not np.isfinite(points).all():
        raise _InvalidDistrict("has coordinates that are no numbers")
    _refuse_axes(points)
    if shapely.is_valid(found):
        return found, False
    if _is_tangled(found):
        raise _InvalidDistrict("crosses itself so often that no inside can be told")
    mended = _only_areas(shapely.make_valid(found))
    if mended.is_empty:
        raise _InvalidDistrict("is a line or a point: it has no inside")
    return mended, True


def _refuse_axes(points: NDArray[np.floating]) -> None:
    west, south = points.min(axis=0)
    east, north = points.max(axis=0)
    if west < -180 or east > 180 or max(abs(south), abs(north)) > 180:
        raise _InvalidDistrict(f"is not in degrees (it goes to {east:,.0f}, {north:,.0f}). {_WHAT_TO_DO}")
    if south < -90 or north > 90 or (west > 15 and east < 75 and north < -60):
        raise _InvalidDistrict("has latitude and longitude in the wrong order: GeoJSON wants longitude first")


def _is_tangled(polygon: shapely.Geometry) -> bool:
    """Whether edges' boxes meet so often that mending could explode: looked at in pieces, so that looking can't."""
    lines = shapely.get_parts(shapely.boundary(polygon))
    edges = np.concatenate([_edges(shapely.get_coordinates(line)) for line in lines])
    boxes = shapely.box(*np.minimum(edges[:, 0], edges[:, 1]).T, *np.maximum(edges[:, 0], edges[:, 1]).T)
    tree = shapely.STRtree(boxes)
    met = 0
    for start in range(0, boxes.size, 16):
        met += tree.query(boxes[start : start + 16]).shape[1]
        if met > _TANGLED * (boxes.size + 1_000):
            return True
    return False


def _edges(points: NDArray[np.floating]) -> NDArray[np.floating]:
    """Shape (n - 1, 2, 2): both ends of each edge."""
    return np.stack([points[:-1], points[1:]], axis=1)


def _only_areas(geometry: shapely.Geometry) -> shapely.Geometry:
    parts = shapely.get_parts(geometry)
    parts = np.concatenate([shapely.get_parts(part) for part in parts]) if parts.size else parts
    return shapely.union_all(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON])
