"""Celery's edge of engagements: one call each; run again they send nothing twice."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from engagements.mail.at_once import send_outgoing
from engagements.mail.digests import send_digests
from engagements.mail.portfolio_digests import send_portfolio_digests
from engagements.seeding_demo import demo_people
from engagements.seeding_demo_plan import is_demo_plan_there, seed_demo_plan


@shared_task(name="engagements.tasks.send_mail_at_once", ignore_result=True, expires=30)
def send_mail_at_once() -> None:
    """Mentions and assignments."""
    send_outgoing(now=timezone.now())


@shared_task(name="engagements.tasks.send_digests", ignore_result=True, expires=600)
def send_digest_mails() -> None:
    """The digests whose morning has come somewhere."""
    send_digests(now=timezone.now())


@shared_task(name="engagements.tasks.make_demo_plan", ignore_result=True, expires=30)
def make_demo_plan() -> None:
    """On the private database only: the invented plan waits for the first data."""
    if settings.DEMO_ACCOUNTS and not is_demo_plan_there():
        seed_demo_plan(demo_people(), timezone.now())


@shared_task(name="engagements.tasks.send_portfolio_digests", ignore_result=True, expires=600)
def send_portfolio_digest_mails() -> None:
    """The portfolios' mails on a quarter that ended, where the morning has come."""
    send_portfolio_digests(now=timezone.now())
