"""The worker's part: plans what is to be told, sends what is due, tries again, and leaves alone what never answers.

A message is claimed for two minutes before it is sent, so that two workers don't send it at once. A worker killed after
sending and before noting so sends it again, under the same id: receivers that keep ids see it once.
"""

import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from atlas.fetching.errors import FetchError, TemporaryFetchError
from atlas.fetching.small_post import PostAnswer, post_small
from engagements import limits
from engagements.base.audited_transaction import audited_transaction, notify
from engagements.models import Notification, Webhook, WebhookAttempt, WebhookDelivery, WebhookEnd
from engagements.webhooks.actions.keys import KeyLost, decrypt
from engagements.webhooks.actions.webhooks import give_up_waiting
from engagements.webhooks.queries.messages import message_of, untold
from engagements.webhooks.rules.backoff import Verdict, judge
from engagements.webhooks.rules.messages import write_body
from engagements.webhooks.rules.signing import signature_headers

_Status = WebhookDelivery.Status
CLAIM = timedelta(minutes=2)
ROUND_SECONDS = 25.0  # of one look of the worker; the rest is sent at the next
MOST_A_ROUND = 20  # to one webhook: Slack takes one a second
_AGENT = "MobilityPortal/1 (webhook)"


def plan_deliveries(*, now: datetime) -> int:
    """How many messages were planned. Safe to run any number of times."""
    count = 0
    live = Webhook.objects.filter(archived_at=None, paused_at=None, user__is_active=True)
    for webhook in live.select_related("user").order_by("pk"):
        first = _after_failures(webhook, now)
        rows = [
            WebhookDelivery(webhook=webhook, source=source, source_id=pk, created_at=now, next_at=first)
            for source, pk in untold(webhook, now)
        ]
        WebhookDelivery.objects.bulk_create(rows, ignore_conflicts=True)
        count += len(rows)
    return count


def send_due(*, now: datetime, seconds: float = ROUND_SECONDS) -> int:
    """How many arrived. One webhook that hangs costs ten seconds of a round, and waits longer each time."""
    ends = time.monotonic() + seconds
    arrived = 0
    sent_to: dict[int, int] = {}
    due = WebhookDelivery.objects.filter(status=_Status.WAITING, next_at__lte=now).order_by("next_at", "pk")
    for pk, webhook in list(due.values_list("pk", "webhook_id")[:500]):
        if time.monotonic() > ends:
            break
        if sent_to.get(webhook, 0) >= MOST_A_ROUND:
            continue
        delivery = _claim(pk, now)
        if delivery is not None:
            sent_to[webhook] = sent_to.get(webhook, 0) + 1
            arrived += _send(delivery, now)
    return arrived


def _after_failures(webhook: Webhook, now: datetime) -> datetime:
    """Behind what already waits for a webhook that does not answer."""
    waiting = WebhookDelivery.objects.filter(webhook=webhook, status=_Status.WAITING, attempts__gt=0)
    latest = waiting.order_by("-next_at").values_list("next_at", flat=True).first()
    return max(latest, now) if latest else now


def _claim(pk: int, now: datetime) -> WebhookDelivery | None:
    """None when another worker has it, or a failure before it in this round moved it."""
    with transaction.atomic():
        rows = WebhookDelivery.objects.select_for_update(skip_locked=True, of=("self",))
        row: WebhookDelivery | None = (
            rows.select_related("webhook__user", "webhook__engagement")
            .filter(pk=pk, status=_Status.WAITING, next_at__lte=now, webhook__paused_at=None, webhook__archived_at=None)
            .first()
        )
        if row is not None:
            WebhookDelivery.objects.filter(pk=pk).update(next_at=now + CLAIM)
    return row


def _send(delivery: WebhookDelivery, now: datetime) -> bool:
    message = message_of(delivery)
    if message is None:
        WebhookDelivery.objects.filter(pk=delivery.pk).update(status=_Status.WITHHELD, next_at=None)
        return False
    end = WebhookEnd.objects.get(webhook_id=delivery.webhook_id)
    began = time.monotonic()
    answer: PostAnswer | None = None
    problem, is_final = "", False
    try:
        words = {"open": _("Open it"), "demo": _("Demo data: made up.")}
        body = write_body(delivery.webhook.shape, message, words)
        signed = signature_headers(decrypt(end.key), event=str(delivery.event), at=int(now.timestamp()), body=body)
        answer = post_small(
            decrypt(end.address),
            body,
            headers={"Content-Type": "application/json", "User-Agent": _AGENT, **signed},
            private_hosts=settings.WEBHOOK_PRIVATE_HOSTS,
        )
    except KeyLost:
        problem, is_final = _("The address can’t be read any more: the portal’s key was changed."), True
    except TemporaryFetchError as failed:
        problem = str(failed)
    except FetchError as refused:
        problem, is_final = str(refused), True
    verdict = judge(
        answer.status if answer else None,
        failures=end.failures,
        retry_after=answer.retry_after if answer else None,
        is_final=is_final,
    )
    if answer is not None and not verdict.arrived:
        problem = _("A redirect, which is not followed.") if 300 <= answer.status < 400 else answer.beginning
    _keep(delivery, verdict, answer, problem, round(1000 * (time.monotonic() - began)), now)
    return verdict.arrived


def _keep(
    delivery: WebhookDelivery, verdict: Verdict, answer: PostAnswer | None, problem: str, took: int, now: datetime
) -> None:
    """The attempt in the log, the message's next time, and the webhook's failures in a row."""
    with transaction.atomic():
        WebhookAttempt.objects.create(
            delivery=delivery,
            at=now,
            milliseconds=took,
            status=answer.status if answer else None,
            said=problem[: limits.WHY],
        )
        next_at = now + timedelta(seconds=verdict.delay) if verdict.delay is not None else None
        status = _Status.DELIVERED if verdict.arrived else _Status.WAITING if next_at else _Status.GIVEN_UP
        mine = WebhookDelivery.objects.filter(pk=delivery.pk)
        mine.update(status=status, next_at=next_at, attempts=F("attempts") + 1)
        ends = WebhookEnd.objects.filter(webhook_id=delivery.webhook_id)
        ends.update(failures=0 if verdict.arrived else F("failures") + 1)
        if next_at is not None:  # the others wait with it: a server that is down is asked once, not once a message
            waiting = WebhookDelivery.objects.filter(webhook_id=delivery.webhook_id, status=_Status.WAITING)
            waiting.filter(next_at__lt=next_at).update(next_at=next_at)
    if verdict.pauses:
        _pause(delivery.webhook, problem or _("It did not answer."), now)


def _pause(webhook: Webhook, problem: str, now: datetime) -> None:
    """Its owner is told once, as of anything else they have to do."""
    with audited_transaction(webhook.user, "the webhook failed again and again"):
        row = Webhook.objects.select_for_update().get(pk=webhook.pk)
        if row.paused_at is not None:
            return
        row.paused_at, row.paused_why = now, problem[: limits.WHY]
        row.save(update_fields=["paused_at", "paused_why"])
        give_up_waiting(row)
        line = f"Webhook “{row.name}” is paused: {row.host} did not take its messages."
        notify(
            [row.user_id],
            Notification.Kind.ASSIGNMENT,
            thing=row,
            engagement=row.engagement_id,
            line=line,
            by=None,
            now=now,
        )
