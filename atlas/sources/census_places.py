"""Census gazetteer of places (`2019_Gaz_place_national.txt`, parted by tabs): every US place with its code and a point.

One row per incorporated place or census designated place. A name carries what kind of place it is ("Detroit city",
"Abanda CDP"); the kind is told by the LSAD code and taken off the name.
"""

import re

import numpy as np

from atlas.metrics.labels import MetricDefinition
from atlas.sources import base, table_reader
from atlas.sources.base import MAX_PROBLEMS_KEPT, CensusPlaceTable, DatasetInfo, PlaceName, Problem, Progress
from atlas.sources.opening import OpenedFile
from atlas.sources.table_reader import Header

_STATE, _GEOID, _NAME = "USPS", "GEOID", "NAME"
_LATITUDE, _LONGITUDE = "INTPTLAT", "INTPTLONG"
# What a name ends with, longest first: as the Census Bureau writes it after the name itself.
_KINDS = (
    "consolidated government (balance)",
    "metropolitan government (balance)",
    "metro government (balance)",
    "unified government (balance)",
    "city and borough",
    "comunidad",
    "zona urbana",
    "metro township",
    "municipality",
    "city (balance)",
    "urban county",
    "metropolitan government",
    "consolidated government",
    "unified government",
    "corporation",
    "plantation",
    "township",
    "borough",
    "village",
    "town",
    "city",
    "CDP",
)
_KIND = re.compile(rf"^(?P<name>.+?) (?P<kind>{'|'.join(map(re.escape, _KINDS))})$")

DATASET = DatasetInfo(
    key="census_places_2019",
    title="US places: names and codes",
    publisher="US Census Bureau",
    citation="US Census Bureau, 2019 U.S. Gazetteer Files, places",
    licence=base.CENSUS_PUBLIC_DOMAIN,
    addresses=("https://www2.census.gov/geo/docs/maps-data/data/gazetteer/2019_Gazetteer/2019_Gaz_place_national.zip",),
    vintage="places of January 1, 2019",
    level="place",
    content="place_names",
)
KEY_COLUMNS = (_STATE, _GEOID, _NAME)
METRICS: tuple[MetricDefinition, ...] = ()


def find_dataset(key: str) -> DatasetInfo | None:
    return DATASET if key == DATASET.key else None


def matches_header(names: tuple[str, ...]) -> bool:
    return {_STATE, _GEOID, _NAME, "LSAD", "FUNCSTAT", _LATITUDE, _LONGITUDE} <= set(names)


def split_kind(name: str) -> tuple[str, str]:
    """("Detroit", "city") of "Detroit city"; what ends otherwise is a name alone. "Carson City" stays whole."""
    found = _KIND.match(name)
    return (found["name"], found["kind"]) if found else (name, "")


def read(opened: OpenedFile, header: Header, progress: Progress = base.no_progress) -> CensusPlaceTable:
    """Every place, by code. Raises SourceFileError naming every problem."""
    texts = (_STATE, _GEOID, _NAME)
    numbers = (_LATITUDE, _LONGITUDE)
    table = table_reader.read_columns(opened, header, numbers=numbers, texts=texts, progress=progress)
    states, geoids, names = ([text.strip() for text in table.column(name).to_pylist()] for name in texts)
    latitudes, longitudes = (table.column(name).to_numpy(zero_copy_only=False) for name in numbers)
    problems: list[Problem] = []
    seen: set[str] = set()
    for row, (usps, geoid, name) in enumerate(zip(states, geoids, names, strict=True)):
        problems += [Problem(*said, value=geoid[:20]) for said in _wrong(usps, geoid, name, seen, row + 2)]
        seen.add(geoid)
    outside = ~((np.abs(latitudes) <= 90) & (np.abs(longitudes) <= 180))
    problems += [Problem("is no point on earth", row + 2, _LATITUDE) for row in np.flatnonzero(outside).tolist()]
    if problems:
        raise base.SourceFileError(problems[:MAX_PROBLEMS_KEPT], len(problems), table.num_rows)
    places = sorted(
        PlaceName(geoid, *split_kind(name), usps, longitude, latitude)
        for usps, geoid, name, longitude, latitude in zip(
            states, geoids, names, longitudes.tolist(), latitudes.tolist(), strict=True
        )
    )
    return CensusPlaceTable(DATASET, tuple(places), table.num_rows)


def _wrong(usps: str, geoid: str, name: str, seen: set[str], line: int) -> list[tuple[str, int, str]]:
    found = []
    if not (len(geoid) == 7 and geoid.isascii() and geoid.isdigit()):
        found.append(("is not 7 digits", line, _GEOID))
    elif geoid in seen:
        found.append(("stands in the file twice", line, _GEOID))
    if not (len(usps) == 2 and usps.isascii() and usps.isupper()):
        found.append(("has no state's postal code", line, _STATE))
    if not 1 <= len(name) <= 100:
        found.append(("has no name of 1 to 100 characters", line, _NAME))
    return found
