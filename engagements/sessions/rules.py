"""How long a session lives. Pure."""

NOTED_EVERY = 300  # seconds: how exact "last seen" is


def is_too_old(*, seen: float, now: float, is_shared: bool, shared_minutes: int, idle_minutes: int) -> bool:
    """Whether a session that was used at `seen` (seconds) is over at `now`. 0 minutes: no limit of that kind."""
    limit = shared_minutes if is_shared else idle_minutes
    return bool(limit) and now - seen > limit * 60


def is_to_note(*, seen: float, now: float, is_shared: bool) -> bool:
    """Whether the time of the last use is written again: on a shared computer each minute, else each five."""
    return now - seen >= (60 if is_shared else NOTED_EVERY)
