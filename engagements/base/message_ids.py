"""The Message-ID of a mail, signed with the address it goes to: a report that quotes it is about a mail of ours."""

import base64
import hashlib
import hmac
import secrets
from email.utils import parseaddr

from django.conf import settings


def write_message_id(address: str) -> str:
    """With its angle brackets."""
    nonce = secrets.token_hex(8)
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{nonce}.{_sign(nonce, address)}@{domain}>"


def is_ours(message_id: str, address: str) -> bool:
    """Whether this portal wrote it, for this address."""
    nonce, _, signed = message_id.strip("<> ").rpartition("@")[0].partition(".")
    return bool(nonce and signed) and hmac.compare_digest(_sign(nonce, address).encode(), signed.lower().encode())


def _sign(nonce: str, address: str) -> str:
    key = hashlib.sha256(b"message id" + settings.SECRET_KEY.encode()).digest()
    made = hmac.new(key, f"{nonce} {address.strip().lower()}".encode(), hashlib.sha256).digest()
    return base64.b32encode(made).decode().lower()[:26]
