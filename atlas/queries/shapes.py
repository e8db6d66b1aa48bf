"""The live shapes of tracts as their publisher draws them: longitude and latitude, not simplified."""

import shapely
from django.db.models import F
from shapely.geometry.base import BaseGeometry

from atlas.models import Boundary
from atlas.queries.live import live_catalog
from atlas.records.places import Source
from atlas.sources.boundaries import TRACTS


def tract_shapes(geoids: tuple[str, ...]) -> tuple[dict[str, BaseGeometry], tuple[Source, ...]]:
    """Geometries by GEOID, without the tracts none is live for, and the releases they came from. One query."""
    rows = Boundary.objects.filter(
        release__live_parts__dataset=TRACTS.key, release__live_parts__part=F("part"), geoid__in=geoids
    ).values_list("geoid", "wkb", "release_id")
    shapes: dict[str, BaseGeometry] = {}
    releases = set()
    for geoid, wkb, release in rows:
        shapes[geoid] = shapely.from_wkb(bytes(wkb))
        releases.add(release)
    return shapes, tuple(source for source in live_catalog().sources if source.release_id in releases)
