"""The part of the home page that is somebody's own: to-dos first."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from engagements.access.portfolio import has_portfolio
from engagements.access.roles import cached_permissions, permissions_by_engagement
from engagements.home.queries.tasks import Home, Todo, home
from engagements.models import User
from engagements.permissions import LOG_PROGRESS, VIEW_PUBLISHED, VIEW_TEAM

SHOWN = 8


@dataclass(frozen=True)
class Work:
    """`todos`: the first of `total_todos`."""

    home: Home
    todos: tuple[Todo, ...]
    total_todos: int
    is_team: bool
    may_log: bool
    has_portfolio: bool

    @property
    def more_todos(self) -> bool:
        return self.total_todos > len(self.todos)


def work_of(user: User, *, now: datetime) -> Work | None:
    """None for those without a role: their home is everybody's."""
    with cached_permissions(user):
        held = frozenset().union(*permissions_by_engagement(user).values())
        if VIEW_PUBLISHED not in held:
            return None
        found = home(user, now=now, today=timezone.localdate(now))
    return Work(
        found, found.todos[:SHOWN], len(found.todos), VIEW_TEAM in held, LOG_PROGRESS in held, has_portfolio(user)
    )
