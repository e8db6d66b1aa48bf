"""`/operations/`: what an administrator is told, with whatever is away, and nobody else."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from engagements.permissions import Role
from mobility_portal.backup.models import Backup
from mobility_portal.embedded.processes import choose_port
from mobility_portal.observing import notes, reading
from mobility_portal.observing.figures import Figure, Section, State
from mobility_portal.observing.sections import SECTIONS
from tests.factories.engagements import EngagementFactory, UserFactory, member

URL = "/operations/"


@pytest.fixture
def operator(db) -> Client:
    client = Client()
    client.force_login(UserFactory(is_staff=True))
    return client


def page(client: Client) -> BeautifulSoup:
    answer = client.get(URL)
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
    return BeautifulSoup(answer.content, "html.parser")


@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role))
def test_no_role_in_an_engagement_opens_it(role):
    client = Client()
    client.force_login(member(role, EngagementFactory()))
    assert client.get(URL).status_code == 404
    assert Client().get(URL).status_code == 302 and Client().get(URL).url.startswith("/accounts/login/")


def test_every_section_has_a_table_and_every_row_a_state(operator):
    found = page(operator)
    assert [fold["id"] for fold in found.select("details.fold")] == [section.slug for section in SECTIONS]
    for fold in found.select("details.fold"):
        assert fold.has_attr("open") == bool(fold.select("tbody .tag-late, tbody .tag-warn")), fold["id"]
    rows = found.select("details.fold table.rows-tight tbody tr")
    assert len(rows) > 30 and all(row.select_one(".tag svg") for row in rows)


def test_what_presses_stands_first_with_what_to_do(operator):
    Backup.objects.create(started_at=timezone.now() - timedelta(days=3), seconds=1, problem="The disk was full.")
    found = page(operator)
    lines = found.select("ul.lines > li")
    assert lines and all(len(line.get_text(" ", strip=True)) > 40 for line in lines)
    kinds = [line.select_one(".tag")["class"][1] for line in lines]
    assert kinds == sorted(kinds), "what is late before what is to be watched"
    assert any("The disk was full." in line.get_text() for line in lines)
    slugs = {section.slug for section in SECTIONS}
    assert all(line.select_one("a")["href"].lstrip("#") in slugs for line in lines)


def test_errors_are_listed_by_place_with_the_reference_of_the_last(operator):
    now = timezone.now().timestamp()
    notes.note_error("/cities/<slug:slug>/", "ValueError", now=now - 86_400 * 2, reference="a" * 16)
    notes.note_error("/cities/<slug:slug>/", "ValueError", now=now - 5, reference="b" * 16)
    notes.note_error("/me/", "KeyError", now=now - 86_400 * 20, reference="c" * 16)
    tables = page(operator).select("details.fold table.rows:not(.rows-tight)")
    (rows,) = [table.select("tbody tr") for table in tables]
    (row,) = [row for row in rows if "cities" in row.select_one("th").get_text()]
    cells = [cell.get_text(strip=True) for cell in row.select("td")]
    assert cells[0] == "ValueError" and cells[1] == "2" and cells[3] == "b" * 16
    assert not any("/me/" in row.get_text() for row in rows), "older than two weeks"


def test_without_a_broker_the_rest_is_there(operator, settings):
    settings.REDIS_URL = f"redis://127.0.0.1:{choose_port(None)}/0"
    found = page(operator)
    assert found.select_one("[role=alert]") and len(found.select("p.empty")) == 3
    assert len(found.select("table.rows-tight")) == len(SECTIONS) - 3


def test_what_did_not_answer_one_section_is_not_asked_for_another():
    asked = []

    def away(now):
        asked.append("away")
        raise OperationalError

    def fine(now):
        return (Figure("a", "A", "1", 1.0),)

    sections = (
        Section("one", "One", away),
        Section("two", "Two", away),
        Section("three", "Three", fine, asks="machine"),
    )
    found = reading.read_sections(timezone.now(), sections)
    assert asked == ["away"] and [each.state for each in found] == [State.ACT, State.ACT, State.FINE]


def test_few_statements(operator, django_assert_max_num_queries):
    page(operator)
    with django_assert_max_num_queries(30):
        page(operator)
