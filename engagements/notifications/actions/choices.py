"""Choosing what to hear about and when."""

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import ValidationError

from engagements.base.audited_transaction import audited_transaction
from engagements.models import DEFAULT_WHEN, Notification, NotificationChoice, User


def choose(*, email: Mapping[str, str], by: User, now: datetime) -> None:
    """Kind: when an email tells of it. What did not change keeps its day. Raises ValidationError."""
    if not set(email) <= set(Notification.Kind.values) or not set(email.values()) <= set(
        NotificationChoice.When.values
    ):
        raise ValidationError("Choose one of the times that are offered.")
    with audited_transaction(by):
        User.objects.select_for_update().get(pk=by.pk)  # two windows at once: one after the other
        known = {row.kind: row for row in NotificationChoice.objects.filter(user_id=by.pk)}
        for kind, when in email.items():
            row = known.get(kind)
            if row is None and when == DEFAULT_WHEN[Notification.Kind(kind)]:
                continue
            if row is None:
                NotificationChoice.objects.create(user=by, kind=kind, email=when, changed_at=now)
            elif row.email != when:
                row.email, row.changed_at = when, now
                row.save(update_fields=["email", "changed_at"])
