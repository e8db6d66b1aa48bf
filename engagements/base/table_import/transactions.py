"""Preview, then commit: the rows are written in a transaction that is rolled back, then again in one that stays.

So the preview checks what the database checks too, and what is kept is what was shown, whole or not at all.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

from django.db import models, transaction

from engagements.base.audited_transaction import audited_transaction, begin_idempotent, complete_idempotent
from engagements.base.table_import.results import ImportResult
from engagements.models import User

Result = TypeVar("Result", bound=ImportResult)


def preview_rows(write_rows: Callable[[], Result], *, by: User) -> Result:
    """What `write_rows` would do; nothing of it stays."""
    with audited_transaction(by, "imported"):
        found = write_rows()
        transaction.set_rollback(True)
    return found


def commit_rows(
    write_rows: Callable[[], Result],
    *,
    by: User,
    action: str,
    fingerprint: str,
    submission: UUID | None,
    done: Callable[[Result], models.Model],
) -> Result | None:
    """All rows, only when none is refused and the result has the fingerprint of what the person was shown.

    `write_rows` also takes the locks that let two imports follow one another. `done` runs once, when the rows stay:
    it notes and tells what was imported, and returns what the import was into. None when this submission of this
    `action` was carried out before.
    """
    with audited_transaction(by, "imported"):
        claimed = begin_idempotent(by, action, submission)
        if claimed.object_id:
            return None
        found = write_rows()
        kept = found.fingerprint == fingerprint and found.may_be_kept
        if kept:
            complete_idempotent(claimed, done(found))
        else:
            transaction.set_rollback(True)
    return replace(found, is_kept=kept)
