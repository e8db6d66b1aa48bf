"""The kinds of things that can be found: one function each, in the order of the page.

A new kind is a function and its line in PROVIDERS. It gets what was typed and who asks, checks access where it reads,
and answers a `Group`, or None where it finds nothing and has nothing to say.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from atlas.formatting.shares import format_whole_percent
from atlas.formatting.tract_names import neighborhood_in, place_in, tract_number
from atlas.queries.tract_names import tract_titles
from atlas.queries.zip_codes import tracts_of_zip, zip_codes_are_loaded
from atlas.search.codes import MOST_TRACTS, CodeMatches, TractMatch, find_codes, find_listed, find_numbers
from atlas.search.places import CityMatch, NameMatch, PlaceMatches, find_places
from atlas.search.typed import Typed
from atlas.sources.us_outline import county_names, state_of
from dashboards.finding.results import Group, Hit, Link
from dashboards.finding.tract_links import tract_address

Provider = Callable[[Typed, Any], tuple[Group, ...]]
MOST_LINKS = 24  # census tracts listed under one name


def find_by_name(typed: Typed, viewer: Any) -> tuple[Group, ...]:
    """Cities and neighborhoods: one look at the names for both."""
    if typed.code or typed.zip_code or typed.tract:
        return ()
    found = find_places(typed.text)
    return tuple(group for group in (_cities(found), _neighborhoods(found)) if group.hits)


def find_by_code(typed: Typed, viewer: Any) -> tuple[Group, ...]:
    """Census tracts by GEOID, the beginning of one, or their number. Five digits are a ZIP code first."""
    if not typed.code and not typed.tract:
        return ()
    found = find_codes(typed.code) if typed.code else find_numbers(typed.tract)
    return (_tracts(found),) if found.tracts or found.note else ()


def find_by_zip(typed: Typed, viewer: Any) -> tuple[Group, ...]:
    """Census tracts of a ZIP code, those with most of its people first."""
    if not typed.zip_code:
        return ()
    heading = _("ZIP code {code}").format(code=typed.zip_code)
    if not zip_codes_are_loaded():
        said = _("The Census file of ZIP codes has not been imported here. Type a street address or a neighborhood.")
        return (Group("zip", heading, note=said),)
    pieces = {one.geoid: one.share for one in tracts_of_zip(typed.zip_code) if one.share > 0}
    found = find_listed(tuple(pieces))
    if not found:
        said = _(
            "The Census Bureau has no area for this ZIP code. ZIP codes of P.O. boxes have none. Type a street address "
            "or a neighborhood."
        )
        return (Group("zip", heading, note=said),)
    titles = tract_titles((one.geoid, one.name) for one in found)
    hits = tuple(_zip_hit(one, titles[one.geoid], pieces[one.geoid]) for one in found[:MOST_TRACTS])
    said = _(
        "A ZIP code covers several neighborhoods. These have its people, the most first (2010). The Census draws "
        "ZIP areas around addresses: they are not exactly the mail routes."
    )
    maps = _zip_maps(typed.zip_code, found)
    return (Group("zip", heading, (*maps, *hits), said, len(found) > MOST_TRACTS),)


PROVIDERS: tuple[Provider, ...] = (find_by_name, find_by_zip, find_by_code)


def _zip_maps(code: str, found: tuple[TractMatch, ...]) -> tuple[Hit, ...]:
    """A link to the map of each city that the ZIP code has tracts in, with those outlined."""
    counts = Counter(one.home for one in found if one.home is not None)
    return tuple(
        Hit(
            _("ZIP code {code} on the map of {city}").format(code=code, city=home.name),
            ngettext("{count} neighborhood, outlined", "{count} neighborhoods, outlined", count).format(count=count),
            f"{reverse('city', args=[home.slug])}?{urlencode({'zip': code})}",
        )
        for home, count in counts.most_common()
    )


def _zip_hit(one: TractMatch, title: str, share: float) -> Hit:
    whole = tract_hit(one, title)
    people = (
        _("under 1% of its people")
        if share < 0.01
        else _("{percent} of its people").format(percent=format_whole_percent(share))
    )
    return Hit(whole.title, f"{people}; {whole.detail}", whole.address)


def _cities(found: PlaceMatches) -> Group:
    return Group("city", _("Cities"), tuple(map(_city, found.cities)), is_similar=found.is_similar)


def _city(city: CityMatch) -> Hit:
    return Hit(city.name, city.state_name, reverse("city", args=[city.slug]))


def _neighborhoods(found: PlaceMatches) -> Group:
    titles = tract_titles((geoid, one.name) for one in found.names for geoid in one.geoids[:MOST_LINKS])
    return Group(
        "neighborhood",
        _("Neighborhoods"),
        tuple(_neighborhood(one, titles) for one in found.names),
        more=found.more,
        is_similar=found.is_similar,
    )


def _neighborhood(one: NameMatch, titles: dict[str, str]) -> Hit:
    """A name of several tracts opens the first; each of the others has a link beside it."""
    first = one.geoids[0]
    address = tract_address(first, one.homes.get(first))
    named = neighborhood_in(one.name)
    place = place_in(one.name)
    if len(one.geoids) == 1:
        return Hit(titles[first], _where(first, place if named else ""), address)
    title = named or _("{place}: neighborhoods without a name").format(place=place or county_name(first))
    links = tuple(
        Link(
            tract_number(geoid),
            tract_address(geoid, one.homes.get(geoid)),
            _("{title}, census tract {number}").format(title=titles[geoid], number=tract_number(geoid)),
        )
        for geoid in one.geoids[:MOST_LINKS]
    )
    return Hit(title, _where(first, place if named else ""), address, links, len(one.geoids) - len(links))


def _tracts(found: CodeMatches) -> Group:
    titles = tract_titles((one.geoid, one.name) for one in found.tracts)
    hits = tuple(tract_hit(one, titles[one.geoid]) for one in found.tracts)
    return Group("tract", _("Census tracts"), hits, found.note, found.more)


def tract_hit(one: TractMatch, title: str) -> Hit:
    """A tract by its title, its number and where it lies."""
    number = _("census tract {number}").format(number=tract_number(one.geoid))
    place = one.home.name if one.home else place_in(one.name)
    return Hit(title, f"{number}, {_where(one.geoid, place)}", tract_address(one.geoid, one.home))


def county_name(geoid: str) -> str:
    return county_names().get(geoid[:5], _("county {code}").format(code=geoid[:5]))


def _where(geoid: str, place: str) -> str:
    """Detroit, Wayne County, Michigan"""
    return ", ".join(filter(None, (place, county_name(geoid), state_of(geoid[:2])[0])))
