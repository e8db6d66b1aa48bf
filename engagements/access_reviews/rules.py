"""When a review of access is due and spoken of. Pure."""

from datetime import date, timedelta

DUE_AFTER = timedelta(days=21)  # from the day it opens
SOON = timedelta(days=7)
OPENED, SOON_DUE, OVERDUE = 0, 1, 2


def quarter_of(day: date) -> tuple[int, int]:
    """(year, quarter 1-4)."""
    return day.year, (day.month - 1) // 3 + 1


def due_on(opened: date) -> date:
    """The last day on which it is in time."""
    return opened + DUE_AFTER


def reminders_until(due: date, today: date) -> tuple[int, ...]:
    """The numbers of the mails that should have gone by this day, the last one is the one to send.

    >>> reminders_until(date(2026, 10, 22), date(2026, 10, 16))
    (0, 1)
    """
    found = [OPENED]
    if today >= due - SOON:
        found.append(SOON_DUE)
    if today > due:
        found.append(OVERDUE)
    return tuple(found)
