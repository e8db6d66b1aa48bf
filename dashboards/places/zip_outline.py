"""The neighborhoods of one ZIP code on a place's map: outlined, and listed below it."""

from dataclasses import dataclass

from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from atlas.formatting.shares import format_whole_percent
from atlas.queries.zip_codes import tracts_of_zip, zip_codes_are_loaded
from dashboards.places.city_map import ShownMap


@dataclass(frozen=True)
class ZipTractLink:
    """`share` in words, of the people of the ZIP code's area in 2010."""

    title: str
    share: str
    query: str


@dataclass(frozen=True)
class ZipOutline:
    """`path` in the drawing's grid units. Without any tract here `said` says why."""

    code: str
    said: str
    path: str = ""
    tracts: tuple[ZipTractLink, ...] = ()
    first: str = ""  # GEOID of the tract with most of its people


def zip_outline(shown: ShownMap, typed: str) -> ZipOutline | None:
    """None where no ZIP code was asked for. Anything may stand in an address: what is no ZIP code is said to be none.

    Tracts of which nobody lives in the ZIP code are left out, as they are in the search.
    """
    code = typed.strip()[:10]
    if not code:
        return None
    place = shown.place.name
    if not (len(code) == 5 and code.isascii() and code.isdigit()):
        return ZipOutline(code, _("“{code}” is not a ZIP code, which has five digits.").format(code=code))
    own = {mark.geoid for mark in shown.map.tracts}
    found = [one for one in tracts_of_zip(code) if one.geoid in own and one.share > 0]
    if not found:
        why = (
            _("No neighborhood of {place} is in ZIP code {code}.")
            if zip_codes_are_loaded()
            else _("The Census file of ZIP codes has not been imported here, so {code} can’t be outlined.")
        )
        return ZipOutline(code, why.format(place=place, code=code))
    said = ngettext(
        "Outlined: ZIP code {code}, {count} neighborhood of {place}. The share is of the ZIP code’s people in 2010.",
        "Outlined: ZIP code {code}, {count} neighborhoods of {place}. Shares are of the ZIP code’s people in 2010.",
        len(found),
    ).format(code=code, count=len(found), place=place)
    links = tuple(
        ZipTractLink(
            shown.titles[one.geoid],
            _("under 1%") if one.share < 0.01 else format_whole_percent(one.share),
            urlencode({"zip": code, "tract": one.geoid}),
        )
        for one in found
    )
    path = "".join(shown.map.drawing.tracts[one.geoid] for one in found)
    return ZipOutline(code, said, path, links, found[0].geoid)
