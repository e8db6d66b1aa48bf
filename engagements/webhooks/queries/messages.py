"""What a webhook is to tell, and what each message says: with its owner's rights of this moment."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from engagements.access.discussion import visible_activity
from engagements.access.notifications import visible_notifications
from engagements.base.labels import feed_verb
from engagements.discussion.mail.messages import absolute_url, path_of
from engagements.discussion.mail.visibility import visible_notification
from engagements.models import Activity, Comment, Webhook, WebhookDelivery
from engagements.permissions import VIEW_OF, Visibility
from engagements.webhooks.rules.messages import Message

_Source = WebhookDelivery.Source
LOOKS_BACK = timedelta(hours=6)  # a worker that was away for longer does not flood a channel
_UP_TO = {
    Visibility.ALL.value: [Visibility.ALL.value],
    Visibility.CITY.value: [Visibility.ALL.value, Visibility.CITY.value],
    Visibility.TEAM.value: [level.value for level in VIEW_OF],
}


def untold(webhook: Webhook, now: datetime) -> Iterator[tuple[str, int]]:
    """(source, id) of what happened since it was made or resumed and is planned for no delivery yet, oldest first."""
    since = max(webhook.tells_from, now - LOOKS_BACK)
    planned = WebhookDelivery.objects.filter(webhook=webhook, source_id=OuterRef("pk"))
    if webhook.engagement_id:
        rows = _activity(webhook).filter(~Exists(planned.filter(source=_Source.ACTIVITY)), at__gte=since, at__lte=now)
        yield from ((_Source.ACTIVITY.value, pk) for pk in rows.order_by("at", "pk").values_list("pk", flat=True)[:200])
        return
    told = visible_notifications(webhook.user).filter(kind__in=webhook.kinds, created_at__gte=since)
    told = told.filter(~Exists(planned.filter(source=_Source.NOTIFICATION))).order_by("created_at", "pk")
    yield from ((_Source.NOTIFICATION.value, pk) for pk in told.values_list("pk", flat=True)[:200])


def message_of(delivery: WebhookDelivery) -> Message | None:
    """None for what its owner may no longer see."""
    if not delivery.webhook.user.may_act:
        return None
    if delivery.source == _Source.TEST:
        return _test(delivery)
    return _of_activity(delivery) if delivery.source == _Source.ACTIVITY else _of_notification(delivery)


def _activity(webhook: Webhook):
    return visible_activity(webhook.user).filter(
        engagement=webhook.engagement, visibility__in=_UP_TO[webhook.visibility]
    )


def _of_activity(delivery: WebhookDelivery) -> Message | None:
    found = _activity(delivery.webhook).filter(pk=delivery.source_id or 0).select_related("by", "engagement__city")
    row: Activity | None = found.first()
    if row is None or row.engagement is None:
        return None
    return Message(
        kind=f"activity.{row.verb}",
        at=row.at,
        head=f"{row.by or _('The portal')} {feed_verb(row.verb)}",
        title=row.title,
        body=_said(row),
        city=row.engagement.city.name,
        link=absolute_url(path_of(row.noun, row.object_id, row.engagement.slug)),
        is_demo=row.engagement.is_fictional,
    )


def _said(row: Activity) -> str:
    """Of a comment what it says now; only for rows of `visible_activity`, which has looked whether it is there."""
    if row.noun != "comment":
        return row.line
    return Comment.objects.filter(pk=row.object_id).values_list("body", flat=True).first() or ""


def _of_notification(delivery: WebhookDelivery) -> Message | None:
    rows = visible_notifications(delivery.webhook.user).filter(pk=delivery.source_id or 0)
    row = rows.select_related("user", "actor").first()
    sight = visible_notification(row) if row is not None else None
    if row is None or sight is None:
        return None
    who = (row.actor.name or _("Someone")) if row.actor else _("The portal")
    heads = {
        "mention": _("{actor} mentioned you"),
        "assignment": _("{actor} needs something from you"),
        "change": _("{actor} changed something you work on"),
    }
    return Message(
        kind=f"notification.{row.kind}",
        at=row.created_at,
        head=heads[row.kind].format(actor=who),
        title=sight.about or (sight.line if sight.excerpt == sight.line else ""),
        body=sight.excerpt if sight.about or sight.excerpt != sight.line else "",
        city=sight.city.removesuffix(", demo"),
        link=absolute_url(sight.path),
        is_demo=sight.is_fictional,
    )


def _test(delivery: WebhookDelivery) -> Message:
    return Message(
        kind="test",
        at=delivery.created_at,
        head=_("A test message from the Mobility Portal"),
        title=delivery.webhook.name,
        body=_("If you can read this, the webhook works."),
        city="",
        link=settings.PORTAL_URL.rstrip("/") + f"/webhooks/{delivery.webhook_id}/",
        is_demo=False,
    )
