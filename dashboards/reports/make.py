"""One report from the queue to its file. Each kind has one maker; `MAKERS` names them all."""

import logging

from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError
from django.http import QueryDict
from django.utils import timezone

from dashboards.base.chosen_dollars import chosen_dollars
from dashboards.formatting.shown_dollars import showing
from dashboards.reports import pack, plan, portfolio
from dashboards.reports.maker import Maker, NotMakeable
from engagements.models import Report
from engagements.portfolio.actions.reports import (
    claimed_report,
    fail_report,
    finish_report,
    progress_of,
    reports_by_turn,
)

__all__ = ["FAILURE", "MAKERS", "NotMakeable", "make", "report_kinds"]

logger = logging.getLogger(__name__)

MAKERS: dict[str, Maker] = {
    "portfolio_pdf": portfolio.make_pdf,
    "portfolio_pptx": portfolio.make_pptx,
    "portfolio_xlsx": portfolio.make_xlsx,
    "evidence_pack": pack.make_pack,
    "plan_pdf": plan.make_pdf,
    "plan_pptx": plan.make_pptx,
}

FAILURE = "The portal failed on this report. Create it again; the log has the details."
TOOK_TOO_LONG = "This report took too long and was stopped. Choose fewer cities or a shorter time, and ask again."


def report_kinds(*, of_plan: bool) -> tuple[tuple[str, str], ...]:
    """(kind, words) of what can be made, for the buttons of `_ask_report.html`."""
    return tuple(
        (kind, label) for kind, label in Report.Kind.choices if kind in MAKERS and kind.startswith("plan_") == of_plan
    )


def make_next(pk: int) -> None:
    """Makes the report whose turn it is: a message stands for one report, not for this one.

    So nobody who asks for many keeps others waiting. One that lost its worker does not wait again.
    """
    turns = reports_by_turn()
    for each in turns if pk in turns else [pk, *turns]:
        if make(each):
            return


def make(pk: int) -> bool:
    """Makes it, whoever asked. A second worker with the same message finds the lock taken and leaves: False."""
    with claimed_report(pk, timezone.now()) as report:
        if report is None:
            return False
        try:
            with showing(chosen_dollars(QueryDict(report.query))):
                made = MAKERS[report.kind](report, progress_of(report))
        except NotMakeable as reason:
            fail_report(report=report, problem=str(reason), now=timezone.now())
        except SoftTimeLimitExceeded:
            logger.error("report %s took too long", pk)
            fail_report(report=report, problem=TOOK_TOO_LONG, now=timezone.now())
        except (OperationalError, InterfaceError):
            raise  # the database went away: the report is taken up again when it is back
        except Exception:
            logger.exception("report %s failed", pk)
            fail_report(report=report, problem=FAILURE, now=timezone.now())
            raise
        else:
            finish_report(report=report, made=made, now=timezone.now())
    return True
