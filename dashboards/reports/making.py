"""One report from the queue to its file. Each kind has one maker; `MAKERS` names them all."""

import logging
from collections.abc import Callable

from django.utils import timezone

from engagements.actions.reports import Made, fail_report, finish_report, progress_of, taking_up
from engagements.models import Report

logger = logging.getLogger(__name__)

Progress = Callable[[int, str], None]
Maker = Callable[[Report, Progress], Made]
MAKERS: dict[str, Maker] = {}

FAILURE = "The portal failed on this report. Ask for it again; the log has the details."


class NotMakeable(ValueError):
    """There is nothing to make a report of; the text says why, for people."""


def make(pk: int) -> None:
    """Makes it, whoever asked. A second worker with the same message finds the lock taken and leaves."""
    with taking_up(pk, timezone.now()) as report:
        if report is None:
            return
        try:
            made = MAKERS[report.kind](report, progress_of(report))
        except NotMakeable as reason:
            fail_report(report=report, problem=str(reason), now=timezone.now())
        except Exception:
            logger.exception("report %s failed", pk)
            fail_report(report=report, problem=FAILURE, now=timezone.now())
            raise
        else:
            finish_report(report=report, made=made, now=timezone.now())
