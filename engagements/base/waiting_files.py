"""Files that wait until somebody keeps them. They lie apart from those that rows name, and end by the clock alone.

No row speaks of them, so nothing but their age decides: the sweep of files without a row (`orphan_files`) stops where
it finds too many, and what people brought about others must not wait for that.
"""

import logging
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import Storage

from engagements.models.documents import document_storage

logger = logging.getLogger(__name__)
FOLDER = "waiting"
LIFETIME = timedelta(hours=12)


def hold_waiting(content: bytes, engagement_id: int) -> str:
    """Its name. Below the engagement, so that `bytes_waiting` can count."""
    return document_storage().save(f"{FOLDER}/{engagement_id}/{uuid.uuid4().hex}", ContentFile(content))


def bytes_waiting(engagement_id: int) -> int:
    """Of all files of an engagement that wait."""
    storage, total = document_storage(), 0
    for name in _files(storage, f"{FOLDER}/{engagement_id}"):
        try:
            total += storage.size(name)
        except FileNotFoundError:
            continue  # kept or deleted meanwhile
    return total


def delete_expired_waiting(*, now: datetime) -> int:
    """How many were older than LIFETIME and are gone."""
    storage, count = document_storage(), 0
    for engagement in _listed(storage, FOLDER)[0]:
        for name in _files(storage, f"{FOLDER}/{engagement}"):
            try:
                is_over = storage.get_modified_time(name) <= now - LIFETIME
            except FileNotFoundError:
                continue  # kept or deleted meanwhile
            if is_over:
                storage.delete(name)
                count += 1
    if count:
        logger.info("%s files that nobody kept were deleted.", count)
    return count


def _files(storage: Storage, folder: str) -> Iterator[str]:
    yield from (f"{folder}/{name}" for name in _listed(storage, folder)[1] if name)


def _listed(storage: Storage, folder: str) -> tuple[list[str], list[str]]:
    """(folders, files); nothing where nothing ever waited."""
    try:
        return storage.listdir(folder)
    except FileNotFoundError:
        return [], []
