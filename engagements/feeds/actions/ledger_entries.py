"""A reading becomes an entry of the ledger. Inside the transaction of whoever stores or decides."""

from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from engagements.feeds.rules.mapping import Reading
from engagements.models import Feed, FeedReading, LedgerEntry, User
from engagements.money.actions.ledger import post_entry, reverse_entry

CENT = Decimal("0.01")


def source_system(feed: Feed) -> str:
    """Entries of one feed have one source system: their numbers are unique in it."""
    return f"feed {feed.pk}"


def amounts_before(feed: Feed) -> list[float]:
    """Amounts this feed brought, the oldest first."""
    rows = LedgerEntry.objects.filter(readings__feed=feed, reverses=None).order_by("occurred_on", "pk")
    return [float(amount) for amount in rows.values_list("amount_usd", flat=True)]


def post_reading(feed: Feed, reading: Reading | FeedReading, by: User, now: datetime) -> LedgerEntry:
    """A new entry. One the publisher changed is reversed first, in full. Raises NotFound, ValidationError."""
    corrected = getattr(reading, "corrects", None)
    number = reading.key
    if corrected is not None and (standing := _standing_entry(corrected)) is not None:
        reverse_entry(entry=standing.pk, why=_("The publisher changed it"), by=by, now=now)
        number = f"{reading.key[:70]} v{getattr(reading, 'vintage_id', '')}"
    return post_entry(
        stage=feed.stage,
        amount=Decimal(str(reading.value)).quantize(CENT),
        occurred_on=reading.period_end,
        funder=feed.funder_id or 0,
        plan=feed.plan_id,
        engagement=feed.engagement_id,
        description=reading.description,
        source_system=source_system(feed),
        external_id=number,
        is_another=True,
        by=by,
        now=now,
    )


def _standing_entry(reading: FeedReading | None) -> LedgerEntry | None:
    """The entry of the newest earlier reading that made one."""
    while reading is not None:
        if reading.entry_id and not LedgerEntry.objects.filter(reverses=reading.entry_id).exists():
            return reading.entry
        reading = reading.corrects
    return None
