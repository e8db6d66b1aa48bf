"""A file between its first look and its keeping: in the one storage under a random name, named by a signed token.

Rows never go through the page. A file that nobody keeps is deleted when somebody cancels, and else by its age
(`engagements.base.waiting_files`). While it waits it counts in its engagement's quota of documents.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from engagements.base.quotas import check_document
from engagements.base.waiting_files import LIFETIME, hold_waiting
from engagements.models.documents import document_storage
from engagements.pilots.rules.data_values import DataProblem
from engagements.pilots.rules.reading import DataRefused

_SALT = "pilot data"


@dataclass(frozen=True)
class Waiting:
    """`columns`: portal's name -> header of the file, {} where the file has the portal's names."""

    name: str
    sha256: str
    columns: dict[str, str]
    agreement: int | None


def hold_file(content: bytes, engagement_id: int) -> tuple[str, str]:
    """(name, SHA-256). `engagement_id`: the pilot's home. Raises QuotaReached."""
    with transaction.atomic():
        check_document(engagement_id, len(content))
        name = hold_waiting(content, engagement_id)
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


def drop_file(name: str) -> bool:
    """Whether it was still there."""
    was_there = bool(name) and document_storage().exists(name)
    if was_there:
        document_storage().delete(name)
    return was_there


def _bring_again() -> DataRefused:
    said = _("This file is no longer waiting here, and nothing was saved. Import it again.")
    return DataRefused([DataProblem(None, "", said)])
