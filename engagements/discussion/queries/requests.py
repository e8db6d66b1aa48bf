"""Requests to experts and problems with numbers."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from engagements.access.discussion import permissions_on_request, request_for, visible_requests
from engagements.access.roles import with_cached_permissions
from engagements.discussion.queries.discussion import CommentRow, comments
from engagements.models import ExpertRequest, User
from engagements.workflow import REQUEST, State


@dataclass(frozen=True)
class RequestRow:
    pk: int
    version: int
    kind: str
    kind_label: str
    engagement_id: int | None
    engagement_slug: str | None
    city_slug: str | None
    city_name: str | None
    milestone_id: int | None
    panel_path: str
    question: str
    due_on: date | None
    is_overdue: bool
    owner_id: int | None
    owner: str | None
    asked_by: str
    asked_at: datetime
    answer: str
    answered_by: str | None
    answered_at: datetime | None
    status: str
    label: str
    is_fictional: bool  # of an engagement, or asked by a person, made up for demonstration


@dataclass(frozen=True)
class RequestDetail:
    row: RequestRow
    next_states: tuple[State, ...]
    permissions: frozenset[str]
    comments: tuple[CommentRow, ...]


@with_cached_permissions
def requests(
    user: User,
    *,
    today: date,
    engagements: tuple[int, ...] = (),
    statuses: tuple[str, ...] = (),
    mine: bool = False,
    asked: bool = False,
    overdue: bool = False,
    limit: int | None = 200,
    offset: int = 0,
) -> tuple[RequestRow, ...]:
    """Soonest due first. `mine`: those the viewer has to answer; `asked`: by the viewer. Two statements."""
    found = _filter(user, engagements, statuses, mine)
    if asked:
        found = found.filter(asked_by_id=user.pk)
    if overdue:
        found = found.filter(status="open", due_on__lt=today)
    people = ("engagement__city", "city", "owner", "asked_by", "answered_by")
    wanted = found.select_related(*people)[offset : offset + limit if limit is not None else None]
    return tuple(_row(row, today) for row in wanted)


def count_requests(
    user: User, *, engagements: tuple[int, ...] = (), statuses: tuple[str, ...] = (), mine: bool = False
) -> int:
    return _filter(user, engagements, statuses, mine).count()


def _filter(user: User, engagements: tuple[int, ...], statuses: tuple[str, ...], mine: bool) -> QuerySet[ExpertRequest]:
    found = visible_requests(user)
    if engagements:
        found = found.filter(engagement_id__in=engagements)
    if statuses:
        found = found.filter(status__in=statuses)
    if mine:
        found = found.filter(owner_id=user.pk)
    return found


@with_cached_permissions
def request_page(user: User, pk: int, *, today: date) -> RequestDetail:
    """Raises NotFound."""
    found = request_for(user, pk)
    held = permissions_on_request(user, found)
    about = comments(user, found.engagement_id, request=pk) if found.engagement_id else ()
    return RequestDetail(_row(found, today), REQUEST.next_states(found.status, held), held, about)


def _row(row: ExpertRequest, today: date) -> RequestRow:
    city = row.engagement.city if row.engagement else row.city
    state = REQUEST.state(row.status)
    return RequestRow(
        pk=row.pk,
        version=row.version,
        kind=row.kind,
        kind_label=row.get_kind_display(),
        engagement_id=row.engagement_id,
        engagement_slug=row.engagement.slug if row.engagement else None,
        city_slug=city.slug if city else None,
        city_name=city.name if city else None,
        milestone_id=row.milestone_id,
        panel_path=row.panel_path,
        question=row.question,
        due_on=row.due_on,
        is_overdue=bool(row.status == "open" and row.due_on and row.due_on < today),
        owner_id=row.owner_id,
        owner=str(row.owner) if row.owner else None,
        asked_by=str(row.asked_by),
        asked_at=row.asked_at,
        answer=row.answer,
        answered_by=str(row.answered_by) if row.answered_by else None,
        answered_at=row.answered_at,
        status=row.status,
        label=state.label,
        is_fictional=bool(row.engagement and row.engagement.is_fictional) or row.asked_by.is_fictional,
    )
