"""Which source reads a file: decided by its header or first bytes, never by its name alone."""

from collections.abc import Callable
from dataclasses import dataclass

from atlas.sources import (
    boundaries,
    county_outcomes_simple,
    economic_tracker,
    opportunity_zones,
    rank_to_dollar,
    shown_tract,
    social_capital,
    table_reader,
    tracker_cities,
    tract_collapse,
    tract_covariates,
    upward_mobility,
)
from atlas.sources.base import BoundaryTable, DatasetInfo, EstimateTable, ObservationTable, Progress, refuse
from atlas.sources.opening import OpenedFile

Parsed = EstimateTable | BoundaryTable | ObservationTable

_TABLES = {
    "shown_tract": shown_tract,
    "tract_collapse": tract_collapse,
    "tract_covariates": tract_covariates,
    "county_outcomes_simple": county_outcomes_simple,
    "rank_to_dollar": rank_to_dollar,
    "upward_mobility": upward_mobility,
    "economic_tracker": economic_tracker,
    "tracker_cities": tracker_cities,
    "social_capital": social_capital,
    "opportunity_zones": opportunity_zones,
}
_MAPS = {"boundaries_geojson": boundaries.read_geojson, "boundaries_shapefile": boundaries.read_shapefile}
SOURCE_NAMES = (*_TABLES, *_MAPS)


class NotRecognised(Exception):
    """No source reads a file with this header."""


@dataclass(frozen=True)
class Recognised:
    """A source that reads the file."""

    source: str
    read: Callable[[Progress], Parsed]


def recognise(opened: OpenedFile, source: str = "") -> Recognised:
    """The source of an opened file; `source` forces one. Raises NotRecognised, or Refused for a broken file."""
    if source and source not in SOURCE_NAMES:
        raise refuse(f"there is no source '{source}'; known are {', '.join(SOURCE_NAMES)}")
    if opened.kind == "zip" and opened.member.lower().endswith(".shp"):
        return Recognised("boundaries_shapefile", lambda progress: boundaries.read_shapefile(opened, progress))
    with opened.text_stream() as stream:
        first = stream.read(2000)
    if boundaries.recognises_geojson(first):
        return Recognised("boundaries_geojson", lambda progress: boundaries.read_geojson(opened, progress))
    header = table_reader.read_header(opened)
    for name, module in _TABLES.items():
        if name == source or (not source and module.recognises(header.names)):
            if not module.recognises(header.names):
                raise refuse(f"the header is not one of source '{source}'", line=1, value=",".join(header.names)[:80])
            return Recognised(name, lambda progress, module=module: module.read(opened, header, progress))
    raise NotRecognised(", ".join(header.names[:6])[:120])


def dataset(key: str) -> DatasetInfo:
    """Everything known about a data set by its key. Raises KeyError for a key no source makes."""
    for info in (
        tract_collapse.DATASET,
        county_outcomes_simple.DATASET,
        rank_to_dollar.DATASET,
        boundaries.TRACTS,
        boundaries.PLACES,
    ):
        if info.key == key:
            return info
    found = shown_tract.dataset(key) or tract_covariates.dataset(key) or context_dataset(key)
    if found is None:
        raise KeyError(key)
    return found


def context_dataset(key: str) -> DatasetInfo | None:
    """A data set of observations by its key, None for any other."""
    for module in (upward_mobility, economic_tracker, tracker_cities, social_capital, opportunity_zones):
        if (info := module.dataset(key)) is not None:
            return info
    return None
