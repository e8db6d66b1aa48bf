"""Logging a call or meeting: one entry makes its record, its decisions, what is still open, and the next step."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from engagements import limits
from engagements.access.engagements import engagement_for
from engagements.base.audited_transaction import audited_transaction, begin_idempotent, complete_idempotent
from engagements.base.long_text import split_text
from engagements.discussion.actions.records import add_record
from engagements.milestones.actions.hours import log_hours
from engagements.milestones.actions.milestones import add_milestone
from engagements.models import Engagement, Milestone, Record, User
from engagements.permissions import EDIT_RECORD
from engagements.workflow import MILESTONE

NAMELESS = "Call or meeting"
_FIELD_OF = {"title": "next_step", "due_on": "next_on", "stage": "next_step", "owner": "next_step"}


def log_text(
    *,
    kind: str,
    engagement: int | str,
    text: str,
    on: date,
    by: User,
    now: datetime,
    also: Iterable[int] = (),
    submission: UUID | None = None,
) -> Record:
    """A decision, a note or a question: the first line is its title, the rest its body.

    Raises NotFound, ValidationError.
    """
    if not text.strip():
        raise ValidationError({"text": "Write what you want to keep."})
    title, body = split_text(text, limits.TITLE)
    return add_record(
        engagement=engagement,
        kind=kind,
        title=title,
        body=body,
        on=on,
        also=also,
        by=by,
        now=now,
        submission=submission,
    )


def log_call(
    *,
    engagement: int | str,
    on: date,
    by: User,
    now: datetime,
    also: Iterable[int] = (),
    present: str = "",
    decided: str = "",
    questions: str = "",
    notes: str = "",
    next_step: str = "",
    next_on: date | None = None,
    hours: Decimal | None = None,
    submission: UUID | None = None,
) -> Record:
    """The record of the call, in `engagement` and in each of `also`.

    Each paragraph of `decided` is a decision of its own and each line of `questions` an open one, in the same
    engagements. `next_step`, with `next_on`, becomes a milestone of `engagement` owned by the writer; `hours` are the
    writer's, there. All of it or nothing. Raises NotFound, ValidationError by field.
    """
    within, also = engagement_for(by, engagement, EDIT_RECORD), list(also)
    where: dict[str, Any] = {"engagement": within.pk, "also": also, "on": on, "by": by, "now": now}
    with audited_transaction(by):
        claimed = begin_idempotent(by, "log_call", submission)
        if claimed.object_id:
            return Record.objects.get(pk=claimed.object_id)
        named = f"{NAMELESS} with {present}"
        title = named if present and len(named) <= limits.TITLE else NAMELESS
        call = add_record(kind=Record.Kind.MEETING, title=title, body=notes, present=present, **where)
        for kind, text in ((Record.Kind.DECISION, decided), (Record.Kind.QUESTION, questions)):
            for line in filter(None, map(str.strip, text.splitlines())):
                log_text(kind=kind, text=line, **where)
        if next_step:
            _add_next_step(within, next_step, next_on, by, now)
        if hours:
            log_hours(engagement=within.pk, hours=hours, what=title, on=on, record=call, by=by, now=now)
        complete_idempotent(claimed, call)
    return call


def _add_next_step(within: Engagement, title: str, due_on: date | None, by: User, now: datetime) -> None:
    """A task of the writer's, at the stage the work is in. Raises ValidationError at the fields of the call."""
    if due_on is None:
        raise ValidationError({"next_on": "Say by when."})
    try:
        add_milestone(
            engagement=within.pk, title=title, stage=_stage_of(within), due_on=due_on, owner=by.pk, by=by, now=now
        )
    except ValidationError as refused:
        if not hasattr(refused, "error_dict"):
            raise
        raise ValidationError({_FIELD_OF.get(name, "next_step"): e for name, e in refused.error_dict.items()}) from None


def _stage_of(engagement: Engagement) -> str:
    """Of what is due next, else of what was done last, else the first."""
    live = Milestone.objects.live().filter(engagement=engagement)
    found = live.filter(status__in=MILESTONE.open_values).order_by("due_on", "pk").first()
    found = found or live.filter(status="done").order_by("-done_on", "-pk").first()
    return found.stage if found else Milestone.Stage.SCOPING
