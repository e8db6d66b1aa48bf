"""Handing one mail to the mail server, and keeping what it said of the address."""

import logging
from datetime import datetime
from smtplib import SMTPDataError, SMTPRecipientsRefused

from django.core.mail import EmailMessage

from engagements.mail_delivery.actions import record_refusal, record_taken
from engagements.mail_delivery.rules import Refusal, refusal_of

logger = logging.getLogger(__name__)


class TryLater(Exception):
    """The server takes mail, and for this address not now: the next try is planned."""


def deliver(mail: EmailMessage, *, now: datetime) -> int:
    """1 when the mail was taken, 0 when its address refuses it for good and it is not to be sent again.

    A mail has one address. Raises TryLater; SMTPException and OSError where the server itself fails, for every address.
    """
    (address,) = mail.to
    try:
        sent = mail.send() or 0
    except SMTPRecipientsRefused as refused:
        code, said = next(iter(refused.recipients.values()))
        return _refused(address, code, said, now, refused)
    except SMTPDataError as refused:
        return _refused(address, refused.smtp_code, refused.smtp_error, now, refused)
    record_taken(address)
    return sent


def _refused(address: str, code: int, said: bytes | str, now: datetime, error: Exception) -> int:
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    refusal = refusal_of(code, words)
    row = record_refusal(address, refusal, f"{code} {words}", now=now)
    logger.warning("A mail was refused with %s (%s); mail address %s", code, refusal.value, row.pk)
    if refusal is Refusal.LATER:
        raise TryLater from error
    return 0
