"""Making, changing, moving and archiving milestones."""

from datetime import date, datetime
from typing import cast
from uuid import UUID

from django.core.exceptions import ValidationError

from atlas.formatting.dates import format_day
from engagements.access.engagements import engagement_for, milestone_for
from engagements.access.roles import people_with, permissions_in
from engagements.base.audited_transaction import (
    add_activity,
    audited_transaction,
    begin_idempotent,
    complete_idempotent,
    notify,
    notify_once,
)
from engagements.base.editing import change, check_years, lock, validate
from engagements.milestones.actions.dependencies import link
from engagements.milestones.actions.recurrence import repetition
from engagements.milestones.milestone_templates import TEMPLATES
from engagements.models import DueDateChange, Engagement, Milestone, Notification, User
from engagements.permissions import APPROVE_MILESTONE, EDIT_MILESTONE, LOG_PROGRESS
from engagements.workflow import SLIP_REASONS

CHANGEABLE = frozenset(
    {
        "title",
        "stage",
        "owner",
        "due_on",
        "started_on",
        "acceptance_evidence",
        "needs_approval",
        "funder_note",
        "position",
        "repeats",
        "repeats_until",
    }
)


def add_milestone(
    *,
    engagement: int | str,
    title: str,
    stage: str,
    due_on: date,
    by: User,
    now: datetime,
    owner: int | None = None,
    acceptance_evidence: str = "",
    needs_approval: bool | None = None,
    funder_note: str = "",
    position: int = 0,
    repeats: str = "",
    repeats_until: date | None = None,
    submission: UUID | None = None,
) -> Milestone:
    """`needs_approval` None: as the engagement asks. Raises NotFound, ValidationError by field."""
    within = engagement_for(by, engagement, EDIT_MILESTONE)
    with audited_transaction(by):
        claimed = begin_idempotent(by, "add_milestone", submission)
        if claimed.object_id:
            return Milestone.objects.get(pk=claimed.object_id)
        milestone = Milestone(
            engagement=within,
            title=title,
            stage=stage,
            due_on=due_on,
            owner_id=owner,
            position=position,
            acceptance_evidence=acceptance_evidence,
            funder_note=funder_note,
            needs_approval=within.needs_approval if needs_approval is None else needs_approval,
        )
        if within.needs_approval and not milestone.needs_approval:
            _check_may_approve(within, by)
        for name, value in repetition(milestone, {"repeats": repeats, "repeats_until": repeats_until}, by).items():
            setattr(milestone, name, value)
        _insert(milestone, within, by, now)
        complete_idempotent(claimed, milestone)
    return milestone


def apply_template(
    *,
    engagement: int | str,
    template: str,
    starts_on: date,
    by: User,
    now: datetime,
    owner: int | None = None,
    submission: UUID | None = None,
) -> tuple[Milestone, ...]:
    """The template's milestones, due the template's days after `starts_on`, each waiting for the one before.

    Raises NotFound, ValidationError.
    """
    within = engagement_for(by, engagement, EDIT_MILESTONE)
    if template not in TEMPLATES:
        raise ValidationError({"template": "There is no such template."})
    check_years({"starts_on": starts_on})
    with audited_transaction(by, f"template {TEMPLATES[template].name}"):
        claimed = begin_idempotent(by, "apply_template", submission)
        if claimed.object_id:
            return ()
        made: list[Milestone] = []
        for number, step in enumerate(TEMPLATES[template].steps):
            milestone = Milestone(
                engagement=within,
                title=step.title,
                stage=template,
                due_on=step.due_on(starts_on),
                owner_id=owner,
                acceptance_evidence=step.acceptance_evidence,
                position=number,
                needs_approval=within.needs_approval or step.needs_approval,
            )
            _insert(milestone, within, by, now)
            if made:
                link(milestone, made[-1])
            made.append(milestone)
        notify_once(within, by, now)
        complete_idempotent(claimed, made[0])
    return tuple(made)


def change_milestone(
    *,
    milestone: int,
    changes: dict[str, object],
    expected_version: int,
    by: User,
    now: datetime,
    slip_reason: str = "",
    slip_words: str = "",
    why: str = "",
) -> Milestone:
    """`changes` of CHANGEABLE fields (owner as an id). A date that moves needs a slip reason, "other" also words.

    Raises NotFound, ValidationError by field, Conflict.
    """
    unknown = set(changes) - CHANGEABLE
    if unknown:
        raise ValidationError(f"Not changed here: {', '.join(sorted(unknown))}.")
    seen = milestone_for(by, milestone, EDIT_MILESTONE)
    with audited_transaction(by, why or slip_words or slip_reason):
        row = lock(seen)
        wanted = repetition(row, changes, by) if {"repeats", "repeats_until"} & set(changes) else changes
        done = change(row, wanted, expected_version, check=lambda names: _check_change(row, seen.engagement, names, by))
        if "due_on" in done:
            moved = cast(tuple[date | None, date], done["due_on"])
            _keep_reason(row, moved, slip_reason, slip_words, by, now)
        if done:
            add_activity(
                by=by,
                now=now,
                verb="changed",
                thing=row,
                engagement_id=row.engagement_id,
                changes=done,
                why=why or slip_words or dict(SLIP_REASONS).get(slip_reason, ""),
            )
            _notify_owner(row, seen.engagement, set(done), by, now)
    return row


