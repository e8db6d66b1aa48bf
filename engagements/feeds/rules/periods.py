"""From what a publisher writes as a day to the period a value is of. Pure."""

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta

DAILY, WEEKLY, MONTHLY, QUARTERLY, YEARLY = "daily", "weekly", "monthly", "quarterly", "yearly"
CADENCES = (
    (DAILY, "Every day"),
    (WEEKLY, "Every week"),
    (MONTHLY, "Every month"),
    (QUARTERLY, "Every quarter"),
    (YEARLY, "Every year"),
)
FIRST_YEAR, LAST_YEAR = 2000, 2100
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:[ T].*)?$")
_QUARTER = re.compile(r"(\d{4})[ -]?Q([1-4])$", re.IGNORECASE)
_ISO_WEEK = re.compile(r"(\d{4})-?W(\d{2})$", re.IGNORECASE)
_MILLISECONDS = 10**11  # a number beyond it counts milliseconds since 1970, as ArcGIS does


def read_day(given: object) -> date | None:
    """The day, or a day within the month, quarter, week or year, that was written; None for what is no day.

    Worked: "2026-11-28T00:00:00.000" and "11/28/2026" -> 2026-11-28; "2026-11" -> 2026-11-01; "2026-Q3" -> 2026-07-01;
    1795824000000 -> 2026-11-28; "13/02/2026", "soon" -> None.
    """
    if isinstance(given, bool) or given is None:
        return None
    if isinstance(given, int | float):
        return _of_number(given)
    words = str(given).strip()
    try:
        found = _of_words(words)
    except (ValueError, OverflowError):
        return None
    return found if found and FIRST_YEAR <= found.year <= LAST_YEAR else None


def period_of(day: date, cadence: str) -> tuple[date, date]:
    """First and last day of the day, the week from Monday, the month, quarter or year that holds `day`."""
    if cadence == DAILY:
        return day, day
    if cadence == WEEKLY:
        start = day - timedelta(days=day.weekday())
        return start, start + timedelta(days=6)
    first = {MONTHLY: day.month, QUARTERLY: day.month - (day.month - 1) % 3, YEARLY: 1}[cadence]
    last = {MONTHLY: first, QUARTERLY: first + 2, YEARLY: 12}[cadence]
    return date(day.year, first, 1), date(day.year, last, monthrange(day.year, last)[1])


def _of_number(given: float) -> date | None:
    try:
        if given >= _MILLISECONDS:
            found = datetime.fromtimestamp(given / 1000, UTC).date()
        elif float(given).is_integer() and FIRST_YEAR <= given <= LAST_YEAR:
            found = date(int(given), 1, 1)
        else:
            return None
    except (ValueError, OverflowError, OSError):
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


def _of_words(words: str) -> date | None:
    if words.isascii() and words.isdigit() and len(words) != 8:
        return _of_number(int(words)) if len(words) <= 15 else None
    if found := _SLASHED.match(words):
        return date(int(found[3]), int(found[1]), int(found[2]))
    if found := _QUARTER.match(words):
        return date(int(found[1]), 3 * int(found[2]) - 2, 1)
    if found := _ISO_WEEK.match(words):
        return date.fromisocalendar(int(found[1]), int(found[2]), 1)
    if re.fullmatch(r"\d{4}-\d{2}", words):
        return date(int(words[:4]), int(words[5:]), 1)
    return datetime.fromisoformat(words).date()
