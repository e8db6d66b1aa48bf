"""Changing Opportunity (2024), tables 1-4: counties and commuting zones, births of 1978 to 1992.

Tables 1 and 2 have a column per end, `{stem}_{race}_{gender}_p{percentile}_{1978|1992}`, and `change_...`; tables 3
and 4 a row per birth year, `cohort`. Read from the columns that public programs name: no real copy was seen when this
was written, so a column outside this grammar is reported and left out.
"""

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from atlas.later_measures import BORN, FIRST_BIRTHS, LAST_BIRTHS, TREND
from atlas.metrics.labels import MetricDefinition
from atlas.sources import base, columns, geoids, table_reader
from atlas.sources.base import Column, DatasetInfo, EstimateTable, Problem, Progress, SourceFileError
from atlas.sources.opening import OpenedFile
from atlas.sources.spool import ColumnSpool
from atlas.sources.table_reader import Header

_FOLDER = "https://opportunityinsights.org/wp-content/uploads/2024/07/"
_RACES = {name: name for name in ("pooled", "white", "black", "hisp", "asian", "natam", "other")} | {"aian": "natam"}
_WHO = rf"(?P<race>{'|'.join(_RACES)})_(?P<gender>pooled|female|male)"
_STAT = r"(?P<stat>p(?:1|10|25|50|75|100)|mean)"
_END = re.compile(rf"^(?P<stem>[a-z]\w*?)_{_WHO}_{_STAT}_(?P<births>{FIRST_BIRTHS}|{LAST_BIRTHS})$")
_CHANGE = re.compile(rf"^change_(?P<stem>[a-z]\w*?)_{_WHO}_{_STAT}$")
_VALUE = re.compile(rf"^(?P<stem>[a-z]\w*?)_{_WHO}_{_STAT}$")
_COUNT = re.compile(rf"^{_WHO}(?P<low>_blw_p50)?_count$")
_IDS = {"county": ("state", "county"), "cz": ("cz",)}
_NAMES = ("county_name", "cz_name", "czname")
_PLACES = {*_NAMES, "state_name", "state_abbrev", "cz", "state", "county", "cohort"}
KEY_COLUMNS: tuple[str, ...] = ()
METRICS: tuple[MetricDefinition, ...] = ()


def _dataset(key: str, title: str, level: str, file: str, vintage: str) -> DatasetInfo:
    return DatasetInfo(
        key,
        title,
        base.OPPORTUNITY_INSIGHTS,
        "Chetty, Dobbie, Goldman, Porter and Yang (2024), Changing Opportunity: Sociological Mechanisms Underlying "
        "Growing Class Gaps and Shrinking Race Gaps in Economic Mobility, NBER Working Paper 32697",
        base.ATLAS_LICENCE,
        (_FOLDER + file,),
        f"{vintage}, incomes at age 27",
        level,
        55,
    )


_ENDS, _YEARS = "people born in 1978 and in 1992", "people born in each year from 1978 to 1992"
DATASETS = {
    info.key: info
    for info in (
        _dataset(
            "county_trends", "Trends by county, births 1978-92", "county", "Table_1_county_trends_estimates.csv", _ENDS
        ),
        _dataset(
            "cz_trends", "Trends by commuting zone, births 1978-92", "cz", "Table_2_cz_trends_estimates.csv", _ENDS
        ),
        _dataset(
            "county_cohorts",
            "Estimates by county and birth year, 1978-92",
            "county",
            "Table_3_County_by_Cohort_Estimates.csv",
            _YEARS,
        ),
        _dataset(
            "cz_cohorts",
            "Estimates by commuting zone and birth year, 1978-92",
            "cz",
            "Table_4_cz_by_cohort_estimates.csv",
            _YEARS,
        ),
    )
}


def matches_header(names: tuple[str, ...]) -> bool:
    return _level(names) is not None and bool(_slugs(names))


def find_dataset(key: str) -> DatasetInfo | None:
    return DATASETS.get(key)


def _level(names: tuple[str, ...]) -> str | None:
    held = set(names)
    if "tract" in held:
        return None
    return next((level for level, ids in _IDS.items() if set(ids) <= held), None)


