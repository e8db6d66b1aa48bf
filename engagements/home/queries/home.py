"""What a person sees around their work: tasks, changes, what has had no recent activity."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from engagements.access.portfolio import has_portfolio
from engagements.access.roles import (
    cached_permissions,
    engagements_with,
    in_engagements_with,
    permissions_by_engagement,
    with_cached_permissions,
)
from engagements.base.queries.engagements import INACTIVE_AFTER_DAYS
from engagements.home.queries.activity import ActivityRow, activity
from engagements.home.queries.tasks import LONGEST, Task, tasks_of
from engagements.milestones.queries.milestones import MilestoneRow, rows_of
from engagements.models import (
    Activity,
    Milestone,
    Participation,
    ProgressEntry,
    User,
)
from engagements.permissions import (
    LOG_PROGRESS,
    VIEW_PUBLISHED,
    VIEW_TEAM,
)
from engagements.workflow import MILESTONE_AT_WORK, PARTICIPATION_AT_WORK

# A milestone at work is inactive when nobody logged anything on it for 21 days since it started.
MILESTONE_INACTIVE_AFTER = timedelta(days=21)
CHANGED = timedelta(days=7)
ON_THE_PAGE = 10


@dataclass(frozen=True)
class InactiveEngagement:
    """`last_on` None: nothing was ever done here."""

    engagement_id: int
    slug: str
    city_name: str
    last_on: date | None
    days: int | None


@dataclass(frozen=True)
class Home:
    """The first of each."""

    tasks: tuple[Task, ...]
    changed: tuple[ActivityRow, ...]
    inactive_engagements: tuple[InactiveEngagement, ...]
    inactive_milestones: tuple[MilestoneRow, ...]


@with_cached_permissions
def home(user: User, *, now: datetime, today: date, covered: Mapping[int, str] | None = None) -> Home:
    """At most 100 tasks, ten of the rest. The same number of statements whatever there is."""
    inactive = _inactive_milestones(user, now, today).order_by("due_on", "pk")[:ON_THE_PAGE]
    return Home(
        tasks=tasks_of(user, today=today, covered=covered),
        changed=activity(user, since=now - CHANGED, not_by=user.pk, limit=ON_THE_PAGE),
        inactive_engagements=inactive_engagements(user, now=now),
        inactive_milestones=rows_of(user, inactive, today, with_dependencies=False),
    )


@with_cached_permissions
def inactive_engagements(user: User, *, now: datetime) -> tuple[InactiveEngagement, ...]:
    """Announced or active ones without activity for 30 days, the longest first; at most 100."""
    last_status = Participation.objects.filter(engagement=OuterRef("pk")).order_by("-began_on", "-pk").values("status")
    last_activity = Activity.objects.filter(engagement=OuterRef("pk")).order_by("-at", "-pk").values("at")
    found = (
        engagements_with(user, VIEW_TEAM)
        .annotate(last_status=Subquery(last_status[:1]), last_at=Subquery(last_activity[:1]))
        .filter(
            Q(last_at=None) | Q(last_at__lt=now - timedelta(days=INACTIVE_AFTER_DAYS)),
            last_status__in=PARTICIPATION_AT_WORK,
        )
        .values_list("pk", "slug", "city__name", "last_at")
    )
    rows = sorted(found, key=lambda row: (row[3] is not None, row[3] or now, row[0]))
    return tuple(
        InactiveEngagement(
            pk, slug, city, last_at.date() if last_at else None, (now - last_at).days if last_at else None
        )
        for pk, slug, city, last_at in rows[:LONGEST]
    )


def _inactive_milestones(user: User, now: datetime, today: date) -> QuerySet[Milestone]:
    logged = ProgressEntry.objects.filter(milestone=OuterRef("pk")).order_by()
    last = logged.values("milestone").annotate(last=Max("at")).values("last")
    at_work = Milestone.objects.live().filter(in_engagements_with(user, VIEW_TEAM), status__in=MILESTONE_AT_WORK)
    return at_work.annotate(last=Subquery(last)).filter(
        Q(last__lt=now - MILESTONE_INACTIVE_AFTER)
        | (Q(last=None) & (Q(started_on=None) | Q(started_on__lt=today - MILESTONE_INACTIVE_AFTER)))
    )


@dataclass(frozen=True)
class HomeSection:
    """What the page of one's own work shows beside and below the tasks."""

    home: Home
    is_team: bool
    may_log: bool
    has_portfolio: bool


def home_section_of(user: User, *, now: datetime, covered: Mapping[int, str] | None = None) -> HomeSection | None:
    """None for people without a role. `covered`: as for `tasks_of`."""
    with cached_permissions(user):
        held = frozenset().union(*permissions_by_engagement(user).values())
        if VIEW_PUBLISHED not in held:
            return None
        found = home(user, now=now, today=timezone.localdate(now), covered=covered)
    return HomeSection(found, VIEW_TEAM in held, LOG_PROGRESS in held, has_portfolio(user))
