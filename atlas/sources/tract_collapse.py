"""Replication extract `tract_collapse`: individual income **rank x 100** and Census 2000 children under 18.

`kid_{race}_n` are counts of children living in the tract in 2000, not the sample behind the estimates.
"""

import re

from atlas.metrics.labels import MetricDefinition
from atlas.sources import base, columns, table_reader
from atlas.sources.base import DatasetInfo, EstimateTable, Progress
from atlas.sources.opening import OpenedFile
from atlas.sources.table_reader import Header

_RANK = re.compile(r"^(kir|kfr)_(pooled|white|black|hisp|asian|natam|other)_p(1|10|25|50|75|100)$")
_CHILDREN = re.compile(r"^kid_(pooled|white|black|hisp|asian|natam|other)_n$")

_IDS = ("state", "county", "tract")

DATASET = DatasetInfo(
    key="tract_collapse",
    title="Replication extract: personal income percentiles and children under 18 in 2000",
    publisher=base.OPPORTUNITY_INSIGHTS,
    citation=base.OPPORTUNITY_ATLAS_CITATION,
    licence=base.ATLAS_LICENCE,
    addresses=("https://opportunityinsights.org/data/",),
    vintage=base.ATLAS_VINTAGE,
    level="tract",
    priority=70,
)
KEY_COLUMNS = _IDS
METRICS: tuple[MetricDefinition, ...] = ()


def find_dataset(key: str) -> DatasetInfo | None:
    return DATASET if key == DATASET.key else None


def matches_header(names: tuple[str, ...]) -> bool:
    ranks = [name for name in names if _RANK.match(name)]
    return set(_IDS) <= set(names) and bool(ranks) and any(_CHILDREN.match(n) for n in names)


def read(opened: OpenedFile, header: Header, progress: Progress = base.no_progress) -> EstimateTable:
    """Ranks 0-1 and counts of children by 2010 tract, without standard errors unless the file has them.

    Raises SourceFileError.
    """
    ranks = {n: f"{m[1]}_{m[2]}_pooled_p{m[3]}" for n in header.names if (m := _RANK.match(n))}
    children = {n: f"kid_{m[1]}_pooled_n" for n in header.names if (m := _CHILDREN.match(n))}
    table = table_reader.read_columns(opened, header, numbers=(*ranks, *children), integers=_IDS, progress=progress)
    geoids, order = columns.sorted_tracts(table, split=True)
    return base.estimate_table(
        dataset=DATASET,
        geoids=geoids,
        columns=columns.columns_with_errors(table, ranks, order, scale=0.01)
        + columns.columns_with_errors(table, children, order),
        rows_read=table.num_rows,
        lines=order + columns.FIRST_DATA_LINE,
        ignored_columns=tuple(n for n in header.names if n not in {*_IDS, *ranks, *children}),
        warnings=("ranks are published times 100 and stored as 0-1",),
    )