def _slugs(names: tuple[str, ...]) -> dict[str, str]:
    """Column -> slug; of a table by birth year the slug lacks its year."""
    if "cohort" in names:
        found = {}
        for name in names:
            if (match := _COUNT.match(name)) is not None:
                kind = "low" if match["low"] else "all"
                found[name] = f"{BORN}count_{kind}_{_RACES[match['race']]}_{match['gender']}"
            elif (match := _VALUE.match(name)) is not None:
                found[name] = f"{BORN}{match['stem']}_{_RACES[match['race']]}_{match['gender']}_{match['stat']}"
        return found if any(_VALUE.match(name) for name in found) else {}
    ends = {
        name: f"{TREND}{m['stem']}_{_RACES[m['race']]}_{m['gender']}_{m['stat']}_{m['births']}"
        for name in names
        if (m := _END.match(name))
    }
    changes = {
        name: f"{TREND}change_{m['stem']}_{_RACES[m['race']]}_{m['gender']}_{m['stat']}"
        for name in names
        if (m := _CHANGE.match(name))
    }
    return ends | changes if ends else {}


def read(opened: OpenedFile, header: Header, progress: Progress = base.no_progress) -> EstimateTable:
    """Estimates of each end or birth year, without standard errors. Raises SourceFileError."""
    level, slugs = _level(header.names), _slugs(header.names)
    if level is None or not slugs:
        raise base.header_error("changing_opportunity", header.names)
    by_year = "cohort" in header.names
    name = next((n for n in _NAMES if n in header.names), "")
    spool = ColumnSpool(len(slugs))
    kept = table_reader.read_spooled(
        opened,
        header,
        spool,
        numbers=tuple(slugs),
        integers=(*_IDS[level], *(("cohort",) if by_year else ())),
        texts=(name,) if name else (),
        progress=progress,
    )
    rows = len(kept[_IDS[level][0]])
    codes = _codes(level, kept, rows)
    years = _years(kept["cohort"], rows) if by_year else None
    areas, positions = _positions(codes, years, rows)
    table = _YearColumns(tuple(slugs.values()), spool, positions)
    labels = dict(zip(codes.tolist(), kept[name], strict=True)) if name else {}
    return EstimateTable(
        dataset=DATASETS[f"{level}_{'cohorts' if by_year else 'trends'}"],
        vintage=2010,
        geoids=areas,
        columns=table,
        slugs=table.slugs,
        rows_read=rows,
        names=tuple(labels[code] or "" for code in areas.tolist()) if name else (),
        ignored_columns=tuple(n for n in header.names if n not in slugs and n not in _PLACES),
        warnings=("these values come without a standard error",),
    )


def _codes(level: str, kept: dict[str, Any], rows: int) -> NDArray[np.int64]:
    codes: NDArray[np.int64]
    if level == "cz":
        codes = kept["cz"]
        geoids.check_range(codes, "cz", 1, 99_999, "is not a commuting zone", rows_read=rows)
        return codes
    geoids.check_parts(kept["state"], kept["county"], rows_read=rows)
    codes = kept["state"] * 1000 + kept["county"]
    return codes


def _years(cohort: NDArray[np.int64], rows: int) -> NDArray[np.int64]:
    geoids.check_range(cohort, "cohort", FIRST_BIRTHS, LAST_BIRTHS, "is not a birth year of the table", rows_read=rows)
    return cohort


def _positions(
    codes: NDArray[np.int64], years: NDArray[np.int64] | None, rows: int
) -> tuple[NDArray[np.int64], dict[int, NDArray[np.int64]]]:
    """(areas sorted, row of each area by birth year, -1 where it has none); year 0 where the table has no years.

    Raises SourceFileError where an area stands twice.
    """
    areas, at = np.unique(codes, return_inverse=True)
    year_of_row = np.zeros(rows, np.int64) if years is None else years
    found = {year: np.full(areas.size, -1, np.int64) for year in np.unique(year_of_row).tolist()}
    again: list[int] = []
    for row, (year, area) in enumerate(zip(year_of_row.tolist(), at.tolist(), strict=True)):
        if found[year][area] >= 0:
            again.append(row)
        found[year][area] = row
    if again:
        problems = [
            Problem("stands in the file twice", line=i + columns.FIRST_DATA_LINE, value=str(int(codes[i])))
            for i in again[: base.MAX_PROBLEMS_KEPT]
        ]
        raise SourceFileError(problems, len(again), rows)
    return areas, found


class _YearColumns:
    """Each column of the spool, once per birth year, aligned to the areas."""

    def __init__(self, stems: tuple[str, ...], spool: ColumnSpool, positions: dict[int, NDArray[np.int64]]):
        self._stems, self._spool, self._positions = stems, spool, positions
        self.slugs = tuple(self._slug(stem, year) for stem in stems for year in positions)

    def _slug(self, stem: str, year: int) -> str:
        return f"{stem}_{year}" if year else stem

    def __iter__(self) -> Iterator[Column]:
        for first, group in self._spool.groups():
            for offset in range(len(group)):
                for year, rows in self._positions.items():
                    values = np.where(rows >= 0, group[offset][rows], np.float32(np.nan))
                    yield Column(self._slug(self._stems[first + offset], year), values)
