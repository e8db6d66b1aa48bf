"""Values of indicators in a table: each row one value of one period, of everybody or of one group."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from engagements import limits
from engagements.base.tables.cells import read_planned_day, read_whole
from engagements.base.tables.mapping import Declaration, Field, Mapping
from engagements.base.tables.table import MANY_ROWS, Kind, Row, Table

VALUES = Kind("value", "values", "Values", MANY_ROWS)
VALUE_TABLE = Declaration(
    "values",
    "A value",
    VALUES,
    (
        Field(
            "indicator",
            "Indicator",
            "Its name or its number; required",
            required=True,
            usual=("measure", "metric", "kpi", "indicator_name", "name"),
        ),
        Field(
            "period_start",
            "First day",
            "First day of the period, Jul 1, 2026 or 2026-07-01; required",
            required=True,
            is_date=True,
            shares=True,
            usual=("start", "start_date", "from", "date", "as_of"),
        ),
        Field(
            "period_end",
            "Last day",
            "Last day of the period; required",
            required=True,
            is_date=True,
            shares=True,
            usual=("end", "end_date", "to", "date", "as_of"),
        ),
        Field("dimension", "Broken down by", "By what it is broken down; empty: everybody", usual=("breakdown",)),
        Field("category", "Group", "Which group; empty: everybody", usual=("group", "subgroup")),
        Field(
            "value",
            "Value",
            "A number; shares as 0.35 for 35%; empty where numerator and denominator give it",
            required=True,
            differs=True,
            usual=("actual", "result", "number", "count"),
        ),
        Field(
            "low",
            "Lower end",
            "Lower end of the 95% interval, if there is one",
            differs=True,
            usual=("lower", "ci_low"),
        ),
        Field(
            "high",
            "Upper end",
            "Upper end of the 95% interval, if there is one",
            differs=True,
            usual=("upper", "ci_high"),
        ),
        Field("numerator", "Numerator", "Of a share", differs=True),
        Field("denominator", "Denominator", "Of a share", differs=True),
        Field("note", "Note", "What a reader has to know", usual=("notes", "comment", "comments")),
        Field(
            "version",
            "Version",
            "As exported: tells whether someone changed it since",
            differs=True,
            usual=("portal_version",),
            ours=True,
        ),
        Field("city", "City", "Rows of another city are refused", differs=True),
    ),
    own=("line", "unit", "status", "uncertainty", "source", "as_of", "fictional", "reason"),
)
# column -> what to write in it
COLUMNS = {name: words for name, words in VALUE_TABLE.columns.items() if name != "city"}
NUMBERS = ("value", "low", "high", "numerator", "denominator")
T = TypeVar("T")
_NUMBER = re.compile(r"-?(\d{1,3}(,\d{3})+|\d{1,15})(\.\d{1,15})?", re.ASCII)


@dataclass(frozen=True)
class ValueImportRow:
    """One row. `numbers`: of NUMBERS, None where the cell is empty. `problems`: (column, sentence)."""

    line: int
    indicator: str
    period_start: date | None
    period_end: date | None
    dimension: str
    category: str
    numbers: dict[str, float | None]
    note: str
    version: int | None
    problems: tuple[tuple[str, str], ...]
    city: str = ""


def read_number(text: str) -> float:
    """1234.5 or 1,234.5. Raises ValueError with a sentence."""
    if text.endswith("%"):
        raise ValueError(f"“{text[:40]}” is percent. Write a share as 0.35 for 35%.")
    if re.fullmatch(r"-?\d+,\d{1,2}", text, re.ASCII):
        raise ValueError(f"“{text[:40]}” may be {text.replace(',', '.')}. Write decimals with a point.")
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"“{text[:40]}” is not a number.")
    return float(text.replace(",", ""))


@dataclass(frozen=True)
class ReadValues:
    rows: tuple[ValueImportRow, ...]


def read_values(table: Table, mapping: Mapping) -> ReadValues:
    """Raises TableRefused when the mapping names a column that the table doesn't have."""
    mapping.check_header(table)
    wishes = [_read(row, mapping.cells_of(table, row), mapping.options["date_order"]) for row in table.rows]
    times = Counter(_key(wish) for wish in wishes)
    return ReadValues(tuple(_once(wish, times[_key(wish)]) for wish in wishes))


def _read(row: Row, cells: dict[str, str], order: str) -> ValueImportRow:
    cell = {name: cells.get(name, "") for name in VALUE_TABLE.names}
    problems: list[tuple[str, str]] = []

    def read(name: str, how: Callable[[str], T]) -> T | None:
        try:
            return how(cell[name]) if cell[name] else None
        except ValueError as wrong:
            problems.append((name, str(wrong)))
            return None

    def read_day(text: str) -> date:
        return read_planned_day(text, order)

    numbers = {name: read(name, read_number) for name in NUMBERS}
    start, end, version = read("period_start", read_day), read("period_end", read_day), read("version", read_whole)
    for name in ("indicator", "period_start", "period_end"):
        if not cell[name]:
            problems.append((name, "This is needed."))
    texts = (("dimension", limits.DIMENSION), ("category", limits.CATEGORY), ("note", limits.NOTE))
    for name, most in texts:
        if len(cell[name]) > most:
            problems.append((name, f"At most {most} letters."))
    return ValueImportRow(
        row.line,
        cell["indicator"],
        start,
        end,
        cell["dimension"],
        cell["category"],
        numbers,
        cell["note"],
        version,
        tuple(problems),
        cell["city"],
    )


def _key(wish: ValueImportRow) -> tuple[str | date | None, ...]:
    names = (wish.indicator, wish.dimension, wish.category)
    return (*(name.casefold() for name in names), wish.period_start, wish.period_end)


def _once(wish: ValueImportRow, times: int) -> ValueImportRow:
    if times == 1 or wish.problems:
        return wish
    twice = (("category" if wish.category else "indicator", "Another row is of the same period and group."),)
    return replace(wish, problems=twice)
