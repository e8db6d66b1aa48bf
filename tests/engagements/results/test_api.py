"""Results by API: the same rules, the same words, the same rights as on pages."""

import pytest
from django.test import Client

from engagements.models import Result
from engagements.permissions import Role
from tests.factories.results import Desk, make_desk
from tests.factories.reviews import checklist_body


@pytest.fixture
def desk(db) -> Desk:
    return make_desk()


BASE = "/api/v1"


def as_(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def send(client, address, body, method="post"):
    return getattr(client, method)(f"{BASE}{address}", body, content_type="application/json")


@pytest.fixture
def body(desk) -> dict:
    return {
        "engagement": desk.city.pk,
        "project": desk.project.pk,
        "finding": "that 5 more in 100 had a job",
        "outcome": "Employed",
        "tried": "Coaching",
        "design": "randomized",
        "sources": [{"title": "The report", "url": "https://example.org/report"}],
        "effect": 5,
        "unit": "in 100",
        "low": 1,
        "high": 9,
        "level": 95,
        "arms": [{"name": "Coached", "number": 10}, {"name": "Not", "number": 12}],
        "participants": 22,
    }


def test_from_draft_to_public(desk, body):
    adviser, expert, staff = (as_(desk.people[role]) for role in (Role.ADVISER, Role.EXPERT, Role.CITY_STAFF))
    made = send(adviser, "/results/", body)
    assert made.status_code == 201, made.json()
    row = made.json()
    assert row["reported"] == "gain" and row["status"] == "draft" and row["arms"][1]["number"] == 12
    assert Client().get(f"{BASE}/results/{row['id']}/").status_code == 404
    changed = send(adviser, f"/results/{row['id']}/", {"version": row["version"], "against": "No coach"}, "patch")
    assert changed.status_code == 200 and changed.json()["against"] == "No coach"
    asked = send(adviser, "/replies/", {"result": row["id"], "contact": desk.staff.pk})
    assert asked.status_code == 201
    moved = send(adviser, f"/results/{row['id']}/move/", {"status": "in_review", "version": changed.json()["version"]})
    publish = {"status": "published", "version": moved.json()["version"], "checklist": checklist_body("result")}
    assert send(expert, f"/results/{row['id']}/move/", publish).status_code == 400
    reply = {"answer": "agree", "version": asked.json()["version"]}
    assert send(adviser, f"/replies/{asked.json()['id']}/", reply).status_code == 404
    assert send(staff, f"/replies/{asked.json()['id']}/", reply).status_code == 200
    assert send(expert, f"/results/{row['id']}/move/", publish | {"checklist": []}).status_code == 400
    assert send(expert, f"/results/{row['id']}/move/", publish).status_code == 200
    seen = Client().get(f"{BASE}/results/").json()["results"]
    assert [one["id"] for one in seen] == [row["id"]] and seen[0]["reply"]["is_confirmed"]
    assert Client().get(f"{BASE}/projects/").json()["results"][0]["id"] == desk.project.pk


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"sources": []}, "sources"),
        ({"unit": ""}, "unit"),
        ({"effect": 20}, "effect"),
        ({"participants": 23}, "participants"),
        ({"verdict": "worked"}, "verdict"),
        ({"measured_from": "2019-01-01"}, "measured_from"),
        ({"sources": [{"title": "A", "url": "http://example.org"}]}, "sources.0.url"),
        ({"effekt": 1}, "effekt"),
        ({"low": "many"}, "low"),
        ({"size_in_words": "five times"}, "size_source"),
        ({"size_in_words": "five times", "size_source": "Another report"}, "size_source"),
        ({"reported_precision": "by", "reported_on": "2026-03-01"}, "reported_precision"),
        ({"reported_precision": "month"}, "reported_on"),
    ],
)
def test_bad_input_is_refused_at_its_field(desk, body, changes, field):
    answer = send(as_(desk.adviser), "/results/", body | changes)
    assert answer.status_code == 400 and field in str(answer.json()), answer.json()
    assert not Result.objects.exists()


def test_a_size_in_words_and_a_month_come_back_as_they_were_sent(desk, body):
    words = {"size_in_words": "five times", "size_source": "The report"}
    sent = body | words | {"reported_on": "2026-03-17", "reported_precision": "month"}
    row = send(as_(desk.adviser), "/results/", sent).json()
    assert (row["reported_on"], row["reported_precision"]) == ("2026-03-01", "month")
    assert words.items() <= row.items() and row["effect"] == 5


def test_duplicates_conflicts_and_people_without_the_right(desk, body):
    adviser = as_(desk.adviser)
    row = send(adviser, "/results/", body).json()
    assert "finding" in str(send(adviser, "/results/", body).json())
    for role in (Role.LOCAL_PARTNER, Role.FUNDER, Role.EXPERT):
        assert send(as_(desk.people[role]), "/results/", body | {"finding": "x"}).status_code == 404
    assert send(Client(), "/results/", body).status_code == 401
    first = {"version": row["version"], "context": "A boom"}
    assert send(adviser, f"/results/{row['id']}/", first, "patch").status_code == 200
    late = send(as_(desk.staff), f"/results/{row['id']}/", first | {"context": "A bust"}, "patch")
    assert late.status_code == 409 and late.json()["fields"][0]["theirs"] == "A boom"


def test_projects_and_searches(desk):
    adviser, expert = as_(desk.adviser), as_(desk.expert)
    made = send(adviser, "/projects/", {"engagement": desk.city.pk, "title": "Another", "test": "planned"})
    assert made.status_code == 201
    pk = made.json()["id"]
    assert send(adviser, f"/projects/{pk}/", {"version": 1, "reach_number": 4}, "patch").status_code == 400
    search = {
        "engagement": desk.city.pk, "project": pk, "searched_by": "Ann", "what": "A result", "places": "here",
        "searched_on": "2026-11-01",
    }  # fmt: skip
    row = send(adviser, "/searches/", search).json()
    assert send(expert, f"/searches/{row['id']}/publish/", {"version": 1}).status_code == 400
    assert Client().get(f"{BASE}/searches/").json()["results"] == []
    assert len(as_(desk.expert).get(f"{BASE}/searches/?engagement={desk.city.pk}").json()["results"]) == 1


def test_lists_take_as_many_statements_for_many_as_for_few(desk, django_assert_max_num_queries):
    for number in range(5):
        desk.published(finding=f"finding {number}")
    expert = as_(desk.expert)  # signing in has statements of its own
    with django_assert_max_num_queries(11):
        assert len(expert.get(f"{BASE}/results/").json()["results"]) == 5
