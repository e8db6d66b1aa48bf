"""When a mail that collects is due. Pure."""

from datetime import datetime, time, timedelta

MORNING = time(7, 0)


def last_morning(here: datetime, *, weekly: bool) -> datetime:
    """The last seven in the morning by the clock on the wall, weekly that of a Monday. `here`: now, in their zone.

    >>> from datetime import UTC
    >>> last_morning(datetime(2026, 11, 26, 6, 59, tzinfo=UTC), weekly=False).isoformat()
    '2026-11-25T07:00:00+00:00'
    >>> last_morning(datetime(2026, 11, 26, 12, 0, tzinfo=UTC), weekly=True).isoformat()
    '2026-11-23T07:00:00+00:00'
    """
    day = here.date() if here.time() >= MORNING else here.date() - timedelta(days=1)
    if weekly:
        day -= timedelta(days=day.weekday())
    return datetime.combine(day, MORNING, here.tzinfo)
