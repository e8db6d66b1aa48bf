"""Feeds, fetched and checked in one query: the team of an engagement sees them, nobody else."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from engagements.access.errors import NotFound, first_or_not_found
from engagements.access.roles import in_engagements_with
from engagements.access.tokens import hash_secret
from engagements.models import Feed, FeedKey, FeedReading, User
from engagements.permissions import EDIT_INDICATOR, EDIT_MONEY, VIEW_INDICATOR


def visible_feeds(user: User) -> QuerySet[Feed]:
    return Feed.objects.filter(in_engagements_with(user, VIEW_INDICATOR), archived_at=None)


def editable_feeds(user: User) -> QuerySet[Feed]:
    """Of indicators for whom keeps indicators, of the ledger for whom keeps money."""
    indicators = in_engagements_with(user, EDIT_INDICATOR) & Q(indicator__isnull=False)
    return visible_feeds(user).filter(indicators | (in_engagements_with(user, EDIT_MONEY) & Q(indicator=None)))


def feed_for(user: User, pk: int, permission: str | None = None) -> Feed:
    """Raises NotFound."""
    rows = visible_feeds(user).filter(pk=pk)
    if permission:
        rows = rows.filter(in_engagements_with(user, permission))
    return first_or_not_found(_with_all(rows))


def editable_feed_for(user: User, pk: int) -> Feed:
    """Raises NotFound."""
    return first_or_not_found(_with_all(editable_feeds(user).filter(pk=pk)))


def reading_for(user: User, pk: int) -> FeedReading:
    """Of a feed one may edit. Raises NotFound."""
    rows = FeedReading.objects.filter(pk=pk, feed__in=editable_feeds(user).values("pk"))
    return first_or_not_found(rows.select_related("feed", "vintage"))


def key_for(user: User, pk: int) -> FeedKey:
    """Of a feed one may edit. Raises NotFound."""
    return first_or_not_found(FeedKey.objects.filter(pk=pk, feed__in=editable_feeds(user).values("pk")))


def find_key(*, secret: str, feed: int, now: datetime) -> FeedKey:
    """The key of this secret, if it is one of this feed and was not revoked. Raises NotFound."""
    live = Q(feed__archived_at=None, feed__engagement__initiative__archived_at=None, feed__owner__is_active=True)
    rows = FeedKey.objects.filter(live, sha256=hash_secret(secret), feed=feed, revoked_at=None, feed__kind="push")
    key = rows.select_related("feed__owner", "feed__engagement", "feed__indicator").first()
    if key is None:
        raise NotFound("The key is unknown or revoked, or belongs to another feed.")
    if key.last_used_at is None or now - key.last_used_at > timedelta(minutes=1):
        FeedKey.objects.filter(pk=key.pk).update(last_used_at=now)
    return key


def _with_all(rows: QuerySet[Feed]) -> QuerySet[Feed]:
    return rows.select_related(
        "engagement__city", "engagement__initiative", "indicator", "funder", "plan", "owner", "status", "secret"
    )
