"""What was kept long enough goes. Counts are logged and kept, never names."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import Q, Value
from django.db.models.functions import Cast, Concat

from engagements.models import (
    AccessToken,
    CalendarFeed,
    Digest,
    FormIdempotencyKey,
    IdempotencyKey,
    Invitation,
    MailAddress,
    Notification,
    PortfolioDigest,
    ReceivedMail,
    RetentionRun,
    UpdateReminder,
    User,
)
from engagements.privacy.queries.people import FORMER_DOMAIN
from engagements.privacy.rules.retention import cutoff

logger = logging.getLogger(__name__)
_BATCH = 5_000  # rows in one transaction
_MOST = 20  # batches of one kind in one run: the rest comes with the next


def let_go(*, now: datetime) -> dict[str, int]:
    """How many rows of each kind went or were emptied. Each batch is a transaction; run again it goes on."""
    counts = {kind: _in_batches(step, now) for kind, step in _STEPS.items()}
    with transaction.atomic():
        RetentionRun.objects.filter(at__lt=cutoff("runs", now)).delete()
        RetentionRun.objects.create(at=now, counts=counts)
    gone = ", ".join(f"{kind} {count}" for kind, count in counts.items() if count)
    logger.info("Kept long enough: %s", gone or "nothing")
    return counts


def _in_batches(step: Callable[[datetime], int], now: datetime) -> int:
    total = 0
    for _ in range(_MOST):
        with transaction.atomic():
            count = step(now)
        total += count
        if count < _BATCH:
            break
    return total


def _delete(rows: models.QuerySet[Any]) -> int:
    ids = list(rows.order_by("pk").values_list("pk", flat=True)[:_BATCH])
    rows.model._base_manager.filter(pk__in=ids).delete()
    return len(ids)


def _read(now: datetime) -> int:
    return _delete(Notification.objects.filter(seen_at__lt=cutoff("notifications_read", now)))


def _unread(now: datetime) -> int:
    return _delete(Notification.objects.filter(created_at__lt=cutoff("notifications_unread", now)))


def _digests(now: datetime) -> int:
    before = cutoff("sent_mail", now)
    sent = (PortfolioDigest.objects.filter(sent_at__lt=before), UpdateReminder.objects.filter(sent_at__lt=before))
    return sum(_delete(rows) for rows in (Digest.objects.filter(period_end__lt=before), *sent))


def _forms(now: datetime) -> int:
    return _delete(FormIdempotencyKey.objects.filter(at__lt=cutoff("forms_sent", now)))


def _calls(now: datetime) -> int:
    return _delete(IdempotencyKey.objects.filter(created_at__lt=cutoff("api_calls", now)))


def _keys(now: datetime) -> int:
    before = cutoff("keys_ended", now)
    ended = Q(expires_at__lt=before) | Q(revoked_at__lt=before)
    return _delete(AccessToken.objects.filter(ended)) + _delete(CalendarFeed.objects.filter(ended))


def _invitations(now: datetime) -> int:
    """The row stays: it says who gave whom which role. Whom it was sent to is the account that took it."""
    before = cutoff("invitations_closed", now)
    closed = Q(accepted_at__lt=before) | Q(revoked_at__lt=before) | Q(accepted_at=None, expires_at__lt=before)
    rows = Invitation.objects.filter(closed).exclude(email__endswith=_EMPTIED).order_by("pk")
    ids = list(rows.values_list("pk", flat=True)[:_BATCH])
    emptied = Concat(Value("invitation-"), Cast("pk", models.CharField()), Value(_EMPTIED))
    Invitation.objects.filter(pk__in=ids).update(email=emptied, name="")
    return len(ids)


_EMPTIED = f"@{FORMER_DOMAIN}"


def _received(now: datetime) -> int:
    rows = ReceivedMail.objects.filter(at__lt=cutoff("received_mail", now), user__isnull=False)
    ids = list(rows.exclude(outcome=ReceivedMail.Outcome.POSTED).order_by("pk").values_list("pk", flat=True)[:_BATCH])
    ReceivedMail.objects.filter(pk__in=ids).update(user=None)
    return len(ids)


def _addresses(now: datetime) -> int:
    rows = MailAddress.objects.filter(failed_at__lt=cutoff("refusing_addresses", now))
    return _delete(rows.exclude(address__in=User.objects.values("email")))


_STEPS: dict[str, Callable[[datetime], int]] = {
    "notifications_read": _read,
    "notifications_unread": _unread,
    "sent_mail": _digests,
    "forms_sent": _forms,
    "api_calls": _calls,
    "keys_ended": _keys,
    "invitations_closed": _invitations,
    "received_mail": _received,
    "refusing_addresses": _addresses,
}
