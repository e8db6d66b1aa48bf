"""What a mail service calls with: its signature, and whether a person or a machine wrote. Pure.

The form is that of Mailgun's routes ("fully parsed"): `timestamp`, `token` and `signature` beside `recipient`, `from`,
`body-plain`, `message-headers` and files. Any other service can be made to post the same fields.
"""

import hashlib
import hmac
import json

FRESH_SECONDS = 24 * 3_600  # a service tries again for hours; the token makes sure that a call counts once
_BULK = frozenset({"bulk", "list", "junk", "auto_reply"})


def is_signed(key: str, *, timestamp: str, token: str, signature: str, now: float) -> bool:
    """HMAC-SHA256 of timestamp and token with the service's key, not older than a day.

    >>> import hashlib, hmac
    >>> made = hmac.new(b"k", b"1000t", hashlib.sha256).hexdigest()
    >>> is_signed("k", timestamp="1000", token="t", signature=made, now=1060.0)
    True
    >>> is_signed("k", timestamp="1000", token="t", signature=made, now=1000.0 + 90_000)
    False
    """
    if not key or not token or not (timestamp.isascii() and timestamp.isdecimal()) or len(timestamp) > 12:
        return False
    if not -300 <= now - int(timestamp) <= FRESH_SECONDS:
        return False
    expected = hmac.new(key.encode(), f"{timestamp}{token}".encode(), hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.lower().encode())


def read_headers(said: str) -> dict[str, str]:
    """Of JSON pairs: name in lower case and value; {} for what is none."""
    try:
        pairs = json.loads(said)
    except ValueError:
        return {}
    if not isinstance(pairs, list):
        return {}
    return {str(pair[0]).lower(): str(pair[1]) for pair in pairs if isinstance(pair, list) and len(pair) == 2}


def is_automatic(headers: dict[str, str]) -> bool:
    """Out-of-office notes, bounces and lists (RFC 3834): nobody wants them as comments, and none gets an answer."""
    if headers.get("auto-submitted", "no").strip().lower() != "no":
        return True
    if headers.get("precedence", "").strip().lower() in _BULK or "x-autoreply" in headers or "x-autorespond" in headers:
        return True
    return (
        headers.get("return-path", "x").strip() == "<>" or "multipart/report" in headers.get("content-type", "").lower()
    )
