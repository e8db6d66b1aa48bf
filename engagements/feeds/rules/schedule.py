"""When a feed is asked again. Pure."""

from datetime import datetime, timedelta

from engagements.feeds.rules.periods import DAILY, MONTHLY, QUARTERLY, WEEKLY, YEARLY

# Publishers are late: a feed is asked more often than it has something new.
CHECKED_EVERY = {
    DAILY: timedelta(hours=6),
    WEEKLY: timedelta(days=1),
    MONTHLY: timedelta(days=1),
    QUARTERLY: timedelta(days=1),
    YEARLY: timedelta(days=7),
}
FIRST_RETRY, LONGEST_RETRY = timedelta(minutes=15), timedelta(days=1)
TOLD_EVERY = timedelta(days=1)


def next_check(cadence: str, now: datetime) -> datetime:
    """After an answer, whether or not it brought something new."""
    return now + CHECKED_EVERY[cadence]


def next_retry(failures: int, now: datetime, wait_seconds: float | None = None) -> datetime:
    """After failure number `failures`, from 1: 15 minutes, then four times as long each time, a day at most.

    `wait_seconds`: what the publisher asked for (Retry-After); never sooner than that, never later than a day.
    """
    longer: int = 4 ** min(max(failures, 1) - 1, 5)
    pause = min(FIRST_RETRY * longer, LONGEST_RETRY)
    if wait_seconds is not None:
        pause = min(max(pause, timedelta(seconds=min(wait_seconds, 86_400))), LONGEST_RETRY)
    return now + pause


def may_tell(told_at: datetime | None, now: datetime) -> bool:
    """An owner hears of a failing feed once a day at most."""
    return told_at is None or now - told_at >= TOLD_EVERY
