"""Cities and their maps."""

from django.db.models import Count, Exists, OuterRef, Q

from atlas.models import AreaGeometry, City, CityGeometry, CityTract
from atlas.records.places import CityRecord, Place
from atlas.sources.us_outline import county_names

EDGE = (0.01, 0.99)  # a tract with a share between these has its border crossed by the city's


def cities() -> tuple[CityRecord, ...]:
    """Every city, by name. Two queries whatever their number."""
    return _records(City.objects.all())


def city(slug: str) -> CityRecord | None:
    return next(iter(_records(City.objects.filter(slug=slug))), None)


def _records(queryset) -> tuple[CityRecord, ...]:
    rows = list(
        queryset.order_by("name").annotate(
            tract_count=Count("tracts", filter=Q(tracts__belongs=True)),
            edge_count=Count("tracts", filter=Q(tracts__share__gt=EDGE[0], tracts__share__lt=EDGE[1])),
            has_geometry=Exists(CityGeometry.objects.filter(city=OuterRef("pk"))),
            on_sample_map=Exists(CityGeometry.objects.filter(city=OuterRef("pk"), is_sample=True)),
        )
    )
    counties: dict[int, dict[str, int]] = {}
    for city_id, geoid in CityTract.objects.filter(city__in=rows, belongs=True).values_list("city_id", "geoid"):
        held = counties.setdefault(city_id, {})
        held[geoid[:5]] = held.get(geoid[:5], 0) + 1
    names = county_names()
    return tuple(
        CityRecord(
            row.slug,
            row.name,
            row.state_name,
            row.state_usps,
            row.place_geoid,
            row.longitude,
            row.latitude,
            tuple(names.get(c, f"county {c}") for c in _by_tracts(counties.get(row.pk, {}))),
            row.tract_count,
            row.edge_count,
            row.has_geometry,
            row.on_sample_map,
        )
        for row in rows
    )


def _by_tracts(held: dict[str, int]) -> list[str]:
    return sorted(held, key=lambda county: -held[county])


def geometry(place: Place) -> tuple[str, bytes, bytes] | None:
    """(ETag, gzip, brotli) of a place's GeoJSON, None before its polygons are live."""
    held = (
        AreaGeometry.objects.filter(area__token=place.slug)
        if place.kind == "area"
        else CityGeometry.objects.filter(city__slug=place.slug)
    )
    found = held.values_list("etag", "gzip", "brotli").first()
    return (found[0], bytes(found[1]), bytes(found[2])) if found else None
