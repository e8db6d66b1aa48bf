"""Mails that came back: counted once for each call, against the address they went to."""

import hashlib
from datetime import datetime

from django.db import transaction

from engagements.mail_delivery.actions import record_refusal
from engagements.mail_delivery.rules import Bounce
from engagements.models import ReceivedMail


def take_bounce(bounce: Bounce, token: str, *, now: datetime) -> bool:
    """False where this call came before. The caller made sure that it is about a mail of this portal."""
    digest = hashlib.sha256(token.encode()).hexdigest()
    with transaction.atomic():
        _row, is_new = ReceivedMail.objects.get_or_create(
            token_sha256=digest, defaults={"at": now, "outcome": ReceivedMail.Outcome.BOUNCED}
        )
        if is_new:
            record_refusal(bounce.recipient, bounce.refusal, bounce.reason, now=now)
    return is_new
