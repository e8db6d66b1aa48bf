"""A report from the question to its file, whatever happens to the worker on the way."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage
from django.db import connection
from django.utils import timezone

from atlas.records.prices import PriceLevel
from dashboards.base import chosen_dollars
from dashboards.formatting.shown_dollars import shown_dollars
from dashboards.reports import api
from dashboards.reports import make as making
from engagements.access.errors import NotFound
from engagements.models import IdempotencyKey, Report
from engagements.permissions import Role
from engagements.portfolio.actions import reports as actions
from engagements.portfolio.actions.reports import (
    ReportFile,
    claimed_report,
    finish_report,
    pending_reports,
    request_report,
)
from engagements.portfolio.queries import reports as report_queries
from engagements.portfolio.queries.reports import reports
from tests.dashboards.panels.records import make_source
from tests.factories.engagements import EngagementFactory, member

pytestmark = pytest.mark.django_db
NOW = timezone.now()
LONG = "&".join(f"theme={'é' * 90}{number}" for number in range(5))  # short as typed, long as an address


@pytest.fixture
def kept_files(monkeypatch, tmp_path):
    """How many files of reports are on the disk: in a folder of this test's own, others write into the usual one."""
    monkeypatch.setattr(Report._meta.get_field("file"), "storage", FileSystemStorage(location=tmp_path, base_url=None))
    return lambda: sum(path.is_file() for path in tmp_path.rglob("*"))


@pytest.fixture
def engagement():
    return EngagementFactory()


@pytest.fixture
def funder(engagement):
    return member(Role.FUNDER, engagement)


def ask(by, engagement, **more) -> Report:
    return request_report(
        kind="portfolio_pdf", initiative=engagement.initiative.slug, by=by, now=more.pop("now", NOW), **more
    )


def simple(report, progress) -> ReportFile:
    progress(50, "half of it")
    assert Report.objects.get(pk=report.pk).percent == 50
    return ReportFile(b"%PDF-1.7 words", "report.pdf", "application/pdf", {"figures": [1]})


def test_it_is_numbered_made_once_and_kept_with_its_figures(funder, engagement, kept_files, monkeypatch):
    monkeypatch.setitem(making.MAKERS, "portfolio_pdf", simple)
    first, second = ask(funder, engagement), ask(funder, engagement)
    assert (first.number, second.number) == (1, 2)
    making.make(first.pk)
    made = report_queries.report(funder, first.pk)
    assert (made.status, made.percent, made.size, made.file_name) == ("done", 100, 14, "report.pdf")
    kept = Report.objects.get(pk=first.pk)
    with kept.file.open("rb") as file:
        assert file.read() == b"%PDF-1.7 words"
    assert kept.figures == {"figures": [1]}
    making.make(first.pk)  # the message came twice
    assert kept_files() == 1
    assert Report.objects.get(pk=first.pk).finished_at == kept.finished_at
    assert report_queries.report(funder, second.pk).status == "queued"


def test_a_second_click_asks_once(funder, engagement):
    key = "0b7f2b3e-7f0a-4f2b-9a57-0f9f3f2f8b11"
    assert ask(funder, engagement, submission=key).pk == ask(funder, engagement, submission=key).pk


@pytest.mark.parametrize(
    "when, words", [(NOW + timedelta(days=1), "Nobody knows yet"), (NOW - timedelta(days=4000), "Nothing was known")]
)
def test_days_nobody_can_ask_about_are_refused(funder, engagement, when, words):
    with pytest.raises(ValidationError, match=words):
        ask(funder, engagement, as_of=when)


@pytest.mark.parametrize("query", ["from=never", "from=2026Q3&to=2026Q1", "city=a b", LONG, "dollars=1999"])
def test_filters_that_cannot_be_are_refused_before_anything_is_queued(funder, engagement, query):
    with pytest.raises(ValidationError) as refused:
        ask(funder, engagement, query=query)
    assert list(refused.value.message_dict) == ["query"] and not Report.objects.exists()


def test_a_program_asks_once_and_the_worker_is_told_when_it_is_kept(client, funder, engagement, monkeypatch):
    told = []
    monkeypatch.setattr(api, "hand_over", lambda pk: told.append((pk, IdempotencyKey.objects.get().status)))
    client.force_login(funder)
    asked = {"kind": "portfolio_xlsx", "initiative": engagement.initiative.slug, "query": "to=2026q3&x=1"}

    def post(**more):
        return client.post(
            "/api/v1/reports/", asked | more, content_type="application/json", headers={"idempotency-key": "one"}
        )

    made = [post().json()["id"] for _ in range(2)]
    assert made == [Report.objects.get().pk] * 2 and told == [(made[0], 201)] * 2
    assert Report.objects.get().query == "to=2026Q3"
    assert post(kinds="portfolio_pdf").status_code == 400
    assert client.get("/api/v1/reports/?plan=99999999999999999999999").status_code == 400


