"""Keys of programs that push, and what they push."""

import hashlib
import json
import secrets
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from engagements.access.feeds import editable_feed_for, key_for
from engagements.access.roles import people_with
from engagements.access.tokens import hash_secret
from engagements.base.audited_transaction import add_activity, audited_transaction
from engagements.base.editing import lock
from engagements.feeds.actions.checking import fail, succeed
from engagements.feeds.actions.mapped import map_answer
from engagements.feeds.actions.storing import store
from engagements.feeds.rules.answers import FeedProblem, read_rows
from engagements.feeds.rules.mapping import Mapped
from engagements.models import FeedKey, FeedVintage, User
from engagements.permissions import EDIT_INDICATOR, EDIT_MONEY
from engagements.security_log.actions.recording import Kind, record_security_event

PREFIX = "mf_"
MOST_KEYS = 5  # at one time: two are enough to change one for another


def make_key(*, feed: int, by: User, now: datetime) -> tuple[FeedKey, str]:
    """The key and its secret, which is shown this once. Raises NotFound, ValidationError."""
    seen = editable_feed_for(by, feed)
    if seen.kind != "push":
        raise ValidationError(_("Only a feed that a program pushes to has keys."))
    secret = f"{PREFIX}{secrets.token_urlsafe(32)}"
    with audited_transaction(by):
        row = lock(seen)
        if row.keys.filter(revoked_at=None).count() >= MOST_KEYS:
            raise ValidationError(_("It has {count} keys. Revoke one first.").format(count=MOST_KEYS))
        key = FeedKey.objects.create(
            feed=row, sha256=hash_secret(secret), first_characters=secret[:8], created_by=by, created_at=now
        )
        add_activity(by=by, now=now, verb="added", thing=row, engagement_id=row.engagement_id, line=_("a key"))
        record_security_event(Kind.FEED_KEY_MADE, by=by, engagement=row.engagement_id, thing=key)
    return key, secret


def revoke_key(*, key: int, by: User, now: datetime) -> FeedKey:
    """What comes with it from now on is refused. Raises NotFound."""
    seen = key_for(by, key)
    with audited_transaction(by):
        row = lock(seen)
        if row.revoked_at is None:
            row.revoked_by, row.revoked_at = by, now
            row.save(update_fields=["revoked_by", "revoked_at"])
            record_security_event(Kind.FEED_KEY_ENDED, by=by, engagement=row.feed.engagement_id, thing=row)
    return row


def push(*, key: FeedKey, rows: object, now: datetime) -> tuple[FeedVintage | None, Mapped]:
    """Rows a program sent with a key that was found. The vintage is None where nothing is new.

    Raises ValidationError with what is wrong; the feed then says so to its owner as one that failed.
    """
    feed = key.feed
    if feed.paused_at is not None:
        raise ValidationError(_("This feed is paused."))
    permission = EDIT_INDICATOR if feed.indicator_id else EDIT_MONEY
    if not people_with(feed.engagement, permission).filter(pk=feed.owner_id).exists():
        raise ValidationError(_("Nobody owns this feed any more: its team has to choose an owner."))
    if feed.indicator_id is None and feed.trusted_by_id is None:
        raise ValidationError(_("A lead approves this feed before money comes in through it."))
    try:
        mapped = map_answer(feed, read_rows(rows), now.date())
    except FeedProblem as problem:
        fail(feed, problem, now)
        raise ValidationError({"rows": [f"{problem.sentence} {problem.advice}".strip()]}) from problem
    body = json.dumps(rows, sort_keys=True, default=str).encode()
    sha256 = hashlib.sha256(body).hexdigest()
    vintage = store(feed, mapped, sha256=sha256, size=len(body), now=now, key=key)
    succeed(feed, sha256, now)
    return vintage, mapped
