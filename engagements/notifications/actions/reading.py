"""Marking as read and unread: one's own, and only what one may still see."""

from datetime import datetime

from engagements.access.notifications import notification_for
from engagements.models import Notification, User


def open_notification(*, pk: int, by: User, now: datetime) -> Notification:
    """With it all that is about the same thing: whoever reads it has read them. Raises NotFound."""
    row = notification_for(by, pk)
    Notification.objects.filter(user_id=by.pk, noun=row.noun, object_id=row.object_id, seen_at=None).update(seen_at=now)
    return row


def mark_notification(*, pk: int, is_read: bool, by: User, now: datetime) -> Notification:
    """Raises NotFound."""
    row = notification_for(by, pk)
    Notification.objects.filter(pk=row.pk).update(seen_at=now if is_read else None)
    return row


def mark_all_read(*, kind: str, by: User, now: datetime) -> int:
    """How many were unread. `kind` "": of every kind; also those that are no longer shown."""
    rows = Notification.objects.filter(user_id=by.pk, seen_at=None, created_at__lte=now)
    return (rows.filter(kind=kind) if kind else rows).update(seen_at=now)
