"""One's own sessions."""

from dataclasses import dataclass
from datetime import datetime

from engagements.models import User, UserSession


@dataclass(frozen=True)
class SessionRow:
    """`last_seen_at` is right within five minutes; `browser` is "" where none was told."""

    pk: int
    browser: str
    began_at: datetime
    last_seen_at: datetime
    is_shared: bool
    is_this: bool


def sessions_of(user: User, *, session_key: str) -> tuple[SessionRow, ...]:
    """The one that asks first, then the ones used last. One statement."""
    rows = [
        SessionRow(row.pk, row.browser, row.began_at, row.last_seen_at, row.is_shared, row.session_key == session_key)
        for row in UserSession.objects.filter(user=user)
    ]
    return tuple(sorted(rows, key=lambda row: not row.is_this))
