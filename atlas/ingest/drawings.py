"""Maps as path texts, stored for what has none: after a flip of boundaries or names, and after an upgrade."""

from atlas.models import AreaGeometry, CityGeometry
from atlas.queries.areas import area
from atlas.queries.cities import city
from atlas.queries.drawings import make_drawing

Model = type[CityGeometry] | type[AreaGeometry]

AT_ONCE = 50  # places in one run: the next run takes the rest


def forget_all() -> None:
    """Names of tracts have changed: every map is drawn anew."""
    CityGeometry.objects.update(drawing=None)
    AreaGeometry.objects.update(drawing=None)


def store_missing() -> int:
    """Draws what has no drawing, cities first; returns how many were stored. Until then pages draw for themselves."""
    waiting: list[tuple[Model, int, str, str]] = []
    cities = CityGeometry.objects.filter(drawing__isnull=True).order_by("pk")
    waiting += [(CityGeometry, *row) for row in cities.values_list("pk", "city__slug", "etag")[:AT_ONCE]]
    areas = AreaGeometry.objects.filter(drawing__isnull=True, area__archived_at__isnull=True).order_by("pk")
    waiting += [(AreaGeometry, *row) for row in areas.values_list("pk", "area__token", "etag")[:AT_ONCE]]
    return sum(_store(*one) for one in waiting)


def _store(model: Model, pk: int, slug: str, etag: str) -> bool:
    """Not over a map that was rebuilt meanwhile: its `etag` is another."""
    place = city(slug) if model is CityGeometry else area(slug)
    drawn = make_drawing(place) if place is not None else None
    if drawn is None:
        return False
    still = model.objects.filter(pk=pk, etag=etag, drawing__isnull=True)
    return bool(still.update(drawing=drawn.as_json()))
