"""The engagement itself: its dated status and its frame."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _

from atlas.formatting.dates import format_day
from engagements.access.engagements import engagement_for
from engagements.access.roles import permissions_in
from engagements.base.audited_transaction import add_activity, audited_transaction
from engagements.base.editing import change, lock
from engagements.models import Engagement, FirstStepsDismissal, Milestone, Participation, User
from engagements.permissions import APPROVE_MILESTONE, EDIT_RECORD, Visibility
from engagements.workflow import PARTICIPATION, MoveRefused

CHANGEABLE = frozenset({"theme", "project", "project_source", "starts_on", "ends_on", "needs_approval"})


def set_status(
    *, engagement: int | str, status: str, began_on: date, source: str, by: User, now: datetime, precision: str = "day"
) -> Participation:
    """A status that began on a day, with its source, after the last one. Raises ValidationError by field."""
    seen = engagement_for(by, engagement, EDIT_RECORD)
    if not source.strip():
        raise ValidationError({"source": "Say where this is recorded."})
    if began_on > timezone.localdate(now):
        raise ValidationError({"began_on": "This day is still to come: enter the status once it holds."})
    with audited_transaction(by, source):
        row = lock(seen)
        last = row.participations.last()
        if last is None and status != PARTICIPATION.first:
            raise ValidationError({"status": "An engagement is announced first."})
        if last and began_on < last.began_on:
            raise ValidationError({"began_on": f"The last status began on {format_day(last.began_on)}."})
        if last and last.status == status:
            raise ValidationError({"status": "This is the status already."})
        try:
            PARTICIPATION.check_move(last.status if last else status, status, permissions_in(by, row.pk))
        except MoveRefused as refused:
            raise ValidationError({"status": str(refused)}) from refused
        made = Participation.objects.create(
            engagement=row, status=status, began_on=began_on, precision=precision, source=source.strip(), entered_by=by
        )
        add_activity(
            by=by,
            now=now,
            verb="status",
            thing=made,
            engagement_id=row.pk,
            title=made.get_status_display(),
            changes={"status": (last.status if last else None, status)},
            visibility=Visibility.ALL.value,
        )
    return made


def change_engagement(
    *, engagement: int | str, changes: dict[str, Any], expected_version: int, by: User, now: datetime, why: str = ""
) -> Engagement:
    """`changes` of CHANGEABLE. No start after a due date of its milestones, nor before its initiative's.

    Raises NotFound, Conflict, ValidationError.
    """
    seen = engagement_for(by, engagement, EDIT_RECORD)
    with audited_transaction(by, why):
        row = lock(seen)
        first_due = Milestone.objects.filter(engagement=row).aggregate(first=Min("due_on"))["first"]
        start, end = changes.get("starts_on", row.starts_on), changes.get("ends_on", row.ends_on)
        if start and first_due and first_due < start:
            raise ValidationError({"starts_on": f"A milestone is due on {format_day(first_due)}."})
        if start and end and end < start:
            raise ValidationError({"ends_on": "The end is before the start."})
        opens = seen.initiative.starts_on
        if start and opens and start < opens:
            said = _("The initiative starts on %(day)s: this is before it.") % {"day": format_day(opens)}
            raise ValidationError({"starts_on": said})
        approves = APPROVE_MILESTONE in permissions_in(by, row.pk)
        if row.needs_approval and not changes.get("needs_approval", True) and not approves:
            raise ValidationError({"needs_approval": "Only a lead may do without the approval."})
        done = change(row, {name: changes[name] for name in CHANGEABLE & set(changes)}, expected_version)
        if done:
            add_activity(by=by, now=now, verb="changed", thing=row, engagement_id=row.pk, changes=done, why=why)
    return row


def dismiss_first_steps(*, by: User, now: datetime) -> None:
    """For good, on every device. Doing it twice does nothing more."""
    with audited_transaction(by, "first steps dismissed"):
        FirstStepsDismissal.objects.get_or_create(user=by, defaults={"at": now})
