"""What the data of a pilot cannot say: when it was registered, whether it was stopped, how many were drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from engagements.pilots.rules.registration import Registration


@dataclass(frozen=True)
class PilotFacts:
    """`today`: the day of the analysis; `data_on`: that on which the data came in, None: the same. Both are held
    against the registered end. `drawn`: by arm key, in the unit of the draw.

    `registered_why`: the sentence that says which moments were compared. `stopped_because`: "" unless it was stopped
    before any outcome was measured.
    """

    today: date
    data_on: date | None = None
    is_registered_before: bool = False
    registered_why: str = ""
    stopped_because: str = ""
    drawn: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class RegisteredBefore:
    """Computed, never claimed. `why`: which moments were compared."""

    is_so: bool
    why: str


def same_test(before: Registration, after: Registration) -> bool:
    """Nothing on which a verdict rests was amended: only the title, the cost and who protects people."""
    kept = replace(after, title=before.title, cost_per_unit_usd=before.cost_per_unit_usd)
    return replace(kept, human_subjects=before.human_subjects) == before


def lock_that_counts(locked: Sequence[tuple[Registration, datetime]]) -> datetime | None:
    """When the last of these wordings was locked first, that is, since when nothing but `same_test` was amended.

    `locked`: every version up to the one that gives the verdict, in order, with its moment.
    """
    found = len(locked) - 1
    while found > 0 and same_test(locked[found - 1][0], locked[found][0]):
        found -= 1
    return locked[found][1] if locked else None


def earliest_window(locked: Sequence[tuple[Registration, datetime]]) -> date | None:
    """The first day on which outcomes count by any of these wordings: moving it later makes no lock earlier. None where
    the last names none."""
    days = [plan.outcome.window_from for plan, _ in locked]
    return min(day for day in days if day is not None) if days and days[-1] is not None else None


def registered_by(locked: Sequence[tuple[Registration, datetime]], first_data_at: datetime | None) -> RegisteredBefore:
    """Whether the last of `locked`, which gives the verdict, was registered before data.

    Worked: the window opens January 1; locked in September, the method amended on January 5, no data yet -> no.
    """
    return registered_before(lock_that_counts(locked), first_data_at, earliest_window(locked))


def registered_before(
    locked_at: datetime | None, first_data_at: datetime | None, window_from: date | None
) -> RegisteredBefore:
    """Whether a plan was locked before the first data came in *and* before outcomes began to happen.

    Times have zones; the day of locking is the day in UTC and must lie before the window's first day. Without data yet
    only the window counts. Worked: locked 2026-09-15, data 2027-02-01, window from 2027-01-01 -> yes.
    """
    if locked_at is None:
        return RegisteredBefore(False, "No plan was locked.")
    locked = locked_at.astimezone(UTC)
    said = f"The plan was locked on {_day(locked.date())} (UTC)"
    if window_from is None:
        return RegisteredBefore(False, f"{said}; it does not say when outcomes begin.")
    if first_data_at is not None and locked >= first_data_at:
        return RegisteredBefore(False, f"{said}, after the first data came in on {_day(first_data_at.date())} (UTC).")
    if locked.date() >= window_from:
        return RegisteredBefore(False, f"{said}, but outcomes began on {_day(window_from)}.")
    came = f"the first data came in on {_day(first_data_at.date())} (UTC)" if first_data_at else ""
    data = came or "no data have come in"
    return RegisteredBefore(True, f"{said}, before outcomes began on {_day(window_from)}; {data}.")


def _day(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"
