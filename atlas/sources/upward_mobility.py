"""Mobility Metrics of the Urban Institute by place and county: yearly values with bounds and a grade of quality.

`NA` is missing. Grades: Strong, Marginal, Weak (1, 2, 3 in some files); of Weak values the publisher says
that a community should not act on them.
"""

import re
from dataclasses import replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from atlas.metrics.upward_mobility import DEFINITIONS
from atlas.sources import base, observed, table_reader
from atlas.sources.base import DatasetInfo, Exclusion, ObservationTable, ObservedColumn, Progress
from atlas.sources.opening import OpenedFile
from atlas.sources.table_reader import Header
from atlas.sources.upward_mobility_columns import (
    FILE_VARIANTS,
    GRADES,
    IGNORED_COLUMNS,
    METRICS_OF_ALL_RESIDENTS,
    PAIR_ENDS,
    PAIRS,
    QUALITY,
    FileVariant,
)

_PREFIX = "upward_mobility_"
_AREAS = ("place", "county")
NULLS = ("", "NA")
MAX_NAME = 60
_ALL_RESIDENTS = ("All", "NA", "")
_KIND = "subgroup_type"
_NO_KIND = ("all", "na", "")
_PAIR = re.compile(r"(\d*\.?\d+):(\d*\.?\d+)")
_CATALOG = "https://datacatalog.urban.org/dataset/boosting-upward-mobility-metrics-inform-local-action-second-edition"
_NEW_ORLEANS = 2255000
_NOT_REPORTED = (
    "implausibly low, far below any city of its size, which points to police reports that were not made; the "
    "source grades it Weak"
)
EXCLUSIONS = (
    Exclusion("place", _NEW_ORLEANS, "rate_crime_violent", (2021, 2022, 2023), 100, _NOT_REPORTED),
    Exclusion("place", _NEW_ORLEANS, "rate_crime_property", (2021, 2022, 2023), 500, _NOT_REPORTED),
    Exclusion(
        "place",
        _NEW_ORLEANS,
        "rate_juv_arrest",
        (2021, 2022),
        0,
        "a zero from the same police reports as the excluded crime rates; the source notes that zeros may be "
        "reports that were not made",
    ),
)
KEY_COLUMNS: tuple[str, ...] = ()
METRICS = DEFINITIONS
_PART, _BY = "-", "-by-"  # parts of the key of a file that is none of the four
MAX_KINDS = 20  # characters of the kinds of groups in a key
_NOT_PLAIN = re.compile(r"[^a-z0-9]+")
_LABELS = {words.slug: words.label for words in DEFINITIONS}


def matches_header(names: tuple[str, ...]) -> bool:
    """A year, one kind of area and any of the known metrics: the breakdown is in the rows, not in the header."""
    return _area(names) is not None and bool(_metrics_of(names) - METRICS_OF_ALL_RESIDENTS)


def _area(names: tuple[str, ...]) -> str | None:
    areas = [area for area in _AREAS if {"year", "state", area} <= set(names)]
    return areas[0] if len(areas) == 1 else None


def _metrics_of(names: tuple[str, ...]) -> set[str]:
    return {name for name in names if name in QUALITY or name in PAIRS}


def find_dataset(key: str) -> DatasetInfo | None:
    for area in _AREAS:
        for shape in FILE_VARIANTS:
            if key == f"{_PREFIX}{area}{shape.key}":
                return _info(key, area, shape)
        if key.startswith(f"{_PREFIX}{area}{_PART}"):
            return _info(key, area, other_file(key.removeprefix(f"{_PREFIX}{area}")))
    return None


def _file_variant(names: tuple[str, ...], kinds: set[str]) -> FileVariant:
    """One of the publisher's four yearly files, or what else the header and the kinds of groups say it is."""
    held = set(names)
    for shape in FILE_VARIANTS:
        if shape.needs <= held and not shape.lacks & held and (not kinds or not shape.kinds or kinds & shape.kinds):
            return shape
    metrics = [name for name in names if name in _metrics_of(names) and name not in METRICS_OF_ALL_RESIDENTS]
    stem = metrics[0] + (f"{_PART}{len(metrics) - 1}_more" if len(metrics) > 1 else "")
    by = "_".join(sorted(_NOT_PLAIN.sub("_", kind.lower()).strip("_") for kind in kinds))[:MAX_KINDS]
    return other_file(f"{_PART}{stem}{_BY}{by}" if by else f"{_PART}{stem}")


