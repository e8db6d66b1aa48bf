"""The signed address that a mail is answered to: it names one notification of one person, for thirty days.

Nothing is kept for it. The name before the @ is in small letters and digits only, since mail servers change the case.
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings

VALID = timedelta(days=30)
ANSWERED = frozenset(
    {"comment", "expertrequest", "milestone", "plan", "quarterlyupdate", "result"}
)  # nouns that take a reply
_NAME = re.compile(r"([0-9a-v]{1,13})-([0-9a-v]{1,4})-([a-z2-7]{26})\Z")
_DIGITS = "0123456789abcdefghijklmnopqrstuv"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class ReplyTarget:
    """`ends_at`: until when a reply is taken."""

    notification: int
    ends_at: datetime


def write_reply_address(notification: int, now: datetime) -> str:
    """ "" where the portal takes no mail."""
    if not settings.REPLY_ADDRESS or not settings.INBOUND_MAIL_KEY:
        return ""
    day = (now + VALID - _EPOCH).days + 1  # whole days: an address says nothing about the minute
    name = f"{_write(notification)}-{_write(day)}"
    local, _, domain = settings.REPLY_ADDRESS.partition("@")
    return f"{local}+{name}-{_sign(name)}@{domain}"


def read_reply_address(address: str) -> ReplyTarget | None:
    """None for every address that this portal did not write, whatever is wrong with it."""
    local, _, domain = address.strip().lower().rpartition("@")
    base, _, ours = settings.REPLY_ADDRESS.lower().partition("@")
    if not ours or domain != ours or not local.startswith(f"{base}+"):
        return None
    found = _NAME.match(local.removeprefix(f"{base}+"))
    if found is None or not hmac.compare_digest(_sign(f"{found[1]}-{found[2]}"), found[3]):
        return None
    return ReplyTarget(int(found[1], 32), _EPOCH + timedelta(days=int(found[2], 32)))


def _sign(name: str) -> str:
    """130 bits of an HMAC: nobody guesses one by sending mails."""
    key = hashlib.sha256(b"reply address" + settings.SECRET_KEY.encode()).digest()
    signed = hmac.new(key, name.encode(), hashlib.sha256).digest()
    return base64.b32encode(signed).decode().lower()[:26]


def _write(number: int) -> str:
    """In base 32, as int(text, 32) reads it."""
    digits = ""
    while number:
        number, digit = divmod(number, 32)
        digits = _DIGITS[digit] + digits
    return digits or "0"
