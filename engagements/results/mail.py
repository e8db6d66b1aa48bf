"""The mail that asks an organization without an account for its reply, with the link to give it."""

import logging
from datetime import datetime
from smtplib import SMTPException

from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from engagements.base.letters import write_letter
from engagements.discussion.mail.messages import absolute_url
from engagements.mail_delivery.mail import TryLater, deliver
from engagements.models import ReplyLink, User
from engagements.results.actions.links import make_reply_link, revoke_reply_link

logger = logging.getLogger(__name__)
_TEMPLATE = "engagements/results/mail/request"


def send_reply_link(*, request: int, email: str, by: User, now: datetime) -> ReplyLink:
    """Makes the link and mails it. Raises NotFound, ValidationError at `email`; a mail that fails ends its link."""
    link, secret = make_reply_link(request=request, email=email.strip(), by=by, now=now)
    try:
        is_taken = deliver(_letter(link, secret), now=now)
    except (TryLater, SMTPException, OSError) as failed:
        logger.exception("The mail with reply link %s was not taken by the mail server.", link.pk)
        revoke_reply_link(link=link.pk, by=by, now=now)
        raise ValidationError(
            {"email": "The mail server did not take the mail. Send the link again later."}
        ) from failed
    if not is_taken:
        revoke_reply_link(link=link.pk, by=by, now=now)
        raise ValidationError({"email": "There is no such address, or it takes no mail from here. Check it."})
    return link


def _letter(link: ReplyLink, secret: str) -> EmailMultiAlternatives:
    request = link.request
    return write_letter(
        to=link.email,
        subject=f"A sentence about {request.engagement.city.name}: your reply",
        template=_TEMPLATE,
        context={
            "request": request,
            "link": absolute_url(reverse("reply_by_link", args=[secret])),
            "row": link,
            "portal": absolute_url(""),
            "is_demo": request.engagement.is_fictional,
        },
    )
