"""A file between its first look and its keeping: in the one storage under a random name, named by a signed token.

Rows never go through the page. A file that nobody keeps belongs to no row, so that the sweep of files without a row
(`engagements.base.orphan_files`) deletes it after two days.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from engagements.models.documents import document_storage, random_name
from engagements.pilots.rules.data_values import DataProblem
from engagements.pilots.rules.reading import DataRefused

LIFETIME = 12 * 3600  # seconds between the first look and keeping
_SALT = "pilot data"


@dataclass(frozen=True)
class Waiting:
    """`columns`: portal's name -> header of the file, {} where the file has the portal's names."""

    name: str
    sha256: str
    columns: dict[str, str]
    agreement: int | None


def hold_file(content: bytes) -> tuple[str, str]:
    """(name, SHA-256)."""
    name = document_storage().save(random_name(None, ""), ContentFile(content))
    return name, hashlib.sha256(content).hexdigest()


def write_token(waiting: Waiting, *, pilot: int, by: int) -> str:
    """For this person and this pilot only."""
    values = [waiting.name, waiting.sha256, waiting.columns, waiting.agreement]
    return signing.dumps([pilot, by, *values], salt=_SALT, compress=True)


def read_token(token: str, *, pilot: int, by: int) -> Waiting:
    """Raises DataRefused for a token that is old, of somebody else or of another pilot."""
    try:
        found: list[Any] = signing.loads(token, salt=_SALT, max_age=LIFETIME)
    except signing.BadSignature as stale:
        raise _bring_again() from stale
    if found[:2] != [pilot, by]:
        raise _bring_again()
    return Waiting(*found[2:])


def read_waiting(waiting: Waiting) -> bytes:
    """Raises DataRefused where it is gone or not what was looked at."""
    try:
        with document_storage().open(waiting.name) as file:
            content: bytes = file.read()
    except FileNotFoundError as gone:
        raise _bring_again() from gone
    if hashlib.sha256(content).hexdigest() != waiting.sha256:
        raise _bring_again()
    return content


def drop_file(name: str) -> None:
    if name:
        document_storage().delete(name)


def _bring_again() -> DataRefused:
    said = _("This file is no longer waiting here, and nothing of it was kept. Bring it again.")
    return DataRefused([DataProblem(None, "", said)])
