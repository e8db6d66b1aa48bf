"""Milestones as somebody may see them: the team's words for the team, funders' words for everybody else."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Case, F, Q, QuerySet, When
from django.db.models.functions import Coalesce

from engagements.access.engagements import visible_milestones
from engagements.access.roles import (
    in_engagements_with,
    permissions_by_engagement,
    with_cached_permissions,
)
from engagements.models import Milestone, MilestoneDependency, User
from engagements.permissions import APPROVE_MILESTONE, LOG_PROGRESS, VIEW_CITY, VIEW_TEAM
from engagements.workflow import MILESTONE

ORDERS = {
    "due": ("due_on", "position", "pk"),
    "-due": ("-due_on", "position", "pk"),
    "city": ("engagement__city__name", "due_on", "pk"),
    "title": ("title", "pk"),
    "stage": ("stage", "due_on", "pk"),
}
_IS_OPEN = Q(status__in=MILESTONE.open_values)
# What is left to do by when it is due, then what is finished, newest first.
OPEN_FIRST = "open"
_OPEN_FIRST = (
    Case(When(_IS_OPEN, then=0), default=1),
    Case(When(_IS_OPEN, then=F("due_on"))),
    Coalesce("done_on", "due_on").desc(nulls_last=True),
    "position",
    "pk",
)
SHOWN_LATE, SHOWN_NEXT = 5, 3  # on the page of an engagement


@dataclass(frozen=True)
class MilestoneFilter:
    """Empty fields don't filter. `statuses` are internal ones; where only funders' words show they mean those.

    `whose`: ids of people; what they own where the viewer may log progress, and what waits for the viewer's approval.
    `in_teams`: only, or with `whose` also, where the viewer reads what the team reads.
    """

    engagements: tuple[int, ...] = ()
    cities: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    owner: int | None = None
    due_from: date | None = None
    due_to: date | None = None
    only_overdue: bool = False
    only_unfinished: bool = False
    words: str = ""
    with_archived: bool = False
    whose: tuple[int, ...] = ()
    in_teams: bool = False
    themes: tuple[str, ...] = ()


@dataclass(frozen=True)
class MilestoneRow:
    """`status`, `owner`, `acceptance_evidence` are None where the viewer sees the published part only.

    `label` is the word to show. `permissions` are the viewer's in the engagement. `waits_for`: ids.
    """

    pk: int
    version: int
    engagement_id: int
    engagement_slug: str
    city_slug: str
    city_name: str
    title: str
    stage: str
    stage_label: str
    label: str
    is_open: bool
    is_overdue: bool
    due_on: date | None
    started_on: date | None
    done_on: date | None
    precision: str
    funder_note: str
    position: int
    source: str
    is_fictional: bool
    is_archived: bool
    status: str | None
    owner_id: int | None
    owner: str | None
    acceptance_evidence: str | None
    needs_approval: bool
    waits_for: tuple[int, ...]
    permissions: frozenset[str]
    repeats: str = ""
    repeats_until: date | None = None

    @property
    def day(self) -> date | None:
        """Where it stands in time: the day it is due, or was done where nobody set a due date."""
        return self.due_on or self.done_on

    @property
    def finished_in(self) -> int | None:
        """The year it was finished in, as far as that is known; None for what is open or has no day."""
        day = self.done_on or self.due_on
        return day.year if day and not self.is_open else None


@dataclass(frozen=True)
class MilestonePage:
    rows: tuple[MilestoneRow, ...]
    total: int
    limit: int | None
    offset: int


@with_cached_permissions
def milestones(
    user: User, where: MilestoneFilter, *, today: date, order: str = "due", limit: int | None = 100, offset: int = 0
) -> MilestonePage:
    """Five statements whatever their number. `limit` None: all, for exports. Raises KeyError for an unknown order.

    `order`: one of ORDERS, or OPEN_FIRST.
    """
    found = filtered(user, where, today)
    total = found.count()
    wanted = found.order_by(*(_OPEN_FIRST if order == OPEN_FIRST else ORDERS[order]))[
        offset : offset + limit if limit is not None else None
    ]
    return MilestonePage(rows_of(user, wanted, today), total, limit, offset)


def rows_of(
    user: User, found: QuerySet[Milestone], today: date, *, with_dependencies: bool = True
) -> tuple[MilestoneRow, ...]:
    """Four statements: the milestones, the viewer's roles and engagements, dependencies. Where nothing is said of these
    they need not be read: `waits_for` is empty then.
    """
    rows = list(found.select_related("engagement__city", "owner"))
    held = permissions_by_engagement(user, {row.engagement_id for row in rows})
    waits = _dependencies([row.pk for row in rows]) if with_dependencies else {}
    return tuple(_row(row, held.get(row.engagement_id, frozenset()), waits.get(row.pk, ()), today) for row in rows)


def milestones_around(user: User, engagement_id: int, *, today: date, each_side: int = 30) -> tuple[MilestoneRow, ...]:
    """Those due nearest to today, so many before and so many after, and the three oldest of what is overdue.

    Four statements. By due date; undated last.
    """
    every = visible_milestones(user).live().filter(engagement_id=engagement_id)
    before = every.filter(due_on__lt=today).order_by("-due_on", "-pk")
    ahead = every.exclude(due_on__lt=today).order_by("due_on", "pk")
    late = every.overdue(today).order_by("due_on", "pk")
    upcoming = ahead.filter(status__in=MILESTONE.open_values)
    wanted = Q()
    for rows, most in ((before, each_side), (ahead, each_side), (late, SHOWN_LATE), (upcoming, SHOWN_NEXT)):
        wanted |= Q(pk__in=rows.values("pk")[:most])
    return rows_of(user, Milestone.objects.filter(wanted).order_by("due_on", "position", "pk"), today)


def filtered(user: User, where: MilestoneFilter, today: date) -> QuerySet[Milestone]:
    """Those of them this person may see; no statement."""
    found = visible_milestones(user)
    concern = _concern(user, where)
    if concern is not None:
        found = found.filter(concern)
    if where.themes:
        found = found.filter(engagement__theme__in=where.themes)
    if not where.with_archived:
        found = found.live()
    if where.engagements:
        found = found.filter(engagement_id__in=where.engagements)
    if where.cities:
        found = found.filter(engagement__city__slug__in=where.cities)
    if where.statuses:
        found = found.filter(status__in=where.statuses)
    if where.stages:
        found = found.filter(stage__in=where.stages)
    if where.owner:
        found = found.filter(in_engagements_with(user, VIEW_CITY), owner_id=where.owner)
    if where.due_from:
        found = found.filter(due_on__gte=where.due_from)
    if where.due_to:
        found = found.filter(due_on__lte=where.due_to)
    if where.only_unfinished or where.only_overdue:
        found = found.filter(status__in=MILESTONE.open_values)
    if where.only_overdue:
        found = found.filter(due_on__lt=today)
    if where.words:
        found = found.filter(title__icontains=where.words)
    return found


def _concern(user: User, where: MilestoneFilter) -> Q | None:
    """None: everybody's."""
    if not where.whose and not where.in_teams:
        return None
    found = Q(pk__in=())
    if where.whose:
        found |= Q(owner__in=where.whose) & in_engagements_with(user, LOG_PROGRESS)
        found |= Q(status="awaiting_review", needs_approval=True) & in_engagements_with(user, APPROVE_MILESTONE)
    if where.in_teams:
        found |= in_engagements_with(user, VIEW_TEAM)
    return found


