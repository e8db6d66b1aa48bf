"""Feeds of an indicator, for tests."""

from datetime import date, timedelta

from engagements.feeds.actions.feeds import bind_indicator, trust_feed
from engagements.models import Feed, FeedReading, FeedVintage, Indicator, User
from tests.factories.engagements import NOW

COLUMNS = {"date": "month", "value": "seen"}
MONTHS = [date(2025 + (n + 9) // 12, (n + 9) % 12 + 1, 1) for n in range(12)]
SEEN = (40, 42, 45, 44, 47, 49, 50, 53, 52, 55, 57, 60)


def csv_of(*rows: tuple[object, object], head: str = "month,seen") -> bytes:
    return "\n".join([head, *(f"{day},{value}" for day, value in rows)]).encode() + b"\n"


def year(*more: tuple[object, object]) -> bytes:
    """Twelve months from October 2025, and more rows."""
    return csv_of(*zip(MONTHS, SEEN, strict=True), *more)


def make_feed(indicator: Indicator, by: User, address: str, trusted_by: User | None = None, **changes) -> Feed:
    fields = {"kind": "csv", "address": address, "columns": dict(COLUMNS), "cadence": "monthly"} | changes
    feed = bind_indicator(indicator=indicator.pk, fields=fields, by=by, now=NOW)
    if trusted_by is not None:
        trust_feed(feed=feed.pk, expected_version=feed.version, by=trusted_by, now=NOW)
    return Feed.objects.select_related("engagement__city", "indicator", "owner", "status").get(pk=feed.pk)


def waiting_reading(feed: Feed) -> FeedReading:
    """As if an answer had brought one value that is set aside."""
    vintage = FeedVintage.objects.create(
        feed=feed, number=1, fetched_at=NOW, sha256="0" * 64, size=1, rows=1, added=1, corrected=0, waiting=1
    )
    return FeedReading.objects.create(
        feed=feed,
        vintage=vintage,
        period_start=date(2026, 5, 1),
        period_end=date(2026, 5, 31),
        value=9,
        state="waiting",
        why="A test set it aside.",
    )


def as_now(feed: Feed) -> Feed:
    """With all that the worker reads."""
    return Feed.objects.select_related("engagement__city", "indicator", "owner", "status", "secret").get(pk=feed.pk)


def daily(last: date, values: list[float]) -> bytes:
    """One value a day, the last one of `last`."""
    first = last - timedelta(days=len(values) - 1)
    return csv_of(*((first + timedelta(days=n), value) for n, value in enumerate(values)))
