"""The log on its pages: a lead's part, an operator's whole, filters, pages, the file."""

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from engagements.models import SecurityEvent, User
from engagements.permissions import Role
from engagements.security_log.actions.recording import Kind, record_security_event
from tests.factories.engagements import PASSWORD, EngagementFactory, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return EngagementFactory()


@pytest.fixture
def lead(place):
    return member(Role.LEAD, place)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def kinds(page) -> list[str]:
    return [row.kind for row, _said in page.context["rows"]]


def test_a_lead_sees_the_place_and_its_people_and_nobody_elses(place, lead):
    expert, stranger = member(Role.EXPERT, place), User.objects.create_user("x@city.gov", PASSWORD)
    elsewhere = EngagementFactory()
    client = signed_in(lead)
    record_security_event(Kind.SIGN_IN_FAILED, about=expert, typed_address=expert.email)
    record_security_event(Kind.SIGNED_IN, by=stranger)
    record_security_event(Kind.EXPORTED, by=stranger, engagement=elsewhere)
    record_security_event(Kind.EXPORTED, by=expert, engagement=place, detail={"route": "r", "id": 3})
    record_security_event(Kind.ROLE_GIVEN, by=lead, initiative=place.initiative, detail={"role": "lead"})
    page = client.get(f"/engagements/{place.slug}/security/")
    assert kinds(page) == ["role_given", "exported", "sign_in_failed", "signed_in"]
    assert all(row.source == "" for row, _said in page.context["rows"]), "where from is for operators"
    assert "127.0.0" not in page.content.decode()
    assert kinds(client.get(f"/engagements/{place.slug}/security/?group=files")) == ["exported"]
    assert kinds(client.get(f"/engagements/{place.slug}/security/?who={expert.pk}")) == ["exported", "sign_in_failed"]
    assert kinds(client.get(f"/engagements/{place.slug}/security/?from=2099-01-01")) == []
    odd = "?group=%00&who=x&from=0000-99-99&to=9999-12-31&page=-7"
    assert client.get(f"/engagements/{place.slug}/security/{odd}").status_code == 200


def test_what_somebody_did_after_their_role_is_not_the_leads(place, lead):
    expert = member(Role.EXPERT, place)
    role = expert.roles.get()
    role.began_on = timezone.localdate() - timedelta(days=9)
    role.ended_on = timezone.localdate() - timedelta(days=2)
    role.save()
    record_security_event(Kind.SIGNED_IN, by=expert)
    assert "signed_in" not in [
        row.kind
        for row, _ in signed_in(lead).get(f"/engagements/{place.slug}/security/").context["rows"]
        if row.by == str(expert)
    ]


def test_an_operator_sees_all_of_it_and_everybody_else_no_such_page(place, lead):
    operator = User.objects.create_user("op@city.gov", PASSWORD, is_staff=True)
    record_security_event(Kind.EXPORTED, by=lead, engagement=place)
    client = signed_in(operator)
    assert kinds(client.get("/security-log/")) == ["signed_in", "exported"]
    assert signed_in(lead).get("/security-log/").status_code == 404
    assert signed_in(lead).get("/security-log/log.csv").status_code == 404
    assert Client().get("/security-log/").status_code == 302
    assert client.get(f"/engagements/{place.slug}/security/").status_code == 404, "content is for who works there"


def test_fifty_on_a_page_and_all_in_the_file(place, lead, django_assert_max_num_queries):
    client = signed_in(lead)
    for number in range(60):
        record_security_event(Kind.EXPORTED, by=lead, engagement=place, detail={"id": number, "route": "=1+1"})
    address = f"/engagements/{place.slug}/security/"
    with django_assert_max_num_queries(25):
        first = client.get(address)
    second = client.get(f"{address}?page=2")
    assert (len(first.context["rows"]), len(second.context["rows"])) == (50, 11)
    answer = client.get(f"{address}log.csv?group=files")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 60 and rows[0]["event"] == "Table exported"
    assert not any(cell.startswith("=") for row in rows for cell in row.values())
    assert SecurityEvent.objects.filter(kind="exported").count() == 61, "taking the log out is in the log"


def test_each_kind_of_event_is_in_a_group_of_the_filter():
    from engagements.security_log.rules import GROUPS

    grouped = [kind for kinds_of in GROUPS.values() for kind in kinds_of]
    assert sorted(grouped) == sorted(SecurityEvent.Kind.values)