def other_file(key: str) -> FileVariant:
    """A file with some of the metrics by any kind of group, from the end of its key: `-share_employed-by-gender`."""
    stem, _, by = key.removeprefix(_PART).partition(_BY)
    metric, *more = stem.split(_PART)
    label = _LABELS.get(metric, metric) + (f" and {more[0].replace('_', ' ')}" if more else "")
    return FileVariant(key, f"{label}{f', by {by.replace(chr(95), chr(32))}' if by else ''}", frozenset(), priority=47)


def _info(key: str, area: str, shape: FileVariant) -> DatasetInfo:
    return DatasetInfo(
        key=key,
        title=f"Mobility Metrics by {area}: {shape.title}",
        publisher="Urban Institute",
        citation="Urban Institute, Boosting Upward Mobility: Metrics to Inform Local Action, second edition",
        licence="Freely available with attribution; terms as on the source's data catalog page",
        addresses=(
            _CATALOG,
            "https://upward-mobility.urban.org/",
            "https://github.com/UI-Research/mobility-from-poverty",
        ),
        vintage="yearly, about 2014-2023, each metric in the years it was measured",
        level=area,
        content="observations",
        priority=shape.priority,
        caveats=("Of values graded Weak the source says that a community should not act on them.",),
    )


def read(opened: OpenedFile, header: Header, progress: Progress = base.no_progress) -> ObservationTable:
    """One row per area, year and group. Raises SourceFileError."""
    area = _area(header.names)
    if area is None or not matches_header(header.names):
        raise base.header_error("upward_mobility", header.names)
    held = set(header.names)
    metrics = [name for name in header.names if name in QUALITY]
    pairs = [name for name in header.names if name in PAIRS]
    bounded = [name for name in metrics if {f"{name}_lb", f"{name}_ub"} <= held]
    graded = {name: next((q for q in (*QUALITY[name], f"{name}_quality") if q in held), "") for name in metrics}
    graded |= {name: PAIRS[name] for name in pairs if PAIRS[name] in held}
    name_column = f"{area}_name"
    words = tuple(dict.fromkeys([*pairs, *filter(None, graded.values()), *held & {"subgroup", _KIND, name_column}]))
    table = table_reader.read_columns(
        opened,
        header,
        numbers=(*metrics, *(f"{n}{end}" for n in bounded for end in ("_lb", "_ub"))),
        texts=words,
        integers=("year", "state", area),
        nulls=NULLS,
        progress=progress,
    )
    rows_read = table.num_rows
    geoids = observed.place_geoids(table) if area == "place" else observed.county_geoids(table)
    periods = observed.year_starts(table)
    grades = {column: _grades(table, column) for column in set(filter(None, graded.values()))}
    kinds = _kinds(table) if _KIND in held and "subgroup" in held else None
    subgroups = _subgroups(table, kinds) if "subgroup" in held else None
    kept = _rows_without_repeats(table, geoids, periods, subgroups, metrics) if kinds is not None else None
    shape = _file_variant(header.names, set() if kinds is None else set(kinds.tolist()) - {""})
    if kept is not None:
        table, geoids, periods = table.take(kept), geoids[kept], periods[kept]
        subgroups = None if subgroups is None else subgroups[kept]
        grades = {column: texts[kept] for column, texts in grades.items()}
    observed.check_unique_rows(area, geoids, periods, subgroups)
    everybody = None if subgroups is None else subgroups == ""
    found = [
        ObservedColumn(
            name,
            observed.float_column(table, name),
            lower=observed.float_column(table, f"{name}_lb") if name in bounded else None,
            upper=observed.float_column(table, f"{name}_ub") if name in bounded else None,
            quality=grades.get(graded[name]),
            rows=everybody if name in METRICS_OF_ALL_RESIDENTS else None,
        )
        for name in metrics
    ]
    found += [column for name in pairs for column in _pair(table, name, grades.get(graded.get(name, "")))]
    columns, said = _apply_exclusions(area, geoids, periods, found)
    used = {*metrics, *words, "year", "state", area, *(f"{n}{end}" for n in bounded for end in ("_lb", "_ub"))}
    ignored = tuple(n for n in header.names if n not in used)
    return ObservationTable(
        dataset=_info(f"{_PREFIX}{area}{shape.key}", area, shape),
        vintage=2010,
        area_kind=area,
        geoids=geoids,
        period_kind="year",
        periods=periods,
        subgroups=subgroups,
        columns=tuple(columns),
        rows_read=rows_read,
        names=dict(zip(geoids.tolist(), observed.text_column(table, name_column).tolist(), strict=True))
        if name_column in held
        else {},
        ignored_columns=ignored,
        warnings=(*said, *(f"column {n} is left out: {IGNORED_COLUMNS[n]}" for n in ignored if n in IGNORED_COLUMNS)),
    )


