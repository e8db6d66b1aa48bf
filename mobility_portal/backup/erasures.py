"""Deletions since a backup: a row each, a line beside the backups, and the same deletion after a restore.

The rows are lost with the database; the lines are not. They hold the model, the key and the time, and nothing else.
"""

import json
import logging
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import Error, transaction
from django.utils import timezone

from engagements.base.erasures import erase_again
from mobility_portal.backup.models import Erasure
from mobility_portal.embedded.refusal import Refusal

logger = logging.getLogger(__name__)

FILE_NAME = "erasures.jsonl"
_LABEL, _KEY = re.compile(r"[a-z_]+\.[A-Za-z]+"), re.compile(r"[0-9a-zA-Z-]{1,64}")


@dataclass(frozen=True)
class Entry:
    id: UUID
    model: str
    object_id: str
    at: datetime

    @property
    def line(self) -> str:
        said = {"id": str(self.id), "model": self.model, "object": self.object_id, "at": self.at.isoformat()}
        return json.dumps(said) + "\n"


def keep_erasure(*, model: str, object_id: str, **_signal: Any) -> None:
    """Receives `erased`. The line is written once the deletion is committed, or with the next look of beat."""
    row = Erasure.objects.create(model=model, object_id=object_id, at=timezone.now())
    folder = settings.BACKUP_DIR
    if folder:
        transaction.on_commit(lambda: _try_append(folder, [_entry(row)]))


def write_missing_lines(folder: Path) -> int:
    """Lines for rows that have none: the disk was away when they were written. Raises OSError."""
    written = {entry.id for entry in read_lines(folder / FILE_NAME)}
    missing = [_entry(row) for row in Erasure.objects.all() if row.pk not in written]
    if missing:
        _append(folder, missing)
    return len(missing)


def _entry(row: Erasure) -> Entry:
    return Entry(row.pk, row.model, row.object_id, row.at)


def _try_append(folder: Path, entries: list[Entry]) -> None:
    try:
        _append(folder, entries)
    except OSError as error:  # nothing typed may be lost for it: the row is there and beat looks again
        logger.warning("The list of erasures cannot be written: %s", error.strerror)


def _append(folder: Path, entries: list[Entry]) -> None:
    """Whole lines by one write each time, at the end of the file, on the disk before it returns."""
    descriptor = os.open(folder / FILE_NAME, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(descriptor, "".join(entry.line for entry in entries).encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_lines(path: Path) -> list[Entry]:
    """None where there is no file; a last line that was cut off counts as not written. Raises Refusal."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(f"The list of erasures {path} cannot be read.") from error
    found: list[Entry] = []
    for number, line in enumerate(lines, start=1):
        try:
            found.append(_read(json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            if number == len(lines):
                break
            raise Refusal(
                f"Line {number} of {path} can’t be read: it is not the list that the portal wrote."
            ) from error
    return found


def _read(said: dict[str, str]) -> Entry:
    entry = Entry(UUID(said["id"]), said["model"], said["object"], datetime.fromisoformat(said["at"]))
    if not _LABEL.fullmatch(entry.model) or not _KEY.fullmatch(entry.object_id) or entry.at.tzinfo is None:
        raise ValueError("not as the portal writes it")
    return entry


def replay(entries: Iterable[Entry], since: datetime) -> tuple[int, list[Entry]]:
    """Erase again what was erased since the backup; how many, and those the database refused.

    Only later ones: a number drawn after an earlier restore may name something else today.
    """
    done, refused = 0, []
    for entry in sorted({entry.id: entry for entry in entries}.values(), key=lambda entry: entry.at):
        Erasure.objects.get_or_create(
            pk=entry.id, defaults={"model": entry.model, "object_id": entry.object_id, "at": entry.at}
        )
        if entry.at < since:
            continue
        try:
            erase_again(entry.model, entry.object_id)
            done += 1
        except (Error, LookupError, ValidationError, ValueError) as error:
            logger.error("%s %s could not be erased again: %s", entry.model, entry.object_id, type(error).__name__)
            refused.append(entry)
    return done, refused
