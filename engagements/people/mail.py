"""The mail with the link of an invitation, sent at once: only now, and to its reader, is the secret known."""

import logging
import smtplib

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from engagements.base.letters import write_letter
from engagements.mail_delivery.mail import TryLater, deliver
from engagements.models import Invitation

logger = logging.getLogger(__name__)


def send_invitation(invitation: Invitation, secret: str, request: HttpRequest) -> bool:
    """False when the mail server did not take it."""
    mail = write_letter(
        to=invitation.email,
        subject=f"{invitation.invited_by} invites you: {invitation.where}",
        template="engagements/people/mail/invitation",
        context={
            "invitation": invitation,
            "link": request.build_absolute_uri(reverse("invitation", args=[secret])),
            "by": invitation.invited_by,
            "portal": request.build_absolute_uri("/").rstrip("/"),
        },
    )
    try:
        return bool(deliver(mail, now=timezone.now()))
    except (TryLater, smtplib.SMTPException, OSError) as error:
        logger.error("The email for invitation %s could not be sent: %s", invitation.pk, error)
        return False
