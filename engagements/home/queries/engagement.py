"""The page of an engagement, and the list of them."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min, OuterRef, Q, Subquery
from django.utils import timezone

from engagements import permissions as p
from engagements.access.work import (
    engagement_for,
    of_one_look,
    permissions_by_engagement,
    permissions_in,
    visible_engagements,
)
from engagements.discussion.queries.discussion import CommentRow, DocumentRow, RecordRow, comments, documents, records
from engagements.discussion.queries.requests import RequestRow, requests
from engagements.discussion.queries.updates import UpdateRow, updates
from engagements.home.queries.activity import ActivityRow, activity
from engagements.milestones.queries.milestones import SHOWN_LATE, SHOWN_NEXT, MilestoneRow, milestones_around
from engagements.models import Activity, Engagement, EngagementRole, Milestone, Participation, Partnership, User
from engagements.workflow import MILESTONE, PARTICIPATION, State

EACH_SIDE = 15  # milestones before and after today on an engagement's page
LATEST = 8  # of each other thing there
QUIET_AFTER = 30  # days; the same as on the home page


@dataclass(frozen=True)
class StatusRow:
    status: str
    label: str
    began_on: date
    precision: str
    source: str


@dataclass(frozen=True)
class TeamMember:
    """`role_id` to end the role; `email` is None below the city's level."""

    role_id: int
    user_id: int
    name: str
    email: str | None
    title: str
    organisation: str
    role: str
    role_label: str
    began_on: date
    ended_on: date | None
    is_fictional: bool


@dataclass(frozen=True)
class PartnerRow:
    organisation: str
    kind_label: str
    part: str
    source: str
    is_fictional: bool


