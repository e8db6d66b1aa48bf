"""What a digest says: what waits, what is overdue and what others did since the last one."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, Q

from engagements.access.roles import with_cached_permissions
from engagements.home.queries.activity import ActivityRow, activity, count_activity
from engagements.home.queries.tasks import Task, tasks_of
from engagements.models import Notification, NotificationChoice, User


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


@with_cached_permissions
def digest_content(user: User, *, since: datetime, until: datetime, today: date) -> DigestContent:
    """Thirteen statements. What others did from `since` to before `until`: the newest 50, and how many in all."""
    others = {"since": since, "until": until, "not_by": user.pk}
    # Those who want changes by a mail of their own get them from there.
    apart = NotificationChoice.objects.filter(user_id=user.pk, kind=Notification.Kind.CHANGE).exclude(email="never")
    waiting = Notification.objects.filter(
        ~Q(Exists(apart)), user_id=user.pk, kind=Notification.Kind.CHANGE, sent_at=None, created_at__lt=until
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
