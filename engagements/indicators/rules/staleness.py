"""Whether a value is due."""

from dataclasses import dataclass
from datetime import date

from atlas.formatting.dates import format_day, format_interval_of_months
from engagements.indicators.rules.freshness import cadence_of


@dataclass(frozen=True)
class Due:
    """`due_on` None: nothing to count from. `days_late` 0 while it isn't late. `rule`: how it was worked out."""

    due_on: date | None
    days_late: int
    rule: str

    @property
    def is_stale(self) -> bool:
        return self.days_late > 0


def next_due(
    *, every_months: int, last_end: date | None, begins_on: date | None, today: date, fed: str | None = None
) -> Due:
    """A value is due `every_months` after the end of the last approved period; the first one after `begins_on`.

    `fed`: the cadence of its feed, which then says how often.
    """
    cadence = cadence_of(every_months, fed)
    often = f"A value is due {_every(cadence.months, cadence.days)}"
    start = last_end or begins_on
    if start is None:
        return Due(None, 0, f"{often}; nothing says yet from when on.")
    due_on = cadence.after(start)
    late = max(0, (today - due_on).days)
    since = (
        f"the last approved one is for the time until {format_day(start)}"
        if last_end
        else f"none is approved, and it began on {format_day(start)}"
    )
    was = "was" if late else "is"
    return Due(due_on, late, f"{often}: {since}, so one {was} due on {format_day(due_on)}.")


def _every(months: int, days: int) -> str:
    if months:
        return format_interval_of_months(months)
    return "every day" if days == 1 else f"every {days} days"
