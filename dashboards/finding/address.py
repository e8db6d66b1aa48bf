"""A street address: sent to the Census Bureau, answered with a tract, kept nowhere."""

import logging

from django.utils.translation import gettext as _

from atlas.queries.tract_names import tract_titles
from atlas.search.codes import TractMatch, find_exact
from atlas.search.geocoder import GeocoderAway, geocode
from atlas.sources.us_outline import state_of
from dashboards.finding.providers import tract_hit
from dashboards.finding.results import Found, Group, Hit

logger = logging.getLogger(__name__)


def find_address(address: str) -> Found:
    """Each match with its tract; a message where there is none, or where the Census Bureau could not be asked.

    Nothing here holds the address once the page is written, and no log line names it.
    """
    try:
        matches = geocode(address)
        tracts = {match.geoid: find_exact(match.geoid) for match in matches}
        if None in tracts.values():
            raise GeocoderAway("named a tract that is not in the list of 2010")
    except GeocoderAway as away:
        logger.warning("The Census geocoder %s.", away)
        return Found(
            address,
            messages=(
                _("The Census Bureau could not look up this address just now. Type a ZIP code or a neighborhood."),
            ),
        )
    if not matches:
        return Found(
            address,
            messages=(
                _(
                    "The Census Bureau found no such address. It needs a house number, a street, and a city or a ZIP "
                    "code. You can also type a ZIP code or a neighborhood."
                ),
            ),
        )
    known = {geoid: tract for geoid, tract in tracts.items() if tract is not None}
    titles = tract_titles((tract.geoid, tract.name) for tract in known.values())
    hits = tuple(_hit(match.address, known[match.geoid], titles[match.geoid]) for match in matches)
    return Found(address, (Group("address", _("Addresses"), hits, _note(tuple(known.values()))),))


def _hit(address: str, tract: TractMatch, title: str) -> Hit:
    found = tract_hit(tract, title)
    return Hit(address, f"{found.title}, {found.detail}", found.address)


def _note(tracts: tuple[TractMatch, ...]) -> str:
    """What to know of addresses outside the ten cities; "" where all lie in one."""
    outside = [tract for tract in tracts if tract.home is None]
    if not outside:
        return ""
    if len(outside) < len(tracts):
        return _("Some of these are outside the cities of this portal. Those open their own page.")
    states = sorted({state_of(tract.geoid[:2])[0] for tract in outside})
    return _(
        "We found it in {state}, outside the cities of this portal. There is no city map for it. Its own page has "
        "the same numbers."
    ).format(state=_(" and ").join(states))
