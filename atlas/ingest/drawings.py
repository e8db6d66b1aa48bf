"""Maps as path texts, stored for what has none: after a flip of boundaries or names, and after an upgrade."""

import logging

from django.db.models import Q
from shapely.errors import GEOSException

from atlas.models import AreaGeometry, CityGeometry
from atlas.queries.areas import area
from atlas.queries.cities import city
from atlas.queries.drawings import make_drawing
from atlas.records.drawing import VERSION

logger = logging.getLogger(__name__)

Model = type[CityGeometry] | type[AreaGeometry]

# Without a drawing, or with one that another version of the portal stored.
_WAITS = Q(drawing__isnull=True) | Q(drawing__version__isnull=True) | ~Q(drawing__version=VERSION)
AT_ONCE = 50  # places in one run: the next run takes the rest


def forget_all() -> None:
    """Names of tracts have changed: every map is drawn anew."""
    CityGeometry.objects.update(drawing=None)
    AreaGeometry.objects.update(drawing=None)


def store_missing() -> int:
    """Draws what has no drawing, cities first; returns how many were stored. Until then pages draw for themselves."""
    waiting: list[tuple[Model, int, str, str]] = []
    cities = CityGeometry.objects.filter(_WAITS).order_by("pk")
    waiting += [(CityGeometry, *row) for row in cities.values_list("pk", "city__slug", "etag")[:AT_ONCE]]
    areas = AreaGeometry.objects.filter(_WAITS, area__archived_at__isnull=True).order_by("pk")
    waiting += [(AreaGeometry, *row) for row in areas.values_list("pk", "area__token", "etag")[:AT_ONCE]]
    return sum(_store(*one) for one in waiting)


def _store(model: Model, pk: int, slug: str, etag: str) -> bool:
    """Not over a map that was rebuilt meanwhile: its `etag` is another."""
    place = city(slug) if model is CityGeometry else area(slug)
    try:
        drawn = make_drawing(place) if place is not None else None
    except GEOSException:  # must not stop an import: the place's page says there is no map
        logger.exception("The map of %s could not be drawn", slug)
        return False
    if drawn is None:
        return False
    still = model.objects.filter(_WAITS, pk=pk, etag=etag)
    return bool(still.update(drawing=drawn.as_json()))
