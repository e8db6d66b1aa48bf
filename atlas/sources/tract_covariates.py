"""Neighborhood characteristics: `tract_covariates.csv`, or any subset of its columns such as the
replication extract that holds `hhinc_mean2000` alone."""

from dataclasses import replace

from atlas.measures import CHARACTERISTICS, describe
from atlas.metrics.labels import MetricDefinition
from atlas.sources import base, columns, table_reader
from atlas.sources.base import DatasetInfo, EstimateTable, Progress
from atlas.sources.opening import OpenedFile
from atlas.sources.table_reader import Header

_IDS = ("state", "county", "tract")
DATASET = DatasetInfo(
    key="tract_covariates",
    title="Opportunity Atlas neighborhood characteristics",
    publisher=base.OPPORTUNITY_INSIGHTS,
    citation=base.OPPORTUNITY_ATLAS_CITATION,
    licence=base.ATLAS_LICENCE,
    addresses=("https://opportunityinsights.org/wp-content/uploads/2018/10/tract_covariates.csv",),
    vintage="2010 Census tracts; year as named in the measure",
    level="tract",
    priority=50,
)
_EXTRACT = "tract_covariates_"
KEY_COLUMNS = _IDS
METRICS: tuple[MetricDefinition, ...] = ()


def matches_header(names: tuple[str, ...]) -> bool:
    known = set(names) & CHARACTERISTICS.keys()
    others = set(names) - CHARACTERISTICS.keys() - {*_IDS, "cz", "czname", "state_name", "county_name"}
    return set(_IDS) <= set(names) and bool(known) and len(known) > len(others)


def find_dataset(key: str) -> DatasetInfo | None:
    """The whole file, or an extract of one column: a data set of its own, so that it replaces nothing."""
    if key == DATASET.key:
        return DATASET
    column = key.removeprefix(_EXTRACT)
    return _extract(column) if key.startswith(_EXTRACT) and column in CHARACTERISTICS else None


def _extract(column: str) -> DatasetInfo:
    return replace(DATASET, key=_EXTRACT + column, title=f"Replication extract: {describe(column).label}", priority=55)


def read(opened: OpenedFile, header: Header, progress: Progress = base.no_progress) -> EstimateTable:
    """Characteristics by 2010 tract, in the units of `measures.CHARACTERISTICS`. Raises SourceFileError."""
    known = {name: name for name in header.names if name in CHARACTERISTICS}
    table = table_reader.read_columns(opened, header, numbers=tuple(known), integers=_IDS, progress=progress)
    geoids, order = columns.sorted_tracts(table, split=True)
    return base.estimate_table(
        dataset=_extract(next(iter(known))) if len(known) == 1 else DATASET,
        geoids=geoids,
        columns=columns.columns_with_errors(table, known, order),
        rows_read=table.num_rows,
        lines=order + columns.FIRST_DATA_LINE,
        ignored_columns=tuple(n for n in header.names if n not in {*_IDS, *known}),
    )
