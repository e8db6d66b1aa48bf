"""Tasks of one person: what to do, review, approve, publish, finish, answer or read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Left
from django.utils.translation import ngettext

from atlas.formatting.dates import format_period
from engagements.access.discussion import visible_comments, visible_requests, visible_updates
from engagements.access.kept_statements import rows_for
from engagements.access.roles import (
    holds_in_an_engagement,
    in_engagements_with,
    may_triage,
    with_cached_permissions,
)
from engagements.access_reviews.queries import open_reviews_of
from engagements.duties.presenters import title_of
from engagements.duties.queries import duties_for
from engagements.duties.rules import Duty, DutyKind
from engagements.models import (
    EngagementRole,
    ExpertRequest,
    IndicatorValue,
    Milestone,
    Notification,
    Plan,
    QuarterlyUpdate,
    ReplyRequest,
    Result,
    User,
)
from engagements.people.queries.absences import covered_by
from engagements.permissions import (
    ANSWER_REQUEST,
    APPROVE_INDICATOR,
    APPROVE_MILESTONE,
    APPROVE_PLAN,
    APPROVE_UPDATE,
    EDIT_RESULT,
    LOG_PROGRESS,
    REPLY_RESULT,
    REVIEW_INDICATOR,
    REVIEW_PLAN,
    REVIEW_RESULT,
    VIEW_PLAN,
    VIEW_RESULT,
    roles_with,
)
from engagements.workflow import UPDATE_WITH_APPROVER

SOON = timedelta(days=30)
LONGEST = 100
_WHERE = ("engagement__slug", "engagement__city__name")


@dataclass(frozen=True)
class Task:
    """`verb`: do, review, approve, publish, finish, answer, read, or remind for what recurs. `noun` and `pk` for the
    link. `is_fictional`: made up for demonstration. `covering_for`: whose task it is, if not one's own."""

    verb: str
    noun: str
    pk: int
    engagement_slug: str | None
    city_name: str | None
    title: str
    due_on: date | None
    is_overdue: bool
    is_fictional: bool
    covering_for: str = ""


@with_cached_permissions
def tasks_of(user: User, *, today: date, covered: Mapping[int, str] | None = None) -> tuple[Task, ...]:
    """At most 100 of each kind, the soonest due first, those without a date last. `covered`: what `covered_by` found,
    where it was asked already."""
    covered = covered_by(user, today) if covered is None else covered
    found = [
        *_milestones(user, today, covered),
        *_updates(user),
        *_plans(user),
        *_requests(user, today, covered),
        *_mentions(user),
        *_values(user),
        *_results(user),
        *_replies(user, today),
        *_access_reviews(user, today),
    ]
    found += _duties(user, today, {task.pk for task in found if task.noun == "milestone"}, covered)
    return tuple(sorted(found, key=lambda task: (task.due_on is None, task.due_on or today, task.noun, task.pk)))


def _duties(user: User, today: date, listed: set[int], covered: Mapping[int, str]) -> list[Task]:
    """What recurs. A milestone that is `listed` already is not named again."""
    found = []
    for row in duties_for(user, today=today, covered=covered):
        duty = row.duty
        away = "" if user.pk in duty.owners else next(covered[pk] for pk in duty.owners if pk in covered)
        subjects = duty.subjects
        if duty.kind in (DutyKind.OWNER, DutyKind.SILENT):
            subjects = tuple(pk for pk in subjects if pk not in listed)
        if not subjects:
            continue
        noun, pk = _link_of(duty, subjects)
        found.append(
            Task(
                "remind",
                noun,
                pk,
                row.engagement_slug,
                row.city_name,
                title_of(duty, only=subjects),
                duty.due_on,
                duty.is_overdue(today),
                row.is_fictional,
                away,
            )
        )
    return found[:LONGEST]


def _link_of(duty: Duty, subjects: tuple[int, ...]) -> tuple[str, int]:
    """(noun, id) of the page where it is done."""
    if duty.kind is DutyKind.UPDATE:
        year, quarter = duty.subjects
        return "quarter", 10 * year + quarter
    if duty.kind is DutyKind.INDICATOR:
        return "indicator", subjects[0]
    if duty.kind in (DutyKind.OWNER, DutyKind.SILENT) and len(subjects) == 1:
        return "milestone", subjects[0]
    return "milestonelist" if duty.kind in (DutyKind.OWNER, DutyKind.SILENT) else "engagement", duty.engagement


def _milestones(user: User, today: date, covered: Mapping[int, str]) -> list[Task]:
    return [
        Task(
            "approve" if status == "awaiting_review" else "do",
            "milestone",
            pk,
            slug,
            city,
            title,
            due_on,
            bool(due_on and due_on < today),
            is_fictional,
            covered.get(owner or 0, "") if status != "awaiting_review" else "",
        )
        for status, pk, slug, city, title, due_on, is_fictional, owner in rows_for(
            user, _write_milestones, today, tuple(covered)
        )
    ]


