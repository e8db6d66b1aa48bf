"""What a cell means. Whatever may mean two things is refused, with words that say how to write it."""

import math
import re
from datetime import date

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


def read_date(text: str, order: str = "iso") -> date:
    """ISO, “Nov 23, 2026” or “23 Nov 2026”; 11/23/2026 only where `order` says that the month (`month_first`) or
    the day (`day_first`) comes first. Raises ValueError with a sentence."""
    if found := _ISO.fullmatch(text):
        return _day(int(found[1]), int(found[2]), int(found[3]), text)
    if (found := _WORDS.fullmatch(text)) and found[2].lower() in _NAMES:
        return _day(int(found[3]), _NAMES[found[2].lower()], int(found[1]), text)
    if (found := _MONTH_FIRST.fullmatch(text)) and found[1].lower() in _NAMES:
        return _day(int(found[3]), _NAMES[found[1].lower()], int(found[2]), text)
    if (found := _NUMBERS.fullmatch(text)) and order != "iso" and len(found[3]) == 4:
        day, month = (found[2], found[1]) if order == "month_first" else (found[1], found[2])
        return _day(int(found[3]), int(month), int(day), text)
    if found := _NUMBERS.fullmatch(text):
        a, b, year = (int(part) for part in found.groups())
        if 1 <= a <= 12 and 1 <= b <= 12 and a != b and year > 99:
            one, two = (f"{MONTHS[month - 1].title()} {day}, {year}" for day, month in ((a, b), (b, a)))
            raise ValueError(f"“{text}” may be {one} or {two}. {_HOW}")
    raise ValueError(f"“{text[:40]}” is no date that can be read for sure. {_HOW}")


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
    if not 2000 <= found.year <= 2100:
        raise ValueError(f"“{text}” is outside 2000 to 2100.")
    return found
