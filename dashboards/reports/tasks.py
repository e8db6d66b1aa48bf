"""Tasks of the worker: one call each. Their names stay, whatever module they are in: messages are under way."""

import logging

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from dashboards.reports.make import make_next
from engagements.portfolio.actions.reports import pending_reports

logger = logging.getLogger(__name__)


# Task names are explicit and stay when a function or module moves: messages in the broker carry them.


@shared_task(name="dashboards.tasks.make_report", ignore_result=True)
def make_report(pk: int) -> None:
    """Makes one report: this one, or one whose turn is before it."""
    make_next(pk)


def hand_over(pk: int) -> None:
    """Tells the workers of a waiting report. With the broker away, `recover_reports` tells them later."""
    try:
        make_report.delay(pk)
    except OperationalError:
        logger.warning("The broker does not answer: report %s is made when it does.", pk)


@shared_task(name="dashboards.tasks.recover_reports", ignore_result=True, expires=30)
def recover_reports() -> None:
    """Hands reports without a worker to the broker again; harmless when one is still on its way."""
    for pk in pending_reports(timezone.now()):
        make_report.delay(pk)