def _write_milestones(user: User, today: date, covered: tuple[int, ...]) -> QuerySet[Milestone, Any]:
    approving = Q(status="awaiting_review", needs_approval=True) & in_engagements_with(user, APPROVE_MILESTONE)
    mine = Q(owner_id__in=(user.pk, *covered), due_on__lte=today + SOON) & ~Q(status="awaiting_review")
    mine &= in_engagements_with(user, LOG_PROGRESS)
    found = Milestone.objects.unfinished().filter(approving | mine).order_by("due_on", "pk")
    return found.values_list("status", "pk", *_WHERE, "title", "due_on", "is_fictional", "owner_id")[:LONGEST]


def _updates(user: User) -> list[Task]:
    verbs = {"draft": "finish", "in_review": "review", "approved": "publish"}
    return [
        Task(verbs[status], "quarterlyupdate", pk, slug, city, f"Update of Q{quarter} {year}", None, False, is_demo)
        for status, pk, slug, city, year, quarter, is_demo in rows_for(user, _write_updates)
    ]


def _write_updates(user: User) -> QuerySet[QuarterlyUpdate, Any]:
    reviewing = Q(status__in=UPDATE_WITH_APPROVER) & in_engagements_with(user, APPROVE_UPDATE)
    found = visible_updates(user).filter(reviewing | Q(status="draft", written_by_id=user.pk))
    return found.values_list("status", "pk", *_WHERE, "year", "quarter", "is_fictional")[:LONGEST]


def _plans(user: User) -> list[Task]:
    if not holds_in_an_engagement(user, VIEW_PLAN):
        return []
    verbs = {"draft": "finish", "in_review": "review", "reviewed": "approve", "approved": "publish"}
    return [
        Task(verbs[status], "plan", pk, slug, city, f"Plan: {title}", None, False, is_fictional)
        for status, pk, slug, city, title, is_fictional in rows_for(user, _write_plans)
    ]


def _write_plans(user: User) -> QuerySet[Plan, Any]:
    steps = (("in_review", REVIEW_PLAN), ("reviewed", APPROVE_PLAN), ("approved", APPROVE_PLAN))
    mine = Q(status="draft", written_by_id=user.pk)
    for status, permission in steps:
        mine |= Q(status=status) & in_engagements_with(user, permission)
    drafts = Q(archived_at=None) & in_engagements_with(user, VIEW_PLAN)
    found = Plan.objects.filter(drafts & mine).order_by("pk")
    return found.values_list("status", "pk", *_WHERE, "title", "is_fictional")[:LONGEST]


def _owner_left() -> Q:
    """Requests of an engagement whose owner answers nothing there any more: whoever does finds them again."""
    held = EngagementRole.objects.open().filter(
        Q(engagement=OuterRef("engagement")) | Q(engagement=None, initiative=OuterRef("engagement__initiative")),
        user=OuterRef("owner"),
        user__is_active=True,
        role__in=roles_with(ANSWER_REQUEST),
    )
    return Q(owner__isnull=False, engagement__isnull=False) & ~Q(Exists(held))


def _requests(user: User, today: date, covered: Mapping[int, str]) -> list[Task]:
    found = rows_for(user, _write_requests, tuple(covered))
    return [
        Task(
            "answer" if status == "open" else "read",
            "expertrequest",
            pk,
            slug,
            city or other_city,
            question,
            due_on,
            bool(status == "open" and due_on and due_on < today),
            bool(is_fictional),
            covered.get(owner or 0, ""),
        )
        for status, pk, slug, city, other_city, question, due_on, is_fictional, owner in found
    ]


def _write_requests(user: User, covered: tuple[int, ...]) -> QuerySet[ExpertRequest, Any]:
    unassigned = (Q(owner=None) | _owner_left()) & in_engagements_with(user, ANSWER_REQUEST)
    # Problems with a number that belong to no engagement are tasks of the people who triage.
    if may_triage(user):
        unassigned |= Q(owner=None, engagement=None)
    to_answer = Q(status="open") & (Q(owner_id__in=(user.pk, *covered)) | unassigned)
    found = visible_requests(user).filter(to_answer | Q(status="answered", asked_by_id=user.pk))
    about = ("city__name", Left("question", 200), "due_on", "engagement__is_fictional", "owner_id")
    return found.values_list("status", "pk", *_WHERE, *about)[:LONGEST]


def _mentions(user: User) -> list[Task]:
    return [
        Task("read", noun, pk, slug, city, line, None, False, is_fictional)
        for noun, pk, slug, city, line, is_fictional in rows_for(user, _write_mentions)
    ]


