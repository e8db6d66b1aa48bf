"""What can't be read any more after SECRET_KEY was lost or changed, and what of it must go so that people get in.

Encrypted with it: the secrets of authenticator apps, recovery codes, tokens of feeds, addresses and keys of webhooks,
keys of pilots' salted ids.
Signed with it: sessions, password-reset and unsubscribe links, addresses for replies by mail. Nothing else is.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.db import connection, transaction

from engagements.feeds.actions.secrets import reveal
from engagements.feeds.rules.answers import FeedProblem
from engagements.models import FeedSecret, PilotKey, WebhookEnd
from engagements.pilots.actions.salting import is_readable
from engagements.webhooks.actions.keys import KeyLost, decrypt

_ENCRYPTED = ("secret", "seed", "migrated_codes")


@dataclass(frozen=True)
class Unreadable:
    """Keys of rows, and whom they are of."""

    authenticators: tuple[tuple[int, str, str], ...]  # id, kind, address of its owner
    feeds: tuple[int, ...]
    webhooks: tuple[int, ...]
    pilots: tuple[int, ...] = ()

    @property
    def people(self) -> tuple[str, ...]:
        return tuple(sorted({email for _, _, email in self.authenticators}))


def find_unreadable() -> Unreadable:
    """With the SECRET_KEY that is set now. Passkeys are not encrypted with it and always stay."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)
    lost = [
        (row.pk, str(row.type), row.user.email)
        for row in Authenticator.objects.filter(type__in=kinds).select_related("user").order_by("pk")
        if not _is_readable(row)
    ]
    feeds = [row.feed_id for row in FeedSecret.objects.exclude(encrypted="").order_by("pk") if not _is_known(row)]
    webhooks = [row.webhook_id for row in WebhookEnd.objects.order_by("pk") if not _decrypts(row)]
    keys = PilotKey.objects.exclude(encrypted="").order_by("pk")
    pilots = [row.pilot_id for row in keys if not is_readable(row)]
    return Unreadable(tuple(lost), tuple(feeds), tuple(webhooks), tuple(pilots))


def forget_unreadable(found: Unreadable) -> None:
    """Second factors go, so that their owners sign in and set up new ones; every session ends.

    Tokens of feeds and ends of webhooks stay: their pages say that they can't be read and ask for new ones. A pilot
    whose key is lost keeps its draw, which can still be checked; files of its program can no longer be matched.
    """
    with transaction.atomic():
        Authenticator.objects.filter(pk__in=[pk for pk, _, _ in found.authenticators]).delete()
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_session")


def _is_readable(row: Authenticator) -> bool:
    values = [row.data[name] for name in _ENCRYPTED if row.data.get(name)]
    try:
        for text in _texts(values):
            get_adapter().decrypt(text)
    except InvalidToken:
        return False
    return True


def _texts(values: Iterable[object]) -> Iterable[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            yield from (text for text in value if isinstance(text, str))


def _is_known(row: FeedSecret) -> bool:
    try:
        reveal(row, "")
    except FeedProblem:
        return False
    return True


def _decrypts(row: WebhookEnd) -> bool:
    try:
        decrypt(row.key)
    except KeyLost:
        return False
    return True
