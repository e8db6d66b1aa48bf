"""Which counties the maps of the portal's cities show: the city's own, and those across a river or a state's border."""

import numpy as np
import shapely

from atlas.drawing.build import box_around, on_land
from atlas.ingest.overlays import live_boundaries
from atlas.models import City
from atlas.sources.boundaries import TRACTS
from atlas.sources.us_outline import counties_within

HALF_WIDTH, HALF_HEIGHT = 0.3, 0.22  # degrees around a city of which no tract is live yet: about 50 by 50 km
Box = tuple[float, float, float, float]


def counties_in_frames() -> tuple[str, ...]:
    """Five-digit codes, sorted; two queries a city."""
    return tuple(sorted({county for city in City.objects.all() for county in counties_within(_box(city))}))


def _box(city: City) -> Box:
    """West, south, east, north in degrees: what the city's map may show."""
    own = city.tracts.filter(belongs=True).values_list("geoid", flat=True)
    packed = dict(live_boundaries(TRACTS.key).filter(geoid__in=list(own)).values_list("geoid", "wkb"))
    if packed:
        shapes = shapely.from_wkb(np.array([bytes(wkb) for wkb in packed.values()], dtype=object))
        return box_around(shapes[on_land(list(packed))])
    x, y = city.longitude, city.latitude
    return x - HALF_WIDTH, y - HALF_HEIGHT, x + HALF_WIDTH, y + HALF_HEIGHT
