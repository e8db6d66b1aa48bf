"""Shapes as SVG path text on a grid of whole numbers, each step relative to the last."""

from collections.abc import Iterable

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry


def simplify_together(shapes: NDArray[np.object_], tolerance: float) -> NDArray[np.object_]:
    """Polygons (n,) with common borders kept common, `tolerance` in their own unit."""
    if not shapes.size:
        return shapes
    simple: NDArray[np.object_] = shapely.coverage_simplify(shapes, tolerance)
    return simple


def area_path(shape: BaseGeometry, grid: float) -> str:
    """Closed rings of a polygon or several, in units of `grid`; "" for one smaller than a grid cell."""
    rings = []
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon":
            rings += [part.exterior, *part.interiors]
    return "".join(_ring(np.asarray(ring.coords), grid) for ring in rings)


def line_path(shape: BaseGeometry, grid: float) -> str:
    """Open lines, in units of `grid`."""
    return "".join(_steps(_on_grid(np.asarray(line.coords), grid), "") for line in lines_of(shape))


def lines_of(shape: BaseGeometry) -> Iterable[BaseGeometry]:
    """Every line of a line, of several, or of a collection."""
    for part in shapely.get_parts(shape):
        if part.geom_type in ("LineString", "LinearRing"):
            yield part
        elif part.geom_type in ("MultiLineString", "GeometryCollection"):
            yield from lines_of(part)


def _ring(points: NDArray[np.float64], grid: float) -> str:
    whole = _on_grid(points, grid)
    if len(whole) > 1 and (whole[0] == whole[-1]).all():
        whole = whole[:-1]
    return _steps(whole, "z") if len(whole) > 2 else ""


def _on_grid(points: NDArray[np.float64], grid: float) -> NDArray[np.int64]:
    whole = np.rint(points[:, :2] / grid).astype(np.int64)
    moved = np.ones(len(whole), dtype=bool)
    moved[1:] = (np.diff(whole, axis=0) != 0).any(axis=1)
    return whole[moved]


def _steps(whole: NDArray[np.int64], end: str) -> str:
    """M of the first point, then l with the steps: "M3 4l5-6 7 8z"."""
    if len(whole) < 2:
        return ""
    numbers = [str(number) for number in np.diff(whole, axis=0).ravel().tolist()]
    steps = "".join(number if number[0] == "-" or not place else f" {number}" for place, number in enumerate(numbers))
    x, y = whole[0].tolist()
    return f"M{x} {y}l{steps}{end}"
