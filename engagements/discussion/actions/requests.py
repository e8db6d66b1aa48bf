"""Asking experts, answering, and reporting a problem with a number."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone

from engagements import limits
from engagements.access.discussion import permissions_on_request, request_for
from engagements.access.engagements import engagement_for, milestone_for
from engagements.access.errors import NotFound
from engagements.access.roles import people_with, triage_users
from engagements.base.audited_transaction import (
    add_activity,
    audited_transaction,
    begin_idempotent,
    complete_idempotent,
    notify,
)
from engagements.base.editing import change, lock, validate
from engagements.models import ExpertRequest, Notification, User
from engagements.permissions import ANSWER_REQUEST, ASK_REQUEST, VIEW_REQUEST, VIEW_TEAM
from engagements.workflow import REQUEST, MoveRefused


def create_request(
    *,
    engagement: int | str,
    question: str,
    due_on: date,
    by: User,
    now: datetime,
    owner: int | None = None,
    milestone: int | None = None,
    panel_path: str = "",
    submission: UUID | None = None,
) -> ExpertRequest:
    """`owner`: who is to answer; none: every expert and lead of the engagement is told. Raises ValidationError."""
    within = engagement_for(by, engagement, ASK_REQUEST)
    about = milestone_for(by, milestone, VIEW_TEAM) if milestone else None
    if about and about.engagement_id != within.pk:
        raise ValidationError({"milestone": "The milestone is of another engagement."})
    if due_on < timezone.localdate(now):
        raise ValidationError({"due_on": "The day is over already."})
    experts = people_with(within, ANSWER_REQUEST)
    if owner and not experts.filter(pk=owner).exists():
        raise ValidationError({"owner": "Choose an expert of this engagement."})
    made = ExpertRequest(
        kind="question",
        engagement=within,
        city_id=within.city_id,
        milestone=about,
        panel_path=panel_path,
        question=question.strip(),
        due_on=due_on,
        owner_id=owner,
        asked_by=by,
        asked_at=now,
    )
    return _create_request(made, [owner] if owner else experts, by, now, submission)


def report_problem(
    *,
    panel_path: str,
    what: str,
    by: User,
    now: datetime,
    city: int | None = None,
    engagement: int | None = None,
    submission: UUID | None = None,
) -> ExpertRequest:
    """A problem with a number, by anybody who signed in. Raises ValidationError by field."""
    if not by.is_active:
        raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
    within = engagement_for(by, engagement, ASK_REQUEST) if engagement else None
    if not panel_path:
        raise ValidationError({"panel_path": "Say which page shows the number."})
    made = ExpertRequest(
        kind="problem",
        engagement=within,
        city_id=city,
        panel_path=panel_path,
        question=what.strip(),
        asked_by=by,
        asked_at=now,
    )
    readers = people_with(within, ANSWER_REQUEST) if within else triage_users()
    return _create_request(made, readers, by, now, submission)


def assign_request(*, request: int, owner: int, expected_version: int, by: User, now: datetime) -> ExpertRequest:
    """To an expert or lead: of the engagement, or where there is none, of any.

    Raises NotFound, Conflict, ValidationError.
    """
    seen = request_for(by, request, ANSWER_REQUEST)
    experts = people_with(seen.engagement, ANSWER_REQUEST) if seen.engagement else triage_users()
    if not experts.filter(pk=owner).exists():
        raise ValidationError({"owner": "Choose an expert."})
    with audited_transaction(by):
        row = lock(seen)
        done = change(row, {"owner": owner}, expected_version)
        if done:
            add_activity(
                by=by,
                now=now,
                verb="assigned",
                thing=row,
                engagement_id=row.engagement_id,
                title=row.question,
                changes=done,
            )
            notify(
                [owner],
                Notification.Kind.ASSIGNMENT,
                thing=row,
                engagement=seen.engagement,
                line=row.question,
                by=by,
                now=now,
            )
    return row


def answer_request(
    *, request: int, answer: str, expected_version: int, by: User, now: datetime, submission: UUID | None = None
) -> ExpertRequest:
    """Raises NotFound, Conflict, ValidationError."""
    if not answer.strip():
        raise ValidationError({"answer": "Write the answer."})
    if len(answer.strip()) > limits.LONG_BODY:  # a reply by mail comes through no form
        raise ValidationError({"answer": f"At most {limits.LONG_BODY:,} characters fit into an answer."})
    seen = request_for(by, request, ANSWER_REQUEST)
    with audited_transaction(by):
        claimed = begin_idempotent(by, "answer_request", submission)
        if claimed.object_id:
            return ExpertRequest.objects.get(pk=claimed.object_id)
        wanted = {"answer": answer.strip(), "answered_by": by, "answered_at": now}
        row = _move(seen, "answered", wanted, expected_version, by, now, line=answer)
        notify(
            [row.asked_by_id],
            Notification.Kind.ASSIGNMENT,
            thing=row,
            engagement=seen.engagement,
            line=f"Answered: {row.question}",
            by=by,
            now=now,
        )
        complete_idempotent(claimed, row)
    return row


def close_request(*, request: int, expected_version: int, by: User, now: datetime, why: str = "") -> ExpertRequest:
    """Raises NotFound, Conflict, ValidationError."""
    seen = request_for(by, request, VIEW_REQUEST)
    with audited_transaction(by, why):
        return _move(seen, "closed", {}, expected_version, by, now, line=why)


def reopen_request(*, request: int, expected_version: int, by: User, now: datetime, why: str) -> ExpertRequest:
    """Raises NotFound, Conflict, ValidationError."""
    if not why.strip():
        raise ValidationError({"why": "Say what is still open."})
    seen = request_for(by, request, ASK_REQUEST)
    with audited_transaction(by, why):
        row = _move(seen, "open", {}, expected_version, by, now, line=why)
        notify(
            [row.owner_id, row.answered_by_id],
            Notification.Kind.ASSIGNMENT,
            thing=row,
            engagement=seen.engagement,
            line=f"Open again: {row.question}",
            by=by,
            now=now,
        )
    return row


def _create_request(
    made: ExpertRequest, readers: Iterable[User | int | None], by: User, now: datetime, submission: UUID | None
) -> ExpertRequest:
    with audited_transaction(by):
        claimed = begin_idempotent(by, "ask", submission)
        if claimed.object_id:
            return ExpertRequest.objects.get(pk=claimed.object_id)
        validate(made, {"question", "panel_path", "due_on"})
        made.save(force_insert=True)
        add_activity(by=by, now=now, verb="asked", thing=made, engagement_id=made.engagement_id, title=made.question)
        notify(
            readers,
            Notification.Kind.ASSIGNMENT,
            thing=made,
            engagement=made.engagement_id,
            line=made.question,
            by=by,
            now=now,
        )
        complete_idempotent(claimed, made)
    return made


def _move(
    seen: ExpertRequest, status: str, wanted: dict[str, Any], expected_version: int, by: User, now: datetime, line: str
) -> ExpertRequest:
    row = lock(seen)
    before = row.status
    try:
        REQUEST.check_move(before, status, permissions_on_request(by, row))
    except MoveRefused as refused:
        raise ValidationError({"status": str(refused)}) from refused
    change(row, wanted | {"status": status}, expected_version)
    add_activity(
        by=by,
        now=now,
        verb=status if status != "open" else "reopened",
        thing=row,
        engagement_id=row.engagement_id,
        title=row.question,
        line=line.strip(),
        changes={"status": (before, status)},
    )
    return row
