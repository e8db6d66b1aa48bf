"""What a native chart shows, read from the panel's own table: rows with intervals, a course in time, or bands.

Ranks and shares become per cent or percentiles (0-100), the numbers people would type into the sheet behind a chart.
"""

import re
from dataclasses import dataclass
from typing import Literal

from dashboards.exports.numbers import number_in
from dashboards.formatting.estimates import format_tick, unit_label
from dashboards.panels.base import Cell, Column, Table

ChartKind = Literal["dots", "course", "bands"]
Row = tuple[Cell, ...]

Z95 = 1.959964
MOST_ROWS = 30  # of dots with names beside them on one slide
MOST_SERIES = 8
MOST_CLAUSE = 32  # letters of what is added to a name
_TIME_KEYS = frozenset({"year", "date", "month", "quarter", "week", "period"})
_TIME_WORDS = re.compile(r"(19|20)\d\d(-\d\d(-\d\d)?)?")


@dataclass(frozen=True)
class Series:
    """One series: a value or None for each name, and how far its interval reaches below and above it."""

    name: str
    values: tuple[float | None, ...]
    below: tuple[float, ...] = ()
    above: tuple[float, ...] = ()


@dataclass(frozen=True)
class ChartRows:
    """ "dots": one row per name; "course": names are moments; "bands": names are ranges. `unit` heads the axis."""

    kind: ChartKind
    names: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str


def chart_rows(table: Table) -> ChartRows | None:
    """The chart a table makes, None when it is not of a kind that makes one."""
    if not table.rows:
        return None
    keys = [column.key for column in table.columns]
    if keys[:2] == ["from", "to"]:
        unit = table.columns[0].unit
        names = tuple(f"{_tick(row[0], unit)} to {_tick(row[1], unit)}" for row in table.rows)
        return _rows("bands", names, table, range(2, len(keys)), table.rows)
    when = next((i for i, column in enumerate(table.columns) if _is_time(column, table, i)), None)
    if when is not None:
        return _course(table, when)
    if table.columns[0].kind != "text" or not 1 <= len(table.rows) <= MOST_ROWS:
        return None
    return _rows("dots", row_names(table), table, range(1, len(keys)), table.rows)


def _tick(end: Cell, unit: str) -> str:
    number = number_in(end)
    assert number is not None, "both ends of a band are numbers"
    return format_tick(number, unit)


def row_names(table: Table) -> tuple[str, ...]:
    """The first column's words; where one name stands for several rows, with what tells those rows apart.

    That is the first clause of the first other text column in which they differ: "Wayne County (published)".
    """
    names = [str(row[0] or "") for row in table.rows]
    texts = [i for i, column in enumerate(table.columns) if column.kind == "text" and i]
    said = list(names)
    for name in {name for name in names if names.count(name) > 1}:
        members = [index for index, other in enumerate(names) if other == name]
        for column in texts:
            clauses = [_clause(str(table.rows[index][column] or "")) for index in members]
            if len(set(clauses)) == len(clauses):
                for index, clause in zip(members, clauses, strict=True):
                    said[index] = f"{name} ({clause})" if clause else name
                break
    return tuple(said)


def _clause(text: str) -> str:
    first = re.split(r"[;:,.]", text, maxsplit=1)[0].strip()
    return first if len(first) <= MOST_CLAUSE else f"{first[:MOST_CLAUSE].rsplit(' ', 1)[0]} …"


def _rows(
    kind: ChartKind, names: tuple[str, ...], table: Table, columns: range, rows: tuple[Row, ...]
) -> ChartRows | None:
    """Every estimate of the first estimate's unit; others have another axis and stay in the table."""
    estimates = [i for i in columns if table.columns[i].kind in ("value", "share") and not _is_end(table.columns[i])]
    if not estimates:
        return None
    unit = _unit(table.columns[estimates[0]])
    series = tuple(_series(table, index, rows) for index in estimates if _unit(table.columns[index]) == unit)
    return ChartRows(kind, names, series[:MOST_SERIES], axis_title(unit))


