"""Reports: asked for by people, made by a worker, kept as they were made.

The row is the truth, the broker carries ids only. While a report is made its worker's session holds an advisory
lock; a report that says "running" whose lock is free has lost its worker and is taken up again.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import models, transaction

from atlas.ingest import locks
from engagements import limits
from engagements.access.engagements import initiative_for
from engagements.access.errors import NotAllowed
from engagements.access.plans import plan_for
from engagements.access.roles import permissions_in
from engagements.base.audited_transaction import audited_transaction, begin_idempotent, complete_idempotent
from engagements.base.fair_order import fair_order
from engagements.models import Initiative, Plan, Report, User
from engagements.permissions import EXPORT, MAKE_REPORT, VIEW_PLAN
from engagements.portfolio.queries.portfolio import WrongFilter, query_to_keep

RESEND_AFTER = timedelta(seconds=15)  # a waiting report whose message may have been lost
GIVE_UP_AFTER = timedelta(hours=1)
MOST_LOOKED_AT = 200  # reports that were made last, for whose turn it is
MOST_AT_ONCE = 6  # of one person, waiting or being made
FIRST_DAY = datetime(2018, 11, 1, tzinfo=UTC)  # the initiative was announced in November 2018
LOST = "The worker was lost while it made this report. Ask for it again."


@dataclass(frozen=True)
class ReportFile:
    """A report's bytes, and the figures it was made of as JSON keeps them."""

    content: bytes
    file_name: str
    media_type: str
    figures: dict[str, Any]


def request_report(
    *,
    kind: str,
    by: User,
    now: datetime,
    initiative: int | str | None = None,
    plan: int | None = None,
    query: str = "",
    as_of: datetime | None = None,
    submission: UUID | None = None,
) -> Report:
    """A row in the queue; whoever calls tells the worker. Raises NotFound, NotAllowed, ValidationError by field.

    `as_of`: what was known then, at most `now`; without it, what is known now. `query`: filters of a portfolio, and of
    any report `dollars=today` for incomes in dollars of the last month of prices.
    """
    if kind not in Report.Kind.values:
        raise ValidationError({"kind": "There is no such report."})
    within, about = _about(by, kind, initiative, plan)
    query = _query(query, is_of_plan=about is not None)
    when = as_of or now
    if when > now:
        raise ValidationError({"as_of": "Nobody knows yet what will be known then: choose a day that has passed."})
    if when < FIRST_DAY:
        raise ValidationError({"as_of": "Nothing was known before November 2018, when the initiative was announced."})
    with audited_transaction(by):
        claimed = begin_idempotent(by, "request_report", submission)
        if claimed.object_id:
            return Report.objects.get(pk=claimed.object_id)
        locks.lock_until_commit(locks.JOB, f"reports of person {by.pk}")
        if Report.objects.filter(made_by=by, status__in=["queued", "running"]).count() >= MOST_AT_ONCE:
            raise ValidationError({"kind": f"{MOST_AT_ONCE} reports of yours are being made. Wait until one is ready."})
        locks.lock_until_commit(locks.JOB, f"reports of {within.pk}")
        same = Report.objects.filter(initiative=within, plan=about, kind=kind)
        number = (same.aggregate(last=models.Max("number"))["last"] or 0) + 1
        report = Report.objects.create(
            kind=kind, initiative=within, plan=about, query=query, as_of=when, number=number, made_by=by, asked_at=now
        )
        complete_idempotent(claimed, report)
    return report


def _about(by: User, kind: str, initiative: int | str | None, plan: int | None) -> tuple[Initiative, Plan | None]:
    if not kind.startswith("plan_"):
        if plan is not None or initiative is None:
            raise ValidationError({"kind": "This report is of a portfolio."})
        return initiative_for(by, initiative, MAKE_REPORT), None
    if plan is None:
        raise ValidationError({"kind": "This report is of a plan."})
    about = plan_for(by, plan, VIEW_PLAN)
    if not permissions_in(by, about.engagement_id) & {MAKE_REPORT, EXPORT}:
        raise NotAllowed("Reports of a plan are made by leads, advisers and the city's staff.")
    return about.engagement.initiative, about


