"""Months that end where months end."""

from calendar import monthrange
from datetime import date


def add_months(day: date, months: int) -> date:
    """The last day of a month stays one: 30 Jun + 6 months is 31 Dec; 31 Jan + 1 month is 28 or 29 Feb."""
    count = day.year * 12 + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    last = monthrange(year, month)[1]
    is_last = day.day == monthrange(day.year, day.month)[1]
    return date(year, month, last if is_last else min(day.day, last))
