"""The two key pairs of backups.

Reading: an age identity. The operator keeps it, the portal has only the public half (the recipient): whoever takes the
portal can't read its backups. Origin: an Ed25519 key. The portal signs with it, the operator's file holds the public
half: anybody could encrypt to a recipient, and a database dump runs statements where it is restored.
"""

import base64
import hashlib
import os
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyrage
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from mobility_portal.embedded.home import Home
from mobility_portal.embedded.refusal import Refusal

RECIPIENT, SIGNING_KEY = "backup_recipient", "backup_signing_key"  # files in secrets/
_VERIFY = re.compile(r"^# signed by: ([A-Za-z0-9+/=]{44})$", re.MULTILINE)
_NO_KEY = "There is no key for backups yet: run `manage.py backup_key FILE` once, and keep FILE away from this machine."


@dataclass(frozen=True)
class Identity:
    """What the operator's file holds: `secret` opens, `signer` says whose backups are believed."""

    secret: "pyrage.x25519.Identity"
    signer: Ed25519PublicKey | None


def make_key(home: Home, path: Path, now: datetime, *, replace: bool = False) -> str:
    """Write the operator's file, keep the public half; returns the recipient. Raises Refusal.

    `replace`: later backups are for the new key; older ones still need the old file.
    """
    path = path.expanduser().absolute()
    if path.resolve().is_relative_to(home.path.resolve()):
        raise Refusal("Keep the key outside MOBILITY_HOME: whoever takes the portal must not be able to read backups.")
    if (home.secrets / RECIPIENT).exists() and not replace:
        raise Refusal(
            f"This portal has a key for backups already ({read_recipient(home)}). Use --replace for a new one; "
            "backups made until now still need the old file."
        )
    secret = pyrage.x25519.Identity.generate()
    recipient = str(secret.to_public())
    signer = base64.b64encode(signing_key(home).public_key().public_bytes_raw()).decode()
    text = (
        f"# created: {now.isoformat(timespec='seconds')}\n# public key: {recipient}\n# signed by: {signer}\n{secret}\n"
    )
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise Refusal(f"{path} exists already; choose another name.") from error
    except OSError as error:
        raise Refusal(f"{path} cannot be written ({error.strerror}).") from error
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    _write_private(home.secrets / RECIPIENT, recipient)
    return recipient


def _write_private(path: Path, text: str) -> None:
    draft = path.with_name(f"{path.name}.draft")
    draft.touch(mode=0o600)
    draft.write_text(text)
    draft.replace(path)


def read_recipient(home: Home, given: str = "") -> str:
    """`given`, else the one kept in the home. Raises Refusal when it is none."""
    kept = home.secrets / RECIPIENT
    text = (given or (kept.read_text() if kept.exists() else "")).strip()
    if not text:
        raise Refusal(_NO_KEY)
    try:
        pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError as error:
        raise Refusal(
            "The key of backups is no age recipient: it begins with age1 and is made by backup_key."
        ) from error
    return text


def read_identity(path: Path) -> Identity:
    """The operator's file, of ours or of `age-keygen`. Raises Refusal; says nothing of what is in the file."""
    try:
        text = path.expanduser().read_text("ascii")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise Refusal(f"The key file {path} cannot be read ({reason}).") from error
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    try:
        (line,) = lines
        secret = pyrage.x25519.Identity.from_str(line)
    except (ValueError, pyrage.IdentityError) as error:
        raise Refusal(f"{path} holds no key of backups: it has one line that begins with AGE-SECRET-KEY-1.") from error
    found = _VERIFY.search(text)
    signer = Ed25519PublicKey.from_public_bytes(base64.b64decode(found.group(1))) if found else None
    return Identity(secret, signer)


def signing_secret(home: Home) -> str:
    """This portal's own, made on first use. Hosts that share no home are given one: BACKUP_SIGNING_KEY."""
    return os.environ.get("BACKUP_SIGNING_KEY", "").strip() or home.secret(SIGNING_KEY)


def signing_key(home: Home) -> Ed25519PrivateKey:
    seed = hashlib.sha256(b"signature of backups" + signing_secret(home).encode()).digest()
    return Ed25519PrivateKey.from_private_bytes(seed)


def is_signed(signer: Ed25519PublicKey, signature: bytes, content: bytes) -> bool:
    try:
        signer.verify(signature, content)
    except InvalidSignature:
        return False
    return True
