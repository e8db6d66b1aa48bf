"""Making a US place a city of the portal."""

import shapely
from django.db import transaction
from django.utils.text import slugify

from atlas.ingest import overlays
from atlas.models import City
from atlas.sources.us_outline import state_of


def free_slug(name: str, usps: str, place_geoid: str) -> str:
    """An address for the city: its name, with the state, or with the GEOID, whichever is free first."""
    stem = slugify(name)[:35].strip("-") or "place"
    for slug in (stem, f"{stem}-{usps.lower()}"):
        if stem != "place" and not City.objects.filter(slug=slug).exists():
            return slug
    return f"{stem}-{place_geoid}"


@transaction.atomic
def make_city(*, place_geoid: str, name: str, longitude: float, latitude: float) -> City:
    """The city of this place, made where it is not one yet; its tracts and map too where the outlines are live.

    Until they are, an import of the outlines of its state works them out. Raises IntegrityError for a place that no
    live list has.
    """
    state_name, usps = state_of(place_geoid[:2])
    outline = overlays.place_boundary(place_geoid)
    if outline is not None:
        point = shapely.point_on_surface(shapely.from_wkb(bytes(outline.wkb)))
        longitude, latitude = point.x, point.y
    city, made = City.objects.get_or_create(
        place_geoid=place_geoid,
        defaults={
            "slug": free_slug(name, usps, place_geoid),
            "name": name,
            "state_name": state_name,
            "state_usps": usps,
            "longitude": longitude,
            "latitude": latitude,
        },
    )
    if made:
        overlays.rebuild_city(city)
    return city
