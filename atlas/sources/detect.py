"""Which source reads a file: decided by its header or first bytes, never by its name alone."""

from collections.abc import Callable
from dataclasses import dataclass

from atlas.measures import is_measure
from atlas.sources import (
    boundaries,
    economic_tracker,
    national_percentiles,
    opportunity_zones,
    outcomes,
    rank_to_dollar,
    rank_to_dollar_official,
    shown_tract,
    social_capital,
    table_reader,
    tracker_cities,
    tract_collapse,
    tract_covariates,
    tract_relationship,
    upward_mobility,
)
from atlas.sources.base import (
    BoundaryTable,
    DatasetInfo,
    EstimateTable,
    ObservationTable,
    Progress,
    RelationTable,
    file_error,
)
from atlas.sources.opening import OpenedFile
from atlas.sources.table_reader import Header

ParsedFile = EstimateTable | BoundaryTable | RelationTable | ObservationTable

_TABLES = {
    "shown_tract": shown_tract,
    "tract_collapse": tract_collapse,
    "tract_covariates": tract_covariates,
    "outcomes": outcomes,
    "rank_to_dollar": rank_to_dollar,
    "rank_to_dollar_official": rank_to_dollar_official,
    "national_percentiles": national_percentiles,
    "tract_relationship": tract_relationship,
    "upward_mobility": upward_mobility,
    "economic_tracker": economic_tracker,
    "tracker_cities": tracker_cities,
    "social_capital": social_capital,
    "opportunity_zones": opportunity_zones,
}
_MAPS = {"boundaries_geojson": boundaries.read_geojson, "boundaries_shapefile": boundaries.read_shapefile}
_COHORTS = {"tract_outcomes_simple": False, "tract_outcomes_late_simple": True}  # both have the same header
SOURCE_NAMES = (*_TABLES, *_COHORTS, *_MAPS)


class UnknownFormat(Exception):
    """No source reads a file with this header."""


@dataclass(frozen=True)
class DetectedSource:
    """A source that reads the file."""

    source: str
    read: Callable[[Progress], ParsedFile]


def detect_source(opened: OpenedFile, source: str = "") -> DetectedSource:
    """The source of an opened file; `source` forces one. Raises UnknownFormat, or SourceFileError for a broken file."""
    if source and source not in SOURCE_NAMES:
        raise file_error(f"there is no source '{source}'; known are {', '.join(SOURCE_NAMES)}")
    if opened.kind == "zip" and opened.member.lower().endswith(".shp"):
        return DetectedSource("boundaries_shapefile", lambda progress: boundaries.read_shapefile(opened, progress))
    with opened.text_stream(lines=False) as stream:
        first = stream.read(2000)
    if boundaries.is_geojson(first):
        return DetectedSource("boundaries_geojson", lambda progress: boundaries.read_geojson(opened, progress))
    header = table_reader.read_header(opened)
    if source in _COHORTS and outcomes.matches_header(header.names):
        return DetectedSource(source, lambda progress: outcomes.read(opened, header, progress, late=_COHORTS[source]))
    for name, module in _TABLES.items():
        if name == source or (not source and module.matches_header(header.names)):
            if not module.matches_header(header.names):
                raise file_error(
                    f"the header is not one of source '{source}'", line=1, value=",".join(header.names)[:80]
                )
            return DetectedSource(name, lambda progress, module=module: module.read(opened, header, progress))
    if source:
        raise file_error(f"the header is not one of source '{source}'", line=1, value=",".join(header.names)[:80])
    _refuse_near_misses(header)
    raise UnknownFormat(", ".join(header.names[:6])[:120])


def _refuse_near_misses(header: Header) -> None:
    """A publisher's table whose fields are parted wrongly or that lost a key column: refused, not skipped."""
    line = header.first_line.decode("utf-8").strip()
    for mark, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        names = tuple(name.strip().strip('"') for name in line.split(mark))
        if len(names) > 1 and any(module.matches_header(names) for module in _TABLES.values()):
            raise file_error(f"fields are parted by {word}; the publisher's file has commas", line=1, value=line[:40])
    values = [name for name in header.names if is_measure(name) or shown_tract.parse_column(name)]
    if not values:
        return
    for keys in (("state", "county", "tract"), ("tract", "Name")):
        missing = [key for key in keys if key not in header.names]
        completed = (*header.names, *missing)
        if len(missing) < len(keys) and any(module.matches_header(completed) for module in _TABLES.values()):
            raise file_error("is missing; without it no row has its place", line=1, column=missing[0])


def get_dataset(key: str) -> DatasetInfo:
    """Everything known about a data set by its key. Raises KeyError for a key no source makes."""
    for info in (
        tract_collapse.DATASET,
        rank_to_dollar.DATASET,
        rank_to_dollar_official.DATASET,
        national_percentiles.DATASET,
        tract_relationship.DATASET,
        boundaries.TRACTS,
        boundaries.PLACES,
    ):
        if info.key == key:
            return info
    found = (
        shown_tract.find_dataset(key)
        or tract_covariates.find_dataset(key)
        or outcomes.find_dataset(key)
        or find_observation_dataset(key)
    )
    if found is None:
        raise KeyError(key)
    return found


def find_observation_dataset(key: str) -> DatasetInfo | None:
    """A data set of observations by its key, None for any other."""
    for module in (upward_mobility, economic_tracker, tracker_cities, social_capital, opportunity_zones):
        if (info := module.dataset(key)) is not None:
            return info
    return None
