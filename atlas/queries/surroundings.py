"""What lies around a place: the county most of its children lived in, that county's commuting zone, the nation."""

from dataclasses import dataclass, field

import numpy as np

from atlas.queries.headlines import counties_name, home_counties, zone_name, zone_of_counties
from atlas.queries.live import catalogue


@dataclass(frozen=True)
class Surrounding:
    kind: str  # "county", "commuting zone" or "nation"
    name: str
    inside: np.ndarray = field(repr=False)  # bool, aligned with the tracts of the nation


def surroundings(mine: np.ndarray, weights: np.ndarray, nation: np.ndarray) -> tuple[Surrounding, ...]:
    """For own GEOIDs `mine` (n,) with their children (n,): masks over the GEOIDs of `nation` (m,).

    Without a live county file there is no commuting zone; several counties, none with most of the children, stand as
    one without a zone.
    """
    live = catalogue()
    home = home_counties(mine, weights)
    county = home[0]
    county_of_tract = nation // 10**6
    found = [Surrounding("county", counties_name(home), np.isin(county_of_tract, home))]
    zones = zone_of_counties(live)
    if len(home) == 1 and (zone := zones.get(county)) is not None:
        counties = [code for code, other in zones.items() if other == zone]
        found.append(Surrounding("commuting zone", zone_name(county, zone, live), np.isin(county_of_tract, counties)))
    return (*found, Surrounding("nation", "United States", np.ones(nation.size, bool)))
