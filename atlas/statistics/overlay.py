"""Which share of each tract lies in a place: overlay of real polygons on an equal-area plane."""

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

RULE = "at least half of the tract's area lies in the place"
MAJORITY = 0.5
MIN_SHARE = 0.01  # smallest share of a tract that is drawn and listed as an edge tract


def equal_area(longitude: float, latitude: float) -> Transformer:
    """Lambert azimuthal equal-area around a point in degrees of NAD83, meters: true areas for any US place, Alaska to
    Puerto Rico. Raises pyproj.exceptions.CRSError for a latitude beyond 90 degrees.
    """
    target = f"+proj=laea +lat_0={latitude:.4f} +lon_0={longitude:.4f} +ellps=GRS80 +units=m"
    return Transformer.from_crs("EPSG:4269", target, always_xy=True)


def project(geometries: NDArray[np.object_], transformer: Transformer) -> NDArray[np.object_]:
    """Geometries (n,) in degrees -> meters, shape (n,), missing ones stay None; invalid rings (cartographic files have
    some) are made valid first.
    """
    geometries = np.atleast_1d(np.asarray(geometries, dtype=object))
    invalid = ~shapely.is_valid(geometries)
    if invalid.any():
        geometries = geometries.copy()
        geometries[invalid] = shapely.make_valid(geometries[invalid])
    projected: NDArray[np.object_] = shapely.transform(geometries, transformer.transform, interleaved=False)
    return projected


def shares(tracts: NDArray[np.object_], place: BaseGeometry, transformer: Transformer) -> NDArray[np.float64]:
    """Share of each tract's area inside the place, 0-1, shape (n,); 0 for a tract without area. Inputs are shapely, in
    degrees; both are projected with `transformer`, which keeps areas.
    """
    flat = project(tracts, transformer)
    city = project(np.array([place], dtype=object), transformer)[0]
    shapely.prepare(city)
    inside = shapely.area(shapely.intersection(flat, city))
    area = shapely.area(flat)
    share: NDArray[np.float64] = np.clip(np.divide(inside, area, out=np.zeros_like(inside), where=area > 0), 0.0, 1.0)
    return share
