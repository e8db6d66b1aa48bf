"""What lies around a place: the county most of its children lived in, that county's commuting zone, the nation."""

from dataclasses import dataclass, field

import numpy as np

from atlas.queries.headlines import main_counties, name_counties, zone_name, zone_of_counties
from atlas.queries.live import live_catalog


@dataclass(frozen=True)
class SurroundingArea:
    kind: str  # "county", "commuting zone" or "nation"
    name: str
    inside: np.ndarray = field(repr=False)  # bool, aligned with the tracts of the nation


def surroundings(mine: np.ndarray, weights: np.ndarray, nation: np.ndarray) -> tuple[SurroundingArea, ...]:
    """For own GEOIDs `mine` (n,) with their children (n,): masks over the GEOIDs of `nation` (m,).

    Without a live county file there is no commuting zone; several counties, none with most of the children, stand as
    one without a zone.
    """
    live = live_catalog()
    home = main_counties(mine, weights)
    county = home[0]
    county_of_tract = nation // 10**6
    found = [SurroundingArea("county", name_counties(home), np.isin(county_of_tract, home))]
    zones = zone_of_counties(live)
    if len(home) == 1 and (zone := zones.get(county)) is not None:
        counties = [code for code, other in zones.items() if other == zone]
        found.append(
            SurroundingArea("commuting zone", zone_name(county, zone, live), np.isin(county_of_tract, counties))
        )
    return (*found, SurroundingArea("nation", "United States", np.ones(nation.size, bool)))
