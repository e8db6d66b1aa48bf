"""Mentions and assignments: a mail each, as soon as the worker looks."""

import logging
from datetime import datetime
from smtplib import SMTPException

from django.core.mail import get_connection
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from engagements.discussion.mail.messages import absolute_url, build_email, may_receive_mail
from engagements.discussion.mail.visibility import VisibleNotification, visible_notification
from engagements.models import Notification

logger = logging.getLogger(__name__)
_Kind = Notification.Kind
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
            is_demo=sight.is_fictional,
            context=_words(row, sight),
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
    where = f" ({city})" if city else ""
    return f"{_heading(row)}{where}" if row.kind == Notification.Kind.MENTION else f"{row.line[:80]}{where}"


def _words(row: Notification, sight: VisibleNotification) -> dict[str, object]:
    is_request = row.noun == "expertrequest" and not row.line.startswith("Answered")
    return {
        "heading": _heading(row),
        "sight": sight,
        "link": absolute_url(sight.path),
        "choices_link": absolute_url("/me/"),
        "action": _("Read it and answer") if is_request else _ACTIONS[Notification.Kind(row.kind)],
        "why": _WHY[Notification.Kind(row.kind)],
    }


def _heading(row: Notification) -> str:
    who = str(row.actor) if row.actor else _("The portal")
    return str(_HEADINGS[Notification.Kind(row.kind)]).format(actor=who)