def _course(table: Table, when: int) -> ChartRows | None:
    """A line per estimate; where a text column tells several courses apart, a line for each of them."""
    moments = tuple(sorted({str(row[when]) for row in table.rows}))
    texts = [i for i, column in enumerate(table.columns) if column.kind == "text" and i != when]
    others = [i for i, c in enumerate(table.columns) if c.kind in ("value", "share") and i != when and not _is_end(c)]
    if not others:
        return None
    if len(moments) == len(table.rows):
        rows = tuple(sorted(table.rows, key=lambda row: str(row[when])))
        found = tuple(
            _series(table, i, rows) for i in others if _unit(table.columns[i]) == _unit(table.columns[others[0]])
        )
        return ChartRows("course", moments, found[:MOST_SERIES], axis_title(_unit(table.columns[others[0]])))
    for column in texts:
        groups = list(dict.fromkeys(str(row[column]) for row in table.rows))
        parts = {name: {str(r[when]): r for r in table.rows if str(r[column]) == name} for name in groups}
        if len(groups) <= MOST_SERIES and sum(map(len, parts.values())) == len(table.rows):
            empty: tuple[Cell, ...] = (None,) * len(table.columns)
            found = tuple(
                _series(table, others[0], tuple(part.get(moment, empty) for moment in moments), name)
                for name, part in parts.items()
            )
            return ChartRows("course", moments, found, axis_title(_unit(table.columns[others[0]])))
    return None


def _series(table: Table, index: int, rows: tuple[Row, ...], name: str = "") -> Series:
    column = table.columns[index]
    scale = 100.0 if _unit(column) in ("rank", "share") else 1.0
    values = tuple(None if (number := number_in(row[index])) is None else number * scale for row in rows)
    low, high, error = _uncertainty(table, index)
    if low is not None and high is not None:
        below = tuple(_reach(value, row[low], -scale) for value, row in zip(values, rows, strict=True))
        above = tuple(_reach(value, row[high], scale) for value, row in zip(values, rows, strict=True))
    elif error is not None:
        below = above = tuple(
            0.0 if value is None or (number := number_in(row[error])) is None else Z95 * number * scale
            for value, row in zip(values, rows, strict=True)
        )
    else:
        below = above = ()
    return Series(name or column.label, values, below, above)


def _reach(value: float | None, end: Cell, scale: float) -> float:
    number = number_in(end)
    if value is None or number is None:
        return 0.0
    return max(0.0, (number * abs(scale) - value) * (scale / abs(scale)))


def _uncertainty(table: Table, index: int) -> tuple[int | None, int | None, int | None]:
    """Columns of the ends of the interval and of the standard error that follow an estimate, before the next one."""
    low = high = error = None
    for other in range(index + 1, len(table.columns)):
        column = table.columns[other]
        if _unit(column) != _unit(table.columns[index]):
            continue
        if column.kind == "error":
            error = other
        elif _is_end(column):
            low, high = (other, high) if "low" in column.key else (low, other)
        else:
            break
    return low, high, error


def _is_end(column: Column) -> bool:
    """Whether a column is an end of an interval: "low", "interval_high", "lower_95"."""
    return any(part.startswith(("low", "high", "upp")) for part in column.key.split("_")) and column.key != "low_income"


def _is_time(column: Column, table: Table, index: int) -> bool:
    if column.key in _TIME_KEYS:
        return True
    cells = [row[index] for row in table.rows]
    return column.kind == "text" and all(_TIME_WORDS.fullmatch(str(cell)) for cell in cells)


def _unit(column: Column) -> str:
    return "share" if column.kind == "share" else column.unit


def axis_title(unit: str) -> str:
    """The axis's title: what its numbers are."""
    return {"rank": "percentile", "share": "%", "": ""}.get(unit, unit_label(unit))
