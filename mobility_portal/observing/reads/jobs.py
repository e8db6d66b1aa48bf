"""Imports, downloads, reports and exports: what waits, what runs, how they ended."""

from datetime import datetime, timedelta

from django.db.models import Avg, Count, F, Min, Q, QuerySet
from django.utils.translation import gettext as _

from atlas.models import FetchJob, IngestJob
from engagements.models import PublicRecordExport, Report, TableImport
from mobility_portal.observing.figures import Figure, State
from mobility_portal.observing.words import count, how_long

_LATE = 900.0  # seconds that a job may wait: the largest import takes five minutes
_WEEK = timedelta(days=7)


def read(now: datetime) -> tuple[Figure, ...]:
    """Six statements."""
    return (
        *_imports(now),
        _fetches(now),
        _waiting_reports(now),
        _failed_reports(now),
        _waiting_exports(now),
        _table_imports(),
    )


def _imports(now: datetime) -> list[Figure]:
    spent = F("finished_at") - F("started_at")
    rows = (
        IngestJob.objects.order_by()
        .values("status")
        .annotate(
            number=Count("pk"),
            latest=Count("pk", filter=Q(finished_at__gte=now - _WEEK)),
            took=Avg(spent, filter=Q(finished_at__gte=now - _WEEK)),
            oldest=Min("created_at"),
        )
    )
    found = {row["status"]: row for row in rows}
    status = IngestJob.Status
    waits = found.get(status.QUEUED)
    waited = (now - waits["oldest"]).total_seconds() if waits else 0.0
    late = waited > _LATE
    failed = sum(found[name]["latest"] for name in (status.FAILED, status.REFUSED) if name in found)
    done = [row for row in (found.get(status.DONE), found.get(status.STAGED)) if row and row["took"]]
    took = max((row["took"].total_seconds() for row in done), default=None)
    return [
        *(
            Figure("imports", _("Imports by state"), "", row["number"], {"state": name})
            for name, row in sorted(found.items())
        ),
        Figure(
            "imports_oldest_waiting_seconds",
            _("Imports that wait"),
            _none_or(waits["number"] if waits else 0, waited),
            waited,
            state=State.ACT if late else State.FINE,
            advice=_("Look whether a worker runs: see Workers and queues below."),
        ),
        Figure(
            "imports_running",
            _("Imports that run"),
            count(_number(found, status.RUNNING)),
            _number(found, status.RUNNING),
        ),
        Figure(
            "imports_failed_week",
            _("Imports that failed or were refused in the last 7 days"),
            count(failed),
            failed,
            state=State.WATCH if failed else State.FINE,
            advice=_("The log of imports on the page Data says why, and what to do with the file."),
        ),
        Figure(
            "import_duration_seconds",
            _("Time an import took on average in the last 7 days"),
            how_long(took) if took is not None else _("none in 7 days"),
            took,
        ),
    ]


def _fetches(now: datetime) -> Figure:
    rows = FetchJob.objects.filter(finished_at__gte=now - _WEEK, status__in=["failed", "refused"])
    failed = rows.count()
    return Figure(
        "fetches_failed_week",
        _("Downloads from publishers that failed in the last 7 days"),
        count(failed),
        failed,
        state=State.WATCH if failed else State.FINE,
        advice=_("Look whether this machine reaches the internet, or name a mirror in PUBLISHER_MIRRORS."),
    )


def _waiting_reports(now: datetime) -> Figure:
    return _waiting(
        "reports",
        _("Reports that wait or are being made"),
        Report.objects.filter(status__in=["queued", "running"]),
        now,
    )


def _waiting_exports(now: datetime) -> Figure:
    return _waiting(
        "exports",
        _("Public records exports that wait"),
        PublicRecordExport.objects.filter(status__in=["queued", "running"]),
        now,
    )


def _waiting(kind: str, label: str, rows: "QuerySet[Report] | QuerySet[PublicRecordExport]", now: datetime) -> Figure:
    found = rows.order_by().aggregate(number=Count("pk"), oldest=Min("asked_at"))
    waited = (now - found["oldest"]).total_seconds() if found["oldest"] else 0.0
    return Figure(
        "files_oldest_waiting_seconds",
        label,
        _none_or(found["number"], waited),
        waited,
        {"kind": kind},
        state=State.ACT if waited > _LATE else State.FINE,
        advice=_("Look whether a worker runs: see Workers and queues below."),
    )


def _failed_reports(now: datetime) -> Figure:
    failed = Report.objects.filter(status="failed", finished_at__gte=now - _WEEK).count()
    return Figure(
        "reports_failed_week",
        _("Reports that failed in the last 7 days"),
        count(failed),
        failed,
        state=State.WATCH if failed else State.FINE,
        advice=_("The errors below say where. Whoever asked for the report can ask again."),
    )


def _table_imports() -> Figure:
    waiting = TableImport.objects.filter(state__in=_UNDER_WAY).count()
    return Figure(
        "table_imports_under_way", _("Tables of people that are being checked or imported"), count(waiting), waiting
    )


_UNDER_WAY = (TableImport.State.CHECKING, TableImport.State.IMPORTING)


def _number(found: dict, status: str) -> int:
    return found[status]["number"] if status in found else 0


def _none_or(number: int, waited: float) -> str:
    return (
        _("%(number)s, the oldest for %(time)s") % {"number": count(number), "time": how_long(waited)}
        if number
        else _("none")
    )
