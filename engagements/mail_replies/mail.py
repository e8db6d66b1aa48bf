"""The mail back: to the address of the account alone, and only about its own reply."""

import logging
from smtplib import SMTPException

from django.utils import timezone

from engagements.discussion.mail.messages import absolute_url, build_email, may_receive_mail
from engagements.mail_delivery.mail import TryLater, deliver
from engagements.mail_replies.actions.taking import Taken
from engagements.models import ReceivedMail

logger = logging.getLogger(__name__)


def send_back(taken: Taken) -> None:
    """Nothing where nobody may be told. Why a reply was not posted is not said: the address may be in wrong hands."""
    row = taken.row
    if row is None or taken.tell is None or not may_receive_mail(taken.tell):
        return
    is_posted = row.outcome == ReceivedMail.Outcome.POSTED
    letter = build_email(
        taken.tell,
        subject="Your reply was posted without its attachments" if is_posted else "Your reply was not posted",
        template="engagements/mail_replies/mail/back",
        ends=None,
        context={
            "is_posted": is_posted,
            "problems": taken.problems,
            "link": absolute_url(f"/notifications/{row.notification_id}/"),
        },
    )
    try:
        deliver(letter, now=timezone.now())
    except (TryLater, SMTPException, OSError):
        logger.exception("The mail back about received mail %s could not be sent.", row.pk)