def _query(query: str, *, is_of_plan: bool) -> str:
    """A question that cannot be answered is refused now, not by the worker."""
    dollars = parse_qs(query).get("dollars", ["2015"])[-1]
    if dollars not in ("2015", "today"):
        raise ValidationError({"query": "Incomes are in 2015 dollars or in those of today."})
    try:
        kept = "" if is_of_plan else query_to_keep(query)
    except WrongFilter as wrong:
        raise ValidationError({"query": str(wrong)}) from wrong
    found = "&".join(filter(None, (kept, "dollars=today" if dollars == "today" else "")))
    if len(found) > limits.FILTER_QUERY:
        raise ValidationError({"query": "These are too many filters to be kept: choose fewer."})
    return found


def reports_by_turn() -> list[int]:
    """Ids of those that wait, in the order in which they are made: everybody's first before anybody's second."""
    open_ = Report.objects.filter(status__in=["queued", "running"]).order_by("asked_at", "pk")
    rows = list(open_.values_list("pk", "made_by_id", "status"))
    waiting = [(pk, by) for pk, by, status in rows if status == "queued"]
    made = Report.objects.filter(finished_at__isnull=False, made_by__in={by for _pk, by in waiting})
    served = made.order_by("finished_at").values_list("made_by_id", flat=True).reverse()[:MOST_LOOKED_AT]
    busy = [by for _pk, by, status in rows if status == "running"]
    return fair_order(waiting, busy=busy, served=list(served)[::-1])


def pending_reports(now: datetime) -> list[int]:
    """Ids to hand to the broker: waiting for a while, or being made by nobody. What waited too long fails."""
    lost = [pk for pk in Report.objects.filter(status="running").values_list("pk", flat=True) if _is_free(pk)]
    stale = Report.objects.filter(pk__in=lost, asked_at__lt=now - GIVE_UP_AFTER)
    given_up = set(stale.values_list("pk", flat=True))
    stale.update(status="failed", problem=LOST, finished_at=now)
    queued = Report.objects.filter(status="queued", asked_at__lt=now - RESEND_AFTER).values_list("pk", flat=True)
    return [pk for pk in lost if pk not in given_up] + list(queued)


def _name(pk: int) -> str:
    return f"report {pk}"


def _is_free(pk: int) -> bool:
    if not locks.try_lock(locks.JOB, _name(pk)):
        return False
    locks.unlock(locks.JOB, _name(pk))
    return True


@contextmanager
def claimed_report(pk: int, now: datetime) -> Iterator[Report | None]:
    """The report, this session's until the end of the block; None where another makes it or it is made."""
    if not locks.try_lock(locks.JOB, _name(pk)):
        yield None
        return
    try:
        taken = Report.objects.filter(pk=pk, status__in=["queued", "running"]).update(
            status="running", started_at=now, percent=0, step=""
        )
        found = Report.objects.select_related("initiative", "plan__engagement__city", "made_by")
        yield found.get(pk=pk) if taken else None
    finally:
        locks.unlock(locks.JOB, _name(pk))


def progress_of(report: Report) -> Callable[[int, str], None]:
    """Writes how far the report is: people watch it."""

    def write(percent: int, step: str) -> None:
        Report.objects.filter(pk=report.pk).update(percent=percent, step=step[: limits.REPORT_STEP])

    return write


def finish_report(*, report: Report, made: ReportFile, now: datetime) -> Report:
    """Stores the file and the figures it shows. Deletes the file again if its row can't be written."""
    report.file.save(made.file_name, ContentFile(made.content), save=False)
    try:
        with transaction.atomic():
            report.file_name, report.media_type, report.figures = made.file_name, made.media_type, made.figures
            report.size, report.sha256 = len(made.content), hashlib.sha256(made.content).hexdigest()
            report.status, report.percent, report.step, report.finished_at = "done", 100, "", now
            report.save()
    except BaseException:
        report.file.storage.delete(report.file.name)
        raise
    return report


def fail_report(*, report: Report, problem: str, now: datetime) -> None:
    """`problem` is what people read."""
    Report.objects.filter(pk=report.pk).update(
        status="failed", problem=problem[: limits.SENTENCE], finished_at=now, step=""
    )
