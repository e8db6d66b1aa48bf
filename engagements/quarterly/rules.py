"""When an update is reminded of, and why a link no longer opens. Pure."""

from datetime import date, timedelta
from enum import StrEnum

REMIND_BEFORE = timedelta(days=14)  # of the day it is due
REMIND_AGAIN_AFTER = timedelta(days=3)


class Closed(StrEnum):
    """Why a link does not open, in the order in which it is looked at."""

    OFF = "off"
    REVOKED = "revoked"
    USED = "used"
    EXPIRED = "expired"
    FORWARDED = "forwarded"
    ROLE_ENDED = "role ended"
    SENT_IN = "sent in"


def reminder_number(due_on: date, today: date) -> int | None:
    """1 in the two weeks before an update is due and on its day, 2 from three days after it on, None else.

    Worked: due December 31: 1 from December 17 to January 2, 2 from January 3.
    """
    if today >= due_on + REMIND_AGAIN_AFTER:
        return 2
    return 1 if today >= due_on - REMIND_BEFORE else None


def first_day(year: int, quarter: int) -> date:
    return date(year, 3 * quarter - 2, 1)


def read_quarter(text: str) -> tuple[int, int] | None:
    """(2026, 4) of "20264" and of "2026-4"; None for anything else."""
    digits = text.replace("-", "", 1)
    if not (len(digits) == 5 and digits.isascii() and digits.isdecimal()):
        return None
    year, quarter = int(digits[:4]), int(digits[4])
    return (year, quarter) if quarter in (1, 2, 3, 4) else None
