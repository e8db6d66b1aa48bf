"""Outlines of places and of their counties' tracts, simplified together so that neighbors keep one border.

However far they are simplified, every place keeps exactly the tracts it has with the full outlines. Pure.
"""

import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from atlas.sources.base import Feature
from atlas.starter.errors import StarterSetError
from atlas.statistics import overlay

DECIMALS = 5  # of a degree: about a meter
_COARSEST, _FINEST = 5e-5, 1e-6  # tolerance in degrees: about 6 m and 0.1 m
_METERS_PER_DEGREE = 111_320.0

Features = dict[str, Feature]  # by GEOID


def counties_of(places: Features, tracts: Features) -> frozenset[str]:
    """Five-digit codes of the counties with a tract that lies at least partly in a place."""
    codes, shapes = _shapes(tracts)
    found: set[str] = set()
    for place in places.values():
        inside = _shares(shapes, shapely.from_wkb(place.wkb)) > 0
        found |= {code[:5] for code, is_inside in zip(codes, inside, strict=True) if is_inside}
    return frozenset(found)


def simplify(places: Features, tracts: Features) -> tuple[NDArray[Any], NDArray[Any], float]:
    """(outlines of the places, of the tracts, tolerance in meters), in the order of their GEOIDs, in degrees.

    Raises StarterSetError when even the finest tolerance changes which tracts a place has.
    """
    _, full_tracts = _shapes(tracts)
    _, full_places = _shapes(places)
    wanted = _membership(full_tracts, full_places)
    tolerance = _COARSEST
    while tolerance >= _FINEST:
        simple_tracts = _round(shapely.coverage_simplify(full_tracts, tolerance))
        simple_places = _round(shapely.simplify(full_places, tolerance))
        sound = shapely.is_valid(simple_tracts).all() and shapely.is_valid(simple_places).all()
        if sound and _membership(simple_tracts, simple_places) == wanted:
            return simple_places, simple_tracts, tolerance * _METERS_PER_DEGREE
        tolerance /= 2
    raise StarterSetError("no simplification keeps the tracts of every place: is an outline broken?")


def write_outlines(path: Path, features: Features, shapes: NDArray[Any], keys: tuple[str, ...]) -> None:
    """GeoJSON in CRS84, gzipped without a time, so that the same outlines give the same bytes. `keys` name the codes:
    STATEFP and PLACEFP, or STATEFP, COUNTYFP and TRACTCE.
    """
    rows = zip((features[code] for code in sorted(features)), shapes, strict=True)
    collection = {"type": "FeatureCollection", "features": [_as_geojson(f, shape, keys) for f, shape in rows]}
    text = json.dumps(collection, separators=(",", ":"), ensure_ascii=False)
    path.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


def _as_geojson(feature: Feature, shape: shapely.Geometry, keys: tuple[str, ...]) -> dict[str, Any]:
    code = feature.geoid
    parts = (code[:2], code[2:5], code[5:]) if len(keys) == 3 else (code[:2], code[2:])
    properties = {**dict(zip(keys, parts, strict=True)), "NAME": feature.name}
    geometry = {"type": shape.geom_type, "coordinates": _rounded(shapely.geometry.mapping(shape)["coordinates"])}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _shapes(features: Features) -> tuple[list[str], NDArray[Any]]:
    codes = sorted(features)
    return codes, shapely.from_wkb(np.array([features[code].wkb for code in codes], dtype=object))


def _membership(tracts: NDArray[Any], places: Iterable[shapely.Geometry]) -> list[bytes]:
    """Of each place: which tracts belong to it, and which it touches by enough to be shown."""
    found = [_shares(tracts, place) for place in places]
    return [np.packbits(np.stack([s >= overlay.MAJORITY, s >= overlay.MIN_SHARE])).tobytes() for s in found]


def _shares(tracts: NDArray[Any], place: shapely.Geometry) -> NDArray[np.float64]:
    """Share of each tract inside a place, 0-1; worked out only for those whose box meets the place's."""
    center = shapely.point_on_surface(place)
    near = shapely.STRtree(tracts).query(shapely.box(*place.bounds))
    shares = np.zeros(len(tracts))
    shares[near] = overlay.shares(tracts[near], place, overlay.equal_area(center.x, center.y))
    return shares


def _round(shapes: NDArray[Any]) -> NDArray[Any]:
    """Point by point, so that a corner two tracts share stays shared."""
    rounded: NDArray[Any] = shapely.set_precision(shapes, 10.0**-DECIMALS, mode="pointwise")
    return rounded


def _rounded(item: Any) -> Any:
    return round(item, DECIMALS) if isinstance(item, float) else [_rounded(part) for part in item]
