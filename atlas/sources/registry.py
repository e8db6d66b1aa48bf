"""Every source, by the name that `manage.py ingest --source` takes. A new one is its module's name, here."""

from importlib import import_module
from typing import cast

from atlas.sources.contract import MapSource, Source, TableSource

# Told by their header: the first that matches reads the file.
_TABLE_MODULES = (
    "shown_tract",
    "shown_county",
    "tract_collapse",
    "tract_covariates",
    "changing_opportunity",
    "credit_outcomes",
    "outcomes",
    "rank_to_dollar",
    "rank_to_dollar_official",
    "national_percentiles",
    "tract_relationship",
    "zcta_tracts",
    "census_places",
    "upward_mobility",
    "economic_tracker",
    "tracker_cities",
    "social_capital",
    "opportunity_zones",
    "consumer_prices",
    "occupation_wages",
    "tract_outcomes_simple",
    "tract_outcomes_late_simple",
)
# Told by their container or first bytes, before any header is looked for.
_MAP_MODULES = (
    "tiger_roads",
    "tiger_water",
    "tiger_landmarks",
    "tiger_points",
    "tiger_linear_water",
    "boundaries_shapefile",
    "boundaries_geojson",
)

TABLE_SOURCES: dict[str, TableSource] = {
    name: cast(TableSource, import_module(f"atlas.sources.{name}")) for name in _TABLE_MODULES
}
MAP_SOURCES: dict[str, MapSource] = {
    name: cast(MapSource, import_module(f"atlas.sources.{name}")) for name in _MAP_MODULES
}


def all_sources() -> dict[str, Source]:
    return {**TABLE_SOURCES, **MAP_SOURCES}
