"""A place's map as path texts: stored by imports, made on the spot where none is stored yet."""

import logging
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from django.db.models import F, QuerySet
from shapely.errors import GEOSException

from atlas.drawing.build import Ground, box_around, build_drawing, on_land
from atlas.models import Area, AreaGeometry, Boundary, CityGeometry
from atlas.queries.live import Generation, live_generation
from atlas.queries.members import members
from atlas.queries.tract_names import tract_titles
from atlas.queries.tracts import tract_names
from atlas.records.drawing import Drawing, drawing_from_json
from atlas.records.places import AreaRecord, CityRecord, Place
from atlas.sources.boundaries import PLACES, TRACTS
from atlas.sources.us_outline import county_names

logger = logging.getLogger(__name__)

MOST_AROUND = 4000  # tracts: a map of a whole state shows no neighbors


def drawing(place: Place) -> Drawing | None:
    """None before its polygons are live, or where they cannot be drawn; the log has why. Kept until something is
    flipped."""
    return _drawing(live_generation(), place)


@lru_cache(maxsize=64)
def _drawing(generation: Generation, place: Place) -> Drawing | None:
    held: QuerySet[Any] = (
        AreaGeometry.objects.filter(area__token=place.slug)
        if isinstance(place, AreaRecord)
        else CityGeometry.objects.filter(city__slug=place.slug)
    )
    stored = held.values_list("drawing", flat=True)[:1]
    if not (found := list(stored)):
        return None
    if found[0]:
        try:
            return drawing_from_json(found[0])
        except (KeyError, TypeError, ValueError):  # stored by another version of the portal
            pass
    try:
        return make_drawing(place)
    except GEOSException:
        logger.exception("The map of %s could not be drawn", place.slug)
        return None


def make_drawing(place: Place) -> Drawing | None:
    """From the live polygons; None while there are none of the place's tracts. A few queries."""
    ground = members(place)
    codes = [f"{code:011d}" for code in ground.codes.tolist()]
    kinds = dict(zip(codes, ground.belongs.tolist(), strict=True))
    live = Boundary.objects.filter(
        release__live_parts__dataset=TRACTS.key,
        release__live_parts__part=F("part"),
        release__is_sample=place.geometry_is_sample,
    )
    mine = _shapes(live.filter(geoid__in=[code for code, own in kinds.items() if own]))
    if not mine:
        return None
    own = np.array(list(mine.values()), dtype=object)
    west, south, east, north = box_around(own[on_land(list(mine))])
    around = live.filter(
        max_longitude__gte=west, min_longitude__lte=east, max_latitude__gte=south, min_latitude__lte=north
    )
    if around.count() > MOST_AROUND + len(kinds):
        around = live.filter(geoid__in=codes)
    shapes = mine | _shapes(around)
    geoids = tuple(sorted(shapes))
    names = tract_names(geoids, generated=place.geometry_is_sample)
    drawn = Ground(
        geoids,
        np.array([shapes[geoid] for geoid in geoids], dtype=object),
        names,
        np.array([kinds.get(geoid, False) for geoid in geoids], dtype=bool),
        np.array([kinds.get(geoid) is False for geoid in geoids], dtype=bool),
        tract_titles((geoid, name) for geoid, name in zip(geoids, names, strict=True) if geoid in kinds),
    )
    return build_drawing(drawn, _outline(place), place.name if place.kind == "city" else "", county_names())


def _shapes(rows: QuerySet[Boundary]) -> dict[str, Any]:
    return {geoid: shapely.from_wkb(bytes(wkb)) for geoid, wkb in rows.order_by("geoid").values_list("geoid", "wkb")}


def _outline(place: Place) -> Any:
    """The place's own border in degrees; None for an area of picked tracts, whose border is theirs."""
    if isinstance(place, CityRecord):
        rows = Boundary.objects.filter(
            release__live_parts__dataset=PLACES.key, release__live_parts__part=F("part"), geoid=place.place_geoid
        )
        found = rows.values_list("wkb", flat=True).first()
    else:
        found = Area.objects.filter(token=place.slug).values_list("outline", flat=True).first()
    return shapely.from_wkb(bytes(found)) if found else None
