"""Hours worked: written down by who worked them; what was wrong is archived and written anew."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Sum

from engagements import limits
from engagements.access.engagements import engagement_for
from engagements.access.errors import NotAllowed, first_or_not_found
from engagements.access.roles import in_engagements_with, permissions_in
from engagements.base.audited_transaction import audited_transaction, begin_idempotent, complete_idempotent
from engagements.base.editing import change, check_years, lock, validate
from engagements.base.long_text import split_text
from engagements.models import HoursEntry, Record, User
from engagements.permissions import LOG_PROGRESS, MANAGE_ROLES, VIEW_TEAM

HOURS_OF_A_DAY = 24


def log_hours(
    *,
    engagement: int | str,
    hours: Decimal,
    what: str,
    on: date,
    by: User,
    now: datetime,
    record: Record | None = None,
    submission: UUID | None = None,
) -> HoursEntry:
    """One's own hours of one day. Raises NotFound, ValidationError by field: also for more than 24 in all that day."""
    within = engagement_for(by, engagement, LOG_PROGRESS)
    if not what.strip():
        raise ValidationError({"what": "Write what the hours went into."})
    if not 0 < hours <= HOURS_OF_A_DAY:
        raise ValidationError({"hours": "Hours of one day: more than 0, at most 24."})
    if len(what) > limits.LONG_BODY:
        raise ValidationError({"what": f"{len(what):,} characters; at most {limits.LONG_BODY:,} fit into one entry."})
    check_years({"on": on})
    line, note = split_text(what, limits.LINE)
    with audited_transaction(by):
        claimed = begin_idempotent(by, "log_hours", submission)
        if claimed.object_id:
            return HoursEntry.objects.get(pk=claimed.object_id)
        # Two entries of one person and day come one after the other.
        User.objects.select_for_update(no_key=True).get(pk=by.pk)
        that_day = HoursEntry.objects.filter(user=by, on=on, archived_at=None).aggregate(n=Sum("hours"))[
            "n"
        ] or Decimal(0)
        if that_day + hours > HOURS_OF_A_DAY:
            raise ValidationError({"hours": f"You logged {that_day.normalize():f} hours for this day already."})
        entry = HoursEntry(
            engagement=within, record=record, user=by, on=on, hours=hours, what=line, note=note, created_at=now
        )
        validate(entry, {"on", "hours", "what", "note"})
        entry.save(force_insert=True)
        complete_idempotent(claimed, entry)
    return entry


def hours_for(by: User, pk: int) -> HoursEntry:
    """To remove: one's own, or any where one manages roles. Raises NotFound, NotAllowed."""
    seen = HoursEntry.objects.filter(in_engagements_with(by, VIEW_TEAM), pk=pk, archived_at=None)
    found = first_or_not_found(seen.select_related("engagement__city", "engagement__initiative"))
    if found.user_id != by.pk and MANAGE_ROLES not in permissions_in(by, found.engagement_id):
        raise NotAllowed("Hours are removed by who logged them.")
    return found


def archive_hours(*, entry: int, expected_version: int, by: User, now: datetime, why: str) -> HoursEntry:
    """Out of every sum; the history keeps it. Raises NotFound, NotAllowed, Conflict, ValidationError."""
    seen = hours_for(by, entry)
    with audited_transaction(by, why):
        row = lock(seen)
        change(row, {"archived_at": now, "archived_by": by}, expected_version)
    return row
