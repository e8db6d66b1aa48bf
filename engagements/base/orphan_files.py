"""Files that no row names: left by a process that was killed between a file and its row, or by a row that went back.

A file is written before its row, so a row without a file is never kept; the price is now and then a file without a row.
"""

import logging
import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.apps import apps
from django.core.files.storage import Storage
from django.db import models

from engagements.models.documents import document_storage

logger = logging.getLogger(__name__)
OLD_ENOUGH = timedelta(days=2)  # what is younger may belong to a transaction that goes on
MOST_AT_ONCE = 500
# More of them than this share are no accident: another database is behind these files, such as an empty one.
_SUSPICIOUS_SHARE, _SUSPICIOUS_NUMBER = 0.1, 20
_FOLDER, _NAME = re.compile(r"[0-9a-f]{2}"), re.compile(r"[0-9a-f]{32}\w*")
_BATCH = 1000


def delete_orphan_files(*, now: datetime) -> int:
    """How many were deleted. None where so many have no row that the database can't be the one they belong to."""
    storage = document_storage()
    names = list(_names(storage))
    found = [name for name in _without_row(names) if storage.get_modified_time(name) < now - OLD_ENOUGH]
    if len(found) > max(_SUSPICIOUS_NUMBER, _SUSPICIOUS_SHARE * len(names)):
        logger.error(
            "%s of %s kept files have no row; none was deleted. Is this their database?", len(found), len(names)
        )
        return 0
    deleted = 0
    # Asked again: a transaction that went on for days may have ended meanwhile.
    for name in list(_without_row(found))[:MOST_AT_ONCE]:
        storage.delete(name)
        deleted += 1
    if deleted:
        logger.info("%s files without a row were deleted.", deleted)
    return deleted


def _names(storage: Storage) -> Iterator[str]:
    """Of what `random_name` made; anything else in the folder is left alone."""
    try:
        folders, _files = storage.listdir("")
    except FileNotFoundError:
        return  # nothing was ever kept
    for folder in sorted(folders):
        if _FOLDER.fullmatch(folder):
            yield from (f"{folder}/{name}" for name in storage.listdir(folder)[1] if _NAME.fullmatch(name))


def _without_row(names: list[str]) -> Iterator[str]:
    fields = _file_fields()
    for at in range(0, len(names), _BATCH):
        batch = names[at : at + _BATCH]
        known: set[str] = set()
        for model, field in fields:
            known.update(model._base_manager.filter(**{f"{field}__in": batch}).values_list(field, flat=True))
        yield from (name for name in batch if name not in known)


def _file_fields() -> list[tuple[type[models.Model], str]]:
    """Every field of every model that may name a kept file, those of later versions too."""
    return [
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.FileField)
    ]
