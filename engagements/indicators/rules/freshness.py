"""How old the newest value is, and whether it may still stand under "now". Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from engagements.base.dates import add_months

# A feed's cadence as (months, days) to the next value; values entered by hand come by months.
STEPS = {"daily": (0, 1), "weekly": (0, 7), "monthly": (1, 0), "quarterly": (3, 0), "yearly": (12, 0)}
CURRENT_STEPS = 2
ON_CADENCE, OVERDUE, BY_HAND = "on_cadence", "overdue", "by_hand"
RULE = (
    "A value is current until two cadences have passed since the last day it covers. After that it is shown as the last"
    " known value, not as the value now."
)


@dataclass(frozen=True)
class Cadence:
    """How often a value comes. `is_fed`: by a feed, else a person enters it."""

    months: int
    days: int = 0
    is_fed: bool = False

    def after(self, day: date, steps: int = 1) -> date:
        """The last day of the period so many steps after the one that ended on `day`; month ends stay month ends."""
        return add_months(day, self.months * steps) if self.months else day + timedelta(days=self.days * steps)


def cadence_of(every_months: int, fed: str | None) -> Cadence:
    """`fed`: the cadence of its feed, None or "" where it has none."""
    if not fed:
        return Cadence(every_months)
    months, days = STEPS[fed]
    return Cadence(months, days, is_fed=True)


@dataclass(frozen=True)
class Freshness:
    """Of the newest value. `days`: since the last day it covers. `state`: ON_CADENCE, OVERDUE, or BY_HAND."""

    through: date
    days: int
    is_current: bool
    is_overdue: bool
    is_fed: bool

    @property
    def state(self) -> str:
        if not self.is_fed:
            return BY_HAND
        return OVERDUE if self.is_overdue else ON_CADENCE

    @property
    def words(self) -> str:
        """through November 28, 2026, 1 day old"""
        return f"through {self.through:%B} {self.through.day}, {self.through.year}, {format_age(self.days)}"

    @property
    def short_words(self) -> str:
        """For tables: through Nov 28, 2026, 1 day old"""
        return f"through {self.through:%b} {self.through.day}, {self.through.year}, {format_age(self.days)}"


def freshness(through: date, cadence: Cadence, today: date) -> Freshness:
    """Worked, daily: through Nov 28, on Nov 29 it is 1 day old and on cadence; on Nov 30 overdue and no longer current.

    Monthly: through Sep 30 it is due by Oct 31, overdue from Nov 1 on, and not current from Nov 30 on.
    """
    days = max(0, (today - through).days)
    return Freshness(
        through,
        days,
        is_current=today < cadence.after(through, CURRENT_STEPS),
        is_overdue=today > cadence.after(through),
        is_fed=cadence.is_fed,
    )


def format_age(days: int) -> str:
    """1 day old; 40 days old; 0 is today."""
    if days == 0:
        return "up to today"
    return f"{days:,} day{'' if days == 1 else 's'} old"
