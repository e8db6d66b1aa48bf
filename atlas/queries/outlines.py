"""The live outlines of tracts, on a plane of true areas."""

from functools import lru_cache

import numpy as np
import shapely
from django.db.models import F

from atlas.models import Boundary
from atlas.queries.live import Generation, live_catalog
from atlas.records.analysis import Outlines
from atlas.sources.boundaries import TRACTS
from atlas.statistics import overlay


def tract_outlines(geoids: tuple[str, ...]) -> Outlines:
    """Polygons of tracts, None where none is live. One query, kept until something is flipped."""
    return _outlines(live_catalog().generation, geoids)


@lru_cache(maxsize=32)
def _outlines(generation: Generation, geoids: tuple[str, ...]) -> Outlines:
    rows = Boundary.objects.filter(
        release__live_parts__dataset=TRACTS.key, release__live_parts__part=F("part"), geoid__in=geoids
    ).values_list("geoid", "wkb", "release_id")
    held = {geoid: (bytes(wkb), release) for geoid, wkb, release in rows}
    polygons = np.full(len(geoids), None, dtype=object)
    if held:
        drawn = [position for position, geoid in enumerate(geoids) if geoid in held]
        raw = shapely.from_wkb(np.array([held[geoids[position]][0] for position in drawn], dtype=object))
        centre = shapely.box(*shapely.total_bounds(raw)).centroid
        polygons[drawn] = overlay.project(raw, overlay.equal_area(centre.x, centre.y))
    releases = {release for _, release in held.values()}
    return Outlines(
        geoids, polygons, tuple(source for source in live_catalog().sources if source.release_id in releases)
    )
