"""What a cell means. Whatever may mean two things is refused, with words that say how to write it."""

import math
import re
from collections.abc import Iterable
from datetime import date, timedelta

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMES = {
    name: number
    for number, full in enumerate(
        (
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
        ),
        start=1,
    )
    for name in {full, full[:3], *(["sept"] if full == "september" else [])}
}
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_WORDS = re.compile(r"(\d{1,2})\.? ([A-Za-z]{3,9})\.?,? (\d{4})", re.ASCII)
_MONTH_FIRST = re.compile(r"([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4})", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)  # plain
_NUMBERS = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{2,4})", re.ASCII)
_HOW = "Write 2026-11-23 or Nov 23, 2026."
DATE_ORDERS = (
    ("iso", "2026-11-23 or Nov 23, 2026"),
    ("month_first", "11/23/2026, month first"),
    ("day_first", "23/11/2026, day first"),
    ("month_first_short", "11/23/26, month first, years 2000 to 2099"),
    ("day_first_short", "23/11/26, day first, years 2000 to 2099"),
    ("excel", "46349, Excel’s numbers of days since 1900"),
)
_SHORT = "_short"
_EXCEL_DAY_0 = date(1899, 12, 30)  # ECMA-376 18.17.4.1: with it, days from March 1900 on are as Excel shows them
# “Mon 01/05/26” and “January 5, 2026 8:00 AM”, as plans print days.
_WEEKDAY = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,? +", re.ASCII | re.IGNORECASE)
_TIME = re.compile(
    r"(?:[T ]|, ?)\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)? ?(?:[AaPp][Mm])?(?:Z|[+-]\d{2}:?\d{2})?$", re.ASCII
)


def read_date(text: str, order: str = "iso") -> date:
    """ISO, “Nov 23, 2026” or “23 Nov 2026”; anything else of DATE_ORDERS only where `order` says so.

    Worked: "11/23/26", "month_first_short" -> November 23, 2026; "46349", "excel" -> November 23, 2026.
    Raises ValueError with a sentence."""
    if found := _ISO.fullmatch(text):
        return _day(int(found[1]), int(found[2]), int(found[3]), text)
    if (found := _WORDS.fullmatch(text)) and found[2].lower() in _NAMES:
        return _day(int(found[3]), _NAMES[found[2].lower()], int(found[1]), text)
    if (found := _MONTH_FIRST.fullmatch(text)) and found[1].lower() in _NAMES:
        return _day(int(found[3]), _NAMES[found[1].lower()], int(found[2]), text)
    if order == "excel" and re.fullmatch(r"[1-9]\d{4}", text, re.ASCII):
        return _in_range(_EXCEL_DAY_0 + timedelta(days=int(text)), text)
    if (found := _NUMBERS.fullmatch(text)) and order not in ("iso", "excel"):
        is_short = len(found[3]) == 2 and order.endswith(_SHORT)
        if is_short or len(found[3]) == 4:
            day, month = (found[2], found[1]) if order.startswith("month_first") else (found[1], found[2])
            return _day(int(found[3]) + 2000 * is_short, int(month), int(day), text)
    if found := _NUMBERS.fullmatch(text):
        a, b, year = (int(part) for part in found.groups())
        if 1 <= a <= 12 and 1 <= b <= 12 and a != b and year > 99:
            one, two = (f"{MONTHS[month - 1].title()} {day}, {year}" for day, month in ((a, b), (b, a)))
            raise ValueError(f"“{text}” may be {one} or {two}. {_HOW}")
    if found and len(found[3]) == 2:
        raise ValueError(f"“{text}” has a year of two digits, so it is no date that can be read for sure. {_HOW}")
    if re.fullmatch(r"[1-9]\d{4}", text, re.ASCII):
        day = _EXCEL_DAY_0 + timedelta(days=int(text))
        raise ValueError(
            f"“{text}” may be Excel’s number for {MONTHS[day.month - 1].title()} {day.day}, {day.year}. {_HOW}"
        )
    raise ValueError(f"“{text[:40]}” is no date that can be read for sure. {_HOW}")


def read_planned_day(text: str, order: str = "iso") -> date:
    """As `read_date`, without the weekday and the time of day that plans print beside it."""
    return read_date(_bare_day(text), order)


def find_date_question(texts: Iterable[str]) -> tuple[str, str]:
    """(order, question): the only order of DATE_ORDERS in which all these days can be read, "" where there are two or
    none; the question names the first day that two of them read differently.

    Worked: 2027-01-20 -> ("iso", ""); 01/20/2027 and 03/04/2027 -> ("month_first", ""); 03/04/2027 alone ->
    ("", "“03/04/2027” may be ..."). What is a day in no order does not count: its row says so.
    """
    bare = [_bare_day(text) for text in texts]
    orders = [order for order, _ in DATE_ORDERS]
    days = [read for text in bare if (read := {order: _try(text, order) for order in orders}) and any(read.values())]
    possible = [order for order in orders if all(read[order] for read in days)]
    if not days or "iso" in possible:
        return "iso", ""
    possible = [order for order in possible if not order.endswith(_SHORT)] or possible
    if len(possible) == 1:
        return possible[0], ""
    for text in bare:
        meant = sorted({day for order in possible if (day := _try(text, order))})
        if len(meant) > 1:
            one, two = (f"{MONTHS[day.month - 1].title()} {day.day}, {day.year}" for day in meant[:2])
            return "", f"“{text}” may be {one} or {two}. Say which comes first, the month or the day."
    if possible:  # 05/05/2027: the same day either way
        return possible[0], ""
    return "", "The dates of this file are written in more than one way. Choose one; other rows are refused."


def _bare_day(text: str) -> str:
    text = text.strip()
    if found := _WEEKDAY.match(text):
        text = text[found.end() :]
    return _TIME.sub("", text).strip()


def _try(text: str, order: str) -> date | None:
    try:
        return read_date(text, order)
    except ValueError:
        return None


def read_yes(text: str) -> bool:
    words = {"yes": True, "y": True, "true": True, "1": True, "no": False, "n": False, "false": False, "0": False}
    if text.lower() not in words:
        raise ValueError(f"“{text[:40]}” is neither yes nor no.")
    return words[text.lower()]


def read_whole(text: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,17}", text):
        raise ValueError(f"“{text[:40]}” is no whole number.")
    return int(text)


def read_number(text: str) -> float:
    """A plain number; whatever a comma or a sign of currency may mean is refused. Raises ValueError with a sentence."""
    if not _NUMBER.fullmatch(text) or not math.isfinite(value := float(text)):
        raise ValueError(f"“{text[:40]}” is no plain number. Write it like -1234.5, without $, % or commas.")
    return value


def read_choice(text: str, choices: tuple[tuple[str, str], ...]) -> str:
    """By its code or its label, in any case."""
    for value, label in choices:
        if text.lower().replace("-", "_").replace(" ", "_") in (
            value,
            label.lower().replace("-", "_").replace(" ", "_"),
        ):
            return value
    raise ValueError(f"“{text[:40]}” is none of: {', '.join(label for _, label in choices)}.")


def _day(year: int, month: int, day: int, text: str) -> date:
    try:
        found = date(year, month, day)
    except ValueError as none:
        raise ValueError(f"“{text}” is not in the calendar.") from none
    return _in_range(found, text)


def _in_range(found: date, text: str) -> date:
    if not 2000 <= found.year <= 2100:
        raise ValueError(f"“{text}” is outside 2000 to 2100.")
    return found
