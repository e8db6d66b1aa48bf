"""Water and main roads as paths on a drawing's grid, and where their names and shields stand."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from atlas.drawing.build import AROUND, TOLERANCE
from atlas.drawing.frame import HEIGHT, WIDTH, Frame, covered
from atlas.drawing.names import Box, text_box
from atlas.drawing.paths import area_path, line_path
from atlas.drawing.plane import Plane
from atlas.records.context import BoundingBox, ContextFeature, ContextLayers
from atlas.records.drawing import Drawing

PRIMARY = "S1100"
SHIELDS, WATER_NAMES = 10, 4
SHIELD = (40.0, 18.0)  # pixels kept free around a shield's middle
WIDE_ENOUGH = 7.0  # pixels from the middle of a water to its bank where its name may stand
_NUMBER = re.compile(r"\d+[A-Z]?")
_SIGNS = {"I": "I-", "U": "US "}
# How the Census Bureau shortens the kinds of water.
_WHOLE_WORDS = {
    "Riv": "River",
    "Lk": "Lake",
    "Crk": "Creek",
    "Cnl": "Canal",
    "Byu": "Bayou",
    "Pnd": "Pond",
    "Rsvr": "Reservoir",
    "Chnnl": "Channel",
    "Hbr": "Harbor",
    "Lgn": "Lagoon",
}


@dataclass(frozen=True)
class LayerPaths:
    """Path texts in a drawing's grid units; names and shields with the point they stand at."""

    water: str = ""
    roads_1: str = ""  # S1100
    roads_2: str = ""  # S1200
    shields: tuple[tuple[str, float, float], ...] = ()
    water_names: tuple[tuple[str, float, float], ...] = ()


NO_LAYERS = LayerPaths()


def plane_of(drawing: Drawing) -> Plane:
    return Plane(drawing.longitude, drawing.latitude, drawing.middle)


def box_of(drawing: Drawing) -> BoundingBox:
    """Degrees of all that a screen may show of a drawing: its frame and what is drawn beyond."""
    wide, high = drawing.width * drawing.grid, drawing.height * drawing.grid
    return plane_of(drawing).box(-AROUND * wide, -AROUND * high, (1 + AROUND) * wide, (1 + AROUND) * high)


def layer_paths(layers: ContextLayers, drawing: Drawing) -> LayerPaths:
    """Simplified as the tracts are; shields of interstates and US routes where no name stands."""
    if layers.is_empty:
        return NO_LAYERS
    plane, grid = plane_of(drawing), drawing.grid
    tolerance = max(TOLERANCE, 2 * grid)
    water = [(one.name, _flat(one, plane, tolerance)) for one in layers.water]
    roads = [(one, _flat(one, plane, tolerance)) for one in layers.roads]
    k = WIDTH / drawing.width
    taken = covered(Frame(0.0, 0.0, grid / k, drawing.legend))
    taken += [text_box(name.text, name.x * k, name.y * k) for name in drawing.names if not name.is_deep]
    shields = list(_shields([(one, shape) for one, shape in roads if one.feature_class == PRIMARY], drawing, taken))
    return LayerPaths(
        "".join(area_path(shape, grid) for _, shape in water),
        "".join(line_path(shape, grid) for one, shape in roads if one.feature_class == PRIMARY),
        "".join(line_path(shape, grid) for one, shape in roads if one.feature_class != PRIMARY),
        tuple(shields),
        tuple(_water_names(water, drawing, taken)),
    )


def _flat(feature: ContextFeature, plane: Plane, tolerance: float) -> BaseGeometry:
    return shapely.simplify(plane.flatten_one(feature.geometry), tolerance)


def water_name(name: str) -> str:
    """In whole words.

    >>> water_name("Ohio Riv"), water_name("Lk Pontchartrain")
    ('Ohio River', 'Lake Pontchartrain')
    """
    return " ".join(_WHOLE_WORDS.get(word, word) for word in name.split())


def shield_words(feature: ContextFeature) -> str:
    """ "I-75" of "I- 75", "US 50" of "US Hwy 50"; "" for a road without such a number."""
    sign, number = _SIGNS.get(feature.route_type, ""), _NUMBER.search(feature.name)
    return f"{sign}{number[0]}" if sign and number else ""


def _shields(
    roads: Iterable[tuple[ContextFeature, BaseGeometry]], drawing: Drawing, taken: list[Box]
) -> Iterable[tuple[str, float, float]]:
    """One shield a route, at the first free point along its longest line in the frame; adds to `taken`."""
    meters = drawing.grid
    view = shapely.box(0, 0, drawing.width * meters, drawing.height * meters)
    k = WIDTH / drawing.width
    by_route: dict[str, list[BaseGeometry]] = {}
    for one, shape in roads:
        if words := shield_words(one):
            by_route.setdefault(words, []).append(shape)
    found = 0
    for words, shapes in sorted(by_route.items(), key=lambda item: (item[0][:2] != "I-", item[0])):
        inside = shapely.line_merge(shapely.intersection(shapely.union_all(shapes), view))
        lines = [line for line in shapely.get_parts(inside) if line.geom_type == "LineString"]
        if not lines or found >= SHIELDS:
            continue
        longest = max(lines, key=lambda line: line.length)
        if longest.length * k / meters < 2 * SHIELD[0]:
            continue
        for share in (0.5, 0.35, 0.65, 0.2, 0.8):
            point = longest.interpolate(share, normalized=True)
            x, y = point.x / meters, point.y / meters
            box = _around(x * k, y * k)
            if _is_free(box, taken):
                taken.append(box)
                found += 1
                yield words, x, y
                break


def _water_names(
    water: Iterable[tuple[str, BaseGeometry]], drawing: Drawing, taken: list[Box]
) -> Iterable[tuple[str, float, float]]:
    """The widest waters of the frame, each named at the middle of its widest place."""
    meters, k = drawing.grid, WIDTH / drawing.width
    view = shapely.box(0, 0, drawing.width * meters, drawing.height * meters)
    by_name: dict[str, list[BaseGeometry]] = {}
    for name, shape in water:
        if name:
            by_name.setdefault(water_name(name), []).append(shape)
    widest = []
    for name, shapes in by_name.items():
        inside = shapely.intersection(shapely.union_all(shapely.make_valid(np.array(shapes, dtype=object))), view)
        parts = [part for part in shapely.get_parts(inside) if part.geom_type == "Polygon" and part.area > 0]
        if parts:
            largest = max(parts, key=lambda part: part.area)
            circle = shapely.maximum_inscribed_circle(largest, tolerance=max(largest.area**0.5 / 50, meters))
            widest.append((circle.length * k / meters, name, *circle.coords[0]))
    shown = 0
    for radius, name, x, y in sorted(widest, reverse=True):
        box = text_box(name, x / meters * k, y / meters * k)
        if shown < WATER_NAMES and radius >= WIDE_ENOUGH and _is_free(box, taken):
            taken.append(box)
            shown += 1
            yield name, x / meters, y / meters


def _around(x: float, y: float) -> Box:
    return x - SHIELD[0] / 2, y - SHIELD[1] / 2, x + SHIELD[0] / 2, y + SHIELD[1] / 2


def _is_free(box: Box, taken: list[Box]) -> bool:
    left, top, right, bottom = box
    if left < 4 or top < 4 or right > WIDTH - 4 or bottom > HEIGHT - 4:
        return False
    return not any(left < r and l < right and top < b and t < bottom for l, t, r, b in taken)  # noqa: E741
