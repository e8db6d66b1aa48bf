"""What exports and calendars show: milestones as the viewer sees them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from engagements.access.engagements import engagement_for
from engagements.milestones.queries.milestones import MilestoneFilter, MilestoneRow, milestones
from engagements.models import CalendarFeed, ImportKey, Milestone, MilestoneDependency, TableMapping, User
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


@dataclass(frozen=True)
class ToolRow:
    """A milestone by the fields of an import: `key` is the tool's own, "" for one that was made here."""

    milestone: Milestone
    key: str
    email: str
    waits_for: tuple[str, ...]


def tool_rows(user: User, mapping: TableMapping) -> tuple[ToolRow, ...]:
    """All live milestones of the mapping's engagement, for who may export from it. Four statements. Raises NotFound."""
    within = engagement_for(user, mapping.engagement_id, EXPORT)
    rows = Milestone.objects.filter(engagement=within, archived_at=None).select_related("owner")
    keys = ImportKey.objects.filter(engagement=within, kind=mapping.kind, source_system=mapping.source_system)
    key_of = dict(keys.values_list("object_id", "key"))
    waits: dict[int, list[str]] = {}
    links = MilestoneDependency.objects.filter(engagement=within, needs__archived_at=None).order_by("pk")
    for pk, title in links.values_list("milestone_id", "needs__title"):
        waits.setdefault(pk, []).append(title)
    return tuple(
        ToolRow(row, key_of.get(row.pk, ""), row.owner.email if row.owner else "", tuple(waits.get(row.pk, ())))
        for row in rows
    )


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
