"""Values of indicators in a table: each row one value of one period, of everybody or of one group."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from engagements import limits
from engagements.base.tables.cells import read_date, read_whole
from engagements.base.tables.table import Row, Table, TableRefused

# column -> what to write in it; the order of the template and of exports
COLUMNS = {
    "indicator": "Its name or its number; required",
    "period_start": "First day of the period, 2026-07-01 or Jul 1, 2026; required",
    "period_end": "Last day of the period; required",
    "dimension": "By what it is broken down; empty: everybody",
    "category": "Which group; empty: everybody",
    "value": "A number; shares as 0.35 for 35%; empty where numerator and denominator give it",
    "low": "Lower end of the 95% interval, if there is one",
    "high": "Upper end of the 95% interval, if there is one",
    "numerator": "Of a share",
    "denominator": "Of a share",
    "note": "What a reader has to know",
    "version": "As exported: tells whether someone changed it since",
}
# Shown in exports and in the file of reasons, not read: a status moves on the page.
SHOWN_ONLY = ("line", "city", "unit", "status", "uncertainty", "source", "as_of", "fictional", "reason")
REQUIRED = ("indicator", "period_start", "period_end", "value")
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


def read_number(text: str) -> float:
    """1234.5 or 1,234.5. Raises ValueError with a sentence."""
    if text.endswith("%"):
        raise ValueError(f"“{text[:40]}” is percent. Write a share as 0.35 for 35%.")
    if re.fullmatch(r"-?\d+,\d{1,2}", text, re.ASCII):
        raise ValueError(f"“{text[:40]}” may be {text.replace(',', '.')}. Write decimals with a point.")
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"“{text[:40]}” is not a number.")
    return float(text.replace(",", ""))


def read_value_import_rows(table: Table) -> tuple[ValueImportRow, ...]:
    """Raises TableRefused for unknown or missing columns."""
    unknown = [name for name in table.header if name not in COLUMNS and name not in SHOWN_ONLY]
    if unknown:
        raise TableRefused(f"There is no column “{unknown[0][:60]}”. Columns are: {', '.join(COLUMNS)}.")
    missing = [name for name in REQUIRED if name not in table.header]
    if missing:
        raise TableRefused(f"The column “{missing[0]}” is missing. The template has all columns.")
    wishes = [_read(table, row) for row in table.rows]
    times = Counter(_key(wish) for wish in wishes)
    return tuple(_once(wish, times[_key(wish)]) for wish in wishes)


def _read(table: Table, row: Row) -> ValueImportRow:
    cell = {name: "" if (at := table.column(name)) is None else row.cells[at] for name in COLUMNS}
    problems: list[tuple[str, str]] = []

    def read(name: str, how: Callable[[str], T]) -> T | None:
        try:
            return how(cell[name]) if cell[name] else None
        except ValueError as wrong:
            problems.append((name, str(wrong)))
            return None

    numbers = {name: read(name, read_number) for name in NUMBERS}
    start, end, version = read("period_start", read_date), read("period_end", read_date), read("version", read_whole)
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
    )


def _key(wish: ValueImportRow) -> tuple[str | date | None, ...]:
    names = (wish.indicator, wish.dimension, wish.category)
    return (*(name.casefold() for name in names), wish.period_start, wish.period_end)


def _once(wish: ValueImportRow, times: int) -> ValueImportRow:
    if times == 1 or wish.problems:
        return wish
    twice = (("category" if wish.category else "indicator", "Another row is of the same period and group."),)
    return replace(wish, problems=twice)