@dataclass(frozen=True)
class EngagementRow:
    """One line of a list. Counts are of what is not archived.

    `last_activity_on` and `idle_days` are None below the team and where nobody did anything yet; `is_quiet` as on
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
    is_quiet: bool
    is_fictional: bool
    permissions: frozenset[str]


@dataclass(frozen=True)
class EngagementPage:
    """One engagement as the viewer may see it. An empty `known_result`: no result on the public record.

    `milestones` are the 30 due nearest to today, `overdue` the five oldest, `next_due` three; `row` counts all.
    """

    row: EngagementRow
    project_source: str
    known_result: str
    known_result_source: str
    starts_on: date | None
    ends_on: date | None
    needs_approval: bool
    statuses: tuple[StatusRow, ...]
    next_statuses: tuple[State, ...]
    team: tuple[TeamMember, ...]
    partners: tuple[PartnerRow, ...]
    next_due: tuple[MilestoneRow, ...]
    overdue: tuple[MilestoneRow, ...]
    milestones: tuple[MilestoneRow, ...]
    updates: tuple[UpdateRow, ...]
    records: tuple[RecordRow, ...]
    documents: tuple[DocumentRow, ...]
    comments: tuple[CommentRow, ...]
    requests: tuple[RequestRow, ...]
    activity: tuple[ActivityRow, ...]
    writable_levels: tuple[str, ...]


@of_one_look
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
    live, unfinished = Q(milestones__archived_at=None), Q(milestones__status__in=MILESTONE.open_values)
    found = found.select_related("city", "initiative").annotate(
        made=Count("milestones", filter=live),
        finished=Count("milestones", filter=live & Q(milestones__status="done")),
        late=Count("milestones", filter=live & unfinished & Q(milestones__due_on__lt=today)),
    )
    rows = list(found.order_by("city__name", "pk"))
    ids = [row.pk for row in rows]
    held = permissions_by_engagement(user, ids)
    latest = {s.engagement_id: s for s in Participation.objects.filter(engagement__in=ids)}  # oldest first: last stays
    next_due = _next_due(ids, today)
    deeds = Activity.objects.filter(engagement=OuterRef("pk")).order_by("-at", "-pk").values("at")
    last = dict(Engagement.objects.filter(pk__in=ids).annotate(last=Subquery(deeds[:1])).values_list("pk", "last"))
    return tuple(
        _row(row, held[row.pk], latest.get(row.pk), next_due.get(row.pk), last.get(row.pk), today) for row in rows
    )


def engagement_slug(user: User, city_slug: str) -> str | None:
    """Of the city's engagement the viewer may see, real ones before invented, then the newest; None where there is
    none. One statement."""
    found = visible_engagements(user).filter(city__slug=city_slug).order_by("is_fictional", "-pk")
    return found.values_list("slug", flat=True).first()


@of_one_look
def engagement_page(user: User, key: int | str, *, today: date) -> EngagementPage:
    """Raises NotFound. The same number of statements whatever there is in it."""
    found = engagement_for(user, key, p.VIEW_PUBLISHED)
    (row,) = engagements(user, today=today, pk=found.pk)
    held, only = row.permissions, (found.pk,)
    near = milestones_around(user, found.pk, today=today, each_side=EACH_SIDE)
    upcoming = tuple(m for m in near if m.is_open and not m.is_overdue)
    past, ahead = (
        [m for m in near if m.due_on and m.due_on < today],
        [m for m in near if not m.due_on or m.due_on >= today],
    )
    last = row.status or PARTICIPATION.first
    return EngagementPage(
        row=row,
        project_source=found.project_source,
        known_result=found.known_result,
        known_result_source=found.known_result_source,
        starts_on=found.starts_on,
        ends_on=found.ends_on,
        needs_approval=found.needs_approval,
        statuses=_statuses(found.pk),
        next_statuses=PARTICIPATION.next_states(last, held),
        team=team(user, found.pk),
        partners=_partners(found),
        next_due=upcoming[:SHOWN_NEXT],
        overdue=tuple(m for m in near if m.is_overdue)[:SHOWN_LATE],
        milestones=(*past[-EACH_SIDE:], *ahead[:EACH_SIDE]),
        updates=updates(user, engagements=only, limit=LATEST),
        records=records(user, found.pk, limit=LATEST),
        documents=documents(user, found.pk, limit=LATEST),
        comments=comments(user, found.pk, milestone=None, update=None, request=None, plan=None, limit=LATEST),
        requests=requests(user, today=today, engagements=only, limit=LATEST),
        activity=activity(user, engagements=only, limit=10),
        writable_levels=tuple(level.value for level in p.writable_levels(held)),
    )


@of_one_look
def team(user: User, engagement_id: int) -> tuple[TeamMember, ...]:
    """Open roles in the engagement and its initiative, by role. Empty for those who see nothing of it."""
    held = permissions_in(user, engagement_id)
    if p.VIEW_PUBLISHED not in held and p.MANAGE_ROLES not in held:
        return ()
    contact = p.VIEW_CITY in held or p.MANAGE_ROLES in held
    within = Engagement.objects.filter(pk=engagement_id).values("initiative_id")
    roles = EngagementRole.objects.open().filter(
        Q(engagement_id=engagement_id) | Q(engagement=None, initiative_id__in=within)
    )
    order = [role.value for role in p.Role]
    found = sorted(roles.select_related("user__organisation"), key=lambda r: (order.index(r.role), str(r.user), r.pk))
    return tuple(
        TeamMember(
            role_id=role.pk,
            user_id=role.user_id,
            name=role.user.name or (role.user.email if contact else "Somebody"),
            email=role.user.email if contact else None,
            title=role.user.title,
            organisation=role.user.organisation.name if role.user.organisation else "",
            role=role.role,
            role_label=role.get_role_display(),
            began_on=role.began_on,
            ended_on=role.ended_on,
            is_fictional=role.user.is_fictional,
        )
        for role in found
    )


def _row(
    row: Engagement, held: frozenset[str], status: Participation | None, next_due, last, today: date
) -> EngagementRow:
    team = p.VIEW_TEAM in held
    idle = (today - timezone.localdate(last)).days if last and team else None
    at_work = status is not None and status.status in ("announced", "active")
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
        milestones=row.made,
        finished=row.finished,
        overdue=row.late,
        next_due_on=next_due,
        last_activity_on=timezone.localdate(last) if last and team else None,
        idle_days=idle,
        is_quiet=team and at_work and (idle is None or idle > QUIET_AFTER),
        is_fictional=row.is_fictional,
        permissions=held,
    )


def _next_due(ids: list[int], today: date) -> dict[int, date]:
    found = Milestone.objects.unfinished().filter(engagement__in=ids, due_on__gte=today)
    return dict(found.order_by().values_list("engagement_id").annotate(Min("due_on")))


def _statuses(pk: int) -> tuple[StatusRow, ...]:
    return tuple(
        StatusRow(row.status, row.get_status_display(), row.began_on, row.precision, row.source)
        for row in Participation.objects.filter(engagement_id=pk)
    )


def _partners(engagement: Engagement) -> tuple[PartnerRow, ...]:
    """Of the engagement first, then of the whole initiative."""
    found = Partnership.objects.filter(
        Q(engagement=engagement) | Q(engagement=None, initiative_id=engagement.initiative_id)
    ).select_related("organisation")
    return tuple(
        PartnerRow(row.organisation.name, row.organisation.get_kind_display(), row.part, row.source, row.is_fictional)
        for row in sorted(found, key=lambda row: (row.engagement_id is None, row.organisation.name))
    )
