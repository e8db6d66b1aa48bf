"""Periods of time as data files write them: one way of writing per file, turned into whole numbers that count them."""

import re
from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import date

# Each way of writing, and the number of a period in it: two periods that follow one another differ by 1 (days by days).
_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], int]], ...] = (
    (re.compile(r"(\d{1,4})"), lambda m: int(m[1])),
    (re.compile(r"(\d{4})-(0[1-9]|1[0-2])"), lambda m: 12 * int(m[1]) + int(m[2]) - 1),
    (re.compile(r"(\d{4})-?Q([1-4])"), lambda m: 4 * int(m[1]) + int(m[2]) - 1),
    (re.compile(r"(\d{4})-W(\d{2})"), lambda m: date.fromisocalendar(int(m[1]), int(m[2]), 1).toordinal() // 7),
    (re.compile(r"(\d{4}-\d{2}-\d{2})"), lambda m: date.fromisoformat(m[1]).toordinal()),
)
_MONTHS = re.compile(r"(\d{4})(?:-?Q([1-4])|-(0[1-9]|1[0-2]))?")  # a year, and which quarter or month of it


def count_periods(texts: Sequence[str]) -> list[int] | None:
    """The number of each period; None if they are not all written in one of the ways known.

    2024 (or 1, 2, 3), 2024-03, 2024Q1 or 2024-Q1, 2024-W05, 2024-03-15. Worked: 2023-12, 2024-01 -> 24287, 24288.
    """
    for form, number in _FORMS:
        found = [form.fullmatch(text.strip()) for text in texts]
        if texts and all(found):
            try:
                return [number(match) for match in found if match]
            except ValueError:  # a day or week that no calendar has
                return None
    return None


def days_of(text: str) -> tuple[date, date] | None:
    """The first and the last day of a period; None of a number such as 1 or 2, which names no day, and of other texts.

    Worked: 2024Q1 -> 2024-01-01, 2024-03-31; 2024-W05 -> 2024-01-29, 2024-02-04; 2024-03-15 -> that day twice.
    """
    text = text.strip()
    try:
        if found := re.fullmatch(r"(\d{4})-W(\d{2})", text):
            year, week = int(found[1]), int(found[2])
            return date.fromisocalendar(year, week, 1), date.fromisocalendar(year, week, 7)
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return date.fromisoformat(text), date.fromisoformat(text)
        if found := _MONTHS.fullmatch(text):
            year, quarter, month = int(found[1]), int(found[2] or 0), int(found[3] or 0)
            first, last = (month, month) if month else (3 * quarter - 2, 3 * quarter) if quarter else (1, 12)
            return date(year, first, 1), date(year, last, monthrange(year, last)[1])
    except ValueError:  # a day or week that no calendar has
        return None
    return None


def are_evenly_spaced(numbers: Sequence[int]) -> bool:
    """Whether no period is left out between ascending numbers. Worked: 5, 6, 8 -> False; Mondays (7 apart) -> True."""
    return len({later - earlier for earlier, later in zip(numbers, numbers[1:], strict=False)}) <= 1
