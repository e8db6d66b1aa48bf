"""Water, main roads and landmarks as paths on a drawing's grid, and where their names and shields stand."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from atlas.drawing.build import AROUND, TOLERANCE
from atlas.drawing.frame import WIDTH, Frame, covered
from atlas.drawing.names import Box, text_box
from atlas.drawing.paths import area_path, line_path
from atlas.drawing.plane import Plane
from atlas.records.context import BoundingBox, ContextFeature, ContextLayers
from atlas.records.drawing import Drawing
from dashboards.maps.context_names import ContextNames, Flat, Label, longest
from dashboards.maps.label_places import is_free

PRIMARY = "S1100"
SHIELDS = 10
SHIELD = (40.0, 18.0)  # pixels kept free around a shield's middle
MARKED = 11.0  # pixels: a square so wide is the smallest landmark with an outline
LONGEST_STREAMS, SHORTEST_STREAM = 12, 60.0  # streams drawn; pixels of the shortest
_NUMBER = re.compile(r"\d+[A-Z]?")
_SIGNS = {"I": "I-", "U": "US "}


@dataclass(frozen=True)
class LayerPaths:
    """Path texts in a drawing's grid units; names and shields with the point they stand at."""

    water: str = ""
    streams: str = ""
    landmarks: str = ""  # outlines of parks, campuses, airports and cemeteries
    points: str = ""  # schools and hospitals that have a label
    roads_1: str = ""  # S1100
    roads_2: str = ""  # S1200
    shields: tuple[tuple[str, float, float], ...] = ()
    water_names: tuple[Label, ...] = ()
    landmark_names: tuple[Label, ...] = ()


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

    def flat(features: Iterable[ContextFeature]) -> list[Flat]:
        return [(one, shapely.simplify(plane.flatten_one(one.geometry), tolerance)) for one in features]

    water, roads = flat(layers.water), flat(layers.roads)
    k = WIDTH / drawing.width
    large = (MARKED / k * grid) ** 2
    landmarks = [(one, shape) for one, shape in flat(layers.landmarks) if shape.area >= large]
    streams = longest(flat(layers.streams), LONGEST_STREAMS, SHORTEST_STREAM / k * grid)
    taken = covered(Frame(0.0, 0.0, grid / k, drawing.legend))
    taken += [text_box(name.text, name.x * k, name.y * k) for name in drawing.names if not name.is_deep]
    signed = [(one, shape) for one, shape in roads if one.feature_class == PRIMARY]
    shields = tuple(_shields(signed, drawing, taken))
    names = ContextNames(drawing, taken)
    water_names = (*names.of_water(water), *names.of_streams(streams))
    landmark_names, points = (*names.of_landmarks(landmarks),), (*names.of_points(flat(layers.points)),)
    return LayerPaths(
        water="".join(area_path(shape, grid) for _, shape in water),
        streams="".join(line_path(shape, grid) for _, shape in streams),
        landmarks="".join(area_path(shape, grid) for _, shape in landmarks),
        points="".join(f"M{one.x:.0f} {one.y:.0f}h0" for one in points),
        roads_1="".join(line_path(shape, grid) for _, shape in signed),
        roads_2="".join(line_path(shape, grid) for one, shape in roads if one.feature_class != PRIMARY),
        shields=shields,
        water_names=water_names,
        landmark_names=(*landmark_names, *points),
    )


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
            if is_free((box,), taken):
                taken.append(box)
                found += 1
                yield words, x, y
                break


def _around(x: float, y: float) -> Box:
    return x - SHIELD[0] / 2, y - SHIELD[1] / 2, x + SHIELD[0] / 2, y + SHIELD[1] / 2
