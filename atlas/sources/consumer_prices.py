"""Consumer prices of the Bureau of Labor Statistics: CPI-U, all items, US city average, by month.

The publisher's flat file (`cu.data.1.AllItems`) has a row for each series and period, parted by tabs and padded with
blanks; a table parted by commas with the same names is read as well. Kept is the series CUUR0000SA0. `M01` to `M12`
are months; `M13` is the publisher's average of the year, which is checked against the months and not kept. A month
without prices has a dash or no row: none were collected in October 2025.
"""

import re

import numpy as np
from numpy.typing import NDArray

from atlas.metrics.consumer_prices import ALL_ITEMS, DEFINITIONS
from atlas.sources import base, observed, table_reader
from atlas.sources.base import DatasetInfo, ObservationTable, ObservedColumn, Progress
from atlas.sources.opening import OpenedFile
from atlas.sources.table_reader import Header

SERIES = "CUUR0000SA0"
NATION = 1  # the only area of its kind
NULLS = ("", "-")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)
AVERAGE = 13  # the period that is a year's average
# The publisher rounds the index to three decimals, up to 2006 to one; a mean of rounded months is off by as much again.
TOLERANCE = {True: 0.11, False: 0.002}
LAST_ROUND_YEAR = 2006
_SERIES_ID, _YEAR, _PERIOD, _VALUE = "series_id", "year", "period", "value"
_USED = (_SERIES_ID, _YEAR, _PERIOD, _VALUE)

DATASET = DatasetInfo(
    key="consumer_prices_cpi_u",
    title="Consumer Price Index (CPI-U), all items, US city average",
    publisher="US Bureau of Labor Statistics",
    citation="US Bureau of Labor Statistics, Consumer Price Index for All Urban Consumers, series CUUR0000SA0",
    licence=base.US_PUBLIC_DOMAIN,
    addresses=(
        "https://download.bls.gov/pub/time.series/cu/cu.data.1.AllItems",
        "https://www.bls.gov/cpi/data.htm",
    ),
    vintage="1982-84 = 100, not seasonally adjusted, by month through the last month of the file",
    level="nation",
    content="observations",
    caveats=("No prices were collected in October 2025; the source's average of 2025 is that of eleven months.",),
)
KEY_COLUMNS: tuple[str, ...] = ()
METRICS = DEFINITIONS


def find_dataset(key: str) -> DatasetInfo | None:
    return DATASET if key == DATASET.key else None


def matches_header(names: tuple[str, ...]) -> bool:
    return set(_USED) <= set(names)


def read(opened: OpenedFile, header: Header, progress: Progress = base.no_progress) -> ObservationTable:
    """Index by month. Raises SourceFileError: no such series, a period that is none, a month twice, a year's average
    that its months do not give.
    """
    table = table_reader.read_columns(
        opened,
        header,
        numbers=(),
        texts=(_SERIES_ID, _PERIOD, _VALUE),
        integers=(_YEAR,),
        progress=progress,
    )
    series = observed.text_column(table, _SERIES_ID)
    ours = series == SERIES
    if not ours.any():
        raise base.file_error(f"has no row of the series {SERIES}", column=_SERIES_ID)
    years = observed.integers_in_range(table, _YEAR, 1900, 2100, "a year")
    months = _months(observed.text_column(table, _PERIOD), ours)
    values = _values(observed.text_column(table, _VALUE), ours)
    periods = np.where(ours, (years - 1970) * 100 + months, -np.arange(1, len(years) + 1))
    observed.check_unique_rows(_PERIOD, periods)
    _check_averages(years, months, values, ours)
    kept = ours & (months != AVERAGE) & ~np.isnan(values)
    if not kept.any():
        raise base.file_error(f"has no month of the series {SERIES}", column=_PERIOD)
    starts = ((years[kept] - 1970) * 12 + months[kept] - 1).astype("datetime64[M]").astype("datetime64[D]")
    order = np.argsort(starts)
    return ObservationTable(
        dataset=DATASET,
        vintage=int(str(starts.max())[:4]),
        area_kind="nation",
        geoids=np.full(int(kept.sum()), NATION, np.int64),
        period_kind="month",
        periods=starts[order],
        columns=(ObservedColumn(ALL_ITEMS, values[kept][order]),),
        rows_read=table.num_rows,
        ignored_columns=tuple(name for name in header.names if name not in _USED),
    )


def _values(texts: NDArray[np.object_], ours: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Of our series; NaN where nothing is published and in rows of other series. Blanks pad the publisher's numbers."""
    known = ours & ~np.isin(texts.astype(str), NULLS)
    observed.reject_rows(
        known & ~np.array([bool(_NUMBER.fullmatch(text)) for text in texts]), texts, _VALUE, "is not a number"
    )
    values = np.full(len(texts), np.nan)
    values[known] = texts[known].astype(float)
    observed.reject_rows(known & ~(values > 0), texts, _VALUE, "is no price level above 0")
    return values


def _months(periods: NDArray[np.object_], ours: NDArray[np.bool_]) -> NDArray[np.int64]:
    """1 to 12, 13 for the year's average; 0 in rows of other series, which may count half-years."""
    known = {f"M{month:02d}": month for month in range(1, AVERAGE + 1)}
    found = np.array([known.get(period, 0) for period in periods], dtype=np.int64)
    observed.reject_rows(ours & (found == 0), periods, _PERIOD, "is none of M01 to M13")
    return np.where(ours, found, 0)


def _check_averages(
    years: NDArray[np.int64], months: NDArray[np.int64], values: NDArray[np.float64], ours: NDArray[np.bool_]
) -> None:
    """Where the file has a year's average, it is the mean of that year's months, as far as rounding goes."""
    wrong = np.zeros(len(years), bool)
    for row in np.flatnonzero(ours & (months == AVERAGE) & ~np.isnan(values)):
        own = values[ours & (years == years[row]) & (months != AVERAGE)]
        own = own[~np.isnan(own)]
        wrong[row] = own.size and abs(own.mean() - values[row]) > TOLERANCE[bool(years[row] <= LAST_ROUND_YEAR)]
    observed.reject_rows(wrong, values, _VALUE, "is not the mean of that year's months")
