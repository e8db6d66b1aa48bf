"""Celery's edge of engagements: one call each; run again they send nothing twice."""

from celery import shared_task
from django.utils import timezone

from engagements.mail.at_once import send_outgoing
from engagements.mail.digests import send_digests


@shared_task(name="engagements.tasks.send_mail_at_once", ignore_result=True, expires=30)
def send_mail_at_once() -> None:
    """Mentions and assignments."""
    send_outgoing(now=timezone.now())


@shared_task(name="engagements.tasks.send_digests", ignore_result=True, expires=600)
def send_digest_mails() -> None:
    """The digests whose morning has come somewhere."""
    send_digests(now=timezone.now())
