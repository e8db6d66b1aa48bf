"""Mentions and assignments: a mail each, as soon as the worker looks."""

import logging
from datetime import datetime
from smtplib import SMTPException

from django.core.mail import get_connection
from django.db import transaction

from engagements.discussion.mail.messages import absolute_url, build_email, may_receive_mail
from engagements.discussion.mail.visibility import visible_notification
from engagements.models import Notification

logger = logging.getLogger(__name__)
KINDS = (Notification.Kind.MENTION, Notification.Kind.ASSIGNMENT)


def send_outgoing(*, now: datetime, limit: int = 200) -> int:
    """How many mails went out. Each row is claimed before its mail is sent: nobody gets one twice.

    A worker killed between sends that one mail not at all; it stays on the person's list of to-dos.
    """
    waiting = Notification.objects.filter(kind__in=KINDS, sent_at=None).order_by("created_at", "pk")
    sent = 0
    connection = get_connection()
    for pk in list(waiting.values_list("pk", flat=True)[:limit]):
        row = _claim(pk, now)
        if row is None or not may_receive_mail(row.user) or (sight := visible_notification(row)) is None:
            continue
        mail = build_email(
            row.user,
            subject=_subject(row, sight.city),
            template="engagements/discussion/mail/notification",
            ends=None,
            context={"row": row, "sight": sight, "link": absolute_url(sight.path)},
        )
        mail.connection = connection
        try:
            sent += mail.send()
        except (SMTPException, OSError):
            logger.exception("The email about notification %s could not be sent; it will be tried again.", pk)
            Notification.objects.filter(pk=pk).update(sent_at=None)
            break
    return sent


def _claim(pk: int, now: datetime) -> Notification | None:
    """The row marked as sent, or None when another worker has it."""
    with transaction.atomic():
        found = Notification.objects.select_for_update(skip_locked=True, of=("self",)).select_related("user", "actor")
        row = found.filter(pk=pk, sent_at=None).first()
        if row is not None:
            Notification.objects.filter(pk=pk).update(sent_at=now)
    return row


def _subject(row: Notification, city: str) -> str:
    who = str(row.actor) if row.actor else "The portal"
    where = f" ({city})" if city else ""
    return f"{who} mentioned you{where}" if row.kind == Notification.Kind.MENTION else f"{row.line[:80]}{where}"
