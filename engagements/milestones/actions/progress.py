"""Logging progress: the most frequent write, often from a phone."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone

from engagements import limits
from engagements.access.engagements import milestone_for
from engagements.access.errors import NotFound
from engagements.access.roles import people_with, permissions_in
from engagements.base.audited_transaction import (
    add_activity,
    audited_transaction,
    begin_idempotent,
    complete_idempotent,
    notify,
)
from engagements.base.editing import change, lock
from engagements.base.long_text import split_text
from engagements.discussion.actions.documents import NewFile, store_document
from engagements.milestones.actions.milestones import move_due_date
from engagements.milestones.actions.recurrence import make_next
from engagements.models import Milestone, Notification, ProgressEntry, User
from engagements.permissions import APPROVE_MILESTONE, LOG_PROGRESS
from engagements.workflow import MILESTONE, MILESTONE_AT_WORK, MoveRefused


@dataclass(frozen=True)
class NewDueDate:
    """`reason` of SLIP_REASONS; “other” also `words`."""

    due_on: date
    reason: str
    words: str = ""


def log_progress(
    *,
    milestone: int,
    status: str,
    line: str,
    by: User,
    now: datetime,
    file: NewFile | None = None,
    expected_version: int | None = None,
    new_due_date: NewDueDate | None = None,
    submission: UUID | None = None,
) -> ProgressEntry:
    """What happened, and the status it led to (the same one is fine). Entries of many people at once all stay.

    `line`: up to limits.LONG_BODY characters; what is more than one line is kept as the entry's note, none is cut.
    `new_due_date`: the due date moves with it, for who may edit the milestone.
    With `expected_version` a status somebody else changed meanwhile is a Conflict. Raises NotFound, ValidationError.
    """
    if not line.strip():
        raise ValidationError({"line": "Write what happened in one sentence."})
    if len(line) > limits.LONG_BODY:
        raise ValidationError({"line": f"{len(line):,} characters; at most {limits.LONG_BODY:,} fit into one entry."})
    line, note = split_text(line, limits.LINE)
    seen = milestone_for(by, milestone, LOG_PROGRESS)
    with audited_transaction(by, line):
        claimed = begin_idempotent(by, "log_progress", submission)
        if claimed.object_id:
            return ProgressEntry.objects.get(pk=claimed.object_id)
        row = lock(seen)
        if row.archived_at is not None:  # meanwhile, or seen by who may restore it
            raise NotFound("This milestone is archived: nothing is logged on it.")
        before = row.status
        move(row, status, by, now, expected_version)
        if status == "done" != before:
            make_next(row, by, now)
        if new_due_date:
            wanted = {"slip_reason": new_due_date.reason, "slip_words": new_due_date.words}
            move_due_date(seen, row, new_due_date.due_on, by=by, now=now, expected_version=expected_version, **wanted)
        document = store_document(file, engagement=seen.engagement, milestone=row, by=by, now=now) if file else None
        entry = ProgressEntry.objects.create(
            engagement_id=row.engagement_id,
            milestone=row,
            old_status=before,
            status=status,
            line=line,
            note=note,
            document=document,
            at=now,
            by=by,
        )
        add_activity(
            by=by,
            now=now,
            verb="logged",
            thing=row,
            engagement_id=row.engagement_id,
            line=line,
            changes={"status": (before, status)} if before != status else {},
        )
        if row.owner_id:
            notify(
                [row.owner_id],
                Notification.Kind.CHANGE,
                thing=row,
                engagement=seen.engagement,
                line=f"{row.title}: {line}",
                by=by,
                now=now,
            )
        if status == "awaiting_review" != before:
            approvers = people_with(seen.engagement, APPROVE_MILESTONE)
            notify(
                approvers,
                Notification.Kind.ASSIGNMENT,
                thing=row,
                engagement=seen.engagement,
                line=f"To review: {row.title}",
                by=by,
                now=now,
            )
        complete_idempotent(claimed, entry, row.version)
    return entry


def move(row: Milestone, status: str, by: User, now: datetime, expected_version: int | None = None) -> None:
    """A locked milestone to a status, with the dates that go with it."""
    try:
        MILESTONE.check_move(
            row.status, status, permissions_in(by, row.engagement_id), needs_approval=row.needs_approval
        )
    except MoveRefused as refused:
        raise ValidationError({"status": str(refused)}) from refused
    today = timezone.localdate(now)
    wanted: dict[str, object] = {"status": status}
    if status != row.status:
        if status in MILESTONE_AT_WORK and row.started_on is None:
            wanted["started_on"] = today
        wanted["done_on"] = max(today, row.started_on or today) if status == "done" else None
        approved = status == "done" and row.needs_approval
        wanted |= {"approved_at": now if approved else None, "approved_by": by if approved else None}
    change(row, wanted, expected_version)
