"""What people say about themselves, and the link in a mail that ends the mails."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from django.core import signing
from django.core.exceptions import ValidationError

from engagements.base.audited_transaction import audited_transaction
from engagements.base.editing import validate
from engagements.models import Notification, NotificationChoice, Organisation, User

CHANGEABLE = frozenset({"name", "title", "phone", "organisation", "time_zone", "digest", "portfolio_digest"})
_SALT = "engagements.unsubscribe"
_NEVER = NotificationChoice.When.NEVER


class MailSubscription(StrEnum):
    """What a link at the end of a mail ends."""

    DIGEST = "digest"  # of one's work, daily or weekly
    PORTFOLIO = "portfolio"  # each quarter
    MENTION = "mention"  # and the others of one kind of notification each
    ASSIGNMENT = "assignment"
    CHANGE = "change"

    @property
    def is_of_notifications(self) -> bool:
        return self.value in Notification.Kind.values


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


def is_unsubscribed(user: User, mails: MailSubscription) -> bool:
    if mails.is_of_notifications:
        return NotificationChoice.objects.filter(user_id=user.pk, kind=mails.value, email=_NEVER).exists()
    return not user.portfolio_digest if mails == MailSubscription.PORTFOLIO else user.digest == User.Digest.NONE


def unsubscribe(*, token: str, now: datetime) -> tuple[User, MailSubscription]:
    """No more of these mails; others go on. Raises ValidationError for a link nobody sent."""
    user, mails = find_reader(token=token)
    if mails.is_of_notifications:
        with audited_transaction(user, "unsubscribed by link"):
            NotificationChoice.objects.update_or_create(
                user=user, kind=mails.value, defaults={"email": _NEVER, "changed_at": now}
            )
        return user, mails
    if mails == MailSubscription.PORTFOLIO:
        user.portfolio_digest = False
    else:
        user.digest = User.Digest.NONE
    user.save(update_fields=["portfolio_digest" if mails == MailSubscription.PORTFOLIO else "digest"])
    return user, mails
