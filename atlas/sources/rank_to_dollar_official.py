"""`pctile_to_dollar_cw.csv`: incomes at each percentile, 2015 dollars, for children's and parents' ranks.

Columns by the publisher: percentile, kid_hh_income (for kfr), kid_indiv_income (kir), kid_wageflex, two for age 26,
parent_hh_income. Some copies name the age-26 columns differently: columns beside the known ones are not read.
"""

import numpy as np

from atlas.metrics.labels import MetricDefinition
from atlas.sources import base, columns, table_reader
from atlas.sources.base import Column, DatasetInfo, EstimateTable, Problem, Progress, SourceFileError
from atlas.sources.opening import OpenedFile
from atlas.sources.table_reader import Header

INCOMES = ("kid_hh_income", "kid_indiv_income", "kid_wageflex", "parent_hh_income")
NEVER_FALL = frozenset({"kid_hh_income", "kid_indiv_income", "parent_hh_income"})

DATASET = DatasetInfo(
    key="pctile_to_dollar_cw",
    title="Income at each percentile, 2015 dollars",
    publisher=base.OPPORTUNITY_INSIGHTS,
    citation=base.OPPORTUNITY_ATLAS_CITATION,
    licence=base.ATLAS_LICENCE,
    addresses=("https://opportunityinsights.org/wp-content/uploads/2018/10/pctile_to_dollar_cw.csv",),
    vintage="people born 1978-83, incomes of 2014-15 in 2015 dollars",
    level="percentile",
    priority=40,
)
KEY_COLUMNS: tuple[str, ...] = ()
METRICS: tuple[MetricDefinition, ...] = ()


def find_dataset(key: str) -> DatasetInfo | None:
    return DATASET if key == DATASET.key else None


def matches_header(names: tuple[str, ...]) -> bool:
    return {"percentile", "kid_hh_income"} <= set(names)


def read(opened: OpenedFile, header: Header, progress: Progress = base.no_progress) -> EstimateTable:
    """Raises SourceFileError when a percentile of 0 to 100 lacks, or household incomes fall from one to the next."""
    known = tuple(name for name in INCOMES if name in header.names)
    table = table_reader.read_columns(opened, header, numbers=("percentile", *known), progress=progress)
    percentiles = table.column("percentile").to_numpy(zero_copy_only=False)
    order = np.argsort(percentiles, kind="stable")
    if percentiles[order].tolist() != list(range(101)):
        raise base.file_error("percentiles 0 to 100 must each stand there once", column="percentile")
    found = [Column(name, columns.float32_column(table, name, order)) for name in known]
    problems = [
        Problem("incomes must never fall from one percentile to the next, and none may lack", column=column.slug)
        for column in found
        if column.slug in NEVER_FALL and not np.all(np.diff(column.value) >= 0)
    ]
    if problems:
        raise SourceFileError(problems, rows_read=table.num_rows)
    ignored = tuple(name for name in header.names if name not in ("percentile", *known))
    return base.estimate_table(DATASET, np.arange(101), tuple(found), table.num_rows, ignored_columns=ignored)
