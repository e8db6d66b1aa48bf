"""The percentile-to-dollar crosswalk for household income of children (kfr), 2015 dollars.

The extract has no header, two columns and 101 rows. It is known by what it holds: percentiles 0 to
100 and incomes that never fall and pass the publisher's check points p25 = 15,551.21, p50 = 42,317.11.
"""

import csv
import io

import numpy as np

from atlas.metrics.labels import MetricDefinition
from atlas.sources import base
from atlas.sources.base import Column, DatasetInfo, EstimateTable, Progress, file_error
from atlas.sources.opening import OpenedFile
from atlas.sources.table_reader import Header

SLUG = "kid_hh_income"  # the publisher's column name in pctile_to_dollar_cw.csv
_MAX_ROWS = 1000  # 101 are right; more need not be read to know that they are wrong
_CHECK_POINTS = {25: 15_551.21, 50: 42_317.11}

DATASET = DatasetInfo(
    key="pctile_to_dollar_kfr",
    title="Household income at each percentile of children, 2015 dollars",
    publisher=base.OPPORTUNITY_INSIGHTS,
    citation=base.OPPORTUNITY_ATLAS_CITATION,
    licence=base.ATLAS_LICENCE,
    addresses=("https://opportunityinsights.org/wp-content/uploads/2018/10/pctile_to_dollar_cw.csv",),
    vintage="people born 1978-83, incomes of 2014-15 in 2015 dollars",
    level="percentile",
    priority=60,
)
KEY_COLUMNS: tuple[str, ...] = ()
METRICS: tuple[MetricDefinition, ...] = ()


def find_dataset(key: str) -> DatasetInfo | None:
    return DATASET if key == DATASET.key else None


def matches_header(names: tuple[str, ...]) -> bool:
    """Without a header the first line is the first row: percentile 0 earns nothing."""
    try:
        return len(names) == 2 and [float(name) for name in names] == [0.0, 0.0]
    except ValueError:
        return False


def read(opened: OpenedFile, header: Header, progress: Progress = base.no_progress) -> EstimateTable:
    """Income in 2015 dollars at percentiles 0 to 100, rows as GEOIDs 0-100. Raises SourceFileError when a percentile
    lacks, incomes fall, or the published check points differ.
    """
    with opened.text_stream() as stream:
        lines = csv.reader(io.TextIOWrapper(io.BufferedReader(stream), encoding="utf-8", newline=""))
        try:
            rows = [row for _, row in zip(range(_MAX_ROWS), lines, strict=False)]
        except csv.Error as error:
            raise file_error(f"can't be read as a table: {error}", line=lines.line_num) from error
    rows = [row for row in rows if row]
    for line, row in enumerate(rows, 1):
        try:
            percentile, _ = (float(field) for field in row)
        except ValueError as error:
            raise file_error("is not a percentile and an income", line=line, value=",".join(row)[:80]) from error
        if percentile != line - 1:
            raise file_error(f"percentile {line - 1} was expected here", line=line, value=row[0][:80])
    usd = np.array([float(row[1]) for row in rows])
    if len(rows) != 101:
        raise file_error(f"has {len(rows)} rows; percentiles 0 to 100 are 101")
    if not np.all(np.isfinite(usd)) or np.any(np.diff(usd) < 0):
        raise file_error("incomes must never fall from one percentile to the next")
    for percentile, expected in _CHECK_POINTS.items():
        if abs(usd[percentile] - expected) > 0.01:
            raise file_error(
                "is not the source's household income of children at this percentile "
                f"({expected:,.2f}); without a header only that table is known",
                line=percentile + 1,
                value=f"{usd[percentile]:,.2f}",
            )
    progress("reading", 101, 101)
    return base.estimate_table(DATASET, np.arange(101), (Column(SLUG, usd.astype(np.float32)),), 101)
