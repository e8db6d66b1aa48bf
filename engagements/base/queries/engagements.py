"""The engagements somebody may see, a row each."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Min, OuterRef, Q, Subquery
from django.utils import timezone

from engagements.access.engagements import visible_engagements
from engagements.access.roles import permissions_by_engagement, with_cached_permissions
from engagements.models import Activity, Engagement, Participation, User
from engagements.permissions import VIEW_TEAM
from engagements.workflow import MILESTONE, PARTICIPATION_AT_WORK

# An engagement that is announced or active is inactive when nobody did anything in it for so long.
INACTIVE_AFTER_DAYS = 30


@dataclass(frozen=True)
class EngagementRow:
    """One line of a list. Counts are of what is not archived.

    `last_activity_on` and `idle_days` are None below the team and where nobody did anything yet; `is_inactive` as on
    the home page: announced or active, and nobody did anything for 30 days.
    """

    pk: int
    version: int
    slug: str
    city_slug: str
    city_name: str
    initiative: str
    initiative_id: int
    theme: str
    project: str
    status: str | None
    status_label: str
    status_since: date | None
    status_precision: str
    milestones: int
    finished: int
    overdue: int
    next_due_on: date | None
    last_activity_on: date | None
    idle_days: int | None
    is_inactive: bool
    is_fictional: bool
    permissions: frozenset[str]


@dataclass(frozen=True)
class _MilestoneCounts:
    made: int
    finished: int
    overdue: int


@with_cached_permissions
def engagements(
    user: User, *, today: date, cities: tuple[str, ...] = (), pk: int | None = None, slug: str = ""
) -> tuple[EngagementRow, ...]:
    """Those the viewer may see anything of, by city. Five statements."""
    found = visible_engagements(user)
    if cities:
        found = found.filter(city__slug__in=cities)
    if pk is not None:
        found = found.filter(pk=pk)
    if slug:
        found = found.filter(slug=slug)
    if pk is None and not slug:  # an archived initiative is read at its address, and listed nowhere
        found = found.filter(initiative__archived_at=None)
    live, unfinished = Q(milestones__archived_at=None), Q(milestones__status__in=MILESTONE.open_values)
    counted = found.select_related("city", "initiative").annotate(
        made=Count("milestones", filter=live),
        finished=Count("milestones", filter=live & Q(milestones__status="done")),
        late=Count("milestones", filter=live & unfinished & Q(milestones__due_on__lt=today)),
        next_due=Min("milestones__due_on", filter=live & unfinished & Q(milestones__due_on__gte=today)),
    )
    rows = list(counted.order_by("city__name", "pk"))
    ids = [row.pk for row in rows]
    held = permissions_by_engagement(user, ids)
    latest = {s.engagement_id: s for s in Participation.objects.filter(engagement__in=ids)}  # oldest first: last stays
    deeds = Activity.objects.filter(engagement=OuterRef("pk")).order_by("-at", "-pk").values("at")
    last = dict(Engagement.objects.filter(pk__in=ids).annotate(last=Subquery(deeds[:1])).values_list("pk", "last"))
    return tuple(
        _row(
            row,
            _MilestoneCounts(row.made, row.finished, row.late),
            held[row.pk],
            latest.get(row.pk),
            row.next_due,
            last.get(row.pk),
            today,
        )
        for row in rows
    )


def engagement_slug(user: User, city_slug: str) -> str | None:
    """Of the city's engagement the viewer may see, real ones before invented, then the newest; None where there is
    none. One statement."""
    found = visible_engagements(user).filter(city__slug=city_slug).order_by("is_fictional", "-pk")
    return found.values_list("slug", flat=True).first()


def _row(
    row: Engagement,
    counts: _MilestoneCounts,
    held: frozenset[str],
    status: Participation | None,
    next_due: date | None,
    last: datetime | None,
    today: date,
) -> EngagementRow:
    team = VIEW_TEAM in held
    idle = (today - timezone.localdate(last)).days if last and team else None
    at_work = status is not None and status.status in PARTICIPATION_AT_WORK
    return EngagementRow(
        pk=row.pk,
        version=row.version,
        slug=row.slug,
        city_slug=row.city.slug,
        city_name=row.city.name,
        initiative=row.initiative.name,
        initiative_id=row.initiative_id,
        theme=row.theme,
        project=row.project,
        status=status.status if status else None,
        status_label=status.get_status_display() if status else "",
        status_since=status.began_on if status else None,
        status_precision=status.precision if status else "",
        milestones=counts.made,
        finished=counts.finished,
        overdue=counts.overdue,
        next_due_on=next_due,
        last_activity_on=timezone.localdate(last) if last and team else None,
        idle_days=idle,
        is_inactive=team and at_work and (idle is None or idle > INACTIVE_AFTER_DAYS),
        is_fictional=row.is_fictional,
        permissions=held,
    )
