"""What a publisher wants to see of us: kept encrypted, or in a variable of the server; never shown again."""

import base64
import hashlib
import os
import re
from urllib.parse import urlsplit

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.utils.translation import gettext as _

from engagements.feeds.rules.answers import FeedProblem
from engagements.models import FeedSecret

VARIABLE = re.compile(r"FEED_TOKEN_[A-Z0-9_]{1,49}$")


def encrypt(secret: str) -> str:
    return _cipher().encrypt(secret.encode()).decode()


def reveal(kept: FeedSecret | None, address: str) -> str:
    """The secret for a request to `address`, "" where there is none. Raises FeedProblem.

    A variable holds the host and the token with a space between: whoever makes a feed names the variable, and must not
    be able to send its token to a server of their own.
    """
    if kept is None:
        return ""
    if kept.encrypted:
        try:
            return _cipher().decrypt(kept.encrypted.encode()).decode()
        except InvalidToken as unreadable:
            raise FeedProblem(
                _("The token can’t be read any more: the portal’s key was changed."), _("Enter the token again.")
            ) from unreadable
    host, blank, token = os.environ.get(kept.variable, "").strip().partition(" ")
    if not blank or not token.strip():
        raise FeedProblem(
            _("The server has no variable {name}.").format(name=kept.variable),
            _("Ask whoever runs the portal to set it: the host, a space, the token."),
        )
    if host.lower() != (urlsplit(address).hostname or "").lower():
        raise FeedProblem(
            _("{name} is for another host than this feed asks.").format(name=kept.variable),
            _("Use the token of this publisher."),
        )
    return token.strip()


def _cipher() -> Fernet:
    key = hashlib.sha256(b"feed secret" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def seal(secret: str) -> str:
    """For a form that comes back a moment later; "" for none."""
    return encrypt(secret) if secret else ""


def unseal(sealed: str) -> str:
    """What `seal` made within the hour; "" for anything else."""
    try:
        return _cipher().decrypt(sealed.encode(), ttl=3600).decode() if sealed else ""
    except (InvalidToken, UnicodeEncodeError):
        return ""
