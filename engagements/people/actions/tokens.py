"""Keys for programs and calendars: shown once, kept as a hash, ended at any time."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from engagements import limits
from engagements.access.engagements import engagement_for
from engagements.access.errors import NotFound
from engagements.access.tokens import hash_secret
from engagements.base.audited_transaction import begin_idempotent, complete_idempotent
from engagements.base.quotas import check_token
from engagements.models import AccessToken, CalendarFeed, User
from engagements.permissions import VIEW_PUBLISHED
from engagements.security_log.actions.recording import Kind, record_security_event

LONGEST = timedelta(days=366)


def make_access_token(
    *, name: str, scopes: list[str], expires_at: datetime, by: User, now: datetime, submission: UUID | None = None
) -> tuple[AccessToken, str | None]:
    """The row and the secret, which is seen this once: None when this submission came before. At most a year.

    Raises ValidationError by field.
    """
    known = {scope.value for scope in AccessToken.Scope}
    if not scopes or not set(scopes) <= known:
        raise ValidationError({"scopes": f"Choose what it may do: {', '.join(AccessToken.Scope.values)}."})
    if not now < expires_at <= now + LONGEST:
        raise ValidationError({"expires_at": "It ends within a year."})
    if not name.strip():
        raise ValidationError({"name": "Say what uses it."})
    with transaction.atomic():
        claimed = begin_idempotent(by, "make_access_token", submission)
        if claimed.object_id:
            return AccessToken.objects.get(pk=claimed.object_id), None
        check_token(by, now)
        secret = "mp_" + secrets.token_urlsafe(32)
        token = AccessToken.objects.create(
            user=by,
            name=name.strip()[: limits.SHORT_NAME],
            sha256=hash_secret(secret),
            first_characters=secret[:8],
            created_at=now,
            scopes=sorted(set(scopes)),
            expires_at=expires_at,
        )
        complete_idempotent(claimed, token)
        record_security_event(Kind.TOKEN_MADE, by=by, about=by, thing=token, detail={"scopes": " ".join(token.scopes)})
    return token, secret


def make_calendar_feed(*, by: User, now: datetime, engagement: int | str | None = None) -> tuple[CalendarFeed, str]:
    """A private link's row and secret; an earlier one for the same calendar ends."""
    within = engagement_for(by, engagement, VIEW_PUBLISHED) if engagement else None
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        CalendarFeed.objects.filter(user=by, engagement=within, revoked_at=None).update(revoked_at=now)
        made = CalendarFeed.objects.create(user=by, engagement=within, sha256=hash_secret(secret), created_at=now)
        record_security_event(Kind.CALENDAR_LINK_MADE, by=by, about=by, engagement=within, thing=made)
    return made, secret


def revoke_token(*, token: AccessToken | CalendarFeed, by: User, now: datetime) -> None:
    """One's own. Raises NotFound."""
    if token.user_id != by.pk:
        raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
    kind = Kind.TOKEN_REVOKED if isinstance(token, AccessToken) else Kind.CALENDAR_LINK_ENDED
    with transaction.atomic():
        if type(token).objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now):
            record_security_event(kind, by=by, about=by, thing=token)


def revoke_calendar_feed(*, feed: int, by: User, now: datetime) -> None:
    """One's own. Raises NotFound."""
    found = CalendarFeed.objects.filter(user=by, pk=feed).first()
    if found is None:
        raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
    revoke_token(token=found, by=by, now=now)
