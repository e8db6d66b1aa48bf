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
    BOUNDED,
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
_PAIR = re.compile(r"(\d*\.?\d+):(\d*\.?\d+)")
_CATALOG = "https://datacatalog.urban.org/dataset/boosting-upward-mobility-metrics-inform-local-action-second-edition"
_NEW_ORLEANS = 2255000
_NOT_REPORTED = (
    "implausibly low, far below any city of its size, which points to police reports that were not made; the "
    "publisher grades it Weak"
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
        "a zero from the same police reports as the excluded crime rates; the publisher notes that zeros may be "
        "reports that were not made",
    ),
)
KEY_COLUMNS: tuple[str, ...] = ()
METRICS = DEFINITIONS


def matches_header(names: tuple[str, ...]) -> bool:
    return _match_variant(names) is not None


def _match_variant(names: tuple[str, ...]) -> tuple[str, FileVariant] | None:
    held = set(names)
    areas = [area for area in _AREAS if {"year", "state", area} <= held]
    shapes = [shape for shape in FILE_VARIANTS if shape.needs <= held and not shape.lacks & held]
    return (areas[0], shapes[0]) if len(areas) == 1 and shapes else None


def find_dataset(key: str) -> DatasetInfo | None:
    for area in _AREAS:
        for shape in FILE_VARIANTS:
            if key == f"{_PREFIX}{area}{shape.key}":
                return _info(key, area, shape)
    return None


def _info(key: str, area: str, shape: FileVariant) -> DatasetInfo:
    return DatasetInfo(
        key=key,
        title=f"Mobility Metrics by {area}: {shape.title}",
        publisher="Urban Institute",
        citation="Urban Institute, Boosting Upward Mobility: Metrics to Inform Local Action, second edition",
        licence="Freely available with attribution; terms as on the publisher's data catalog page",
        addresses=(
            _CATALOG,
            "https://upward-mobility.urban.org/",
            "https://github.com/UI-Research/mobility-from-poverty",
        ),
        vintage="yearly, about 2014-2023, each metric in the years it was measured",
        level=area,
        content="observations",
        priority=shape.priority,
        caveats=("Of values graded Weak the publisher says that a community should not act on them.",),
    )


def read(opened: OpenedFile, header: Header, progress: Progress = base.no_progress) -> ObservationTable:
    """One row per area, year and group. Raises SourceFileError."""
    variant = _match_variant(header.names)
    if variant is None:
        raise base.header_error("upward_mobility", header.names)
    area, shape = variant
    held = set(header.names)
    metrics = [name for name in header.names if name in QUALITY]
    pairs = [name for name in header.names if name in PAIRS]
    bounded = [name for name in metrics if name in BOUNDED and {f"{name}_lb", f"{name}_ub"} <= held]
    graded = {name: next((q for q in QUALITY[name] if q in held), "") for name in metrics}
    graded |= {name: PAIRS[name] for name in pairs if PAIRS[name] in held}
    name_column = f"{area}_name"
    words = tuple(dict.fromkeys([*pairs, *filter(None, graded.values()), *held & {"subgroup", name_column}]))
    table = table_reader.read_columns(
        opened,
        header,
        numbers=(*metrics, *(f"{n}{end}" for n in bounded for end in ("_lb", "_ub"))),
        texts=words,
        integers=("year", "state", area),
        nulls=NULLS,
        progress=progress,
    )
    geoids = observed.place_geoids(table) if area == "place" else observed.county_geoids(table)
    periods = observed.year_starts(table)
    subgroups = _subgroups(table) if "subgroup" in held else None
    observed.check_unique_rows(area, geoids, periods, subgroups)
    grades = {column: _grades(table, column) for column in set(filter(None, graded.values()))}
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
        rows_read=table.num_rows,
        names=dict(zip(geoids.tolist(), observed.text_column(table, name_column).tolist(), strict=True))
        if name_column in held
        else {},
        ignored_columns=ignored,
        warnings=(*said, *(f"column {n} is left out: {IGNORED_COLUMNS[n]}" for n in ignored if n in IGNORED_COLUMNS)),
    )


def _subgroups(table: pa.Table) -> NDArray[np.object_]:
    """The publisher's name of the group, "" for everybody."""
    texts = observed.text_column(table, "subgroup")
    observed.reject_rows(np.array([len(t) > MAX_NAME for t in texts]), texts, "subgroup", "is too long for a name")
    return np.array(["" if text in _ALL_RESIDENTS else text for text in texts], dtype=object)


def _grades(table: pa.Table, column: str) -> NDArray[np.object_]:
    texts = observed.text_column(table, column)
    wrong = np.array([text not in GRADES for text in texts])
    observed.reject_rows(wrong, texts, column, "is no grade of quality")
    return np.array([GRADES[text] for text in texts], dtype=object)


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
