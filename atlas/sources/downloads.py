"""Which official files make a portal, and where the publishers keep them. Pure: no Django, no network.

Addresses come from the source modules; maps lie one file a state in the Census Bureau's folders.
Sizes are of the files as last seen; they only weigh the progress until the server says how long a file is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from atlas.sources import (
    boundaries,
    census_places,
    consumer_prices,
    occupation_wages,
    outcomes,
    rank_to_dollar_official,
    tiger_landmarks,
    tiger_linear_water,
    tiger_points,
    tiger_roads,
    tiger_water,
    tract_covariates,
    zcta_tracts,
)
from atlas.sources.base import DatasetInfo

_MB = 1_000_000
MAX_TABLE_BYTES = 400 * _MB  # the largest of these tables is about 41 MB
MAX_MAP_BYTES = 100 * _MB  # the largest state's map is about 12 MB

# Kinds of files, by what they lie on: a name for several at once on the command line.
TRACTS, ABOVE_TRACTS, BOUNDARIES, LAYERS = "tracts", "above tracts", "boundaries", "layers"


@dataclass(frozen=True)
class Download:
    """One official file: official address first, then copies of it. Sizes in bytes."""

    name: str  # how the command line names it
    file_name: str
    addresses: tuple[str, ...]
    kind: str
    expected_bytes: int
    max_bytes: int = MAX_TABLE_BYTES
    sha256: str = ""  # where the publisher gives one
    is_tract_outcome: bool = False  # the Atlas itself: without one of these a portal has no numbers


def _table(name: str, addresses: tuple[str, ...], kind: str, expected_bytes: int, **more: Any) -> Download:
    return Download(name, f"{name}.csv", addresses, kind, expected_bytes, **more)


def _outcomes(key: str, kind: str, expected_bytes: int, **more: Any) -> Download:
    return _table(key, outcomes.DATASETS[key].addresses, kind, expected_bytes, **more)


TABLES = (
    _outcomes("tract_outcomes_simple", TRACTS, 34 * _MB, is_tract_outcome=True),
    _outcomes("county_outcomes_simple", ABOVE_TRACTS, 2 * _MB),
    _outcomes("cz_outcomes_simple", ABOVE_TRACTS, 479_647),
    _table("pctile_to_dollar_cw", rank_to_dollar_official.DATASET.addresses, ABOVE_TRACTS, 8_000),
    Download("cpi_u_all_items", "cu.data.1.AllItems", consumer_prices.DATASET.addresses[:1], ABOVE_TRACTS, 6 * _MB),
    Download("wages_metro", "oesm25ma.zip", occupation_wages.DATASET.addresses[:1], ABOVE_TRACTS, 35 * _MB),
    Download("wages_nation", "oesm25nat.zip", occupation_wages.DATASET.addresses[1:2], ABOVE_TRACTS, 1 * _MB),
    _table("tract_covariates", tract_covariates.DATASET.addresses, TRACTS, 25 * _MB),
    _outcomes("tract_outcomes_late_simple", TRACTS, 41_362_318, is_tract_outcome=True),
)


def tract_map(state: str) -> Download:
    """2010 tracts of a state (two FIPS digits), 1:500,000, as the Census Bureau zips them."""
    name = f"gz_2010_{state}_140_00_500k"
    address = f"{boundaries.TRACTS.addresses[0]}{name}.zip"
    return Download(name, f"{name}.zip", (address,), BOUNDARIES, 2 * _MB, MAX_MAP_BYTES)


def place_map(state: str) -> Download:
    """Places of a state in 2019, full detail."""
    name = f"tl_2019_{state}_place"
    address = f"{boundaries.PLACES.addresses[0]}{name}.zip"
    return Download(name, f"{name}.zip", (address,), BOUNDARIES, 3 * _MB, MAX_MAP_BYTES)


# The year is that of the address: the last that is drawn with the tracts of 2010.
LAYER_YEAR = 2019
ZIP_TRACTS = Download(
    "zcta_tract_rel_10", "zcta_tract_rel_10.txt", zcta_tracts.DATASET.addresses, LAYERS, 17 * _MB, MAX_MAP_BYTES
)


PLACE_NAMES = Download(
    "2019_Gaz_place_national",
    "2019_Gaz_place_national.zip",
    census_places.DATASET.addresses,
    LAYERS,
    1_200_000,
    MAX_MAP_BYTES,
)


def _layer(dataset: DatasetInfo, place: str, suffix: str, expected_bytes: int) -> Download:
    name = f"tl_{LAYER_YEAR}_{place}_{suffix}"
    return Download(name, f"{name}.zip", (f"{dataset.addresses[0]}{name}.zip",), LAYERS, expected_bytes, MAX_MAP_BYTES)


def layer_downloads(counties: Iterable[str]) -> tuple[Download, ...]:
    """What is drawn around the tracts of `counties` (five FIPS digits each): main roads, landmarks and points come one
    file a state, water and streams one a county.
    """
    wanted = sorted(set(counties))
    by_state = [
        _layer(dataset, state, suffix, 3 * _MB)
        for state in sorted({county[:2] for county in wanted})
        for dataset, suffix in (
            (tiger_roads.DATASET, "prisecroads"),
            (tiger_landmarks.DATASET, "arealm"),
            (tiger_points.DATASET, "pointlm"),
        )
    ]
    by_county = [
        _layer(dataset, county, suffix, _MB)
        for county in wanted
        for dataset, suffix in ((tiger_water.DATASET, "areawater"), (tiger_linear_water.DATASET, "linearwater"))
    ]
    return (*by_state, *by_county)


def default_downloads(states: Iterable[str], counties: Iterable[str] = ()) -> tuple[Download, ...]:
    """The files of a default portal whose cities lie in `states` (two FIPS digits each) and whose maps show `counties`.

    Tract outcomes come first: whether they can be had decides everything else. The large later cohort comes last.
    Tracts are drawn for the states of `counties` too: a map does not end at a state's border.
    """
    shown, own = sorted(set(counties)), set(states)
    maps = [draw(state) for state in sorted(own) for draw in (tract_map, place_map)]
    maps += [tract_map(state) for state in sorted({county[:2] for county in shown} - own)]
    return (*TABLES[:-1], *maps, ZIP_TRACTS, PLACE_NAMES, *layer_downloads(shown), TABLES[-1])
