"""The mail with the link of an invitation, sent at once: only now, and to its reader, is the secret known."""

import logging
import smtplib

from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from engagements.models import Invitation

logger = logging.getLogger(__name__)


def send_invitation(invitation: Invitation, secret: str, request: HttpRequest) -> bool:
    """False when the mail server did not take it."""
    link = request.build_absolute_uri(reverse("invitation", args=[secret]))
    context = {"invitation": invitation, "link": link, "by": invitation.invited_by}
    mail = EmailMultiAlternatives(
        subject=f"[Mobility Portal] {_one_line(str(invitation.invited_by))} invites you: {invitation.where}",
        body=render_to_string("engagements/people/mail/invitation.txt", context),
        to=[invitation.email],
    )
    mail.attach_alternative(render_to_string("engagements/people/mail/invitation.html", context), "text/html")
    try:
        mail.send()
    except (smtplib.SMTPException, OSError) as error:
        logger.error("The email for invitation %s could not be sent: %s", invitation.pk, error)
        return False
    return True


def _one_line(text: str) -> str:
    """Names are typed by people: a line break in a subject would be refused, and rightly."""
    return " ".join(text.split())
