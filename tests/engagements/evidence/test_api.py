"""The library for programs: read by everybody, written with `write:evidence`, once for each key."""

from dataclasses import asdict
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from engagements.models import EvidenceRow
from engagements.people.actions.tokens import make_access_token
from engagements.permissions import Role
from engagements.seeds.evidence import seed_evidence
from tests.engagements.seeds.test_evidence_library import GOOD
from tests.factories.engagements import CityFactory, EngagementFactory, everybody
from tests.factories.reviews import checklist_body

pytestmark = pytest.mark.django_db
URL = "/api/v1/evidence/"
BODY = {name: list(v) if isinstance(v, tuple) else v for name, v in asdict(GOOD).items()} | {
    "verified_on": "2026-11-01"
}


@pytest.fixture
def people():
    return everybody(EngagementFactory(city=CityFactory(slug="tulsa", name="Tulsa")))


def program(person, *scopes) -> Client:
    now = timezone.now()
    _, secret = make_access_token(
        name="a program", scopes=list(scopes), expires_at=now + timedelta(days=1), by=person, now=now
    )
    return Client(headers={"Authorization": f"Bearer {secret}"})


@pytest.fixture
def expert(people):
    return program(people[Role.EXPERT], "read", "write:evidence")


@pytest.fixture
def lead(people):
    return program(people[Role.LEAD], "read", "write:evidence")


def post(client, url, data, **headers):
    return client.post(url, data, content_type="application/json", headers=headers)


def patch(client, data, **headers):
    return client.patch(f"{URL}a-trial/", data, content_type="application/json", headers=headers)


def test_strangers_read_and_filter(client, people):
    seed_evidence()
    found = client.get(URL).json()
    assert found["count"] == 132 and found["next"]
    found = client.get(f"{URL}?gap=employment&tried_in=tulsa&page_size=2").json()
    assert found["count"] == 4 and len(found["results"]) == 2 and found["next"]
    row = client.get(f"{URL}mto-under-13-earnings/").json()
    assert (row["effect"], row["se"], row["estimand"], row["study_takeup"], row["version"]) == (
        3476.8,
        1418.2,
        "tot",
        0.47,
        1,
    )
    assert row["interval"]["low"] == pytest.approx(3476.8 - 1.959964 * 1418.2) and "income ranks" in row["not_said"][0]
    wrong = client.get(f"{URL}?gap=hope")
    assert wrong.status_code == 400 and wrong.headers["Content-Type"] == "application/problem+json"
    assert client.get(f"{URL}?stars=5").status_code == 400 and client.get(f"{URL}nothing/").status_code == 404


def test_writing_takes_the_scope_and_the_role(client, people):
    assert post(client, URL, BODY).status_code == 401
    assert post(program(people[Role.EXPERT], "read"), URL, BODY).status_code == 403
    for role in set(Role) - {Role.EXPERT, Role.LEAD}:
        assert post(program(people[role], "read", "write:evidence"), URL, BODY).status_code == 403
    assert EvidenceRow.objects.count() == 0


def test_a_row_is_added_reviewed_and_changed(client, expert, lead):
    made = post(expert, URL, BODY)
    assert made.status_code == 201 and made.json()["is_waiting"] and client.get(f"{URL}a-trial/").status_code == 404
    assert {name: made.json()[name] for name in BODY} == BODY
    decide = {"status": "reviewed", "version": made.json()["version"], "checklist": checklist_body("evidence")}
    short = decide | {"checklist": decide["checklist"][1:]}
    assert post(lead, f"{URL}a-trial/review/", short).status_code == 400
    own = post(
        expert,
        f"{URL}a-trial/review/",
        decide,
    )
    assert own.status_code == 400
    done = post(
        lead,
        f"{URL}a-trial/review/",
        decide,
    )
    assert done.status_code == 200 and client.get(f"{URL}a-trial/").json()["effect"] == 0.2
    changed = patch(lead, {"version": done.json()["version"], "effect": 0.25, "tried_in": [], "why": "Erratum"})
    assert changed.status_code == 200 and changed.json()["effect"] == 0.25
    seen = client.get(f"{URL}a-trial/").json()
    assert seen["effect"] == 0.2 and seen["is_earlier"]


def test_a_repeated_key_gets_the_first_answer(expert):
    first, again = (post(expert, URL, BODY, **{"Idempotency-Key": "k-1"}) for _ in range(2))
    assert first.json() == again.json() and again.headers["Idempotency-Replayed"] == "true"
    assert post(expert, URL, BODY | {"effect": 0.15}, **{"Idempotency-Key": "k-1"}).status_code == 422
    assert EvidenceRow.objects.count() == 1


def test_two_changes_of_one_field_show_both(expert, lead):
    version = post(expert, URL, BODY).json()["version"]
    assert patch(lead, {"version": version, "fadeout": "Stays"}).status_code == 200
    both = patch(expert, {"version": version, "fadeout": "Gone"})
    assert both.status_code == 409
    assert both.json()["fields"] == [{"field": "fadeout", "base": "", "theirs": "Stays", "yours": "Gone"}]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"unit": ""}, "unit"),
        ({"study_takeup": 1.5}, "study_takeup"),
        ({"effect": "1,945"}, "effect"),
        ({"effect": None}, "se"),
        ({"tier": "gold"}, "tier"),
        ({"tried_in": ["atlantis"]}, "tried_in"),
        ({"gaps": ["hope"]}, "gaps"),
        ({"is_verified": False, "verified_on": None}, "effect"),
        ({"stars": 5}, "stars"),
        ({"cost_price_year": None}, "cost_price_year"),
        ({"key": "Bad Key"}, "key"),
        ({"sample_size": 0}, "sample_size"),
    ],
)
def test_bad_input_is_a_problem_at_its_field(expert, changes, field):
    answer = post(expert, URL, BODY | changes)
    assert answer.status_code == 400 and answer.headers["Content-Type"] == "application/problem+json"
    assert field in str(answer.json()) and EvidenceRow.objects.count() == 0


def test_the_schema_names_the_library(client):
    schema = client.get("/api/schema/?format=json").json()
    assert {"get", "post"} <= set(schema["paths"][URL]) and "study_takeup" in str(schema["components"]["schemas"])
