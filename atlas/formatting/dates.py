"""Days, months and moments. A moment is worded in the time zone it comes in, except by `format_moment`. Pure."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache


def format_day(day: date) -> str:
    """Nov 23, 2026."""
    return f"{day:%b} {day.day}, {day.year}"


def format_utc_day(value: date | None) -> str:
    """Nov 23, 2026; a moment by its day in UTC; nothing for None."""
    if isinstance(value, datetime):
        value = value.astimezone(UTC)
    return format_day(value) if value else ""


def format_month(day: date) -> str:
    """Nov 2026."""
    return f"{day:%b %Y}"


def format_quarter(year: int, quarter: int) -> str:
    """Q3 2026."""
    return f"Q{quarter} {year}"


def format_time(moment: datetime) -> str:
    """2:05 p.m. EST: as `date:"g:i a T"` in templates."""
    return f"{moment.hour % 12 or 12}:{moment:%M} {'a.m.' if moment.hour < 12 else 'p.m.'} {moment:%Z}".rstrip()


def format_instant(moment: datetime) -> str:
    """Nov 27, 2026, 2:05 p.m. EST: when something happened, in the time zone it comes in."""
    return f"{format_day(moment)}, {format_time(moment)}"


def format_moment(moment: datetime) -> str:
    """Nov 27, 2026, 4:12 a.m. UTC; a whole day where it is the last minute of one."""
    there = moment.astimezone(UTC)
    if (there.hour, there.minute) == (23, 59):
        return f"the end of {format_day(there)} (UTC)"
    return format_instant(there)


@lru_cache(maxsize=1024)  # a page of many indicators says the same few periods over and over
def format_period(start: date, end: date) -> str:
    """2026; Jul to Sep 2026; Sep 2026; else both days."""
    whole = start.day == 1 and (end + timedelta(days=1)).day == 1
    if start == end:
        return format_day(end)
    if not whole:
        return f"{format_day(start)} to {format_day(end)}"
    if (start.year, start.month) == (end.year, end.month):
        return format_month(end)
    if start.year != end.year:
        return f"{format_month(start)} to {format_month(end)}"
    return f"{end.year}" if (start.month, end.month) == (1, 12) else f"{start:%b} to {format_month(end)}"


def format_interval_of_months(months: int) -> str:
    """every month, every 3 months, every year."""
    if months % 12 == 0:
        years = months // 12
        return "every year" if years == 1 else f"every {years} years"
    return "every month" if months == 1 else f"every {months} months"
