"""Adding months to a date, and dates and periods as text."""

from calendar import monthrange
from datetime import date, timedelta


def add_months(day: date, months: int) -> date:
    """The last day of a month stays one: 30 Jun + 6 months is 31 Dec; 31 Jan + 1 month is 28 or 29 Feb."""
    count = day.year * 12 + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    last = monthrange(year, month)[1]
    is_last = day.day == monthrange(day.year, day.month)[1]
    return date(year, month, last if is_last else min(day.day, last))


def format_day(day: date) -> str:
    return f"{day:%-d %b %Y}"


def format_period(start: date, end: date) -> str:
    """2026; Jul to Sep 2026; Sep 2026; else both days."""
    whole = start.day == 1 and (end + timedelta(days=1)).day == 1
    if start == end:
        return format_day(end)
    if not whole:
        return f"{format_day(start)} to {format_day(end)}"
    if (start.year, start.month) == (end.year, end.month):
        return f"{end:%b %Y}"
    if start.year != end.year:
        return f"{start:%b %Y} to {end:%b %Y}"
    return f"{end.year}" if (start.month, end.month) == (1, 12) else f"{start:%b} to {end:%b %Y}"


def format_frequency(months: int) -> str:
    """every month, every 3 months, every year"""
    if months % 12 == 0:
        years = months // 12
        return "every year" if years == 1 else f"every {years} years"
    return "every month" if months == 1 else f"every {months} months"