def _dependencies(ids: list[int]) -> dict[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = {}
    wanted = [0, *ids]  # never empty: always one statement
    for waiting, first in MilestoneDependency.objects.filter(milestone__in=wanted).values_list(
        "milestone_id", "needs_id"
    ):
        found[waiting] = (*found.get(waiting, ()), first)
    return found


def _row(row: Milestone, held: frozenset[str], waits_for: tuple[int, ...], today: date) -> MilestoneRow:
    state = MILESTONE.state(row.status)
    team, city = VIEW_TEAM in held, VIEW_CITY in held
    return MilestoneRow(
        pk=row.pk,
        version=row.version,
        engagement_id=row.engagement_id,
        engagement_slug=row.engagement.slug,
        city_slug=row.engagement.city.slug,
        city_name=row.engagement.city.name,
        title=row.title,
        stage=row.stage,
        stage_label=row.get_stage_display(),
        label=state.label,
        is_open=state.is_open,
        is_overdue=bool(state.is_open and row.due_on and row.due_on < today),
        due_on=row.due_on,
        started_on=row.started_on,
        done_on=row.done_on,
        precision=row.precision,
        funder_note=row.funder_note,
        position=row.position,
        source=row.source,
        is_fictional=row.is_fictional,
        is_archived=row.archived_at is not None,
        status=row.status if team else None,
        owner_id=row.owner_id if city else None,
        owner=str(row.owner) if city and row.owner else None,
        acceptance_evidence=row.acceptance_evidence if team else None,
        needs_approval=row.needs_approval,
        waits_for=waits_for,
        permissions=held,
        repeats=row.repeats,
        repeats_until=row.repeats_until,
    )
