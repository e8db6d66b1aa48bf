"""What a digest says: what waits, what is overdue and what others did since the last one."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, Q

from engagements.access.roles import with_cached_permissions
from engagements.home.queries.activity import ActivityRow, activity, count_activity
from engagements.home.queries.tasks import Task, tasks_of
from engagements.models import Digest, Notification, User


@dataclass(frozen=True)
class DigestContent:
    """`notifications`: ids, to be marked as sent with it. Nothing to say: no mail."""

    user_id: int
    since: datetime
    until: datetime
    tasks: tuple[Task, ...]
    activity: tuple[ActivityRow, ...]
    notifications: tuple[int, ...]
    activity_count: int

    @property
    def more(self) -> int:
        """What others did beyond the rows of `activity`."""
        return self.activity_count - len(self.activity)

    @property
    def is_empty(self) -> bool:
        return not (self.tasks or self.activity)


@dataclass(frozen=True)
class Outgoing:
    """A mail to send at once."""

    notification_id: int
    user_id: int
    email: str
    kind: str
    engagement_id: int | None
    noun: str
    object_id: int
    line: str
    actor: str
    created_at: datetime


def readers_of(frequency: str) -> tuple[tuple[int, datetime | None], ...]:
    """Active people who chose this digest, with the end of their last one. One statement."""
    people = User.objects.filter(is_active=True, digest=frequency).order_by("pk")
    last = Max("digests__period_end", filter=Q(digests__sent_at__isnull=False))
    return tuple(people.annotate(last=last).values_list("pk", "last"))


@with_cached_permissions
def digest_content(user: User, *, since: datetime, until: datetime, today: date) -> DigestContent:
    """Eight statements. What others did from `since` to before `until`: the newest 50, and how many in all."""
    others = {"since": since, "until": until, "not_by": user.pk}
    waiting = Notification.objects.filter(
        user_id=user.pk, kind=Notification.Kind.CHANGE, sent_at=None, created_at__lt=until
    )
    return DigestContent(
        user_id=user.pk,
        since=since,
        until=until,
        tasks=tasks_of(user, today=today),
        activity=activity(user, **others, limit=50),
        activity_count=count_activity(user, **others),
        notifications=tuple(waiting.values_list("pk", flat=True)),
    )


def outgoing(limit: int = 200) -> tuple[Outgoing, ...]:
    """Mentions and assignments nobody was told of yet, oldest first."""
    kinds = (Notification.Kind.MENTION, Notification.Kind.ASSIGNMENT)
    found = Notification.objects.filter(kind__in=kinds, sent_at=None, user__is_active=True).order_by("created_at", "pk")
    return tuple(
        Outgoing(
            row.pk,
            row.user_id,
            row.user.email,
            row.kind,
            row.engagement_id,
            row.noun,
            row.object_id,
            row.line,
            str(row.actor) if row.actor else "The portal",
            row.created_at,
        )
        for row in found.select_related("user", "actor")[:limit]
    )


def unfinished_digests() -> tuple[int, ...]:
    """Made and never sent: a worker was lost between."""
    return tuple(Digest.objects.filter(sent_at=None).values_list("pk", flat=True))