def _kinds(table: pa.Table) -> NDArray[np.object_]:
    """What each row's group is a group by ("gender"), "" for everybody."""
    kinds, groups = observed.text_column(table, _KIND), observed.text_column(table, "subgroup")
    everybody = [group in _ALL_RESIDENTS or kind.lower() in _NO_KIND for kind, group in zip(kinds, groups, strict=True)]
    return np.array(["" if all_ else kind for kind, all_ in zip(kinds, everybody, strict=True)], dtype=object)


def _subgroups(table: pa.Table, kinds: NDArray[np.object_] | None) -> NDArray[np.object_]:
    """The publisher's name of the group, "" for everybody; with its kind before it where the file has several."""
    texts = observed.text_column(table, "subgroup")
    named = ["" if text in _ALL_RESIDENTS else text for text in texts]
    if kinds is not None and len(set(kinds.tolist()) - {""}) > 1:
        named = [f"{kind}: {name}" if kind and name else name for kind, name in zip(kinds, named, strict=True)]
    observed.reject_rows(np.array([len(t) > MAX_NAME for t in named]), texts, "subgroup", "is too long for a name")
    return np.array(named, dtype=object)


def _rows_without_repeats(
    table: pa.Table,
    geoids: NDArray[np.int64],
    periods: NDArray[np.datetime64],
    subgroups: NDArray[np.object_] | None,
    metrics: list[str],
) -> NDArray[np.int64] | None:
    """Rows to keep where a file by several kinds of groups repeats the row of everybody; None when none repeats.

    Raises SourceFileError where such rows say different things.
    """
    kinds = observed.text_column(table, _KIND)
    if subgroups is None or len({kind for kind in kinds if kind}) < 2:
        return None
    first: dict[tuple[int, object], int] = {}
    again = np.zeros(len(geoids), bool)
    differs = np.zeros(len(geoids), bool)
    values = [observed.float_column(table, name) for name in metrics]
    for row, key in enumerate(zip(geoids.tolist(), periods.tolist(), strict=True)):
        if subgroups[row]:
            continue
        before = first.setdefault(key, row)
        if before != row and kinds[before] != kinds[row]:
            again[row] = True
            differs[row] = any(not np.array_equal(v[before], v[row], equal_nan=True) for v in values)
    observed.reject_rows(differs, kinds, _KIND, "differs from another row for everybody in the same year")
    return np.flatnonzero(~again) if again.any() else None


def _grades(table: pa.Table, column: str) -> NDArray[np.object_]:
    texts = observed.text_column(table, column)
    wrong = np.array([text.lower() not in GRADES for text in texts])
    observed.reject_rows(wrong, texts, column, "is no grade of quality")
    return np.array([GRADES[text.lower()] for text in texts], dtype=object)


def _pair(table: pa.Table, name: str, quality: NDArray[np.object_] | None) -> list[ObservedColumn]:
    """The two shares of "0.303:0.557", in the file's order."""
    texts = observed.text_column(table, name)
    matches = [_PAIR.fullmatch(text) for text in texts]
    wrong = np.array([match is None and text not in NULLS for match, text in zip(matches, texts, strict=True)])
    observed.reject_rows(wrong, texts, name, "is not a pair of shares such as 0.3:0.5")
    return [
        ObservedColumn(name + end, np.array([float(m[i]) if m else np.nan for m in matches]), quality=quality)
        for i, end in enumerate(PAIR_ENDS, start=1)
    ]


def _apply_exclusions(
    area: str, geoids: NDArray[np.int64], periods: NDArray[np.datetime64], found: list[ObservedColumn]
) -> tuple[list[ObservedColumn], list[str]]:
    """Columns with their reasons for not being shown, and a sentence for each exclusion that held."""
    years = periods.astype("datetime64[Y]").astype(int) + 1970
    columns, said = [], []
    for column in found:
        reasons = np.full(len(geoids), "", dtype=object)
        for rule in EXCLUSIONS:
            if (rule.area_kind, rule.metric) != (area, column.slug):
                continue
            hit = (geoids == rule.geoid) & np.isin(years, rule.years) & (column.value <= rule.up_to)
            reasons[hit] = rule.reason
            said += [
                f"{column.slug} of {area} {rule.geoid:07d} in {year} is kept but not shown: {rule.reason}"
                for year in years[hit]
            ]
        columns.append(replace(column, excluded_reason=reasons) if (reasons != "").any() else column)
    return columns, said
