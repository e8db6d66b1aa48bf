"""Webhooks on their pages: the list of one's own, and one with its log."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch

from engagements.access.webhooks import visible_webhooks, webhook_for
from engagements.models import User, Webhook, WebhookAttempt, WebhookDelivery

PAGE = 50


@dataclass(frozen=True)
class WebhookRow:
    """`tells`: "" for one's notifications, else the city. `owner`: "" for the viewer's own."""

    pk: int
    name: str
    shape_label: str
    host: str
    tells: str
    owner: str
    created_at: datetime
    paused_at: datetime | None
    paused_why: str


@dataclass(frozen=True)
class AttemptRow:
    at: datetime
    milliseconds: int
    status: int | None
    said: str


@dataclass(frozen=True)
class DeliveryRow:
    """`attempts`: newest first."""

    source_label: str
    status: str
    status_label: str
    created_at: datetime
    next_at: datetime | None
    attempts: tuple[AttemptRow, ...]


@dataclass(frozen=True)
class WebhookPage:
    webhook: WebhookRow
    is_own: bool
    level_label: str
    kinds: tuple[str, ...]
    deliveries: tuple[DeliveryRow, ...]
    number: int
    has_more: bool


def webhook_rows(user: User) -> tuple[WebhookRow, ...]:
    """One's own first, then those of others in engagements where one gives roles."""
    found = [_row(row, user) for row in visible_webhooks(user)]
    return tuple(sorted(found, key=lambda row: bool(row.owner)))


def webhook_page(user: User, pk: int, *, number: int) -> WebhookPage:
    """Raises NotFound."""
    row = webhook_for(user, pk)
    first = (number - 1) * PAGE
    log = Prefetch("log", WebhookAttempt.objects.order_by("-at", "-pk"))
    found = list(row.deliveries.prefetch_related(log)[first : first + PAGE + 1])
    return WebhookPage(
        webhook=_row(row, user),
        is_own=row.user_id == user.pk,
        level_label=row.get_visibility_display(),
        kinds=tuple(row.kinds),
        deliveries=tuple(_delivery(each) for each in found[:PAGE]),
        number=number,
        has_more=len(found) > PAGE,
    )


def _row(row: Webhook, user: User) -> WebhookRow:
    return WebhookRow(
        pk=row.pk,
        name=row.name,
        shape_label=row.get_shape_display(),
        host=row.host,
        tells=row.engagement.city.name if row.engagement else "",
        owner="" if row.user_id == user.pk else str(row.user),
        created_at=row.created_at,
        paused_at=row.paused_at,
        paused_why=row.paused_why,
    )


def _delivery(row: WebhookDelivery) -> DeliveryRow:
    return DeliveryRow(
        source_label=row.get_source_display(),
        status=row.status,
        status_label=row.get_status_display(),
        created_at=row.created_at,
        next_at=row.next_at,
        attempts=tuple(AttemptRow(each.at, each.milliseconds, each.status, each.said) for each in row.log.all()),
    )