def move_due_date(
    seen: Milestone,
    row: Milestone,
    due_on: date,
    *,
    slip_reason: str,
    slip_words: str,
    by: User,
    now: datetime,
    expected_version: int | None,
) -> None:
    """Inside an audited transaction, `row` locked: the new date with its coded reason and its line in the feed.

    The same date changes nothing. Raises NotFound without the permission, ValidationError by field, Conflict.
    """
    if EDIT_MILESTONE not in permissions_in(by, row.engagement_id):
        raise ValidationError({"due_on": "Your role doesn’t move due dates. Ask the adviser or the lead."})
    before = row.due_on
    if before is not None and due_on == before:
        return
    done = change(
        row, {"due_on": due_on}, expected_version, check=lambda names: check_constraints(row, seen.engagement, names)
    )
    if "due_on" not in done:
        return  # somebody else gave it this date meanwhile
    _keep_reason(row, cast(tuple[date | None, date], done["due_on"]), slip_reason, slip_words, by, now)
    why = slip_words or dict(SLIP_REASONS).get(slip_reason, "")
    add_activity(by=by, now=now, verb="changed", thing=row, engagement_id=row.engagement_id, changes=done, why=why)


def archive_milestone(*, milestone: int, expected_version: int, by: User, now: datetime, why: str) -> Milestone:
    """Out of every list, in the history for good. `why` is required. Raises NotFound, Conflict, ValidationError."""
    if not why.strip():
        raise ValidationError({"why": "Say why it is archived."})
    seen = milestone_for(by, milestone, EDIT_MILESTONE)
    with audited_transaction(by, why):
        row = lock(seen)
        change(row, {"archived_at": now, "archived_by": by}, expected_version)
        add_activity(by=by, now=now, verb="archived", thing=row, engagement_id=row.engagement_id, why=why)
    return row


def restore_milestone(*, milestone: int, by: User, now: datetime) -> Milestone:
    """Raises NotFound, Conflict, ValidationError."""
    seen = milestone_for(by, milestone, EDIT_MILESTONE)
    with audited_transaction(by, "restored"):
        row = lock(seen)
        change(row, {"archived_at": None, "archived_by": None}, None)
        add_activity(by=by, now=now, verb="restored", thing=row, engagement_id=row.engagement_id)
    return row


def check_constraints(milestone: Milestone, engagement: Engagement, fields: set[str]) -> None:
    """What the database would refuse, as sentences at the field."""
    problems = {}
    if "due_on" in fields and milestone.due_on is None and not milestone.source:
        problems["due_on"] = "Say when it is due."
    if "due_on" in fields and milestone.due_on and engagement.starts_on and milestone.due_on < engagement.starts_on:
        problems["due_on"] = f"The engagement starts on {format_day(engagement.starts_on)}: this is before it."
    if "owner" in fields and milestone.owner_id:
        if not people_with(engagement, LOG_PROGRESS).filter(pk=milestone.owner_id).exists():
            problems["owner"] = "The owner is someone of the engagement's team."
    if problems:
        raise ValidationError(problems)


def _check_change(milestone: Milestone, engagement: Engagement, fields: set[str], by: User) -> None:
    check_constraints(milestone, engagement, fields)
    if "needs_approval" not in fields:
        return
    if not milestone.needs_approval:
        _check_may_approve(engagement, by)
    elif milestone.status == "done" and milestone.approved_by_id is None:
        raise ValidationError({"needs_approval": "It is done already, without an approval: take it up again first."})


def _check_may_approve(engagement: Engagement, by: User) -> None:
    """Without it nobody would wait for the lead who can say “no approval needed”."""
    if APPROVE_MILESTONE not in permissions_in(by, engagement.pk):
        raise ValidationError({"needs_approval": "Only a lead may do without the approval."})


def _insert(milestone: Milestone, engagement: Engagement, by: User, now: datetime) -> None:
    validate(milestone, CHANGEABLE)
    check_constraints(milestone, engagement, {"due_on", "owner"})
    milestone.save(force_insert=True)
    add_activity(by=by, now=now, verb="added", thing=milestone, engagement_id=engagement.pk)
    _notify_owner(milestone, engagement, {"owner"}, by, now)


def _keep_reason(
    row: Milestone, moved: tuple[date | None, date], reason: str, words: str, by: User, now: datetime
) -> None:
    if reason not in dict(SLIP_REASONS):
        raise ValidationError({"slip_reason": "Say why the date moves."})
    if reason == "other" and not words.strip():
        raise ValidationError({"slip_words": "Say in words why the date moves."})
    old, new = moved
    DueDateChange.objects.create(milestone=row, old=old, new=new, reason=reason, words=words.strip(), at=now, by=by)


def _notify_owner(row: Milestone, engagement: Engagement, fields: set[str], by: User, now: datetime) -> None:
    if row.owner_id:
        kind = Notification.Kind.ASSIGNMENT if "owner" in fields else Notification.Kind.CHANGE
        notify([row.owner_id], kind, thing=row, engagement=engagement, line=row.title, by=by, now=now)
