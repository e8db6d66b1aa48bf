"""Who holds a token: its secret is kept as a hash, and every use is noted."""

import hashlib
from datetime import datetime, timedelta
from typing import TypeVar

from engagements.access.errors import NotFound
from engagements.models import AccessToken, CalendarFeed

Held = TypeVar("Held", AccessToken, CalendarFeed)


def hash_secret(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def find_user_of_token(*, secret: str, now: datetime) -> AccessToken:
    """The valid token of this secret with its active user, noted as used. Raises NotFound."""
    rows = AccessToken.objects.valid(now).filter(sha256=hash_secret(secret), user__is_active=True)
    return _used(rows.select_related("user").first(), now)


def find_calendar_feed(*, secret: str, now: datetime) -> CalendarFeed:
    rows = CalendarFeed.objects.valid(now).filter(sha256=hash_secret(secret), user__is_active=True)
    return _used(rows.select_related("user", "engagement").first(), now)


def _used(token: Held | None, now: datetime) -> Held:
    if token is None or not token.user.may_act:
        raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
    if token.last_used_at is None or now - token.last_used_at > timedelta(minutes=1):
        type(token).objects.filter(pk=token.pk).update(last_used_at=now)
    return token
