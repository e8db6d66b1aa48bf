"""A flat piece of the earth for one map: meters east and south of a corner."""

from dataclasses import dataclass
from math import cos, radians

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

METERS_PER_DEGREE = 111_320.0  # of latitude; of longitude times the cosine of the latitude


@dataclass(frozen=True)
class Plane:
    """Local equirectangular projection: right to about 1% over 100 km, which a map of a city needs no more of."""

    longitude: float  # degrees, of the point 0, 0
    latitude: float
    middle: float  # latitude at which east and south have one scale

    def flatten(self, shapes: NDArray[np.object_]) -> NDArray[np.object_]:
        """Shapes (n,) in degrees -> meters, x to the east, y to the south."""
        scale = METERS_PER_DEGREE * cos(radians(self.middle))

        def move(points: NDArray[np.float64]) -> NDArray[np.float64]:
            return np.column_stack(
                ((points[:, 0] - self.longitude) * scale, (self.latitude - points[:, 1]) * METERS_PER_DEGREE)
            )

        flat: NDArray[np.object_] = shapely.transform(np.atleast_1d(shapes), move)
        return flat

    def flatten_one(self, shape: BaseGeometry) -> BaseGeometry:
        return self.flatten(np.array([shape], dtype=object))[0]

    def corner(self, x: float, y: float) -> "Plane":
        """The same plane with its 0, 0 at meters `x`, `y`."""
        scale = METERS_PER_DEGREE * cos(radians(self.middle))
        return Plane(self.longitude + x / scale, self.latitude - y / METERS_PER_DEGREE, self.middle)

    def box(self, left: float, top: float, right: float, bottom: float) -> tuple[float, float, float, float]:
        """(west, south, east, north) in degrees of a box in meters."""
        first, last = self.corner(left, bottom), self.corner(right, top)
        return first.longitude, first.latitude, last.longitude, last.latitude


def plane_around(shapes: NDArray[np.object_]) -> Plane:
    """The plane whose 0, 0 is the upper left corner of shapes in degrees."""
    west, south, _, north = shapely.total_bounds(shapes)
    return Plane(float(west), float(north), float(south + north) / 2)
