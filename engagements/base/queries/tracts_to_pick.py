"""Tracts of a city by name, and a person's saved areas in it: what a form offers to choose from."""

from dataclasses import dataclass

from atlas.formatting.tract_names import tract_number
from atlas.queries.areas import own_areas_within
from atlas.queries.tract_names import tract_titles
from atlas.queries.tract_places import tracts_of_city
from atlas.queries.tracts import tract_names
from engagements.models import User


@dataclass(frozen=True)
class OfferedTract:
    """`title` as the map has it; `number` is the Census Bureau's."""

    geoid: str
    title: str
    number: str


@dataclass(frozen=True)
class OfferedArea:
    """`geoids`: those of its tracts that the city has."""

    token: str
    name: str
    geoids: tuple[str, ...]


@dataclass(frozen=True)
class TractsToPick:
    city_slug: str
    tracts: tuple[OfferedTract, ...]
    areas: tuple[OfferedArea, ...]


def tracts_to_pick(city_slug: str, viewer: User) -> TractsToPick:
    """By title, then by number. One statement for the areas; the tracts are kept until a file is flipped."""
    geoids = tracts_of_city(city_slug)
    names = tract_names(geoids, generated=False)
    titles = tract_titles(zip(geoids, names, strict=True))
    tracts = sorted(
        (OfferedTract(geoid, titles[geoid], tract_number(geoid)) for geoid in geoids),
        key=lambda each: (each.title.startswith("Tract "), each.title.casefold(), each.geoid),
    )
    areas = (OfferedArea(*found) for found in own_areas_within(viewer.pk, geoids)) if geoids else ()
    return TractsToPick(city_slug, tuple(tracts), tuple(areas))
