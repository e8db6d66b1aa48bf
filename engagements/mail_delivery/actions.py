"""Keeping what became of mails, and letting mail go to an address again."""

from datetime import datetime

from django.db import transaction

from engagements.mail_delivery.rules import FORGOTTEN_AFTER, Refusal, one_line, stops, wait_after
from engagements.models import MailAddress, User


def record_refusal(address: str, refusal: Refusal, said: str, *, now: datetime) -> MailAddress:
    """One more of them; counts by the rules."""
    with transaction.atomic():
        made, _is_new = MailAddress.objects.get_or_create(
            address=address.lower(), defaults={"reason": "-", "failed_at": now}
        )
        row = MailAddress.objects.select_for_update().get(pk=made.pk)
        if now - row.failed_at > FORGOTTEN_AFTER:
            row.refusals, row.put_off = 0, 0
        row.reason, row.failed_at = one_line(said) or refusal.value, now
        if refusal is Refusal.LATER:
            row.put_off = min(row.put_off + 1, 1000)
            row.next_try_at = None if row.stopped_at else now + wait_after(row.put_off)
        else:
            row.refusals, row.next_try_at = min(row.refusals + 1, 1000), None
            if stops(refusal, row.refusals):
                row.stopped_at = row.stopped_at or now
        row.save()
    return row


def record_taken(address: str) -> None:
    """It is no longer put off. Refusals stay: a mail that was taken may still come back."""
    MailAddress.objects.filter(address=address.lower(), put_off__gt=0).update(put_off=0, next_try_at=None)


def send_again(*, by: User) -> None:
    """Its owner says that mail arrives there again: the next one goes out."""
    MailAddress.objects.filter(address=by.email.lower()).delete()
