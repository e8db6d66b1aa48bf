"""What somebody sees first: to do, overdue, changed, gone quiet."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery

from engagements.access.work import (
    engagements_with,
    sorters_of_problems,
    visible_comments,
    visible_requests,
    visible_updates,
    with_cached_permissions,
)
from engagements.base.dates import period_words
from engagements.home.queries.activity import ActivityRow, activity
from engagements.milestones.queries.milestones import MilestoneRow, rows_of
from engagements.models import (
    Activity,
    IndicatorValue,
    Milestone,
    Notification,
    Participation,
    Plan,
    ProgressEntry,
    User,
)
from engagements.permissions import (
    ANSWER_REQUEST,
    APPROVE_INDICATOR,
    APPROVE_MILESTONE,
    APPROVE_PLAN,
    APPROVE_UPDATE,
    LOG_PROGRESS,
    REVIEW_INDICATOR,
    REVIEW_PLAN,
    VIEW_PLAN,
    VIEW_TEAM,
)
from engagements.workflow import MILESTONE_AT_WORK, PARTICIPATION_AT_WORK, UPDATE_WITH_APPROVER

# An engagement that is announced or active is quiet when nobody did anything in it for 30 days;
# a milestone at work is quiet when nobody logged anything on it for 21 days since it started.
QUIET_ENGAGEMENT = timedelta(days=30)
QUIET_MILESTONE = timedelta(days=21)
SOON = timedelta(days=30)
CHANGED = timedelta(days=7)
LONGEST = 100
ON_THE_PAGE = 10


@dataclass(frozen=True)
class Todo:
    """`verb`: do, review, approve, publish, finish, answer, read. `noun` and `pk` for the link."""

    verb: str
    noun: str
    pk: int
    engagement_slug: str | None
    city_name: str | None
    title: str
    due_on: date | None
    is_overdue: bool


@dataclass(frozen=True)
class QuietEngagement:
    """`last_on` None: nothing was ever done here."""

    engagement_id: int
    slug: str
    city_name: str
    last_on: date | None
    days: int | None


@dataclass(frozen=True)
class Home:
    """The first of each; `overdue_total` counts all there are."""

    todos: tuple[Todo, ...]
    overdue: tuple[MilestoneRow, ...]
    overdue_total: int
    changed: tuple[ActivityRow, ...]
    quiet_engagements: tuple[QuietEngagement, ...]
    quiet_milestones: tuple[MilestoneRow, ...]


@with_cached_permissions
def home(user: User, *, now: datetime, today: date) -> Home:
    """At most 100 to-dos, ten of the rest. The same number of statements whatever there is."""
    late = Milestone.objects.overdue(today).filter(engagement__in=engagements_with(user, VIEW_TEAM).values("pk"))
    quiet = list(_quiet(user, now, today).order_by("due_on", "pk").values_list("pk", flat=True)[:ON_THE_PAGE])
    overdue = list(late.order_by("due_on", "pk").values_list("pk", flat=True)[:ON_THE_PAGE])
    rows = {row.pk: row for row in rows_of(user, Milestone.objects.filter(pk__in={*quiet, *overdue}), today)}
    return Home(
        todos=todos(user, today=today),
        overdue=tuple(rows[pk] for pk in overdue),
        overdue_total=late.count(),
        changed=activity(user, since=now - CHANGED, not_by=user.pk, limit=ON_THE_PAGE),
        quiet_engagements=quiet_engagements(user, now=now),
        quiet_milestones=tuple(rows[pk] for pk in quiet),
    )


@with_cached_permissions
def todos(user: User, *, today: date) -> tuple[Todo, ...]:
    """What waits for this person, soonest first, undated last."""
    found = [
        *_milestones(user, today),
        *_updates(user),
        *_plans(user),
        *_requests(user, today),
        *_mentions(user),
        *_values(user),
    ]
    return tuple(sorted(found, key=lambda todo: (todo.due_on is None, todo.due_on or today, todo.noun, todo.pk)))


@with_cached_permissions
def quiet_engagements(user: User, *, now: datetime) -> tuple[QuietEngagement, ...]:
    """Longest quiet first."""
    last_status = Participation.objects.filter(engagement=OuterRef("pk")).order_by("-began_on", "-pk").values("status")
    last_deed = Activity.objects.filter(engagement=OuterRef("pk")).order_by("-at", "-pk").values("at")
    found = (
        engagements_with(user, VIEW_TEAM)
        .annotate(last_status=Subquery(last_status[:1]), last_at=Subquery(last_deed[:1]))
        .filter(Q(last_at=None) | Q(last_at__lt=now - QUIET_ENGAGEMENT), last_status__in=PARTICIPATION_AT_WORK)
        .select_related("city")
    )
    rows = sorted(found, key=lambda row: (row.last_at is not None, row.last_at or now, row.pk))
    return tuple(
        QuietEngagement(
            row.pk,
            row.slug,
            row.city.name,
            row.last_at.date() if row.last_at else None,
            (now - row.last_at).days if row.last_at else None,
        )
        for row in rows[:LONGEST]
    )


@with_cached_permissions
def quiet_milestones(user: User, *, now: datetime, today: date) -> tuple[MilestoneRow, ...]:
    """At work and nobody logged anything for 21 days, soonest due first; at most 100."""
    return rows_of(user, _quiet(user, now, today).order_by("due_on", "pk")[:LONGEST], today)


def _quiet(user: User, now: datetime, today: date) -> QuerySet[Milestone]:
    logged = ProgressEntry.objects.filter(milestone=OuterRef("pk")).order_by()
    last = logged.values("milestone").annotate(last=Max("at")).values("last")
    at_work = Milestone.objects.live().filter(
        status__in=MILESTONE_AT_WORK,
        engagement__in=engagements_with(user, VIEW_TEAM).values("pk"),
    )
    return at_work.annotate(last=Subquery(last)).filter(
        Q(last__lt=now - QUIET_MILESTONE)
        | (Q(last=None) & (Q(started_on=None) | Q(started_on__lt=today - QUIET_MILESTONE)))
    )


def _milestones(user: User, today: date) -> list[Todo]:
    approving = Q(status="awaiting_review", needs_approval=True) & Q(
        engagement__in=engagements_with(user, APPROVE_MILESTONE).values("pk")
    )
    mine = Q(owner_id=user.pk, due_on__lte=today + SOON) & ~Q(status="awaiting_review")
    mine &= Q(engagement__in=engagements_with(user, LOG_PROGRESS).values("pk"))
    found = Milestone.objects.unfinished().filter(approving | mine).select_related("engagement__city")
    return [
        Todo(
            "approve" if row.status == "awaiting_review" else "do",
            "milestone",
            row.pk,
            row.engagement.slug,
            row.engagement.city.name,
            row.title,
            row.due_on,
            bool(row.due_on and row.due_on < today),
        )
        for row in found.order_by("due_on", "pk")[:LONGEST]
    ]


def _updates(user: User) -> list[Todo]:
    approver = Q(engagement__in=engagements_with(user, APPROVE_UPDATE).values("pk"))
    reviewing = Q(status__in=UPDATE_WITH_APPROVER) & approver
    found = visible_updates(user).filter(reviewing | Q(status="draft", written_by_id=user.pk))
    verbs = {"draft": "finish", "in_review": "review", "approved": "publish"}
    return [
        Todo(
            verbs[row.status],
            "quarterlyupdate",
            row.pk,
            row.engagement.slug,
            row.engagement.city.name,
            f"Update of {row}",
            None,
            False,
        )
        for row in found.select_related("engagement__city")[:LONGEST]
    ]


def _plans(user: User) -> list[Todo]:
    steps = (("in_review", REVIEW_PLAN), ("reviewed", APPROVE_PLAN), ("approved", APPROVE_PLAN))
    mine = Q(status="draft", written_by_id=user.pk)
    for status, permission in steps:
        mine |= Q(status=status, engagement__in=engagements_with(user, permission).values("pk"))
    drafts = Q(engagement__in=engagements_with(user, VIEW_PLAN).values("pk"), archived_at=None)
    verbs = {"draft": "finish", "in_review": "review", "reviewed": "approve", "approved": "publish"}
    return [
        Todo(
            verbs[row.status],
            "plan",
            row.pk,
            row.engagement.slug,
            row.engagement.city.name,
            f"Plan: {row.title}",
            None,
            False,
        )
        for row in Plan.objects.filter(drafts & mine).select_related("engagement__city").order_by("pk")[:LONGEST]
    ]


def _requests(user: User, today: date) -> list[Todo]:
    unassigned = Q(owner=None, engagement__in=engagements_with(user, ANSWER_REQUEST).values("pk"))
    # Problems with a number that belong to no engagement wait for whoever sorts them out.
    unassigned |= Q(Exists(sorters_of_problems().filter(pk=user.pk)), owner=None, engagement=None)
    to_answer = Q(status="open") & (Q(owner_id=user.pk) | unassigned)
    found = visible_requests(user).filter(to_answer | Q(status="answered", asked_by_id=user.pk))
    rows = []
    for row in found.select_related("engagement__city", "city")[:LONGEST]:
        city = row.engagement.city if row.engagement else row.city
        rows.append(
            Todo(
                "answer" if row.status == "open" else "read",
                "expertrequest",
                row.pk,
                row.engagement.slug if row.engagement else None,
                city.name if city else None,
                row.question[:200],
                row.due_on,
                bool(row.status == "open" and row.due_on and row.due_on < today),
            )
        )
    return rows


def _mentions(user: User) -> list[Todo]:
    found = Notification.objects.filter(user_id=user.pk, kind=Notification.Kind.MENTION, seen_at=None)
    # Only what they may still read: roles end, and comments are taken away.
    found = found.filter(noun="comment", object_id__in=visible_comments(user).values("pk"))
    return [
        Todo("read", row.noun, row.object_id, row.engagement.slug, row.engagement.city.name, row.line, None, False)
        for row in found.select_related("engagement__city")[:LONGEST]
    ]


def _values(user: User) -> list[Todo]:
    """One line for each indicator and period: to review, or to approve what was reviewed; never one's own."""
    waiting = IndicatorValue.objects.filter(status="in_review", archived_at=None, indicator__archived_at=None)
    approving = Q(engagement__in=engagements_with(user, APPROVE_INDICATOR).values("pk"))
    reviewing = Q(reviewed_at=None, engagement__in=engagements_with(user, REVIEW_INDICATOR).values("pk"))
    found = waiting.filter(approving | reviewing).exclude(entered_by_id=user.pk)
    about = ("indicator", "indicator__name", "engagement__slug", "engagement__city__name", "period_start", "period_end")
    rows = found.values(*about).annotate(unread=Count("pk", filter=Q(reviewed_at=None)))
    return [
        Todo(
            "review" if row["unread"] else "approve",
            "indicator",
            row["indicator"],
            row["engagement__slug"],
            row["engagement__city__name"],
            f"{row['indicator__name']}, {period_words(row['period_start'], row['period_end'])}"[:200],
            None,
            False,
        )
        for row in rows.order_by("period_end", "indicator_id")[:LONGEST]
    ]
