"""One page of what somebody was told, newest first."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.utils.translation import gettext

from engagements.access.notifications import visible_notifications
from engagements.access.roles import with_cached_permissions
from engagements.models import Notification, User

PAGE = 50


@dataclass(frozen=True)
class NotificationRow:
    """`line` is what was said then; `actor` is "" where the portal itself spoke."""

    pk: int
    kind: str
    line: str
    actor: str
    city: str
    is_fictional: bool
    is_read: bool
    at: datetime


@dataclass(frozen=True)
class KindCount:
    kind: str
    unread: int


@dataclass(frozen=True)
class NotificationPage:
    """`unread`: of all kinds; `kinds` in the order of Notification.Kind; `has_more`: an older page follows."""

    rows: tuple[NotificationRow, ...]
    kinds: tuple[KindCount, ...]
    unread: int
    number: int
    has_more: bool


@with_cached_permissions
def notification_page(user: User, *, kind: str, only_unread: bool, number: int) -> NotificationPage:
    """Two statements, and those for the roles. `number` counts from 1; a page past the end is empty."""
    mine = visible_notifications(user)
    unread = {
        row["kind"]: row["n"] for row in mine.filter(seen_at=None).order_by().values("kind").annotate(n=Count("pk"))
    }
    wanted = Q(kind=kind) if kind else Q()
    if only_unread:
        wanted &= Q(seen_at=None)
    first = (number - 1) * PAGE
    found = list(mine.filter(wanted).select_related("actor", "engagement__city")[first : first + PAGE + 1])
    return NotificationPage(
        rows=tuple(_row(row) for row in found[:PAGE]),
        kinds=tuple(KindCount(known, unread.get(known, 0)) for known in Notification.Kind.values),
        unread=sum(unread.values()),
        number=number,
        has_more=len(found) > PAGE,
    )


def _row(row: Notification) -> NotificationRow:
    place = row.engagement
    return NotificationRow(
        pk=row.pk,
        kind=row.kind,
        line=row.line,
        actor=(row.actor.name or gettext("Someone")) if row.actor else "",
        city=place.city.name if place else "",
        is_fictional=bool(place and place.is_fictional),
        is_read=row.seen_at is not None,
        at=row.created_at,
    )
