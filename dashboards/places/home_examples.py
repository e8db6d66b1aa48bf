"""What a reader may type into the search box of the home page: a ZIP code, a neighborhood and a city that are here."""

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode

from django.urls import reverse

from atlas.queries.live import Generation, live_generation
from atlas.queries.tracts import place_tracts
from atlas.queries.zip_codes import zip_of_tract
from atlas.records.places import CityRecord
from dashboards.maps.card import first_choice
from dashboards.panels.catalog import chosen_measure
from dashboards.panels.options import Options


@dataclass(frozen=True)
class Example:
    """`words` as somebody would type them, and where they lead."""

    words: str
    address: str


def search_examples(cities: tuple[CityRecord, ...], told: str = "") -> tuple[Example, ...]:
    """Of the city with the most tracts the neighborhood its map opens with, and a ZIP code there; and another city.

    `told`: the slug of a city that has something to tell. Nothing while there is no city. Kept until a flip.
    """
    return _examples(live_generation(), cities, told)


@lru_cache(maxsize=8)
def _examples(generation: Generation, cities: tuple[CityRecord, ...], told: str) -> tuple[Example, ...]:
    if not cities:
        return ()
    largest = min(cities, key=lambda city: (-city.tract_count, city.name))
    others = [city for city in cities if city != largest]
    other = next((city for city in others if city.slug == told), next(iter(others), largest))
    named = Example(other.name, reverse("city", args=[other.slug]))
    return (*_neighborhood(largest), named)


def _neighborhood(city: CityRecord) -> tuple[Example, ...]:
    measure = chosen_measure(Options())
    if measure is None:
        return ()
    tracts = place_tracts(city, measure.slug)
    called = frozenset(geoid for geoid, name in zip(tracts.geoids, tracts.names, strict=True) if name.count(",") > 1)
    geoid = first_choice(tracts, called)
    if geoid not in called:
        return ()
    name = tracts.names[tracts.geoids.index(geoid)].split(",")[0]
    address = f"{reverse('city', args=[city.slug])}?{urlencode({'tract': geoid})}"
    found = Example(f"{name}, {city.name}", address)
    zip_code = zip_of_tract(geoid)
    typed = f"{reverse('search')}?{urlencode({'q': zip_code})}"
    return (Example(zip_code, typed), found) if zip_code else (found,)
