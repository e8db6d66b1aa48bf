"""Making the next one of a milestone that comes back: when one is done, or its day has come."""

import logging
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.access.roles import people_with
from engagements.base.audited_transaction import add_activity, audited_transaction, notify
from engagements.milestones.rules import next_occurrence
from engagements.models import Milestone, Notification, User
from engagements.permissions import LOG_PROGRESS

logger = logging.getLogger(__name__)
# What the next one takes over.
_SAME = (
    "title", "stage", "acceptance_evidence", "funder_note", "position", "is_fictional", "needs_approval",
    "repeats", "repeats_from", "repeats_until", "repeats_by_id",
)  # fmt: skip


def make_next(row: Milestone, by: User, now: datetime) -> Milestone | None:
    """Of a locked milestone, inside an audited transaction. None where it does not come back, or has its next one.

    The database holds that there is one next one: `milestone_next_is_made_once`.
    """
    if not row.repeats or row.repeats_from is None or row.archived_at or row.next_ones.exists():
        return None
    following = next_occurrence(
        row.repeats_from, row.repeats, row.repeat_number, row.repeats_until, timezone.localdate(now)
    )
    ends = row.engagement.ends_on
    if following is None or (ends is not None and following.due_on > ends):
        return None
    in_team = row.owner_id and people_with(row.engagement, LOG_PROGRESS).filter(pk=row.owner_id).exists()
    made = Milestone(
        engagement=row.engagement,
        due_on=following.due_on,
        owner_id=row.owner_id if in_team else None,
        repeat_of=row,
        repeat_number=following.number,
        **{name: getattr(row, name) for name in _SAME},
    )
    made.save(force_insert=True)
    why = _("It repeats: {how}.").format(how=row.get_repeats_display().lower())
    add_activity(by=by, now=now, verb="added", thing=made, engagement_id=row.engagement_id, why=why)
    if made.owner_id:
        kind = Notification.Kind.ASSIGNMENT
        notify([made.owner_id], kind, thing=made, engagement=row.engagement, line=made.title, by=by, now=now)
    return made


def make_due(*, now: datetime) -> int:
    """The next ones of all whose day has come, done or not; how many were made. Safe to run any number of times.

    A canceled one ends its row. Each is a transaction of its own; a row that another worker holds is left to it.
    """
    today = timezone.localdate(now)
    waiting = (
        Milestone.objects.live()
        .exclude(repeats="")
        .exclude(status="cancelled")
        .filter(due_on__lte=today, next_ones=None, engagement__initiative__archived_at=None)
    )
    return sum(_make_one(pk, now) for pk in list(waiting.order_by("pk").values_list("pk", flat=True)))


def _make_one(pk: int, now: datetime) -> int:
    row = Milestone.objects.select_related("repeats_by").get(pk=pk)
    assert row.repeats_by is not None, "the database holds it: milestone_repeats_whole"
    try:
        with audited_transaction(row.repeats_by, "repeats"):
            held = Milestone.objects.select_for_update(skip_locked=True).filter(pk=pk).first()
            return int(held is not None and make_next(held, row.repeats_by, now) is not None)
    except DatabaseError:
        # One that the database refuses must not stop the others; it is tried again with the next run.
        logger.exception("The next one of milestone %s could not be made.", pk)
        return 0


def repetition(row: Milestone, changes: dict[str, object], by: User) -> dict[str, object]:
    """`changes` with what goes with a new rule: it counts from the day this one is due. Raises ValidationError."""
    every = changes.get("repeats", row.repeats)
    if not every:
        return {**changes, "repeats_until": None, "repeats_from": None, "repeats_by": None}
    day = changes.get("due_on", row.due_on)
    if day is None:
        raise ValidationError({"repeats": _("Give it a due date first: it repeats from there.")})
    wanted = dict(changes)
    if every != row.repeats:
        wanted |= {"repeats_from": day, "repeats_by": by, "repeat_number": 0}
    begins, until = wanted.get("repeats_from", row.repeats_from), wanted.get("repeats_until", row.repeats_until)
    if until is not None and begins is not None and until < begins:  # type: ignore[operator]
        raise ValidationError({"repeats_until": _("This is before it is due for the first time.")})
    return wanted
