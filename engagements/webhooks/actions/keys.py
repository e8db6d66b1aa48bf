"""Addresses and keys of webhooks, encrypted with the portal's key: a copy of the database sends nothing."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


class KeyLost(Exception):
    """The portal's key was changed since: what was kept can't be read any more."""


def encrypt(text: str) -> str:
    return _cipher().encrypt(text.encode()).decode()


def decrypt(kept: str) -> str:
    """Raises KeyLost."""
    try:
        return _cipher().decrypt(kept.encode()).decode()
    except InvalidToken as unreadable:
        raise KeyLost from unreadable


def _cipher() -> Fernet:
    key = hashlib.sha256(b"webhook" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
