"""Signatures as Standard Webhooks has them (standardwebhooks.com): any of its libraries verifies ours. Pure."""

import base64
import hashlib
import hmac

PREFIX = "whsec_"


def write_key(random: bytes) -> str:
    """The key as its owner keeps it."""
    return PREFIX + base64.b64encode(random).decode()


def signature_headers(key: str, *, event: str, at: int, body: bytes) -> dict[str, str]:
    """`at`: seconds since 1970 of this attempt, so that an old message sent again by somebody else is found out.

    >>> key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    >>> made = signature_headers(key, event="msg_p5jXN8AQM9LWM0D4loKWxJek", at=1614265330, body=b'{"test": 2432232314}')
    >>> made["webhook-signature"]
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
    """
    secret = base64.b64decode(key.removeprefix(PREFIX))
    signed = hmac.new(secret, f"{event}.{at}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": event,
        "webhook-timestamp": str(at),
        "webhook-signature": "v1," + base64.b64encode(signed).decode(),
    }
