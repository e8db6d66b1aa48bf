"""When a milestone that comes back is due again. Pure."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from engagements.workflow import REPEAT_MONTHS


@dataclass(frozen=True)
class Occurrence:
    """`number`: how many periods after the first."""

    number: int
    due_on: date


def due_on(anchor: date, every: str, number: int) -> date:
    """The day so many periods after `anchor`; in a shorter month its last day.

    >>> due_on(date(2027, 1, 31), "monthly", 1), due_on(date(2027, 1, 31), "monthly", 2)
    (datetime.date(2027, 2, 28), datetime.date(2027, 3, 31))
    """
    months = 12 * anchor.year + anchor.month - 1 + REPEAT_MONTHS[every] * number
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(anchor.day, monthrange(year, month)[1]))


def next_occurrence(anchor: date, every: str, number: int, until: date | None, today: date) -> Occurrence | None:
    """The one after the `number`-th: the first that is not past. None when it would be due after `until`.

    Periods that went by are not made up afterwards: nobody can do in November what was due in June.
    """
    following = number + 1
    while due_on(anchor, every, following) < today:
        following += 1
    due = due_on(anchor, every, following)
    return None if until is not None and due > until else Occurrence(following, due)
