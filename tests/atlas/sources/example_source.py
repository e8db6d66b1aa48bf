"""A format nobody publishes, as small as a source can be: what a new format has to bring, and nothing else."""

import numpy as np

from atlas.sources import base, columns, geoids, table_reader
from atlas.sources.base import Column, DatasetInfo, EstimateTable, Progress
from atlas.sources.opening import OpenedFile
from atlas.sources.table_reader import Header

KEY_COLUMNS = ("example_county", "example_year")
METRICS = ()
MEASURE = "kfr_pooled_pooled_p25"
DATASET = DatasetInfo(
    key="example_counties",
    title="Example of a new format",
    publisher="Nobody",
    citation="None",
    licence="None",
    addresses=("https://example.org/",),
    vintage="counties of 2010",
    level="county",
)


def find_dataset(key: str) -> DatasetInfo | None:
    return DATASET if key == DATASET.key else None


def matches_header(names: tuple[str, ...]) -> bool:
    return {*KEY_COLUMNS, "example_rank"} <= set(names)


def read(opened: OpenedFile, header: Header, progress: Progress = base.no_progress) -> EstimateTable:
    table = table_reader.read_columns(
        opened, header, numbers=("example_rank",), integers=("example_county", "example_year"), progress=progress
    )
    codes = columns.integer_column(table, "example_county")
    order: np.ndarray = geoids.check_unique(codes, "example_county", 5, rows_read=table.num_rows)
    ranks = columns.float32_column(table, "example_rank", order, scale=0.01)
    return base.estimate_table(DATASET, codes[order], (Column(MEASURE, ranks),), table.num_rows)
