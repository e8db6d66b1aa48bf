"""Rows of an answer as readings: one value of one period, with its parts. Pure."""

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from atlas.formatting.dates import format_period
from engagements.feeds.rules.answers import AnswerTable, FeedProblem
from engagements.feeds.rules.periods import period_of, read_day

NUMBERS = ("value", "low", "high", "numerator", "denominator")
NAMES = {
    "date": "Date",
    "value": "Value",
    "numerator": "Numerator",
    "denominator": "Denominator",
    "low": "Lower end",
    "high": "Upper end",
}
MOST_PERIODS = 400  # the newest; what is older was never asked of anybody
MOST_PROBLEMS = 20  # kept of one fetch, and counted beyond
_PLAIN = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,3})?$", re.ASCII)
_GROUPED = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d*)?$", re.ASCII)


@dataclass(frozen=True)
class Reading:
    """`value` in the unit of the indicator, shares 0-1. `key`: the number of a ledger entry at its source."""

    period_start: date
    period_end: date
    value: float
    low: float | None = None
    high: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    key: str = ""
    description: str = ""

    @property
    def place(self) -> tuple[date, date, str]:
        """What makes it another reading: one place is read again and again."""
        return self.period_start, self.period_end, self.key

    def same_numbers(self, other: object) -> bool:
        return all(_same(getattr(self, name), getattr(other, name)) for name in NUMBERS)


@dataclass(frozen=True)
class Mapped:
    """The oldest period first. `problems`: a sentence each for rows that were left out; `not_ended`: rows too early."""

    readings: tuple[Reading, ...]
    problems: tuple[str, ...] = ()
    rows: int = 0
    not_ended: int = 0


Check = Callable[[Reading], Iterable[str]]


def map_rows(table: AnswerTable, columns: dict[str, str], cadence: str, unit: str, today: date, check: Check) -> Mapped:
    """`columns`: name of the column for `date`, `value` and others of NAMES. `check` gives what is wrong with one.

    Raises FeedProblem where a column is gone or fewer than half of the rows can be read.
    """
    _check_columns(table, columns)
    found: dict[tuple[date, date, str], Reading] = {}
    problems: list[str] = []
    at_odds: set[tuple[date, date, str]] = set()
    not_ended = empty = 0
    for number, row in enumerate(table.rows, start=1):
        if _is_empty(row, columns):
            empty += 1
            continue
        try:
            reading = _read_row(row, columns, cadence, unit)
        except ValueError as wrong:
            problems.append(f"Row {number}: {wrong}")
            continue
        if reading.period_end > today and reading.period_start <= today:
            not_ended += 1
            continue
        if wrong_words := " ".join(check(reading)):
            problems.append(f"Row {number}, {format_period(reading.period_start, reading.period_end)}: {wrong_words}")
            continue
        before = found.setdefault(reading.place, reading)
        if not reading.same_numbers(before):
            at_odds.add(reading.place)
    for place in sorted(at_odds):
        del found[place]
        problems.append(f"{format_period(*place[:2])} stands there twice with different values: none was taken.")
    counted = len(table.rows) - empty
    if counted and len(problems) > counted / 2:
        raise FeedProblem(
            f"{len(problems):,} of {counted:,} rows can’t be read. The first: {problems[0]}",
            "Check which column is the date and which the value.",
        )
    readings = sorted(found.values(), key=lambda each: (each.period_end, each.period_start, each.key))
    return Mapped(tuple(readings[-MOST_PERIODS:]), tuple(problems), len(table.rows), not_ended)


def read_number(given: object, unit: str) -> float | None:
    """None for an empty cell; ValueError for what is no number.

    Worked: "1,234" -> 1234; "$1,234.50" -> 1234.5; "35.2%" of a share -> 0.352; "n/a" -> None; "about 5" -> ValueError.
    """
    if given is None or isinstance(given, bool):
        return None
    if isinstance(given, int | float):
        number = float(given)
    else:
        words = str(given).strip().replace("−", "-")
        if words.casefold() in ("", "n/a", "na", "null", "none", "-", "–", "nan"):
            return None
        is_percent, words = words.endswith("%"), words.removesuffix("%").strip().replace("$", "", 1)
        if not (_PLAIN.match(words) or _GROUPED.match(words)):
            raise ValueError(f"“{str(given)[:40]}” is no number.")
        number = float(words.replace(",", ""))
        if is_percent and unit == "share":
            number /= 100
    if not math.isfinite(number):
        raise ValueError("A number is infinite.")
    return number


def _read_row(row: dict[str, object], columns: dict[str, str], cadence: str, unit: str) -> Reading:
    given = row.get(columns["date"])
    day = read_day(given)
    if day is None:
        raise ValueError(f"“{str(given)[:40]}” is no day.")
    numbers = {name: read_number(row.get(columns[name]), unit) for name in NUMBERS if columns.get(name)}
    value, top, bottom = numbers.get("value"), numbers.get("numerator"), numbers.get("denominator")
    if value is None and top is not None and bottom:
        numbers["value"] = value = top / bottom
    if value is None:
        raise ValueError("It has no value.")
    start, end = period_of(day, cadence)
    key = str(row.get(columns["key"], "") or "").strip()[:80] if columns.get("key") else ""
    said = str(row.get(columns["description"], "") or "").strip()[:300] if columns.get("description") else ""
    if columns.get("key"):
        if not key:
            raise ValueError("It has no number of its own.")
        start = end = day
    return Reading(start, end, **numbers, key=key, description=said)  # type: ignore[arg-type]


def _check_columns(table: AnswerTable, columns: dict[str, str]) -> None:
    if not table.rows:
        raise FeedProblem("The answer has no rows.", "Check the query of the feed.")
    has_value = columns.get("value") or (columns.get("numerator") and columns.get("denominator"))
    if not columns.get("date") or not has_value:
        raise FeedProblem("Choose the columns of date and value.")
    gone = [name for name in columns.values() if name and name not in table.columns]
    if gone:
        there = ", ".join(table.columns[:20])
        raise FeedProblem(
            f"The column “{gone[0]}” is not there. The answer has: {there}.",
            "The publisher may have renamed it: choose the columns again.",
        )


def _is_empty(row: dict[str, object], columns: dict[str, str]) -> bool:
    """Rows without a value yet: publishers write the days to come too."""
    return all(row.get(columns[n]) in (None, "") for n in NUMBERS if columns.get(n))


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
