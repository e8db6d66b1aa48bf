"""The map of a plan's area, and of how often tracts would be chosen: pictures with a table twin beside them."""

import gzip
import json
from functools import lru_cache
from typing import Any

from atlas.queries import cities as city_queries
from atlas.queries.cities import geometry
from atlas.queries.live import Token, live_token
from atlas.records.places import CityRecord
from dashboards.charts.theme import ACCENT, STEPS
from dashboards.charts.tract_picture import TractPicture, draw_tract_picture

# Shares of draws, 0-1, at which the color changes; below the first a tract stays pale.
CHOSEN_STEPS = ((0.01, STEPS[0]), (0.2, STEPS[2]), (0.4, STEPS[3]), (0.6, STEPS[4]), (0.8, STEPS[5]), (0.95, STEPS[6]))
KEY_OF_STEPS = ("1 to 20", "20 to 40", "40 to 60", "60 to 80", "80 to 95", "95 or more")


def picture_of_area(city_slug: str, geoids: tuple[str, ...], names: dict[str, str], words: str) -> str:
    """The city's tracts with the plan's filled; "" while the outlines are not imported."""
    city = city_queries.city(city_slug)
    if city is None or not city.has_geometry or not geoids:
        return ""
    said = {geoid: names.get(geoid) or f"Tract {geoid}" for geoid in geoids}
    fills = dict.fromkeys(geoids, ACCENT)
    return draw_tract_picture(_geometry(live_token(), city), TractPicture(words, fills, said))


def picture_of_choices(city: CityRecord, shares: dict[str, float], chosen: frozenset[str], words: str) -> str:
    """Tracts by how often the rule chooses them; the planner's own are ringed."""
    if not city.has_geometry:
        return ""
    fills, said = {}, {}
    for geoid, share in shares.items():
        for least, color in CHOSEN_STEPS:
            if share >= least:
                fills[geoid] = color
        said[geoid] = f"Tract {geoid}: chosen in {100 * share:.0f} of 100 draws"
    picture = TractPicture(words, fills, said, chosen)
    return draw_tract_picture(_geometry(live_token(), city), picture)


@lru_cache(maxsize=12)
def _geometry(token: Token, city: CityRecord) -> dict[str, Any]:
    stored = geometry(city)
    return json.loads(gzip.decompress(stored[1])) if stored else {"features": []}
