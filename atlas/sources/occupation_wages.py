"""Wages of occupations by metropolitan area: Occupational Employment and Wage Statistics (OEWS), May of a year.

One row per area and occupation, in the columns of the publisher's own workbooks (`MSA_M2025_dl.xlsx` for metropolitan
areas, `national_M2025_dl.xlsx` for the nation, whose area is 99); a table parted by commas with the same names is read
as well. A file answers for the areas it holds and for no others. What is no number is a reason and stays one: `*` not
released, `**` employment not released, `#` at or above the highest wage the publisher prints, and an empty field where
it gives wages by the hour only or by the year only.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from atlas.formatting.money import format_whole_dollars
from atlas.metrics.labels import MetricDefinition
from atlas.sources import base, observed, table_reader
from atlas.sources.base import DatasetInfo, OccupationWageTable, Progress, WageColumn
from atlas.sources.opening import OpenedFile
from atlas.sources.table_reader import Header
from atlas.sources.us_outline import state_codes

NATION = "99"
EVERY_OCCUPATION = "00-0000"
GROUPS = ("total", "major", "minor", "broad", "detailed")
_GROUPS_OF_ONE = ("minor", "broad")  # these alone may be one occupation
# Why a field holds no number; kept beside it.
NOT_RELEASED, TOP_CODED, HOURLY_ONLY, ANNUAL_ONLY, NOT_FOR_NATION = (
    "not_released",
    "top_coded",
    "hourly_only",
    "annual_only",
    "not_for_nation",
)
TOP_WAGES = {"hourly": 115.0, "annual": 239_200.0}  # dollars: what the publisher's `#` says a wage is at least
_CODES = {"*": NOT_RELEASED, "**": NOT_RELEASED, "#": TOP_CODED}
_AREA, _AREA_TITLE, _CODE, _TITLE, _GROUP = "AREA", "AREA_TITLE", "OCC_CODE", "OCC_TITLE", "O_GROUP"
_INDUSTRY = "I_GROUP"  # in the official workbooks alone; these estimates are of all industries together
_COUNTS = {"TOT_EMP": "employment", "EMP_PRSE": "employment_rse"}
_OF_AREA = {"JOBS_1000": "jobs_per_1000", "LOC_QUOTIENT": "location_quotient"}
_ERROR = {"MEAN_PRSE": "mean_rse"}
_POINTS = {"MEAN": "mean", "PCT10": "p10", "PCT25": "p25", "MEDIAN": "median", "PCT75": "p75", "PCT90": "p90"}
_HOURLY = {f"H_{theirs}": f"hourly_{ours}" for theirs, ours in _POINTS.items()}
_ANNUAL = {f"A_{theirs}": f"annual_{ours}" for theirs, ours in _POINTS.items()}
NUMBERS = {**_COUNTS, **_OF_AREA, **_ERROR, **_HOURLY, **_ANNUAL}  # the publisher's name: ours
_ORDERED = ("p10", "p25", "median", "p75", "p90")
_MOST = 1e9  # no count of jobs and no wage is larger: digits that slipped together
_NUMBER = re.compile(r"[0-9]{1,3}(,[0-9]{3})*(\.[0-9]+)?|[0-9]+(\.[0-9]+)?", re.ASCII)
_METRO = re.compile(r"(?P<cities>[^,]+), (?P<states>[A-Z]{2}(-[A-Z]{2})*)", re.ASCII)
_SOC = re.compile(r"[0-9]{2}-[0-9]{4}", re.ASCII)
# The file itself doesn't say of which May it is; its name does, in the publisher's spelling or in words.
_YEAR = re.compile(r"(?:_M|may_?|oesm)(?P<year>20[0-9]{2}|[0-9]{2})(?![0-9])", re.ASCII | re.IGNORECASE)

DATASET = DatasetInfo(
    key="occupation_wages_oews",
    title="Wages of occupations by metropolitan area (OEWS)",
    publisher="US Bureau of Labor Statistics",
    citation="US Bureau of Labor Statistics, Occupational Employment and Wage Statistics",
    licence=base.US_PUBLIC_DOMAIN,
    addresses=(
        "https://www.bls.gov/oes/special-requests/oesm25ma.zip",
        "https://www.bls.gov/oes/special-requests/oesm25nat.zip",
        "https://www.bls.gov/oes/tables.htm",
    ),
    vintage="May of the year in the file's name",
    release_vintage="May {year}",
    level="metro",
    content="wages",
    caveats=(
        "People who work for themselves are not counted.",
        "The source gives a standard error for the mean wage and for employment, and none for the median.",
        f"“#” in the source means at least {format_whole_dollars(TOP_WAGES['annual'])} a year; such a wage is shown as "
        "that, not as a number.",
    ),
)
KEY_COLUMNS = (_AREA, _CODE)
METRICS: tuple[MetricDefinition, ...] = ()


@dataclass(frozen=True)
class MetroTitle:
    """What a metropolitan area is called after: its principal cities and the states it lies in (postal codes)."""

    cities: tuple[str, ...]
    states: tuple[str, ...]


def read_metro_title(title: str) -> MetroTitle | None:
    """ "Detroit-Warren-Dearborn, MI" -> cities Detroit, Warren, Dearborn in MI; None for what is no metro's title.

    The Office of Management and Budget makes the title of up to three principal cities, largest first, and the states.
    """
    found = _METRO.fullmatch(title)
    if found is None:
        return None
    states = tuple(found["states"].split("-"))
    if not all(state_codes(state) for state in states):
        return None
    return MetroTitle(tuple(re.split(r"[-/]|--", found["cities"])), states)


def find_dataset(key: str) -> DatasetInfo | None:
    return DATASET if key == DATASET.key else None


def matches_header(names: tuple[str, ...]) -> bool:
    return {_AREA, _CODE, _TITLE, "TOT_EMP"} <= set(names)


def read(opened: OpenedFile, header: Header, progress: Progress = base.no_progress) -> OccupationWageTable:
    """Every row, checked. Raises SourceFileError: a column that is missing, an area that is no metropolitan area, a row
    twice, a field that is neither a number nor one of the publisher's codes, percentiles that fall.
    """
    year = _year_of(opened)
    texts = (_AREA, _AREA_TITLE, _CODE, _TITLE, _GROUP, *NUMBERS)
    if missing := [name for name in texts if name not in header.names]:
        raise base.SourceFileError([base.Problem("is missing", line=1, column=name) for name in missing])
    optional = (_INDUSTRY,) if _INDUSTRY in header.names else ()
    table = table_reader.read_columns(opened, header, numbers=(), texts=(*texts, *optional), progress=progress)
    rows = {name: observed.text_column(table, name) for name in (*texts, *optional)}
    if optional:
        industry = rows[_INDUSTRY]
        observed.reject_rows(industry != "cross-industry", industry, _INDUSTRY, "is of one industry; give all together")
    _check_areas(rows[_AREA], rows[_AREA_TITLE])
    kept = ~_repeated(rows)
    _check_occupations(rows, kept)
    columns = _columns(rows)
    _check_percentiles(columns)
    rows = {name: values[kept] for name, values in rows.items()}
    columns = tuple(WageColumn(one.slug, one.value[kept], one.reason[kept]) for one in columns)
    return OccupationWageTable(
        dataset=DATASET,
        vintage=year,
        areas=tuple(rows[_AREA].tolist()),
        area_titles=tuple(rows[_AREA_TITLE].tolist()),
        codes=tuple(rows[_CODE].tolist()),
        titles=tuple(rows[_TITLE].tolist()),
        groups=tuple(rows[_GROUP].tolist()),
        columns=columns,
        rows_read=table.num_rows,
        ignored_columns=tuple(name for name in header.names if name not in (*texts, *optional)),
    )


def _year_of(opened: OpenedFile) -> int:
    found = _YEAR.search(opened.member) or _YEAR.search(opened.path.name)
    if found is None:
        raise base.file_error(
            "the file's name doesn't say of which May it is: keep the source's name, such as MSA_M2025_dl.xlsx"
        )
    return int(found["year"]) if len(found["year"]) == 4 else 2000 + int(found["year"])


def _check_areas(areas: NDArray[np.object_], titles: NDArray[np.object_]) -> None:
    """An area is the nation or a metropolitan area with one title of cities and states."""
    shape = {code: code == NATION or bool(re.fullmatch("[0-9]{5}", code, re.ASCII)) for code in set(areas)}
    observed.reject_rows(
        np.array([not shape[code] for code in areas]), areas, _AREA, "is no metropolitan area (5 digits), nor 99"
    )
    of_area: dict[str, str] = {}
    for code, title in zip(areas, titles, strict=True):
        of_area.setdefault(code, title)
    known = {title: 1 <= len(title) <= 120 and read_metro_title(title) is not None for title in set(titles)}
    observed.reject_rows(
        np.array([code != NATION and not known[title] for code, title in zip(areas, titles, strict=True)]),
        titles,
        _AREA_TITLE,
        "names no metropolitan area: cities, then the states they lie in",
    )
    observed.reject_rows(
        np.array([of_area[code] != title for code, title in zip(areas, titles, strict=True)]),
        titles,
        _AREA_TITLE,
        "is another title of the same area",
    )


def _repeated(rows: dict[str, NDArray[np.object_]]) -> NDArray[np.bool_]:
    """A group of one occupation has its code, and the source prints it twice: as the group and as the occupation. All
    occupations together and the major groups hold many: their codes stand once."""
    keys = list(zip(rows[_AREA], rows[_CODE], strict=True))
    detailed = {key for key, group in zip(keys, rows[_GROUP], strict=True) if group == "detailed"}
    return np.array(
        [group in _GROUPS_OF_ONE and key in detailed for key, group in zip(keys, rows[_GROUP], strict=True)]
    )


def _check_occupations(rows: dict[str, NDArray[np.object_]], kept: NDArray[np.bool_]) -> None:
    codes, titles, groups = rows[_CODE], rows[_TITLE], rows[_GROUP]
    observed.reject_rows(
        np.array([_SOC.fullmatch(code) is None for code in codes]), codes, _CODE, "is no occupation's code (00-0000)"
    )
    observed.reject_rows(
        np.array([not 1 <= len(title) <= 200 for title in titles]), titles, _TITLE, "is no title of 1 to 200 characters"
    )
    observed.reject_rows(~np.isin(groups.astype(str), GROUPS), groups, _GROUP, f"is none of {', '.join(GROUPS)}")
    numbers = np.array([int(code.replace("-", "")) for code in codes], dtype=np.int64)
    areas = np.array([int(area) for area in rows[_AREA]], dtype=np.int64)
    again, seen = np.zeros(len(codes), bool), set()
    for row, key in enumerate(zip(areas.tolist(), numbers.tolist(), strict=True)):
        if kept[row]:
            again[row] = key in seen
            seen.add(key)
    observed.reject_rows(again, codes, _CODE, "stands in the file twice for the same area")
    whole = {area for area, code in zip(rows[_AREA], codes, strict=True) if code == EVERY_OCCUPATION}
    observed.reject_rows(
        np.array([area not in whole for area in rows[_AREA]]),
        rows[_AREA],
        _AREA,
        f"has no row of all occupations ({EVERY_OCCUPATION}): the file was cut short",
    )


def _columns(rows: dict[str, NDArray[np.object_]]) -> tuple[WageColumn, ...]:
    """Each with its reasons. A wage is left empty only where the other way of paying has one."""
    is_nation = rows[_AREA].astype(str) == NATION
    empty = {name: rows[name].astype(str) == "" for name in NUMBERS}
    made = []
    for theirs, ours in NUMBERS.items():
        reason = np.full(len(is_nation), "", dtype=object)
        for code, words in _CODES.items():
            reason[rows[theirs].astype(str) == code] = words
        allowed = np.zeros(len(is_nation), bool)
        if theirs in _OF_AREA:
            reason[empty[theirs] & is_nation] = NOT_FOR_NATION
            allowed = is_nation
        elif theirs in _HOURLY or theirs in _ANNUAL:
            other = f"{'A' if theirs in _HOURLY else 'H'}{theirs[1:]}"
            allowed = ~empty[other]
            reason[empty[theirs] & allowed] = ANNUAL_ONLY if theirs in _HOURLY else HOURLY_ONLY
        observed.reject_rows(empty[theirs] & ~allowed, rows[theirs], theirs, "is empty, and no code says why")
        top = reason == TOP_CODED
        may_be_top = theirs in _HOURLY or theirs in _ANNUAL
        observed.reject_rows(
            top & ~np.full(len(top), may_be_top), rows[theirs], theirs, "is a code for wages, not for this"
        )
        made.append(WageColumn(ours, _values(rows[theirs], theirs, reason), reason))
    return tuple(made)


def _values(texts: NDArray[np.object_], name: str, reason: NDArray[np.object_]) -> NDArray[np.float64]:
    """NaN where there is a reason."""
    known = reason == ""
    observed.reject_rows(
        known & ~np.array([bool(_NUMBER.fullmatch(text)) for text in texts]),
        texts,
        name,
        "is neither a number nor one of the source's codes *, ** and #",
    )
    values = np.full(len(texts), np.nan)
    values[known] = [float(text.replace(",", "")) for text in texts[known]]
    is_wage = name in _HOURLY or name in _ANNUAL
    observed.reject_rows(values > _MOST, texts, name, "is larger than any: digits may have slipped together")
    if is_wage or name == "TOT_EMP":
        observed.reject_rows(values == 0, texts, name, "is 0, which no wage and no count of the source is")
    return values


def _check_percentiles(columns: Sequence[WageColumn]) -> None:
    by_slug = {column.slug: column.value for column in columns}
    for way, start in (("hourly", "H_"), ("annual", "A_")):
        for low, high in zip(_ORDERED, _ORDERED[1:], strict=False):
            before, after = by_slug[f"{way}_{low}"], by_slug[f"{way}_{high}"]
            name = next(theirs for theirs, ours in NUMBERS.items() if ours == f"{way}_{high}" and theirs[:2] == start)
            observed.reject_rows(after < before, after, name, "is below the percentile before it")
