"""Which tracts touch each other, from the live polygons."""

from functools import lru_cache

import numpy as np
import shapely
from django.db.models import F

from atlas.analysis_records import Neighbours
from atlas.models import Boundary
from atlas.queries.live import Token, catalogue
from atlas.sources.boundaries import TRACTS


def neighbours(geoids: tuple[str, ...]) -> Neighbours:
    """Queen neighbours: tracts whose outlines share at least a corner. One query, kept until something is flipped."""
    return _neighbours(catalogue().token, geoids)


@lru_cache(maxsize=32)
def _neighbours(token: Token, geoids: tuple[str, ...]) -> Neighbours:
    rows = (
        Boundary.objects.filter(
            release__live_parts__dataset=TRACTS.key, release__live_parts__part=F("part"), geoid__in=geoids
        )
        .order_by("geoid")
        .values_list("geoid", "wkb", "release_id")
    )
    held = {geoid: (bytes(wkb), release) for geoid, wkb, release in rows}
    if not held:
        return Neighbours(geoids, np.empty((0, 2), int), geoids, reason="The outlines of these tracts are not live.")
    drawn = [position for position, geoid in enumerate(geoids) if geoid in held]
    polygons = shapely.from_wkb(np.array([held[geoids[position]][0] for position in drawn], dtype=object))
    one, two = shapely.STRtree(polygons).query(polygons, predicate="intersects")
    once = one < two
    positions = np.array(drawn)
    pairs = np.column_stack([positions[one[once]], positions[two[once]]])
    releases = {release for _, release in held.values()}
    return Neighbours(
        geoids,
        pairs[np.lexsort(pairs.T[::-1])],
        tuple(geoid for geoid in geoids if geoid not in held),
        tuple(source for source in catalogue().sources if source.release_id in releases),
    )
