"""Which tracts are in a city, and its map: recalculated whenever a boundary it touches is flipped."""

import gzip
import hashlib
import json

import brotli
import numpy as np
import shapely
from django.db.models import F, QuerySet

from atlas.ingest import locks
from atlas.models import Boundary, City, CityGeometry, CityTract
from atlas.records.places import SAMPLE_NOTICE
from atlas.sources.boundaries import PLACES, TRACTS
from atlas.statistics import overlay
from atlas.statistics.overlay import MIN_SHARE

MIN_STORED_SHARE = 0.001  # shares below are slivers of two generalized outlines, not places where people live

_DECIMALS = 5
_TOLERANCE_DEGREES_OF_EXTENT = 1 / 1500  # about half a pixel of a map 700 px wide


def rebuild_cities(parts: list[str], level: str) -> tuple[str, ...]:
    """Overlay of every city whose place is in `parts`, or whose box a county in `parts` may touch."""
    locks.lock_until_commit(locks.OVERLAYS, "")
    if level == "place":
        cities = list(City.objects.filter(place_geoid__in=parts))
    else:
        states = {part[:2] for part in parts}
        cities = [city for city in City.objects.all() if city.place_geoid[:2] in states]
    return tuple(city.slug for city in cities if rebuild_city(city))


def live_boundaries(dataset: str) -> QuerySet[Boundary]:
    """Boundaries that are live: those of the release that answers for their part."""
    return Boundary.objects.filter(release__live_parts__dataset=dataset, release__live_parts__part=F("part"))


def place_boundary(place_geoid: str) -> Boundary | None:
    return live_boundaries(PLACES.key).filter(geoid=place_geoid).select_related("release").first()


def rebuild_city(city: City) -> bool:
    """Stores each tract's share in the city, the rule, and the simplified map. False when polygons lack."""
    place = place_boundary(city.place_geoid)
    if place is None:
        return False
    nearby = list(
        live_boundaries(TRACTS.key)
        .filter(
            max_longitude__gte=place.min_longitude,
            min_longitude__lte=place.max_longitude,
            max_latitude__gte=place.min_latitude,
            min_latitude__lte=place.max_latitude,
        )
        .order_by("geoid")
        .values_list("geoid", "wkb", "release__is_sample")
    )
    if not nearby:
        return False
    outline = shapely.from_wkb(bytes(place.wkb))
    tracts = shapely.from_wkb(np.array([bytes(wkb) for _, wkb, _ in nearby], dtype=object))
    centre = shapely.point_on_surface(outline)
    plane = overlay.equal_area(centre.x, centre.y)
    found = overlay.shares(tracts, outline, plane)
    kept = np.flatnonzero(found >= MIN_STORED_SHARE)
    CityTract.objects.filter(city=city).delete()
    CityTract.objects.bulk_create(
        CityTract(
            city=city,
            geoid=nearby[i][0],
            share=float(found[i]),
            belongs=bool(found[i] >= overlay.MAJORITY),
            rule=overlay.RULE,
        )
        for i in kept
    )
    shown = np.flatnonzero(found >= MIN_SHARE)
    sample = place.release.is_sample or any(nearby[i][2] for i in shown)
    CityGeometry.objects.update_or_create(
        city=city, defaults=build_map([nearby[i][0] for i in shown], tracts[shown], outline, sample)
    )
    return True


def build_map(geoids: list[str], tracts: np.ndarray, outline, is_sample: bool) -> dict:
    """The fields of a stored map. One GeoJSON: tracts simplified together, so that neighbors keep a common border,
    and the outline of the place.

    Drawn from generated polygons it says so itself, as a member beside `features` that readers of GeoJSON ignore.
    """
    west, south, east, north = shapely.total_bounds(tracts)
    tolerance = max(east - west, north - south) * _TOLERANCE_DEGREES_OF_EXTENT
    simple = shapely.coverage_simplify(tracts, tolerance)
    features = [_feature(geoid, geometry) for geoid, geometry in zip(geoids, simple, strict=True)]
    features.append(_feature("outline", shapely.simplify(outline, tolerance)))
    notice = {"sample": True, "notice": SAMPLE_NOTICE} if is_sample else {}
    document = {"type": "FeatureCollection", **notice, "features": features}
    text = json.dumps(document, separators=(",", ":")).encode()
    return {
        "etag": hashlib.sha256(text).hexdigest()[:32],
        "gzip": gzip.compress(text, 9, mtime=0),
        "brotli": brotli.compress(text, quality=9),
        "is_sample": is_sample,
        "drawing": None,  # drawn anew: `atlas.ingest.drawings`
    }


def _feature(geoid: str, geometry) -> dict:
    """Plotly's geo maps want exterior rings clockwise; five decimals are about a meter."""
    geometry = shapely.orient_polygons(shapely.set_precision(geometry, 10**-_DECIMALS), exterior_cw=True)
    return {
        "type": "Feature",
        "id": geoid,
        "properties": {},
        "geometry": _round_coordinates(shapely.geometry.mapping(geometry)),
    }


def _round_coordinates(mapping: dict) -> dict:
    def walk(item):
        return round(item, _DECIMALS) if isinstance(item, float) else [walk(x) for x in item]

    return {"type": mapping["type"], "coordinates": walk(mapping["coordinates"])}
