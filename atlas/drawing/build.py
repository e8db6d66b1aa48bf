"""A place's drawing from shapes in degrees: the one maker of stored maps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from atlas.drawing.frame import HEIGHT, WIDTH, Frame, choose_frame
from atlas.drawing.names import candidates, dissolve, place_names
from atlas.drawing.paths import area_path, line_path, simplify_together
from atlas.drawing.plane import Plane, plane_around
from atlas.formatting.tract_names import is_open_water, neighborhood_in, place_in
from atlas.records.drawing import Drawing

TOLERANCE, GRID = 20.0, 10.0  # meters; both grow with the frame, so that a state's map has no more points than a city's
FINEST = 8.0  # a grid cell is at most so much finer than a pixel of a desk's map
AROUND = 0.25  # of the frame's width and height drawn beyond it, for screens of another shape


@dataclass(frozen=True)
class Ground:
    """Tracts in degrees (EPSG:4269), aligned: GEOIDs, shapes, the publisher's names, and what they are to the place."""

    geoids: Sequence[str]
    shapes: NDArray[np.object_]
    names: Sequence[str]
    own: NDArray[np.bool_]  # counted as the place's
    beside: NDArray[np.bool_]  # partly inside, not counted
    titles: Mapping[str, str]  # what tracts are called, by GEOID


def frame_of(own: NDArray[np.object_]) -> tuple[Plane, Frame]:
    """Where the map of these tracts (degrees) lies."""
    plane = plane_around(own)
    return plane, choose_frame(shapely.union_all(shapely.make_valid(plane.flatten(own))))


def on_land(geoids: Sequence[str]) -> NDArray[np.bool_]:
    """Which tracts decide where the map lies: those of a lake would make the city small. All, where all are water."""
    dry = np.array([not is_open_water(geoid) for geoid in geoids], dtype=bool)
    return dry if dry.any() else ~dry


def box_around(own: NDArray[np.object_]) -> tuple[float, float, float, float]:
    """(west, south, east, north) in degrees of all that the map may show."""
    plane, frame = frame_of(own)
    left, top, right, bottom = frame.box
    wide, high = (right - left) * AROUND, (bottom - top) * AROUND
    return plane.box(left - wide, top - high, right + wide, bottom + high)


def build_drawing(ground: Ground, outline: BaseGeometry | None, city: str, counties: Mapping[str, str]) -> Drawing:
    """`outline`: the place's own border in degrees, None for the border of its tracts; `city`: its name, as tracts
    bear it; `counties`: names by five-digit code. Raises ValueError without any tract of its own.
    """
    if not ground.own.any():
        raise ValueError("A map needs at least one tract of the place.")
    dry = np.zeros(len(ground.geoids), dtype=bool)
    dry[ground.own] = on_land([ground.geoids[place] for place in np.flatnonzero(ground.own).tolist()])
    start, frame = frame_of(ground.shapes[dry])
    plane = start.corner(frame.left, frame.top)
    grid = max(GRID, frame.meters / FINEST)
    flat = shapely.make_valid(plane.flatten(ground.shapes))
    simple = simplify_together(flat, max(TOLERANCE, 2 * grid))
    near = ~ground.own & ~ground.beside
    own = shapely.union_all(simple[ground.own])
    border = own if outline is None else _opened(plane.flatten_one(shapely.make_valid(outline)), frame.meters)
    at_corner = Frame(0.0, 0.0, frame.meters, frame.legend)
    here = [neighborhood_in(name) if inside else "" for name, inside in zip(ground.names, dry, strict=True)]
    towns = [
        "" if inside or place_in(name) == city else place_in(name)
        for name, inside in zip(ground.names, ground.own, strict=True)
    ]
    suburbs = {town for town in towns if town}
    joined = _counties(ground.geoids, simple)
    left, top, right, bottom = shapely.total_bounds(simple[dry]).tolist()
    pad = 0.03 * max(right - left, bottom - top)
    narrow = (left - pad, top - pad, right + pad, bottom + pad)
    return Drawing(
        longitude=plane.longitude,
        latitude=plane.latitude,
        middle=plane.middle,
        grid=grid,
        width=round(WIDTH * frame.meters / grid),
        height=round(HEIGHT * frame.meters / grid),
        narrow=(
            round(narrow[0] / grid),
            round(narrow[1] / grid),
            round((narrow[2] - narrow[0]) / grid),
            round((narrow[3] - narrow[1]) / grid),
        ),
        legend=frame.legend,
        tracts=_paths(ground.geoids, simple, ground.own, grid),
        beside=_paths(ground.geoids, simple, ground.beside, grid),
        near="".join(area_path(shape, grid) for shape in simple[near]),
        counties=line_path(_borders(list(joined.values())), grid),
        edge=area_path(shapely.simplify(border, max(TOLERANCE, 2 * grid)), grid),
        names=place_names(
            (
                candidates(dissolve(simple, ["" if name in suburbs else name for name in here]), "city"),
                candidates(_in_view(dissolve(simple, towns), at_corner), "near"),
                candidates(_outside(joined, counties, own, at_corner), "county"),
            ),
            at_corner,
            grid,
            tuple(edge / frame.meters for edge in narrow),
        ),
        middles=_middles(ground.geoids, simple, ground.own, grid),
        titles={
            geoid: ground.titles[geoid]
            for geoid, shown in zip(ground.geoids, ground.own | ground.beside, strict=True)
            if shown and geoid in ground.titles
        },
    )


