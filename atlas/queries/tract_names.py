"""What tracts are called, with a named neighborhood close by for those without a name of their own."""

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
from django.db.models import F

from atlas.formatting.tract_names import neighborhood_in, place_in, tract_title
from atlas.models import Boundary, Tract
from atlas.queries.live import Generation, live_generation
from atlas.sources.boundaries import TRACTS
from atlas.sources.us_outline import county_names

FARTHEST = 5_000.0  # meters between the middles of two tracts that may be called near
METERS_PER_DEGREE = 111_320.0  # of latitude


def tract_titles(tracts: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Title by GEOID, for (GEOID, name as the Atlas has it). At most two queries, kept until something is flipped.

    Near is the named neighborhood of the same place whose tract's middle is closest, at most 5 km away. Where no
    outlines are loaded the place or the county stands instead.
    """
    rows = list(tracts)
    unnamed = [(geoid, name) for geoid, name in rows if not neighborhood_in(name)]
    near = _near(live_generation(), tuple(sorted({geoid[:5] for geoid, _ in unnamed}))) if unnamed else {}
    counties = county_names()
    return {geoid: tract_title(geoid, name, near.get(geoid, ""), counties.get(geoid[:5], "")) for geoid, name in rows}


@lru_cache(maxsize=64)
def _near(generation: Generation, counties: tuple[str, ...]) -> dict[str, str]:
    """The closest named neighborhood of each tract without one, by GEOID; both must have a live outline."""
    boxes = Boundary.objects.filter(
        release__live_parts__dataset=TRACTS.key, release__live_parts__part=F("part"), part__in=counties
    ).values_list("geoid", "min_longitude", "max_longitude", "min_latitude", "max_latitude")
    middles = {geoid: ((west + east) / 2, (south + north) / 2) for geoid, west, east, south, north in boxes}
    names = dict(Tract.objects.filter(vintage=2010, geoid__in=list(middles)).values_list("geoid", "name"))
    named: dict[tuple[str, str], list[tuple[str, str]]] = {}  # by county and place: (GEOID, neighborhood)
    for geoid, name in sorted(names.items()):
        if found := neighborhood_in(name):
            named.setdefault((geoid[:5], place_in(name)), []).append((geoid, found))
    near = {}
    for geoid, name in names.items():
        around = named.get((geoid[:5], place_in(name)), [])
        if neighborhood_in(name) or not around:
            continue
        distances = _meters(middles[geoid], np.array([middles[other] for other, _ in around]))
        closest = int(distances.argmin())
        if distances[closest] <= FARTHEST:
            near[geoid] = around[closest][1]
    return near


def _meters(here: tuple[float, float], others: np.ndarray) -> np.ndarray:
    """Distances (n,) in meters from (longitude, latitude) to points (n, 2), on a plane: good to 1% within 20 km."""
    scale = np.array([np.cos(np.radians(here[1])), 1.0]) * METERS_PER_DEGREE
    return np.hypot(*((others - np.array(here)) * scale).T)
