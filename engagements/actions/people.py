"""What people say about themselves, and the link in a mail that ends the mails."""

from django.core import signing
from django.core.exceptions import ValidationError

from engagements.actions.editing import validate
from engagements.models import User

CHANGEABLE = frozenset({"name", "title", "phone", "organisation", "time_zone", "digest"})
_SALT = "engagements.unsubscribe"


def change_profile(*, changes: dict[str, object], by: User) -> User:
    """One's own. Raises ValidationError by field."""
    unknown = set(changes) - CHANGEABLE
    if unknown:
        raise ValidationError(f"Not changed here: {', '.join(sorted(unknown))}.")
    row = User.objects.get(pk=by.pk)
    organisation = changes.get("organisation")
    if organisation is not None and organisation.is_fictional != row.is_fictional:
        raise ValidationError({"organisation": "Demo accounts belong to demo organisations, people to real ones."})
    for name, value in changes.items():
        setattr(row, name, value)
    validate(row, changes)
    row.save(update_fields=list(changes))
    return row


def make_unsubscribe_token(user: User) -> str:
    """For the link in a mail; it can do nothing else and needs no sign-in."""
    return signing.dumps(user.pk, salt=_SALT)


def find_reader(*, token: str) -> User:
    """Whose mail the link stands in. Raises ValidationError for a link nobody sent."""
    try:
        pk = signing.loads(token, salt=_SALT)
    except signing.BadSignature as forged:
        raise ValidationError("This link is not one of ours.") from forged
    return User.objects.get(pk=pk)


def unsubscribe(*, token: str) -> User:
    """No more digests. Raises ValidationError for a link nobody sent."""
    user = find_reader(token=token)
    user.digest = User.Digest.NONE
    user.save(update_fields=["digest"])
    return user
