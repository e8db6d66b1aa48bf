"""What people say about themselves, and the link in a mail that ends the mails."""

from collections.abc import Mapping
from enum import StrEnum

from django.core import signing
from django.core.exceptions import ValidationError

from engagements.base.editing import validate
from engagements.models import Organisation, User

CHANGEABLE = frozenset({"name", "title", "phone", "organisation", "time_zone", "digest", "portfolio_digest"})
_SALT = "engagements.unsubscribe"


class MailSubscription(StrEnum):
    """What a link at the end of a mail ends."""

    DIGEST = "digest"  # of one's work, daily or weekly
    PORTFOLIO = "portfolio"  # each quarter


def change_profile(*, changes: Mapping[str, object], by: User) -> User:
    """One's own. Raises ValidationError by field."""
    unknown = set(changes) - CHANGEABLE
    if unknown:
        raise ValidationError(f"Not changed here: {', '.join(sorted(unknown))}.")
    row = User.objects.get(pk=by.pk)
    organisation = changes.get("organisation")
    if isinstance(organisation, Organisation) and organisation.is_fictional != row.is_fictional:
        raise ValidationError({"organisation": "Demo accounts belong to demo organizations, people to real ones."})
    for name, value in changes.items():
        setattr(row, name, value)
    validate(row, changes)
    row.save(update_fields=list(changes))
    return row


def make_unsubscribe_token(user: User, mails: MailSubscription = MailSubscription.DIGEST) -> str:
    """For the link in a mail; it can do nothing else and needs no sign-in."""
    return signing.dumps(user.pk if mails == MailSubscription.DIGEST else [user.pk, mails.value], salt=_SALT)


def find_reader(*, token: str) -> tuple[User, MailSubscription]:
    """Whose mail the link stands in, and which it ends. Raises ValidationError for a link nobody sent."""
    try:
        said = signing.loads(token, salt=_SALT)
    except signing.BadSignature as forged:
        raise ValidationError("This link is not one of ours.") from forged
    pk, mails = said if isinstance(said, list) else (said, MailSubscription.DIGEST)
    return User.objects.get(pk=pk), MailSubscription(mails)


def unsubscribe(*, token: str) -> tuple[User, MailSubscription]:
    """No more of these mails; others go on. Raises ValidationError for a link nobody sent."""
    user, mails = find_reader(token=token)
    if mails == MailSubscription.PORTFOLIO:
        user.portfolio_digest = False
    else:
        user.digest = User.Digest.NONE
    user.save(update_fields=["portfolio_digest" if mails == MailSubscription.PORTFOLIO else "digest"])
    return user, mails
