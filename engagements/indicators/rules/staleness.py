"""Whether a value is due."""

from dataclasses import dataclass
from datetime import date

from atlas.formatting.dates import format_day, format_interval_of_months
from engagements.base.dates import add_months


@dataclass(frozen=True)
class Due:
    """`due_on` None: nothing to count from. `days_late` 0 while it isn't late. `rule`: how it was worked out."""

    due_on: date | None
    days_late: int
    rule: str

    @property
    def is_stale(self) -> bool:
        return self.days_late > 0


def next_due(*, every_months: int, last_end: date | None, begins_on: date | None, today: date) -> Due:
    """A value is due `every_months` after the end of the last approved period; the first one after `begins_on`."""
    often = f"A value is due {format_interval_of_months(every_months)}"
    start = last_end or begins_on
    if start is None:
        return Due(None, 0, f"{often}; nothing says yet from when on.")
    due_on = add_months(start, every_months)
    late = max(0, (today - due_on).days)
    since = (
        f"the last approved one is for the time until {format_day(start)}"
        if last_end
        else f"none is approved, and it began on {format_day(start)}"
    )
    was = "was" if late else "is"
    return Due(due_on, late, f"{often}: {since}, so one {was} due on {format_day(due_on)}.")
