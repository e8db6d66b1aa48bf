"""The outcome files: tracts, counties and commuting zones, simple and full, in the publisher's grammar.

All share one grammar (codebook of tract_outcomes_early.csv): `{outcome}_{race}_{gender}_{stat}` with `_se`
beside the estimate. The simple files carry `{race}_{gender}_count`; the full ones any subset of their 7,825
(tract) or 10,829 (county) columns. Commuting zones repeat names, so everything joins on the number `cz`.

The late file (births 1984-89) has the same header as the early one (1978-83). Its measures get slugs ending in
`_late`: outcomes were taken at younger ages, and the two may never be differenced, ranked together or drawn on
one axis.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from atlas import measures
from atlas.metrics.labels import MetricDefinition
from atlas.sources import base, columns, geoids, table_reader
from atlas.sources.base import Column, DatasetInfo, EstimateTable, Problem, Progress, SourceFileError
from atlas.sources.opening import OpenedFile
from atlas.sources.spool import ColumnSpool
from atlas.sources.table_reader import Header

CZ_SLUG = "cz"  # stored beside a county's estimates: the zone's number, exact in float32 (below 40,000)
LATE = "_late"
_ATLAS = "https://opportunityinsights.org/wp-content/uploads/2018/10/"
_CENSUS = "https://www2.census.gov/ces/opportunity/"
_ID_COLUMNS = {"tract": ("state", "county", "tract"), "county": ("state", "county"), "cz": ("cz",)}
_PLACE_COLUMNS = {"state", "county", "tract", "cz", "czname", "county_fips", "county_name", "state_name"}
# One row of the late file as the publisher prints it: tells the cohort of a file with the shared header.
_LATE_TRACT, _LATE_COUNT = 1001020100, np.float32(255.03894)
KEY_COLUMNS = _ID_COLUMNS["tract"]
METRICS: tuple[MetricDefinition, ...] = ()


def _outcome_dataset(
    key: str, title: str, level: str, addresses: tuple[str, ...], priority: int, births: str = "1978-83"
) -> DatasetInfo:
    area = {"tract": "2010 Census tracts", "county": "counties of 2010", "cz": "commuting zones of 1990"}[level]
    period = "outcomes in 2014-15" if births == "1978-83" else "outcomes at younger ages than the births of 1978-83"
    return DatasetInfo(
        key,
        title,
        base.OPPORTUNITY_INSIGHTS,
        base.OPPORTUNITY_ATLAS_CITATION,
        base.ATLAS_LICENCE,
        addresses,
        f"people born {births}, {period}, {area}",
        level,
        priority,
    )


DATASETS = {
    info.key: info
    for info in (
        _outcome_dataset(
            "tract_outcomes_simple",
            "Opportunity Atlas outcomes by tract",
            "tract",
            (_ATLAS + "tract_outcomes_simple.csv", _CENSUS + "tract_outcomes_simple.csv"),
            30,
        ),
        _outcome_dataset(
            "tract_outcomes_late_simple",
            "Opportunity Atlas outcomes by tract, births 1984-89",
            "tract",
            (_ATLAS.replace("2018/10", "2024/08") + "tract_outcomes_late_simple.csv",),
            30,
            "1984-89",
        ),
        _outcome_dataset(
            "tract_outcomes_early",
            "Opportunity Atlas outcomes by tract, full file",
            "tract",
            (_ATLAS + "tract_outcomes.zip",),
            35,
        ),
        _outcome_dataset(
            "county_outcomes_simple",
            "Opportunity Atlas outcomes by county",
            "county",
            (_ATLAS + "county_outcomes_simple.csv", _CENSUS + "county_outcomes_simple.csv"),
            40,
        ),
        _outcome_dataset(
            "county_outcomes",
            "Opportunity Atlas outcomes by county, full file",
            "county",
            (_ATLAS + "county_outcomes.zip",),
            45,
        ),
        _outcome_dataset(
            "cz_outcomes_simple",
            "Opportunity Atlas outcomes by commuting zone",
            "cz",
            (_ATLAS + "cz_outcomes_simple.csv",),
            40,
        ),
        _outcome_dataset(
            "cz_outcomes",
            "Opportunity Atlas outcomes by commuting zone, full file",
            "cz",
            (_ATLAS + "cz_outcomes.csv",),
            45,
        ),
    )
}


@dataclass(frozen=True)
class _HeaderLayout:
    """What a header says: the level and, in file order, each measure with the column of its standard error."""

    level: str
    estimates: tuple[tuple[str, str | None], ...]

    @property
    def numbers(self) -> tuple[str, ...]:
        return tuple(name for pair in self.estimates for name in pair if name)


def _find_level(names: frozenset[str]) -> str | None:
    for level, ids in _ID_COLUMNS.items():
        if set(ids) <= names:
            return level
    return None


def _header_layout(names: tuple[str, ...]) -> _HeaderLayout | None:
    """None when the header is not one of an outcome file."""
    present = frozenset(names)
    level = _find_level(present)
    if level is None or "cohort" in present or "hhinc_mean2000" in present:
        return None
    estimates = []
    for name in names:
        if name in _PLACE_COLUMNS or name.endswith("_se"):
            continue
        if measures.is_measure(name) and name not in measures.CHARACTERISTICS:
            estimates.append((name, f"{name}_se" if f"{name}_se" in present else None))
    return _HeaderLayout(level, tuple(estimates)) if estimates else None


def matches_header(names: tuple[str, ...]) -> bool:
    return _header_layout(names) is not None


def find_dataset(key: str) -> DatasetInfo | None:
    return DATASETS.get(key)


def read(
    opened: OpenedFile, header: Header, progress: Progress = base.no_progress, late: bool | None = None
) -> EstimateTable:
    """Estimates with their standard errors, sorted by GEOID, in memory that does not grow with the columns.

    `late` says which cohort a simple tract file is of; by default a row of the late file tells, then the name.
    Raises SourceFileError: besides what no table may have, an estimate without its standard error or the other way
    round is kept as published, but a commuting zone that contradicts its county is not.
    """
    shape = _header_layout(header.names)
    if shape is None:
        raise base.file_error("the header is not one of an outcome file", line=1, value=",".join(header.names)[:80])
    ids = _ID_COLUMNS[shape.level]
    zone = ("cz",) if "cz" in header.names and shape.level != "cz" else ()
    labels = tuple(name for name in ("czname",) if name in header.names and shape.level != "tract")
    spool = ColumnSpool(len(shape.numbers))
    kept = table_reader.read_spooled(
        opened, header, spool, numbers=shape.numbers, integers=ids, others=zone, texts=labels, progress=progress
    )
    codes, order = _sorted_codes(shape.level, kept)
    zones = kept["cz"][order] if zone else None
    if zones is not None and shape.level == "tract":
        _check_zones(codes, zones, order)
    if zones is not None and labels:
        _check_zone_names(zones, [kept["czname"][i] for i in order], order)
    warnings: tuple[str, ...] = ()
    info = _select_dataset(shape, header.names)
    if info.key == "tract_outcomes_simple":
        is_late, why = _detect_cohort(opened, shape, spool, codes, order) if late is None else (late, "as asked for")
        if is_late:
            info = DATASETS["tract_outcomes_late_simple"]
        warnings = (f"read as births {'1984-89' if is_late else '1978-83'}: {why}",)
    store = _SpooledColumns(
        shape,
        spool,
        order,
        LATE if info.key.endswith("late_simple") else "",
        zones if shape.level == "county" else None,
    )
    return EstimateTable(
        dataset=info,
        vintage=2010,
        geoids=codes,
        columns=store,
        slugs=store.slugs,
        rows_read=len(codes),
        names=tuple(kept["czname"][i] or "" for i in order) if labels else (),
        ignored_columns=tuple(n for n in header.names if n not in {*_PLACE_COLUMNS, *shape.numbers}),
        warnings=warnings,
        zones=zones,
        lines=order + columns.FIRST_DATA_LINE,
    )


def _select_dataset(shape: _HeaderLayout, names: tuple[str, ...]) -> DatasetInfo:
    simple = any(name.endswith("_count") for name in names)
    if shape.level == "tract":
        return DATASETS["tract_outcomes_simple" if simple else "tract_outcomes_early"]
    return DATASETS[f"{shape.level}_outcomes{'_simple' if simple else ''}"]


def _sorted_codes(level: str, kept: dict[str, Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(sorted codes, order) of the rows; refuses what is no place or stands twice."""
    rows = len(kept[_ID_COLUMNS[level][0]])
    if level == "cz":
        codes = kept["cz"]
        geoids.check_range(codes, "cz", 1, 99_999, "is not a commuting zone", rows_read=rows)
        width = 5
    elif level == "county":
        geoids.check_parts(kept["state"], kept["county"], rows_read=rows)
        codes, width = kept["state"] * 1000 + kept["county"], 5
        if rows > 1.05 * np.unique(codes).size:  # a row or two standing twice is named as such below
            raise base.file_error(
                "is missing: counties repeat, so the rows are tracts that lost their code", line=1, column="tract"
            )
    else:
        geoids.check_parts(kept["state"], kept["county"], kept["tract"], rows_read=rows)
        codes, width = geoids.join_tract_geoids(kept["state"], kept["county"], kept["tract"]), 11
    order = geoids.check_unique(codes, level, width, rows_read=rows)
    return codes[order], order


