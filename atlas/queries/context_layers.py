"""Roads, water, landmarks and points of a part of the map, from the live layers."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from atlas.models import LivePart, MapFeature
from atlas.queries.live import Generation, live_catalog
from atlas.records.context import BoundingBox, ContextFeature, ContextLayers
from atlas.sources import tiger_landmarks, tiger_linear_water, tiger_points, tiger_roads, tiger_water

_SOURCES = (tiger_roads, tiger_water, tiger_linear_water, tiger_landmarks, tiger_points)
_DATASETS = tuple(source.DATASET.key for source in _SOURCES)
_DIMENSIONS = {"road": 1, "stream": 1, "water": 2, "landmark": 2, "point": 0}
_BANK = 0.0005  # degrees, about 50 m: a stream this near to open water is its middle line
_Group = tuple[str, str, str, str]  # kind, name, class, route type


def context_layers(bbox: BoundingBox) -> ContextLayers:
    """What is live inside a box of degrees (EPSG:4269), clipped to it; features of one name and class are one.

    Empty where nothing is loaded, or for a box without an inside. Two queries, kept until something is flipped.
    """
    west, south, east, north = bbox
    return _context_layers(live_catalog().generation, bbox) if west < east and south < north else ContextLayers()


@lru_cache(maxsize=32)
def _context_layers(generation: Generation, bbox: BoundingBox) -> ContextLayers:
    west, south, east, north = bbox
    live = list(LivePart.objects.filter(dataset__in=_DATASETS).values_list("dataset", "part", "release_id"))
    states = {(dataset, part) for dataset, part, _ in live if len(part) == 2}
    # A county's file repeats what its state's says, and the same road from two years is two lines.
    releases = [pk for dataset, part, pk in live if len(part) == 2 or (dataset, part[:2]) not in states]
    if not releases:
        return ContextLayers()
    rows = MapFeature.objects.filter(
        release__in=releases,
        min_longitude__lte=east,
        max_longitude__gte=west,
        min_latitude__lte=north,
        max_latitude__gte=south,
    ).values_list("kind", "name", "feature_class", "route_type", "wkb", "release_id")
    groups: dict[_Group, list[bytes]] = {}
    origins: dict[_Group, set[int]] = {}
    for kind, name, feature_class, route_type, wkb, release in rows.iterator():
        key = (kind, name, feature_class, route_type)
        groups.setdefault(key, []).append(bytes(wkb))
        origins.setdefault(key, set()).add(release)
    box = shapely.box(*bbox)
    found: dict[str, list[ContextFeature]] = {kind: [] for kind in _DIMENSIONS}
    used: set[int] = set()
    for key in sorted(groups, key=lambda group: (group[2], group[1], group[3])):
        kind, name, feature_class, route_type = key
        if (geometry := _merge(groups[key], box, _DIMENSIONS[kind])) is not None:
            used |= origins[key]
            found[kind].append(ContextFeature(kind, name, feature_class, geometry, route_type))  # type: ignore[arg-type]
    roads = sorted(found["road"], key=lambda road: road.feature_class == tiger_roads.PRIMARY)
    streams = _outside(found["stream"], found["water"])
    sources = tuple(source for source in live_catalog().sources if source.release_id in used)
    return ContextLayers(
        tuple(roads), tuple(found["water"]), tuple(found["landmark"]), streams, tuple(found["point"]), sources
    )


def _merge(packed: list[bytes], box: BaseGeometry, dimension: int) -> BaseGeometry | None:
    """All pieces as one shape inside the box, None where nothing is. Counties' pieces of a river become one."""
    shapes = shapely.from_wkb(np.array(packed, dtype=object))
    if dimension == 2:
        shapes = shapely.make_valid(shapes)
    whole = shapely.intersection(shapely.union_all(shapes), box)
    parts = shapely.get_parts(whole)
    wanted = parts[shapely.get_dimensions(parts) == dimension]
    if not wanted.size:
        return None
    whole = shapely.union_all(wanted)
    return shapely.line_merge(whole) if dimension == 1 else whole


def _outside(streams: list[ContextFeature], water: list[ContextFeature]) -> tuple[ContextFeature, ...]:
    """Streams where no open water is drawn: inside a river their line would be a second one."""
    if not streams or not water:
        return tuple(streams)
    wet = shapely.buffer(shapely.union_all([one.geometry for one in water]), _BANK, quad_segs=2)
    shapely.prepare(wet)
    cut = (replace(one, geometry=shapely.difference(one.geometry, wet)) for one in streams)
    return tuple(one for one in cut if not one.geometry.is_empty)
