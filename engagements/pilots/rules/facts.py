"""What the data of a pilot cannot say: when it was registered, whether it was stopped, how many were drawn."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime


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


def registered_before(
    locked_at: datetime | None, first_data_at: datetime | None, window_from: date | None
) -> RegisteredBefore:
    """Whether the first version was locked before the first data came in *and* before outcomes began to happen.

    Times have zones; the day of locking is the day in UTC and must lie before the window's first day. Without data yet
    only the window counts. Worked: locked 2026-09-15, data 2027-02-01, window from 2027-01-01 -> yes.
    """
    if locked_at is None:
        return RegisteredBefore(False, "No plan was locked.")
    locked = locked_at.astimezone(UTC)
    said = f"The plan was locked on {_day(locked.date())}"
    if window_from is None:
        return RegisteredBefore(False, f"{said}; it does not say when outcomes begin.")
    if first_data_at is not None and locked >= first_data_at:
        return RegisteredBefore(False, f"{said}, after the first data came in on {_day(first_data_at.date())}.")
    if locked.date() >= window_from:
        return RegisteredBefore(False, f"{said}, but outcomes began on {_day(window_from)}.")
    data = (
        "no data have come in" if first_data_at is None else f"the first data came in on {_day(first_data_at.date())}"
    )
    return RegisteredBefore(True, f"{said}, before outcomes began on {_day(window_from)}; {data}.")


def _day(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"
