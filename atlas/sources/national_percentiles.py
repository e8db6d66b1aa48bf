"""`national_percentile_outcomes.csv`: national means by parents' percentile 1 to 100.

The key is `par_pctile`; outcomes are `{outcome}_{race}_{gender}` without a percentile in the name (public analyses
use `kfr_pooled_pooled` and `par_pctile`). Columns outside this grammar (densities, smoothed series) are not used.
No standard errors are read: none are known to be in the file.
"""

import re

from atlas import measures
from atlas.metrics.labels import MetricDefinition
from atlas.sources import base, columns, geoids, table_reader
from atlas.sources.base import DatasetInfo, EstimateTable, Progress
from atlas.sources.opening import OpenedFile
from atlas.sources.table_reader import Header

_NAME = re.compile(rf"^(?P<outcome>.+?)_({'|'.join(measures.RACES)})_({'|'.join(measures.GENDERS)})$")

DATASET = DatasetInfo(
    key="national_percentile_outcomes",
    title="National outcomes by parents' income percentile",
    publisher=base.OPPORTUNITY_INSIGHTS,
    citation=base.OPPORTUNITY_ATLAS_CITATION,
    licence=base.ATLAS_LICENCE,
    addresses=("https://opportunityinsights.org/wp-content/uploads/2018/10/national_percentile_outcomes.csv",),
    vintage="people born 1978-83, outcomes in 2014-15, United States",
    level="nation",
    priority=40,
)
KEY_COLUMNS: tuple[str, ...] = ()
METRICS: tuple[MetricDefinition, ...] = ()


def _outcome_columns(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(n for n in names if (match := _NAME.match(n)) and match["outcome"] in measures.OUTCOMES)


def find_dataset(key: str) -> DatasetInfo | None:
    return DATASET if key == DATASET.key else None


def matches_header(names: tuple[str, ...]) -> bool:
    return "par_pctile" in names and bool(_outcome_columns(names))


def read(opened: OpenedFile, header: Header, progress: Progress = base.no_progress) -> EstimateTable:
    """National means by parents' percentile 1 to 100, ranks and shares 0-1. Raises SourceFileError."""
    known = _outcome_columns(header.names)
    table = table_reader.read_columns(opened, header, numbers=known, integers=("par_pctile",), progress=progress)
    codes = columns.integer_column(table, "par_pctile")
    geoids.check_range(codes, "par_pctile", 1, 100, "is not a percentile from 1 to 100", rows_read=table.num_rows)
    order = geoids.check_unique(codes, "par_pctile", 1, rows_read=table.num_rows)
    found = columns.columns_with_errors(table, {name: name for name in known}, order)
    ignored = tuple(name for name in header.names if name not in ("par_pctile", *known))
    return base.estimate_table(DATASET, codes[order], found, table.num_rows, ignored_columns=ignored)
