"""The tracts around one tract, with the value of a measure each."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
import shapely
from django.db.models import F
from numpy.typing import NDArray
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from atlas.formatting.rounding import is_missing
from atlas.models import Boundary, Tract
from atlas.queries.context_layers import context_layers
from atlas.queries.live import Generation, live_generation
from atlas.queries.measures import tract_vector
from atlas.queries.tract_names import METERS_PER_DEGREE, tract_titles
from atlas.records.context import ContextFeature
from atlas.records.surroundings import NearbyTract, Surroundings
from atlas.sources import tiger_roads
from atlas.sources.boundaries import TRACTS
from atlas.statistics import overlay

ASPECT = 5 / 3  # width of the frame for its height
AT = (0.37, 0.6)  # the tract's middle, shares from the left and from below: the legend is at the lower right
AROUND = 3.4  # the frame is this many times as high, or as wide, as the tract
LEAST = 2_500.0  # meters that a frame is high
FINEST = 0.002  # of the frame's height: outlines are simplified to it
MOST = 400  # tracts drawn
TOUCHING = 2.0  # meters: outlines of one publisher meet; projecting them moves them by less
SHORTEST = 25.0  # meters of shared border: those that meet in a corner are no neighbors


def tract_surroundings(geoid: str, slug: str) -> Surroundings | None:
    """None where the tract has no live outline. `slug`: a live tract measure, "" for none. At most eight queries."""
    return _around(live_generation(), geoid, slug)


@lru_cache(maxsize=256)
def _around(generation: Generation, geoid: str, slug: str) -> Surroundings | None:
    live = Boundary.objects.filter(release__live_parts__dataset=TRACTS.key, release__live_parts__part=F("part"))
    own = live.filter(geoid=geoid).select_related("release").first()
    if own is None:
        return None
    middle = ((own.min_longitude + own.max_longitude) / 2, (own.min_latitude + own.max_latitude) / 2)
    plane = overlay.equal_area(*middle)
    outline = _on_plane([own.wkb], plane)[0]
    west, south, east, north = outline.bounds
    height = max(AROUND * (north - south), AROUND * (east - west) / ASPECT, LEAST)
    width = height * ASPECT
    left, bottom = (west + east) / 2 - AT[0] * width, (south + north) / 2 - AT[1] * height
    # From the middle to the farther side, so that nothing of the frame is without its tracts.
    north_south = max(AT[1], 1 - AT[1]) * height / METERS_PER_DEGREE
    east_west = max(AT[0], 1 - AT[0]) * width / (METERS_PER_DEGREE * float(np.cos(np.radians(middle[1]))))
    rows = live.filter(
        release__is_sample=own.release.is_sample,
        max_longitude__gte=middle[0] - east_west,
        min_longitude__lte=middle[0] + east_west,
        max_latitude__gte=middle[1] - north_south,
        min_latitude__lte=middle[1] + north_south,
    ).exclude(geoid=geoid)
    found = [(geoid, own.wkb), *rows.order_by("geoid").values_list("geoid", "wkb")[:MOST]]
    codes = [code for code, _ in found]
    shapes = _on_plane([wkb for _, wkb in found], plane)
    borders = _shared(shapes, outline)
    frame = shapely.box(left, bottom, left + width, bottom + height)
    shown = shapely.intersection(shapely.make_valid(shapely.coverage_simplify(shapes, FINEST * height)), frame)
    corner = np.array([left, bottom])
    moved = shapely.transform(shown, lambda at: at - corner)
    layers = context_layers(
        (middle[0] - east_west, middle[1] - north_south, middle[0] + east_west, middle[1] + north_south)
    )

    def drawn(features: Iterable[ContextFeature]) -> tuple[BaseGeometry, ...]:
        shapes = [feature.geometry for feature in features]
        if not shapes:
            return ()
        flat = shapely.simplify(overlay.project(np.array(shapes, dtype=object), plane), FINEST * height)
        inside = shapely.transform(shapely.intersection(flat, frame), lambda at: at - corner)
        return tuple(shape for shape in inside if not shape.is_empty)

    titles = tract_titles(Tract.objects.filter(vintage=2010, geoid__in=codes).values_list("geoid", "name"))
    values = _values(slug, codes)
    return Surroundings(
        geoid,
        width,
        height,
        tuple(
            NearbyTract(code, titles.get(code, code), values[at], float(borders[at]), moved[at])
            for at, code in enumerate(codes)
            if not moved[at].is_empty
        ),
        water=drawn(layers.water),
        main_roads=drawn(road for road in layers.roads if road.feature_class == tiger_roads.PRIMARY),
        roads=drawn(road for road in layers.roads if road.feature_class != tiger_roads.PRIMARY),
    )


def _on_plane(stored: Sequence[bytes | memoryview], plane: Transformer) -> NDArray[np.object_]:
    return overlay.project(shapely.from_wkb(np.array([bytes(wkb) for wkb in stored], dtype=object)), plane)


def _shared(shapes: NDArray[np.object_], outline: shapely.Geometry) -> NDArray[np.float64]:
    """Meters of each outline (n,) that run along the tract's own; 0 where they only meet in a corner."""
    along = shapely.length(shapely.intersection(shapely.boundary(shapes), outline.buffer(TOUCHING)))
    return np.where(along >= SHORTEST, along, 0.0)


def _values(slug: str, codes: list[str]) -> list[float | None]:
    found = tract_vector(slug) if slug else None
    if found is None:
        return [None] * len(codes)
    values = found.vector.at(np.array([int(code) for code in codes]))[0]
    return [None if is_missing(float(value)) else float(value) for value in values]
