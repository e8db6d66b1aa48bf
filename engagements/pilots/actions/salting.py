"""Salted ids: HMAC-SHA256 of the program's own id under a key of the pilot, and the key's end.

A plain hash of an id can be undone by trying every id; without the key nobody can. Ids count as they are written,
without spaces around them, so that the same file always meets the same units.
"""

import base64
import hashlib
import hmac
import secrets
import unicodedata
from datetime import datetime

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from engagements.models import Pilot, PilotKey

KEY_BYTES = 32


def salt_of(pilot: Pilot, *, now: datetime) -> bytes:
    """The pilot's key, made at its first use. Raises ValidationError where it was destroyed or can't be read."""
    kept = PilotKey.objects.filter(pilot=pilot).first()
    if kept is None:
        made = secrets.token_hex(KEY_BYTES)
        kept, _is_new = PilotKey.objects.get_or_create(
            pilot=pilot, defaults={"encrypted": _cipher().encrypt(made.encode()).decode(), "made_at": now}
        )
    if kept.destroyed_at is not None:
        raise ValidationError(
            _("The key of this pilot was destroyed with its data. Its ids can’t be matched any more.")
        )
    try:
        return bytes.fromhex(_cipher().decrypt(kept.encrypted.encode()).decode())
    except InvalidToken as unreadable:
        raise ValidationError(
            _("The key of this pilot can’t be read any more: the portal’s own key was changed.")
        ) from unreadable


def is_readable(kept: PilotKey) -> bool:
    """Whether the portal's own key still opens it."""
    try:
        _cipher().decrypt(kept.encrypted.encode())
    except InvalidToken:
        return False
    return True


def salted(key: bytes, raw: str) -> str:
    """64 hex digits. Worked: key of 32 zero bytes, " A-1 " -> the same as "A-1"."""
    return hmac.new(key, unicodedata.normalize("NFC", raw.strip()).encode(), hashlib.sha256).hexdigest()


def destroy_key(pilot: Pilot, *, now: datetime) -> bool:
    """Nobody can go from an id to its unit any more. Whether there was a key. Called when the pilot's data go."""
    return bool(PilotKey.objects.filter(pilot=pilot, destroyed_at=None).update(encrypted="", destroyed_at=now))


def _cipher() -> Fernet:
    key = hashlib.sha256(b"pilot key" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
