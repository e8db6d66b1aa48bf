"""Making, testing, pausing, resuming and ending webhooks."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from atlas.fetching.addresses import find_private_host, parse_address
from atlas.fetching.errors import FetchError
from engagements import limits
from engagements.access.engagements import engagement_for
from engagements.access.roles import permissions_in
from engagements.access.webhooks import own_webhook_for, webhook_for
from engagements.base.audited_transaction import (
    add_activity,
    audited_transaction,
    begin_idempotent,
    complete_idempotent,
)
from engagements.base.editing import lock, validate
from engagements.base.erasures import record_erasure
from engagements.models import Notification, User, Webhook, WebhookDelivery, WebhookEnd
from engagements.permissions import VIEW_PUBLISHED, Visibility, levels
from engagements.security_log.actions.recording import Kind, record_security_event
from engagements.webhooks.actions.keys import encrypt
from engagements.webhooks.rules.signing import write_key

MOST = 20  # live webhooks of one person


def make_webhook(
    *,
    name: str,
    shape: str,
    address: str,
    kinds: Sequence[str] = (),
    engagement: int | str | None = None,
    visibility: str = Visibility.ALL.value,
    by: User,
    now: datetime,
    submission: UUID | None = None,
) -> tuple[Webhook, str]:
    """The row and the key that signs its messages, which is seen this once: "" when this submission came before.

    Raises NotFound for an engagement one may not see, ValidationError by field.
    """
    host = check_address(address)
    within = engagement_for(by, engagement, VIEW_PUBLISHED) if engagement else None
    if within and visibility not in [level.value for level in levels(permissions_in(by, within.pk))]:
        raise ValidationError({"visibility": _("Choose a level that you can read yourself.")})
    if not within and (not kinds or not set(kinds) <= set(Notification.Kind.values)):
        raise ValidationError({"kinds": _("Choose what it tells.")})
    if Webhook.objects.filter(user=by, archived_at=None).count() >= MOST:
        raise ValidationError(_("You have {most} webhooks. End one before you make another.").format(most=MOST))
    with audited_transaction(by):
        claimed = begin_idempotent(by, "make_webhook", submission)
        if claimed.object_id:
            return Webhook.objects.get(pk=claimed.object_id), ""
        row = Webhook(
            user=by,
            engagement=within,
            name=name.strip(),
            shape=shape,
            kinds=[] if within else sorted(set(kinds)),
            visibility=visibility if within else Visibility.ALL.value,
            host=host,
            created_at=now,
            tells_from=now,
        )
        validate(row, {"name", "shape"})
        row.save(force_insert=True)
        key = write_key(secrets.token_bytes(32))
        WebhookEnd.objects.create(webhook=row, address=encrypt(address.strip()), key=encrypt(key))
        if within:  # the team sees that what it does goes elsewhere
            _note(row, "added", by, now)
        record_security_event(Kind.WEBHOOK_MADE, by=by, engagement=within, thing=row)
        complete_idempotent(claimed, row)
    return row, key


def check_address(address: str) -> str:
    """Its host. Raises ValidationError: https, on the internet, and not too long."""
    try:
        parts = parse_address(address.strip())
        host = (parts.hostname or "").lower()
        if len(address) > limits.URL:
            raise FetchError("")
        if host in settings.WEBHOOK_PRIVATE_HOSTS:
            return host
        if parts.scheme != "https":
            raise ValidationError({"address": _("The address begins with https://.")})
        if find_private_host(address.strip()):
            raise ValidationError({"address": _("This address lies in a private network. Use one on the internet.")})
    except FetchError as wrong:
        raise ValidationError({"address": _("Copy the whole address, from https:// on.")}) from wrong
    return host


def test_webhook(*, webhook: int, by: User, now: datetime) -> WebhookDelivery:
    """Plans a message that says it is a test; the worker sends it. Raises NotFound, NotAllowed."""
    row = own_webhook_for(by, webhook)
    if row.paused_at is not None:
        raise ValidationError(_("Resume the webhook first."))
    waiting = row.deliveries.filter(source=WebhookDelivery.Source.TEST, status=WebhookDelivery.Status.WAITING).first()
    return waiting or WebhookDelivery.objects.create(
        webhook=row, source=WebhookDelivery.Source.TEST, created_at=now, next_at=now
    )


def pause_webhook(*, webhook: int, by: User, now: datetime) -> Webhook:
    """What waits is given up; what happens from here on is not sent. Raises NotFound, NotAllowed."""
    seen = own_webhook_for(by, webhook)
    with audited_transaction(by):
        row = lock(seen)
        if row.paused_at is None:
            row.paused_at, row.paused_why = now, ""
            row.save(update_fields=["paused_at", "paused_why"])
            give_up_waiting(row)
            record_security_event(
                Kind.WEBHOOK_CHANGED, by=by, engagement=row.engagement_id, thing=row, detail={"to": "paused"}
            )
    return row


def resume_webhook(*, webhook: int, by: User, now: datetime) -> Webhook:
    """What happened meanwhile is not sent afterwards. Raises NotFound, NotAllowed."""
    seen = own_webhook_for(by, webhook)
    with audited_transaction(by):
        row = lock(seen)
        row.paused_at, row.paused_why, row.tells_from = None, "", now
        row.save(update_fields=["paused_at", "paused_why", "tells_from"])
        WebhookEnd.objects.filter(webhook=row).update(failures=0)
        record_security_event(
            Kind.WEBHOOK_CHANGED, by=by, engagement=row.engagement_id, thing=row, detail={"to": "resumed"}
        )
    return row


def end_webhook(*, webhook: int, by: User, now: datetime) -> Webhook:
    """By its owner, or who gives roles where it listens. The address and the key are forgotten. Raises NotFound."""
    seen = webhook_for(by, webhook)
    with audited_transaction(by):
        row = lock(seen)
        row.archived_at, row.archived_by = now, by
        row.save(update_fields=["archived_at", "archived_by"])
        give_up_waiting(row)
        for end in WebhookEnd.objects.filter(webhook=row):
            record_erasure(end)
            end.delete()
        record_security_event(Kind.WEBHOOK_ENDED, by=by, about=row.user_id, engagement=row.engagement_id, thing=row)
        if row.engagement_id:
            _note(row, "archived", by, now)
    return row


def give_up_waiting(row: Webhook) -> None:
    waiting = WebhookDelivery.objects.filter(webhook=row, status=WebhookDelivery.Status.WAITING)
    waiting.update(status=WebhookDelivery.Status.GIVEN_UP, next_at=None)


def _note(row: Webhook, verb: str, by: User, now: datetime) -> None:
    title = f"Webhook “{row.name}” to {row.host}"
    add_activity(by=by, now=now, verb=verb, thing=row, engagement_id=row.engagement_id, title=title)
