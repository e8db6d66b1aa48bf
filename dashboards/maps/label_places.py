"""Where a name stands on water or along a stream, in pixels of a map's frame. Pure: shapes in, points out.

A name turns with the river it belongs to. It may not cover another name, a control or the frame's edge.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import atan2, ceil, cos, degrees, hypot, radians, sin

import numpy as np
import shapely
from shapely.affinity import rotate
from shapely.geometry.base import BaseGeometry

from atlas.drawing.frame import HEIGHT, WIDTH
from atlas.drawing.names import LETTER, LINE, Box, lines_of_name

EDGE = 4.0  # pixels kept free at the frame
TRIED = 28  # points of one water at which its name is tried
LONG = 1.7  # a water so many times as long as wide has a direction
LEVEL = 8.0  # degrees: a name that would turn by less stands level
IN_WATER, IN_RIVER = 0.9, 0.6  # shares of a level name and of a turned one that lie on the water
STRAIGHT = 0.93  # of a stream's length under its name: from end to end, for its way along


@dataclass(frozen=True)
class Spot:
    """The middle of a name; `angle` in degrees, as SVG turns: clockwise, from -90 to 90."""

    x: float
    y: float
    angle: float = 0.0


def place_on_area(shape: BaseGeometry, text: str, taken: Sequence[Box]) -> Spot | None:
    """On the widest place where the name fits, along the shape where that is long; None where none is free."""
    view = shapely.box(EDGE, EDGE, WIDTH - EDGE, HEIGHT - EDGE)
    parts = [one for one in shapely.get_parts(shapely.intersection(shape, view)) if one.geom_type == "Polygon"]
    if not parts:
        return None
    part = max(parts, key=lambda one: one.area)
    best: tuple[float, float, Spot] | None = None
    for point, radius in _widest_points(part):
        angle = _direction(part, point, max(len(text) * LETTER / 2, LINE))
        spot = Spot(point.x, point.y, angle)
        inside = _share_inside(part, spot, text)
        if inside < (IN_RIVER if angle else IN_WATER) or not is_free(cells_of(text, spot), taken):
            continue
        if best is None or (round(inside, 1), radius) > best[:2]:
            best = (round(inside, 1), radius, spot)
    return best[2] if best else None


def place_on_line(shape: BaseGeometry, text: str, taken: Sequence[Box]) -> Spot | None:
    """On the longest straight stretch; None where a line is too short, too crooked or nothing is free."""
    view = shapely.box(EDGE, EDGE, WIDTH - EDGE, HEIGHT - EDGE)
    inside = shapely.line_merge(shapely.intersection(shape, view))
    lines = [one for one in shapely.get_parts(inside) if one.geom_type == "LineString"]
    wide = len(text) * LETTER
    for line in sorted(lines, key=lambda one: -one.length)[:3]:
        if line.length < 1.3 * wide:
            break
        for at in np.linspace(wide / 2, line.length - wide / 2, 9).tolist():
            first, last = (line.interpolate(at + half) for half in (-wide / 2, wide / 2))
            if hypot(last.x - first.x, last.y - first.y) < STRAIGHT * wide:
                continue
            spot = Spot((first.x + last.x) / 2, (first.y + last.y) / 2, _upright(last.x - first.x, last.y - first.y))
            if is_free(cells_of(text, spot), taken):
                return spot
    return None


def cells_of(text: str, spot: Spot, scale: float = 1.0) -> list[Box]:
    """A name as boxes along its direction; one box for a level name, which may break into two lines. `scale`: of the
    letters."""
    if not spot.angle:
        lines = lines_of_name(text)
        wide, high = scale * max(map(len, lines)) * LETTER / 2, scale * len(lines) * LINE / 2
        return [(spot.x - wide, spot.y - high, spot.x + wide, spot.y + high)]
    wide, half = scale * len(text) * LETTER, scale * 0.6 * LINE
    count = max(ceil(wide / (scale * LINE)), 1)
    steps = (np.arange(count) + 0.5) * wide / count - wide / 2
    points = ((spot.x + step * cos(radians(spot.angle)), spot.y + step * sin(radians(spot.angle))) for step in steps)
    return [(x - half, y - half, x + half, y + half) for x, y in points]


def is_free(cells: Iterable[Box], taken: Iterable[Box]) -> bool:
    """Whether no cell meets what is taken or the frame's edge."""
    held = list(taken)
    for left, top, right, bottom in cells:
        if left < EDGE or top < EDGE or right > WIDTH - EDGE or bottom > HEIGHT - EDGE:
            return False
        if any(left < r and l < right and top < b and t < bottom for l, t, r, b in held):  # noqa: E741
            return False
    return True


def _widest_points(part: BaseGeometry) -> list[tuple[BaseGeometry, float]]:
    """The middle of the widest circle inside, then points of a mesh, those far from the bank first."""
    circle = shapely.maximum_inscribed_circle(part, tolerance=max(part.area**0.5 / 50, 1.0))
    left, top, right, bottom = part.bounds
    step = max((part.area / (2 * TRIED)) ** 0.5, 4.0)
    across, down = np.meshgrid(np.arange(left + step / 2, right, step), np.arange(top + step / 2, bottom, step))
    mesh = shapely.points(across.ravel(), down.ravel())
    shapely.prepare(part)
    mesh = mesh[shapely.contains(part, mesh)]
    far = shapely.distance(mesh, part.boundary)
    order = np.argsort(-far, kind="stable")[:TRIED]
    middle = shapely.Point(circle.coords[0])
    return [(middle, float(circle.length)), *((mesh[at], float(far[at])) for at in order.tolist())]


def _direction(part: BaseGeometry, point: BaseGeometry, radius: float) -> float:
    """Of what lies around a point: the long side of the narrowest box around it; 0 for what is not long."""
    around = shapely.intersection(part, point.buffer(radius, quad_segs=4))
    pieces = [one for one in shapely.get_parts(around) if one.geom_type == "Polygon" and one.intersects(point)]
    if not pieces:
        return 0.0
    corners = shapely.get_coordinates(shapely.oriented_envelope(pieces[0]))
    if len(corners) < 4:
        return 0.0
    first, second = corners[1] - corners[0], corners[2] - corners[1]
    long, short = sorted((first, second), key=lambda side: -hypot(*side))
    if hypot(*long) < LONG * max(hypot(*short), 1.0):
        return 0.0
    return _upright(*long)


def _upright(x: float, y: float) -> float:
    """Degrees of a direction, turned so that letters stand on their feet; 0 where it is nearly level."""
    angle = degrees(atan2(y, x))
    angle = angle - 180 if angle > 90 else angle + 180 if angle <= -90 else angle
    return 0.0 if abs(angle) < LEVEL else round(angle, 1)


def _share_inside(part: BaseGeometry, spot: Spot, text: str) -> float:
    """Of the name's own box that lies within a shape, 0-1."""
    wide, high = len(text) * LETTER / 2, LINE / 2
    box = shapely.box(*cells_of(text, spot)[0])
    if spot.angle:
        level = shapely.box(spot.x - wide, spot.y - high, spot.x + wide, spot.y + high)
        box = rotate(level, spot.angle, origin=(spot.x, spot.y))  # y grows to the south: clockwise for the eye
    return float(shapely.intersection(part, box).area / box.area)