def _check_zones(codes: NDArray[np.int64], zones: NDArray[np.floating], order: NDArray[np.int64]) -> None:
    """All tracts of a county are in one zone. Raises SourceFileError naming each row that says otherwise."""
    pairs, counts = np.unique(
        np.column_stack([codes // 10**6, np.nan_to_num(zones, nan=-1)]), axis=0, return_counts=True
    )
    pairs = pairs[np.lexsort((-counts, pairs[:, 0]))]  # the zone most of a county's tracts are in comes first
    county, first = np.unique(pairs[:, 0], return_index=True)
    expected = pairs[first, 1][np.searchsorted(county, codes // 10**6)]
    expected = np.where(expected < 0, np.nan, expected)
    wrong = np.flatnonzero((zones != expected) & ~(np.isnan(zones) & np.isnan(expected)))
    if wrong.size:
        problems = [
            Problem(
                f"contradicts its county {codes[i] // 10**6:05d}, whose other tracts are in zone {expected[i]:.0f}",
                line=int(order[i]) + columns.FIRST_DATA_LINE,
                column="cz",
                value=f"{zones[i]:.0f}",
            )
            for i in wrong[: base.MAX_PROBLEMS_KEPT]
        ]
        raise SourceFileError(problems, int(wrong.size), len(codes))


def _check_zone_names(zones: NDArray[np.floating], names: list[str | None], order: NDArray[np.int64]) -> None:
    """One name per zone (a name may stand for several zones). Raises SourceFileError naming each row that says
    otherwise.
    """
    counted: dict[float, Counter[str]] = {}
    for zone, name in zip(zones.tolist(), names, strict=True):
        if zone == zone and name:
            counted.setdefault(zone, Counter())[name] += 1
    problems = [
        Problem(
            f"is zone {zone:.0f}, which the file's other rows call {counted[zone].most_common(1)[0][0]}",
            line=int(order[i]) + columns.FIRST_DATA_LINE,
            column="cz",
            value=f"{zone:.0f}",
        )
        for i, (zone, name) in enumerate(zip(zones.tolist(), names, strict=True))
        if zone == zone and name and name != counted[zone].most_common(1)[0][0]
    ]
    if problems:
        raise SourceFileError(problems, rows_read=len(names))


def _detect_cohort(
    opened: OpenedFile, shape: _HeaderLayout, spool: ColumnSpool, codes: NDArray[np.int64], order: NDArray[np.int64]
) -> tuple[bool, str]:
    """(is it the late file, how that is known)."""
    place = int(np.searchsorted(codes, _LATE_TRACT))
    names = [name for name, _ in shape.estimates]
    if place < len(codes) and codes[place] == _LATE_TRACT and "pooled_pooled_count" in names:
        wanted = shape.numbers.index("pooled_pooled_count")
        for first, group in spool.groups():
            if first <= wanted < first + len(group) and group[wanted - first][order[place]] == _LATE_COUNT:
                return True, "its first tract has the late file's count of children"
    named = f"{opened.path.name} {opened.member}".lower()
    if "late" in named:
        return True, "by its name; both cohorts have the same header"
    return False, "nothing says it is the late file; both cohorts have the same header"


class _SpooledColumns:
    """Columns of the spool in file order, each sorted by GEOID, with a county's zone at the end."""

    def __init__(
        self,
        shape: _HeaderLayout,
        spool: ColumnSpool,
        order: NDArray[np.int64],
        suffix: str,
        zones: NDArray[np.floating] | None,
    ):
        self._shape, self._spool, self._order, self._zones = shape, spool, order, zones
        self._suffix = suffix
        self.slugs = tuple(name + suffix for name, _ in shape.estimates) + ((CZ_SLUG,) if zones is not None else ())

    def __iter__(self) -> Iterator[Column]:
        pending: Column | None = None
        for name, values in self._named():
            if pending is not None and name == f"{pending.slug}_se":
                pending = replace(pending, standard_error=values)
                continue
            if pending is not None:
                yield self._final(pending)
            pending = Column(name, values)
        if pending is not None:
            yield self._final(pending)
        if self._zones is not None:
            yield Column(CZ_SLUG, self._zones.astype(np.float32))

    def _final(self, column: Column) -> Column:
        return replace(column, slug=column.slug + self._suffix)

    def _named(self) -> Iterator[tuple[str, NDArray[np.floating]]]:
        names = self._shape.numbers
        for first, group in self._spool.groups():
            for offset in range(len(group)):
                yield names[first + offset], group[offset][self._order]
