"""Notifications by mail: one each as soon as the worker looks, or all of a day or week in the morning, as people chose.

Each row is claimed before its mail is sent: nobody gets one twice. A worker killed between sends that one mail not at
all; it stays on the person's page of notifications.
"""

import logging
from datetime import datetime
from smtplib import SMTPException

from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from engagements.base.time_zone_middleware import zone_of
from engagements.discussion.mail.messages import absolute_url, build_email, may_receive_mail
from engagements.discussion.mail.reply_address import ANSWERED, write_reply_address
from engagements.discussion.mail.visibility import VisibleNotification, visible_notification
from engagements.mail_delivery.mail import TryLater, deliver
from engagements.mail_delivery.queries import waits
from engagements.models import Notification, NotificationChoice, User
from engagements.notifications.queries.choices import collected_people, waiting_for_mail
from engagements.notifications.rules import last_morning
from engagements.people.actions.profile import MailSubscription

logger = logging.getLogger(__name__)
MOST = 30  # lines of one mail; the page has all
_Kind = Notification.Kind
_When = NotificationChoice.When
_HEADINGS = {
    _Kind.MENTION: _lazy("{actor} mentioned you"),
    _Kind.ASSIGNMENT: _lazy("{actor} needs something from you"),
    _Kind.CHANGE: _lazy("{actor} changed something you work on"),
}
_ACTIONS = {
    _Kind.MENTION: _lazy("Read the comment"),
    _Kind.ASSIGNMENT: _lazy("Open it"),
    _Kind.CHANGE: _lazy("See what changed"),
}
_WHY = {
    _Kind.MENTION: _lazy("You got this email because someone mentioned you."),
    _Kind.ASSIGNMENT: _lazy("You got this email because someone assigned something to you or answered you."),
    _Kind.CHANGE: _lazy("You got this email because you asked to hear of changes at once."),
}


def send_outgoing(*, now: datetime, limit: int = 200) -> int:
    """How many mails went out."""
    waiting = waiting_for_mail(_When.AT_ONCE).exclude(waits("user__email", now))
    sent = 0
    connection = get_connection()
    for pk in list(waiting.values_list("pk", flat=True)[:limit]):
        row = _claim(pk, now)
        if row is None or not may_receive_mail(row.user) or (sight := visible_notification(row)) is None:
            continue
        mail = build_email(
            row.user,
            subject=_subject(row, sight.city),
            template="engagements/notifications/mail/notification",
            ends=MailSubscription(row.kind),
            is_demo=sight.is_fictional,
            reply_to=(address := _reply_address(row, now)),
            context=_words(row, sight) | {"reply": bool(address)},
        )
        mail.connection = connection
        try:
            sent += deliver(mail, now=now)
        except TryLater:
            Notification.objects.filter(pk=pk).update(sent_at=None)
        except (SMTPException, OSError):
            logger.exception("The email about notification %s could not be sent; it will be tried again.", pk)
            Notification.objects.filter(pk=pk).update(sent_at=None)
            break
    return sent


def send_collected(*, now: datetime) -> int:
    """How many mails went out to those who want one a day or week. Safe to run any number of times."""
    sent = 0
    connection = get_connection()
    for when in (_When.DAILY, _When.WEEKLY):
        for user in collected_people(when).exclude(waits("email", now)):
            if not may_receive_mail(user):
                continue
            rows = _claim_collected(user, when, now)
            told = [(row, sight) for row in rows if (sight := visible_notification(row)) is not None]
            if not told:
                continue
            mail = _collected(user, told)
            mail.connection = connection
            try:
                sent += deliver(mail, now=now)
            except TryLater:
                Notification.objects.filter(pk__in=[row.pk for row in rows]).update(sent_at=None)
            except (SMTPException, OSError):
                logger.exception("The notifications of person %s could not be mailed; they will be later.", user.pk)
                Notification.objects.filter(pk__in=[row.pk for row in rows]).update(sent_at=None)
                return sent
    return sent


def _claim_collected(user: User, when: str, now: datetime) -> list[Notification]:
    """What was told before the last morning where they live, marked as sent, oldest first."""
    until = last_morning(now.astimezone(zone_of(user)), weekly=when == _When.WEEKLY)
    with transaction.atomic():
        waiting = waiting_for_mail(when).filter(user_id=user.pk, created_at__lt=until)
        rows = list(waiting.select_for_update(skip_locked=True, of=("self",)).select_related("user", "actor"))
        Notification.objects.filter(pk__in=[row.pk for row in rows]).update(sent_at=now)
    return rows


def _collected(user: User, told: list[tuple[Notification, VisibleNotification]]) -> EmailMultiAlternatives:
    count = len(told)
    subject = ngettext("%(count)s notification", "%(count)s notifications", count) % {"count": count}
    lines = [(_heading(row), sight, absolute_url(sight.path)) for row, sight in told[:MOST]]
    return build_email(
        user,
        subject=subject,
        template="engagements/notifications/mail/collected",
        ends=None,
        context={
            "heading": subject,
            "lines": lines,
            "more": count - len(lines),
            "page": absolute_url("/notifications/?show=unread"),
            "choices_link": absolute_url("/notifications/choices/"),
        },
    )


def _claim(pk: int, now: datetime) -> Notification | None:
    """The row marked as sent, or None when another worker has it."""
    with transaction.atomic():
        found = Notification.objects.select_for_update(skip_locked=True, of=("self",)).select_related("user", "actor")
        row = found.filter(pk=pk, sent_at=None).first()
        if row is not None:
            Notification.objects.filter(pk=pk).update(sent_at=now)
    return row


def _subject(row: Notification, city: str) -> str:
    where = f" ({city})" if city else ""
    return f"{_heading(row)}{where}" if row.kind == Notification.Kind.MENTION else f"{row.line[:80]}{where}"


def _words(row: Notification, sight: VisibleNotification) -> dict[str, object]:
    is_request = row.noun == "expertrequest" and not row.line.startswith("Answered")
    return {
        "heading": _heading(row),
        "sight": sight,
        "link": absolute_url(sight.path),
        "choices_link": absolute_url("/notifications/choices/"),
        "action": _("Read it and answer") if is_request else _ACTIONS[Notification.Kind(row.kind)],
        "why": _WHY[Notification.Kind(row.kind)],
    }


def _reply_address(row: Notification, now: datetime) -> str:
    """ "" for what takes no reply, and for what belongs to no city."""
    return write_reply_address(row.pk, now) if row.noun in ANSWERED and row.engagement_id else ""


def _heading(row: Notification) -> str:
    who = str(row.actor) if row.actor else _("The portal")
    return str(_HEADINGS[Notification.Kind(row.kind)]).format(actor=who)
