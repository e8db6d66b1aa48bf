"""The lists of reports and the grants: who sees them, what they hold, and what is refused."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dashboards.reports import make as making
from dashboards.reports.grants import HEADER
from engagements import models
from engagements.models import Report
from engagements.permissions import Role
from engagements.portfolio.actions.reports import ReportFile, request_report
from tests.factories.engagements import EngagementFactory, member
from tests.factories.portfolio import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    world = World(cities=2)
    for at in range(2):
        secret = {"payee": "=Acme Works", "description": "secret"}
        world.entry("committed", 1_000 + at, at=at, funder=at, on=date(2026, 1, 5 + at), **secret)
    world.entry("committed", 9_000, at=None)
    world.entry("spent", 10, at=0)
    world.reverse(world.entry("committed", 77, at=0))
    world.entry("committed", 55, at=1, is_fictional=True)
    return world


def grants_of(client, user, world, query="") -> list[dict]:
    client.force_login(user)
    answer = client.get(f"/portfolio/{world.initiative.slug}/grants.csv{query}")
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_funders_read_grants_without_payees_or_notes(client, world):
    government = models.Organisation.objects.create(
        slug="city-hall", name="City of Two", kind="city_government", city=world.engagements[1].city, source="a test"
    )
    rows = grants_of(client, world.funder, world)
    assert tuple(rows[0]) == HEADER
    assert [row["Amount Awarded"] for row in rows] == ["1000", "1001"]
    first, second = world.engagements
    assert rows[0]["Recipient Org:Name"] == f"{first.city.name}, {world.initiative.name}"
    assert rows[1]["Recipient Org:Name"] == government.name
    assert rows[1]["Recipient Org:Identifier"] == "mobility-portal-ORG:city-hall"
    assert rows[0]["Award Date"] == "2026-01-05" and rows[0]["Currency"] == "USD"
    assert rows[0]["Beneficiary Location:Geographic Code"] == first.city.place_geoid
    assert rows[1]["Beneficiary Location:Name"] == f"{second.city.name}, MI"
    assert "Acme" not in str(rows) and "secret" not in str(rows)
    assert len({row["Identifier"] for row in rows}) == 2


def test_leads_read_payees_and_no_cell_is_a_formula(client, world, settings):
    settings.GRANT_ID_PREFIX = "360G-example"
    rows = grants_of(client, world.lead, world)
    assert {row["Recipient Org:Name"] for row in rows} == {"'=Acme Works"}
    assert rows[0]["Recipient Org:Identifier"] == rows[1]["Recipient Org:Identifier"]
    assert rows[0]["Identifier"].startswith("360G-example-")


def test_invented_grants_are_apart_and_say_so(client, world, settings):
    settings.DEMO_ACCOUNTS = True
    (row,) = grants_of(client, world.funder, world, "?kind=fictional")
    assert row["Amount Awarded"] == "55"
    assert all(row[name].startswith("Fictional") for name in ("Title", "Description"))
    assert row["Identifier"].startswith("FICTIONAL-")
    settings.DEMO_ACCOUNTS = False
    assert len(grants_of(client, world.funder, world, "?kind=fictional")) == 2


def test_statements_of_grants_do_not_grow(client, world, django_assert_max_num_queries):
    client.force_login(world.lead)
    for n in range(20):
        world.entry("committed", 100 + n, at=n % 2)
    with django_assert_max_num_queries(14):
        client.get(f"/portfolio/{world.initiative.slug}/grants.csv")


@pytest.mark.parametrize("role", [Role.ADVISER, Role.EXPERT, Role.CITY_STAFF, Role.LOCAL_PARTNER])
def test_others_find_neither_list_nor_grants(client, world, role):
    client.force_login(world.person(role))
    for page in ("reports/", "grants.csv"):
        assert client.get(f"/portfolio/{world.initiative.slug}/{page}").status_code == 404


def test_a_funder_of_another_initiative_finds_nothing(client, world):
    client.force_login(member(Role.FUNDER, EngagementFactory()))
    for page in ("reports/", "grants.csv"):
        assert client.get(f"/portfolio/{world.initiative.slug}/{page}").status_code == 404


def test_the_list_shows_versions_with_moment_filters_and_file(client, world, monkeypatch):
    monkeypatch.setitem(
        making.MAKERS, "portfolio_pdf", lambda report, progress: ReportFile(b"%PDF", "a.pdf", "application/pdf", {})
    )
    now = timezone.now()
    done, waits = (
        request_report(kind="portfolio_pdf", initiative=world.initiative.slug, by=world.funder, now=now, query=query)
        for query in ("city=city-1", "")
    )
    making.make(done.pk)
    client.force_login(world.funder)
    page = client.get(f"/portfolio/{world.initiative.slug}/reports/").content.decode()
    assert "number 1" in page and "number 2" in page and "city=city-1" in page
    assert f"/reports/{done.pk}/file/" in page and f"/reports/{waits.pk}/file/" not in page
    assert page.count("<option") == 4  # three quarterly reports and the pack, none of a plan
    assert "grants.csv" in page


def test_the_list_is_paged_with_the_same_number_of_statements(client, world, monkeypatch):
    monkeypatch.setattr("engagements.portfolio.actions.reports.MOST_AT_ONCE", 35)  # more than a page holds
    client.force_login(world.funder)
    address = f"/portfolio/{world.initiative.slug}/reports/"
    ask_many(world)
    client.get(address)  # what is live is read once
    few = statements(client, address)
    for _ in range(34):
        ask_many(world)
    assert statements(client, address) == few
    assert "Older" in client.get(address).content.decode()
    assert "number 1<" in client.get(f"{address}?page=2").content.decode()
    assert client.get(f"{address}?page=x").status_code == 200


def ask_many(world: World) -> Report:
    return request_report(kind="portfolio_pdf", initiative=world.initiative.slug, by=world.funder, now=timezone.now())


def statements(client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)


def test_a_day_means_its_end_and_what_cannot_be_is_said(client, world):
    client.force_login(world.funder)
    day = timezone.now().date() - timedelta(days=2)
    key = "0b7f2b3e-7f0a-4f2b-9a57-0f9f3f2f8b11"
    sent = {"kind": "portfolio_pdf", "initiative": world.initiative.slug, "submission": key}
    client.post("/reports/ask/", sent | {"as_of": day.isoformat()})
    report = Report.objects.get()
    assert report.as_of.date() == day and (report.as_of.hour, report.as_of.minute) == (23, 59)
    for text, words in (("2099-01-01", "in the future"), ("soon", "is no day")):
        answer = client.post("/reports/ask/", sent | {"as_of": text}, follow=True)
        assert words in answer.content.decode()
    assert Report.objects.count() == 1


def test_city_staff_reads_the_reports_of_a_plan_and_a_funder_does_not(client, world):
    plan = world.plan(at=0)
    staff = world.person(Role.CITY_STAFF)
    client.force_login(staff)
    assert client.get(f"/plans/{plan.pk}/reports/").status_code == 200
    client.force_login(world.funder)
    assert client.get(f"/plans/{plan.pk}/reports/").status_code == 404
