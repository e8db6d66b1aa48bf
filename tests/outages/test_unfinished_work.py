"""Work that takes too long or finds no room says so, work that lost its database goes on, nobody queues without end."""

import errno
from datetime import date, timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.exceptions import ValidationError
from django.db import OperationalError

from atlas.ingest import job_runner, operations
from atlas.models import IngestJob
from dashboards.reports import make as making
from engagements.imports import worker
from engagements.models import Report, TableImport
from engagements.permissions import Role
from engagements.portfolio.actions import reports
from engagements.portfolio.actions.reports import reports_by_turn, request_report
from engagements.public_records.actions import MOST_EXPORTS, request_export
from tests.factories.engagements import NOW, EngagementFactory, UserFactory, everybody, member, pair

pytestmark = pytest.mark.django_db


class _NoRoom(OperationalError):
    """As Django raises what psycopg2 says: 53100, disk_full."""

    def __init__(self):
        super().__init__("no room")
        self.__cause__ = Exception()
        self.__cause__.pgcode = "53100"


LEFT_RUNNING = [OperationalError("server closed the connection")]
ENDS_IT = [SoftTimeLimitExceeded(), OSError(errno.ENOSPC, "full"), _NoRoom(), ZeroDivisionError()]


def raiser(error):
    def work(*_asked, **_more):
        raise error

    return work


@pytest.mark.parametrize("error", ENDS_IT + LEFT_RUNNING, ids=lambda error: type(error).__name__)
def test_an_import_says_how_it_ended_or_goes_on_with_the_next_worker(error):
    job = IngestJob.objects.create(path="/x.csv")
    try:
        job_runner.run_job(IngestJob, str(job.pk), raiser(error), "It failed.")
    except type(error):
        pass
    job.refresh_from_db()
    if error in LEFT_RUNNING:
        assert job.status == "running" and job in job_runner.jobs_to_enqueue(IngestJob)
        return
    said = {
        SoftTimeLimitExceeded: job_runner.TOOK_TOO_LONG,
        OSError: job_runner.NO_ROOM,
        _NoRoom: job_runner.NO_ROOM,
        ZeroDivisionError: "It failed.",
    }
    assert (job.status, job.report["error"]) == ("failed", said[type(error)])


@pytest.mark.parametrize("error", [SoftTimeLimitExceeded(), *LEFT_RUNNING], ids=lambda error: type(error).__name__)
def test_a_report_says_that_it_took_too_long_or_goes_on(error, monkeypatch):
    place = EngagementFactory()
    by = member(Role.FUNDER, place)
    report = request_report(kind="portfolio_pdf", initiative=place.initiative.slug, by=by, now=NOW)
    monkeypatch.setitem(making.MAKERS, "portfolio_pdf", raiser(error))
    try:
        making.make(report.pk)
    except OperationalError:
        pass
    report.refresh_from_db()
    if error in LEFT_RUNNING:
        assert report.status == "running" and report.pk in reports.pending_reports(NOW + timedelta(minutes=1))
    else:
        assert (report.status, report.problem) == ("failed", making.TOOK_TOO_LONG)


def test_reports_are_made_by_turn_and_capped(monkeypatch):
    place = EngagementFactory()
    ann, bob = member(Role.FUNDER, place), member(Role.FUNDER, place)
    asked = {"kind": "portfolio_pdf", "initiative": place.initiative.slug}
    many = [request_report(**asked, by=ann, now=NOW) for _ in range(reports.MOST_AT_ONCE)]
    with pytest.raises(ValidationError):
        request_report(**asked, by=ann, now=NOW)
    late = request_report(**asked, by=bob, now=NOW + timedelta(minutes=1))
    assert reports_by_turn()[:2] == [many[0].pk, late.pk]
    made = []

    def simple(report, progress):
        made.append(report.pk)
        raise making.NotMakeable("nothing")

    monkeypatch.setitem(making.MAKERS, "portfolio_pdf", simple)
    for report in (*many, late):  # a message for each, in the order they were sent
        making.make_next(report.pk)
    assert made[:2] == [many[0].pk, late.pk] and sorted(made) == sorted([*(one.pk for one in many), late.pk])
    assert not Report.objects.filter(status="queued").exists()
    assert request_report(**asked, by=ann, now=NOW)


def test_exports_of_one_person_are_capped():
    here, _ = pair()
    lead = everybody(here)[Role.LEAD]
    asked = {"engagement": here.pk, "first": date(2026, 1, 1), "last": date(2026, 2, 1), "by": lead, "now": NOW}
    for _ in range(MOST_EXPORTS):
        request_export(**asked)
    with pytest.raises(ValidationError):
        request_export(**asked)


def test_imports_of_one_person_are_capped_and_a_form_sent_twice_is_not_counted(tmp_path, monkeypatch):
    monkeypatch.setattr(operations, "MOST_AT_ONCE", 2)
    by = UserFactory()
    jobs = [IngestJob(path="x") for _ in range(3)]

    def queue(n):
        return operations.create_import_job(
            path=tmp_path / "x.csv",
            upload_name="",
            upload_folder=tmp_path,
            job_id=jobs[n].pk,
            make_live=False,
            by=by.pk,
        )

    assert queue(0)[1] and queue(1)[1] and not queue(1)[1]
    with pytest.raises(operations.OperationDeclined):
        queue(2)
    IngestJob.objects.update(status="done", finished_at=NOW)
    assert queue(2)[1]


@pytest.fixture
def table():
    here, _ = pair()
    return TableImport.objects.create(
        engagement=here, kind="milestones", state="checking", by=everybody(here)[Role.LEAD], at=NOW
    )


@pytest.mark.parametrize("error", [SoftTimeLimitExceeded(), ZeroDivisionError(), *LEFT_RUNNING], ids=repr)
def test_a_table_says_how_it_ended_or_is_taken_up_again(table, monkeypatch, error):
    monkeypatch.setattr(worker, "_sent_of", raiser(error))
    try:
        worker.run_import(table.pk, now=NOW)
    except (ZeroDivisionError, OperationalError):
        pass
    table.refresh_from_db()
    if error in LEFT_RUNNING:
        assert table.state == "checking" and not table.problem
    else:
        assert table.state == "stopped" and table.problem


def test_a_table_whose_worker_was_lost_is_handed_on_five_times(table):
    looks = [worker.lost_imports(now=NOW) for _ in range(worker.MAX_ATTEMPTS + 2)]
    assert looks[0] == []  # its first message may be under way
    assert looks[1:-1] == [[table.pk]] * worker.MAX_ATTEMPTS and looks[-1] == []
    table.refresh_from_db()
    assert table.state == "stopped" and table.problem