def test_a_maker_that_fails_leaves_words_and_no_file(funder, engagement, kept_files, monkeypatch):
    def broken(report, progress):
        raise ZeroDivisionError

    monkeypatch.setitem(making.MAKERS, "portfolio_pdf", broken)
    report, before = ask(funder, engagement), kept_files()
    with pytest.raises(ZeroDivisionError):
        making.make(report.pk)
    row = report_queries.report(funder, report.pk)
    assert (row.status, row.problem) == ("failed", making.FAILURE)
    assert kept_files() == before


def test_nothing_to_report_is_said_as_it_is(funder, engagement, monkeypatch):
    def empty(report, progress):
        raise making.NotMakeable("There is nothing to report yet.")

    monkeypatch.setitem(making.MAKERS, "portfolio_pdf", empty)
    report = ask(funder, engagement)
    making.make(report.pk)
    assert report_queries.report(funder, report.pk).problem == "There is nothing to report yet."


def test_a_file_whose_row_cannot_be_written_is_taken_away(funder, engagement, kept_files, monkeypatch):
    report, before = ask(funder, engagement), kept_files()

    def refuse(self, *args, **kwargs):
        raise RuntimeError("no row")

    monkeypatch.setattr(Report, "save", refuse)
    with pytest.raises(RuntimeError):
        finish_report(report=report, made=ReportFile(b"x", "x.pdf", "application/pdf", {}), now=NOW)
    assert kept_files() == before


def test_a_report_whose_worker_is_lost_is_handed_out_again_and_given_up_after_an_hour(funder, engagement):
    fresh, lost = ask(funder, engagement), ask(funder, engagement)
    old = ask(funder, engagement, now=NOW - timedelta(hours=2))
    Report.objects.filter(pk__in=[lost.pk, old.pk]).update(status="running")
    assert pending_reports(NOW) == [lost.pk]
    assert pending_reports(NOW + timedelta(seconds=20)) == [lost.pk, fresh.pk]
    assert Report.objects.get(pk=old.pk).problem == actions.LOST


@pytest.mark.django_db(transaction=True)
def test_a_second_worker_leaves_a_report_that_is_being_made_alone(funder, engagement):
    report = ask(funder, engagement)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute(
                "SELECT pg_try_advisory_lock(%s, %s)", [actions.locks.JOB, actions.locks._key(f"report {report.pk}")]
            )
        with claimed_report(report.pk, NOW) as taken:
            assert taken is None
        Report.objects.filter(pk=report.pk).update(status="running")
        assert pending_reports(NOW) == []
    finally:
        other.close()


def test_who_holds_no_role_in_the_whole_initiative_asks_for_no_portfolio_and_reads_none(engagement, funder):
    report = ask(funder, engagement)
    for role in (Role.ADVISER, Role.CITY_STAFF, Role.EXPERT, Role.LOCAL_PARTNER):
        person = member(role, engagement)
        with pytest.raises(NotFound):
            ask(person, engagement)
        with pytest.raises(NotFound):
            report_queries.report(person, report.pk)
    stranger = member(Role.FUNDER, EngagementFactory())
    assert reports(stranger) == ()
    with pytest.raises(NotFound):
        report_queries.report(stranger, report.pk)


def test_the_page_follows_and_the_file_goes_out_as_an_attachment(client, funder, engagement, monkeypatch):
    monkeypatch.setitem(making.MAKERS, "portfolio_pdf", simple)
    client.force_login(funder)
    report = ask(funder, engagement)
    assert "Waiting to start" in client.get(f"/reports/{report.pk}/").content.decode()
    assert client.get(f"/reports/{report.pk}/file/").status_code == 404
    making.make(report.pk)
    assert "Ready." in client.get(f"/reports/{report.pk}/progress/").content.decode()
    answer = client.get(f"/reports/{report.pk}/file/")
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 words"
    assert answer["Content-Disposition"] == 'attachment; filename="report.pdf"'
    assert "sandbox" in answer["Content-Security-Policy"]
    assert client.get(f"/api/v1/reports/{report.pk}/").json()["file"] == f"/api/v1/reports/{report.pk}/file/"


def test_the_dollars_asked_for_are_kept_with_the_report_and_shown_while_it_is_made(
    funder, engagement, kept_files, monkeypatch
):
    seen = []
    monkeypatch.setitem(
        making.MAKERS, "portfolio_pdf", lambda *given: seen.append(shown_dollars().unit) or simple(*given)
    )
    level = PriceLevel(2015, 237.017, 12, date(2026, 8, 1), 334.98, make_source())
    for prices in (None, level):
        monkeypatch.setattr(chosen_dollars, "price_level", lambda prices=prices: prices)
        for query in ("", "dollars=2015", "status=active&dollars=today"):
            made = ask(funder, engagement, query=query)
            making.make(made.pk)
            assert Report.objects.get(pk=made.pk).query == query.removeprefix("dollars=2015")
    assert seen == ["usd_2015"] * 5 + ["usd_2026_08"] and shown_dollars().unit == "usd_2015"
