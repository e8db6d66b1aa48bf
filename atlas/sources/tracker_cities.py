"""The Economic Tracker's `GeoIDs - City`: which name and state a city id stands for.

The Tracker's cities are counties. Its data dictionary: the largest cities are each associated with one
representative county (New York with five), and `city_pop2019` is the population of those counties.
"""

import numpy as np

from atlas.metrics.labels import MetricDefinition
from atlas.sources import base, observed, table_reader
from atlas.sources.base import DatasetInfo, ObservationTable, ObservedColumn, Progress
from atlas.sources.opening import OpenedFile
from atlas.sources.table_reader import Header

_COLUMNS = {"cityid", "cityname", "stateabbrev", "city_pop2019"}
LARGEST_ID = 99
POPULATION = "tracker_city_pop2019"

# The county behind a city of the Tracker, where `city_pop2019` is that county's population estimate for 2019.
COUNTY_OF = {"Albuquerque, NM": "35001", "Detroit, MI": "26163", "New Orleans, LA": "22071", "Tulsa, OK": "40143"}

DATASET = DatasetInfo(
    key="economic_tracker_cities",
    title="Economic Tracker: cities by number",
    publisher="Opportunity Insights",
    citation=(
        "Chetty, Friedman and Stepner (2024), The Economic Impacts of COVID-19: Evidence from a New Public "
        "Database Built Using Private Sector Data, Quarterly Journal of Economics 139(2)"
    ),
    licence="Freely available for public use with attribution",
    addresses=(
        "https://raw.githubusercontent.com/OpportunityInsights/EconomicTracker/main/data/GeoIDs%20-%20City.csv",
        "https://tracktherecovery.org/",
    ),
    vintage="counties and population estimates of 2019",
    level="place",
    content="observations",
    priority=90,
    caveats=("A city of the Tracker is a county (New York: five), whatever the limits of the city.",),
)
KEY_COLUMNS: tuple[str, ...] = ()
METRICS: tuple[MetricDefinition, ...] = ()


def matches_header(names: tuple[str, ...]) -> bool:
    return _COLUMNS <= set(names) and "year" not in names


def find_dataset(key: str) -> DatasetInfo | None:
    return DATASET if key == DATASET.key else None


def read(opened: OpenedFile, header: Header, progress: Progress = base.no_progress) -> ObservationTable:
    """One row per city id, named "Detroit, MI". Raises SourceFileError."""
    table = table_reader.read_columns(
        opened,
        header,
        numbers=("city_pop2019",),
        texts=("cityname", "stateabbrev"),
        integers=("cityid",),
        progress=progress,
    )
    ids = observed.integers_in_range(table, "cityid", 1, LARGEST_ID, "a city id of the Tracker")
    observed.check_unique_rows("cityid", ids)
    names = observed.text_column(table, "cityname") + np.array(", ") + observed.text_column(table, "stateabbrev")
    return ObservationTable(
        dataset=DATASET,
        vintage=2010,
        area_kind="tracker_city",
        geoids=ids,
        period_kind="none",
        columns=(ObservedColumn(POPULATION, observed.float_column(table, "city_pop2019")),),
        rows_read=table.num_rows,
        names=dict(zip(ids.tolist(), names.tolist(), strict=True)),
        ignored_columns=tuple(n for n in header.names if n not in _COLUMNS),
        warnings=DATASET.caveats,
    )