def _write_mentions(user: User) -> QuerySet[Notification, Any]:
    """Of what they may still read: roles end, and comments are archived. Every comment belongs to an engagement."""
    mentions = Notification.objects.filter(user_id=user.pk, kind=Notification.Kind.MENTION, seen_at=None)
    found = mentions.filter(noun="comment", object_id__in=visible_comments(user).values("pk"))
    about = ("line", "engagement__is_fictional")
    return found.filter(engagement__isnull=False).values_list("noun", "object_id", *_WHERE, *about)[:LONGEST]


def _values(user: User) -> list[Task]:
    """One line for each indicator and period: to review, or to approve what was reviewed; never one's own."""
    if not any(holds_in_an_engagement(user, permission) for permission in (REVIEW_INDICATOR, APPROVE_INDICATOR)):
        return []
    return [
        Task(
            "review" if unread else "approve",
            "indicator",
            pk,
            slug,
            city,
            f"{name}, {format_period(start, end)}"[:200],
            None,
            False,
            is_fictional,
        )
        for pk, slug, city, name, is_fictional, start, end, unread in rows_for(user, _write_values)
    ]


def _write_values(user: User) -> QuerySet[IndicatorValue, Any]:
    waiting = IndicatorValue.objects.filter(status="in_review", archived_at=None, indicator__archived_at=None)
    approving = in_engagements_with(user, APPROVE_INDICATOR)
    reviewing = Q(reviewed_at=None) & in_engagements_with(user, REVIEW_INDICATOR)
    found = waiting.filter(approving | reviewing).exclude(entered_by_id=user.pk)
    about = ("indicator__name", "indicator__is_fictional", "period_start", "period_end")
    each = found.values("indicator", *_WHERE, *about).annotate(unread=Count("pk", filter=Q(reviewed_at=None)))
    return each.order_by("period_end", "indicator_id").values_list("indicator", *_WHERE, *about, "unread")[:LONGEST]


def _results(user: User) -> list[Task]:
    """To finish what one wrote, to review what others did."""
    if not any(holds_in_an_engagement(user, permission) for permission in (EDIT_RESULT, REVIEW_RESULT)):
        return []
    verbs = {"in_review": "review", "draft": "finish"}
    return [
        Task(verbs[status], "result", pk, slug, city, f"Result: {outcome}", None, False, is_fictional)
        for status, pk, slug, city, outcome, is_fictional in rows_for(user, _write_results)
    ]


def _write_results(user: User) -> QuerySet[Result, Any]:
    reviewing = Q(status="in_review") & in_engagements_with(user, REVIEW_RESULT)
    mine = Q(status="draft", written_by_id=user.pk) & in_engagements_with(user, EDIT_RESULT)
    found = Result.objects.filter(mine | reviewing & ~Q(written_by_id=user.pk), archived_at=None).order_by("pk")
    return found.values_list("status", "pk", *_WHERE, "outcome", "is_fictional")[:LONGEST]


def _access_reviews(user: User, today: date) -> list[Task]:
    """Who has which role: a lead confirms or ends each, every quarter. One task for all places, the soonest due."""
    rows = open_reviews_of(user, today=today)
    if not rows:
        return []
    first, left = rows[0], sum(row.left for row in rows)
    title = ngettext("who has access: %(left)s role to confirm", "who has access: %(left)s roles to confirm", left) % {
        "left": left
    }
    place = first.title if len(rows) == 1 else None
    return [
        Task(
            "review",
            "accessreview",
            first.pk,
            first.slug or None,
            place,
            title,
            first.due_on,
            first.is_overdue,
            all(row.is_fictional for row in rows),
        )
    ]


def _replies(user: User, today: date) -> list[Task]:
    """To answer for the city, and to follow up what nobody answered in time."""
    return [
        Task(
            "answer" if contact == user.pk else "read",
            "replyrequest",
            pk,
            slug,
            city,
            sentence,
            due_on,
            due_on < today,
            is_fictional,
        )
        for contact, pk, slug, city, sentence, due_on, is_fictional in rows_for(user, _write_replies, today)
    ]


def _write_replies(user: User, today: date) -> QuerySet[ReplyRequest, Any]:
    asked = Q(contact_id=user.pk) & in_engagements_with(user, REPLY_RESULT)
    followed = Q(owner_id=user.pk, due_on__lt=today) & in_engagements_with(user, VIEW_RESULT)
    open_ = Q(result__status__in=("draft", "in_review")) | Q(search__published_at=None, search__isnull=False)
    found = ReplyRequest.objects.filter(asked | followed & open_, answer="", archived_at=None)
    about = (Left("sentence", 200), "due_on", "engagement__is_fictional")
    return found.order_by("due_on", "pk").values_list("contact_id", "pk", *_WHERE, *about)[:LONGEST]
