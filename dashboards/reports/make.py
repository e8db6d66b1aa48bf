"""One report from the queue to its file. Each kind has one maker; `MAKERS` names them all."""

import logging

from django.http import QueryDict
from django.utils import timezone

from dashboards.base.chosen_dollars import chosen_dollars
from dashboards.formatting.shown_dollars import showing
from dashboards.reports import pack, plan, portfolio
from dashboards.reports.maker import Maker, NotMakeable
from engagements.models import Report
from engagements.portfolio.actions.reports import claimed_report, fail_report, finish_report, progress_of

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


def report_kinds(*, of_plan: bool) -> tuple[tuple[str, str], ...]:
    """(kind, words) of what can be made, for the buttons of `_ask_report.html`."""
    return tuple(
        (kind, label) for kind, label in Report.Kind.choices if kind in MAKERS and kind.startswith("plan_") == of_plan
    )


def make(pk: int) -> None:
    """Makes it, whoever asked. A second worker with the same message finds the lock taken and leaves."""
    with claimed_report(pk, timezone.now()) as report:
        if report is None:
            return
        try:
            with showing(chosen_dollars(QueryDict(report.query))):
                made = MAKERS[report.kind](report, progress_of(report))
        except NotMakeable as reason:
            fail_report(report=report, problem=str(reason), now=timezone.now())
        except Exception:
            logger.exception("report %s failed", pk)
            fail_report(report=report, problem=FAILURE, now=timezone.now())
            raise
        else:
            finish_report(report=report, made=made, now=timezone.now())
