"""The tract under a point, by the boundaries imported here: nothing leaves the portal."""

import shapely
from django.db.models import F

from atlas.models import Boundary
from atlas.sources.boundaries import TRACTS


def tract_at(longitude: float, latitude: float) -> str | None:
    """GEOID of the tract that holds a point, in degrees; None where no outline is live. One query."""
    rows = Boundary.objects.filter(
        release__live_parts__dataset=TRACTS.key,
        release__live_parts__part=F("part"),
        min_longitude__lte=longitude,
        max_longitude__gte=longitude,
        min_latitude__lte=latitude,
        max_latitude__gte=latitude,
    ).order_by("geoid")
    point = shapely.Point(longitude, latitude)
    for geoid, wkb in rows.values_list("geoid", "wkb"):
        if shapely.from_wkb(bytes(wkb)).covers(point):
            return str(geoid)
    return None
