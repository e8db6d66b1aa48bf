"""Which tracts a place is made of; read once for all cities and kept until something is flipped."""

from functools import lru_cache

import numpy as np

from atlas.models import CityTract
from atlas.queries.live import Generation, live_generation
from atlas.records.places import AreaRecord, Members, Place
from atlas.statistics.overlay import MIN_SHARE


def members(place: Place) -> Members:
    """Every tract with at least 1% of its area in the place; no rows where its boundary is not live."""
    if isinstance(place, AreaRecord):
        return _aligned([(code, share, belongs, place.rule) for code, share, belongs in place.members])
    return city_members(place.slug)


def city_members(slug: str) -> Members:
    return _city_members(live_generation()).get(slug) or _aligned([])


@lru_cache(maxsize=2)
def _city_members(generation: Generation) -> dict[str, Members]:
    held: dict[str, list[tuple[int, float, bool, str]]] = {}
    rows = CityTract.objects.filter(vintage=2010, share__gte=MIN_SHARE).order_by("geoid")
    for slug, geoid, share, belongs, rule in rows.values_list("city__slug", "geoid", "share", "belongs", "rule"):
        held.setdefault(slug, []).append((int(geoid), share, belongs, rule))
    return {slug: _aligned(found) for slug, found in held.items()}


def _aligned(rows: list[tuple[int, float, bool, str]]) -> Members:
    return Members(
        np.array([row[0] for row in rows], dtype=np.int64),
        np.array([row[1] for row in rows], dtype=float),
        np.array([row[2] for row in rows], dtype=bool),
        rows[0][3] if rows else "",
    )
