"""Changing many milestones at once: all of them, or none with a reason for each that can't."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from engagements.access.engagements import milestone_for
from engagements.access.errors import NotFound
from engagements.base.audited_transaction import audited_transaction, begin_idempotent, complete_idempotent, notify_once
from engagements.base.editing import Conflict
from engagements.milestones.actions.milestones import change_milestone
from engagements.milestones.actions.progress import log_progress
from engagements.models import Engagement, Milestone, User
from engagements.permissions import EDIT_MILESTONE, LOG_PROGRESS

MOST = 200
KEEP = object()


@dataclass(frozen=True)
class BulkChange:
    """What to do with each. `owner`: an id, None for nobody, KEEP; `shift_days` may be negative, `due_on` is one day
    for all instead.
    """

    status: str = ""
    line: str = ""
    owner: object = KEEP
    shift_days: int = 0
    due_on: date | None = None
    slip_reason: str = ""
    slip_words: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.status and self.owner is KEEP and not self.moves_dates

    @property
    def moves_dates(self) -> bool:
        return bool(self.shift_days or self.due_on)

    @property
    def permission(self) -> str:
        """What it takes: who may log progress may change a status."""
        return LOG_PROGRESS if self.owner is KEEP and not self.moves_dates else EDIT_MILESTONE


@dataclass(frozen=True)
class ChangedMany:
    """`versions`: (before, after) by id of those that differ now; empty when it was done before."""

    count: int
    versions: dict[int, tuple[int, int]] = field(default_factory=dict)


class RowsRefused(Exception):
    """Nothing was written; `reasons` by milestone id."""

    def __init__(self, reasons: dict[int, str]):
        super().__init__("Nothing was changed.")
        self.reasons = reasons


def change_many(
    *, milestones: dict[int, int], bulk_change: BulkChange, by: User, now: datetime, submission: UUID | None = None
) -> ChangedMany:
    """`milestones`: the version seen by id. All of them or none.

    Raises RowsRefused, ValidationError by field for what concerns all of them.
    """
    _check(milestones, bulk_change)
    reasons: dict[int, str] = {}
    with audited_transaction(by, bulk_change.line or bulk_change.slip_words or bulk_change.slip_reason):
        claimed = begin_idempotent(by, "change_many", submission)
        if claimed.object_id:
            return ChangedMany(len(milestones))
        before = _versions(milestones)
        for pk in sorted(milestones):
            reason = _change_one(pk, milestones[pk], bulk_change, by, now)
            if reason:
                reasons[pk] = reason
        if reasons:
            raise RowsRefused(reasons)
        for within in Engagement.objects.filter(milestones__in=list(milestones)).distinct().select_related("city"):
            notify_once(within, by, now)
        complete_idempotent(claimed, Milestone(pk=min(milestones)))
        after = _versions(milestones)
    return ChangedMany(len(milestones), {pk: (before[pk], after[pk]) for pk in after if before[pk] != after[pk]})


def _versions(milestones: Iterable[int]) -> dict[int, int]:
    """Locked, in one order for all: two people never wait for one another."""
    rows = Milestone.objects.filter(pk__in=list(milestones)).order_by("pk").select_for_update()
    return dict(rows.values_list("pk", "version"))


def _check(milestones: dict[int, int], bulk_change: BulkChange) -> None:
    if not milestones:
        raise ValidationError("Choose at least one milestone.")
    if len(milestones) > MOST:
        raise ValidationError(f"At most {MOST} milestones at once.")
    if bulk_change.is_empty:
        raise ValidationError("Say what to change: status, owner or dates.")
    if bulk_change.status and not bulk_change.line.strip():
        raise ValidationError({"line": "Write what happened in one sentence."})
    if bulk_change.moves_dates and not bulk_change.slip_reason:
        raise ValidationError({"slip_reason": "Say why the dates move."})


def _change_one(pk: int, version: int, bulk_change: BulkChange, by: User, now: datetime) -> str:
    """Why it can't be changed; empty when it was."""
    try:
        with transaction.atomic():
            seen = milestone_for(by, pk, bulk_change.permission)
            changes: dict[str, object] = {} if bulk_change.owner is KEEP else {"owner": bulk_change.owner}
            if bulk_change.due_on:
                changes["due_on"] = bulk_change.due_on
            if bulk_change.shift_days:
                if seen.due_on is None:
                    return "It has no due date to move."
                try:
                    changes["due_on"] = seen.due_on + timedelta(days=bulk_change.shift_days)
                except OverflowError:
                    return "No calendar goes that far: move it by fewer days."
            if changes:
                change_milestone(
                    milestone=pk,
                    changes=changes,
                    expected_version=version,
                    by=by,
                    now=now,
                    why=bulk_change.line,
                    slip_reason=bulk_change.slip_reason,
                    slip_words=bulk_change.slip_words,
                )
            if bulk_change.status:
                log_progress(
                    milestone=pk,
                    status=bulk_change.status,
                    line=bulk_change.line,
                    by=by,
                    now=now,
                    expected_version=version,
                )
    except NotFound:
        return "It is not there any more, or not yours to change."
    except ValidationError as refused:
        return " ".join(refused.messages)
    except Conflict as conflict:
        return f"Someone changed {' and '.join(each.field.replace('_', ' ') for each in conflict.fields)} meanwhile."
    return ""