def _paths(geoids: Sequence[str], shapes: NDArray[np.object_], kept: NDArray[np.bool_], grid: float) -> dict[str, str]:
    return {geoids[place]: area_path(shapes[place], grid) for place in np.flatnonzero(kept).tolist()}


def _middles(
    geoids: Sequence[str], shapes: NDArray[np.object_], own: NDArray[np.bool_], grid: float
) -> dict[str, tuple[int, int]]:
    kept = np.flatnonzero(own).tolist()
    points = shapely.point_on_surface(shapes[kept])
    x, y = np.rint(shapely.get_x(points) / grid), np.rint(shapely.get_y(points) / grid)
    return {geoids[place]: (int(a), int(b)) for place, a, b in zip(kept, x, y, strict=True)}


def _opened(outline: BaseGeometry, meters: float) -> BaseGeometry:
    """Without strips thinner than two pixels, which annexations along roads leave; as it is where nothing is left."""
    thick = outline.buffer(-meters, join_style="mitre").buffer(meters, join_style="mitre")
    return outline if thick.is_empty else thick


def _counties(geoids: Sequence[str], shapes: NDArray[np.object_]) -> dict[str, BaseGeometry]:
    """Tracts joined by county."""
    return dissolve(shapes, [geoid[:5] for geoid in geoids])


def _borders(joined: list[BaseGeometry]) -> BaseGeometry:
    """Lines that two counties share."""
    outer = [shape.boundary for shape in joined]
    shared = [
        shapely.intersection(a, b)
        for place, a in enumerate(outer)
        for b in outer[place + 1 :]
        if shapely.intersects(a, b)
    ]
    lines = [line for one in shared for line in shapely.get_parts(one) if line.geom_type == "LineString"]
    return shapely.line_merge(shapely.multilinestrings(lines)) if lines else shapely.MultiLineString()


def _outside(
    joined: Mapping[str, BaseGeometry], names: Mapping[str, str], own: BaseGeometry, frame: Frame
) -> dict[str, BaseGeometry]:
    """What of each county stands in the frame outside the place; none where the map shows only one county."""
    if len(joined) < 2:
        return {}
    known = {names[code]: shape for code, shape in joined.items() if code in names}
    return {name: shapely.difference(shape, own) for name, shape in _in_view(known, frame).items()}


def _in_view(joined: Mapping[str, BaseGeometry], frame: Frame) -> dict[str, BaseGeometry]:
    """What of each shape the frame shows: a name stands in the middle of that."""
    view = shapely.box(*frame.box)
    return {name: shapely.intersection(shape, view) for name, shape in joined.items()}
