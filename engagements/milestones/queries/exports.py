"""What exports and calendars show: milestones as the viewer sees them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from engagements.access.engagements import engagement_for
from engagements.milestones.queries.milestones import MilestoneFilter, MilestoneRow, milestones
from engagements.models import CalendarFeed, User
from engagements.permissions import EXPORT

PAST = timedelta(days=366)  # how far back a calendar goes


@dataclass(frozen=True)
class ExportRow:
    milestone: MilestoneRow
    owner_email: str | None


@dataclass(frozen=True)
class FeedRow:
    """A private link of the viewer's. `engagement` None: all of theirs."""

    pk: int
    engagement: str | None
    created_at: datetime
    last_used_at: datetime | None


def export_rows(user: User, key: int | str, *, today: date) -> tuple[ExportRow, ...]:
    """All live milestones of an engagement one may export from. Raises NotFound."""
    within = engagement_for(user, key, EXPORT)
    rows = milestones(user, MilestoneFilter(engagements=(within.pk,)), today=today, limit=None).rows
    emails = dict(User.objects.filter(pk__in={row.owner_id for row in rows}).values_list("pk", "email"))
    return tuple(ExportRow(row, emails.get(row.owner_id) if row.owner_id else None) for row in rows)


def calendar_rows(user: User, *, today: date, engagement: int | None = None) -> tuple[MilestoneRow, ...]:
    """What is still to do and was due a year ago at the earliest: neither done nor canceled."""
    where = MilestoneFilter(
        engagements=(engagement,) if engagement else (), only_unfinished=True, due_from=today - PAST
    )
    return milestones(user, where, today=today, limit=None).rows


def calendar_feeds(user: User) -> tuple[FeedRow, ...]:
    """Links that open something today, newest first. One statement."""
    found = CalendarFeed.objects.filter(user_id=user.pk, revoked_at=None).select_related("engagement__city")
    return tuple(
        FeedRow(row.pk, row.engagement.city.name if row.engagement else None, row.created_at, row.last_used_at)
        for row in found.order_by("-pk")
    )
