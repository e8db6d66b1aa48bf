"""The API on plans: who reads and writes what, what it refuses as problem documents, what comes back twice."""

from decimal import Decimal

import pytest

from engagements.models import EvidenceRow, Plan, PlanIntervention
from engagements.permissions import Role
from engagements.plans.queries.plans import plan_page
from tests.engagements.milestones.test_api import asker, is_problem
from tests.factories import grid
from tests.factories.engagements import NOW, TODAY, UserFactory
from tests.factories.plans import EvidenceFactory, city_house, itt_row, make_plan, publish
from tests.factories.reviews import checklist_body

pytestmark = pytest.mark.django_db
TRACTS = grid.geoids(3)
GOOD = {"name": "Letters", "offered": 100, "takeup": 0.5, "cost_usd": "2500.00", "cost_price_year": 2024}


@pytest.fixture
def house(tmp_path):
    engagement, people = city_house(tmp_path)
    plan = make_plan(engagement, people[Role.ADVISER], tracts=TRACTS, interventions=1)
    return plan, people


def test_a_plan_is_started_changed_and_published_by_programs(house):
    plan, people = house
    by = {role: asker(person) for role, person in people.items()}
    made = by[Role.ADVISER].post("/api/v1/plans/", {"engagement": plan.engagement_id, "title": "Letters"}, "json")
    assert made.status_code == 201 and made.json()["plan"]["status"] == "draft"
    pk, version = made.json()["plan"]["id"], made.json()["plan"]["version"]
    one = f"/api/v1/plans/{pk}/"
    changed = by[Role.ADVISER].patch(one, {"version": version, "need": "Rents.", "budget_usd": "90000.00"}, "json")
    assert changed.status_code == 200 and changed.json()["content"]["budget_usd"] == "90000.00"
    version = changed.json()["plan"]["version"]
    tracts = by[Role.ADVISER].post(f"{one}tracts/", {"version": version, "geoids": TRACTS}, "json")
    assert tracts.status_code == 200 and tracts.json()["geoids"] == TRACTS and tracts.json()["tract_vintage"] == 2010
    row = EvidenceFactory(key="letters")
    added = by[Role.ADVISER].post(f"{one}interventions/", GOOD | {"evidence": row.key}, "json")
    assert added.status_code == 201 and added.json()["evidence"]["key"] == "letters"
    mine = f"{one}interventions/{added.json()['id']}/"
    changed = by[Role.ADVISER].patch(mine, {"version": added.json()["version"], "offered": 300}, "json")
    assert changed.status_code == 200 and changed.json()["offered"] == 300
    for role, status in (
        (Role.ADVISER, "in_review"),
        (Role.EXPERT, "reviewed"),
        (Role.LEAD, "approved"),
        (Role.LEAD, "published"),
    ):
        version = by[role].get(one).json()["plan"]["version"]
        sent = {"version": version, "status": status}
        if status == "reviewed":
            is_problem(by[role].post(f"{one}status/", sent, "json"), 400)
            sent["checklist"] = checklist_body("plan", cost="The price year follows.")
        moved = by[role].post(f"{one}status/", sent, "json")
        assert moved.status_code == 200, moved.content
    is_problem(by[Role.LEAD].post(f"{one}public/", {"is_public": True}, "json"), 403)
    assert by[Role.CITY_STAFF].post(f"{one}public/", {"is_public": True}, "json").json()["plan"]["is_public"]
    seen = asker(UserFactory()).get(one).json()
    assert not seen["is_draft"] and seen["content"]["title"] == "Letters" and seen["legal_review_note"] == ""


def test_the_figures_are_the_pages(house):
    plan, people = house
    page = plan_page(people[Role.ADVISER], plan.pk, today=TODAY, now=NOW)
    found = asker(people[Role.ADVISER]).get(f"/api/v1/plans/{plan.pk}/figures/").json()
    row = page.figures.rows[0]
    assert found["rows"][0]["gain"] == {
        "value": row.gain.value,
        "unit": row.gain.unit,
        "low": row.gain.low,
        "high": row.gain.high,
        "standard_error": row.gain.standard_error,
        "draws": row.gain.draws,
        "reason": row.gain.reason,
    }
    assert found["area"]["value"] == page.figures.area.value and found["draws"] == 10_000
    assert found["does_not_claim"] == list(page.figures.does_not_claim)


def test_others_read_what_was_published_with_its_figures(house):
    plan, people = house
    funder = asker(people[Role.FUNDER])
    for path in ("", "figures/", "tracts/", "interventions/"):
        is_problem(funder.get(f"/api/v1/plans/{plan.pk}/{path}"), 404)
    publish(plan, people)
    frozen = {path: funder.get(f"/api/v1/plans/{plan.pk}/{path}").json() for path in ("figures/", "interventions/")}
    Plan.objects.filter(pk=plan.pk).update(status="draft", title="Secret")
    PlanIntervention.objects.update(offered=7)
    EvidenceRow.objects.update(effect=1)
    for path, before in frozen.items():
        assert funder.get(f"/api/v1/plans/{plan.pk}/{path}").json() == before
    assert funder.get("/api/v1/plans/").json()["results"][0]["title"] == "Moves to opportunity"
    assert frozen["interventions/"][0]["version"] is None


def test_what_is_refused_is_a_problem_with_its_field(house):
    plan, people = house
    by, one = asker(people[Role.ADVISER]), f"/api/v1/plans/{plan.pk}/"
    offer, known = itt_row(key="offer"), itt_row(study_takeup=0.5)
    bad = (
        ("takeup", 1.5, "takeup"),
        ("takeup", "most", "takeup"),
        ("takeup", "nan", "takeup"),
        ("cost_usd", "-1.00", "cost_usd"),
        ("cost_usd", "five dollars", "cost_usd"),
        ("offered", 0, "offered"),
        ("offered", -5, "offered"),
        ("cost_price_year", 1980, "cost_price_year"),
        ("fly", 1, "fly"),
        ("evidence", "nowhere", "evidence"),
        ("name", "", "name"),
    )
    for field, value, named in bad:
        found = is_problem(by.post(f"{one}interventions/", GOOD | {field: value}, "json"), 400)
        assert named in str(found), (field, value, found)
    found = is_problem(by.post(f"{one}interventions/", GOOD | {"evidence": known.key, "rule": "takeup"}, "json"), 400)
    assert "count them twice" in str(found)
    for more, named in (
        ({}, "study_takeup"),
        ({"study_takeup": 0, "itt_reason": "a"}, "study_takeup"),
        ({"study_takeup": 0.5}, "itt_reason"),
        ({"study_takeup": 0.5, "itt_reason": "a", "takeup": 0}, "takeup"),
    ):
        found = is_problem(by.post(f"{one}interventions/", GOOD | {"evidence": offer.key} | more, "json"), 400)
        assert named in str(found), (more, found)
    assert plan.interventions.count() == 1
    for body in (
        {"geoids": ["06037101110"]},
        {"geoids": []},
        {"geoids": TRACTS, "area_token": "x"},
        {"area_token": "f" * 32},
    ):
        is_problem(by.post(f"{one}tracts/", {"version": plan.version} | body, "json"), 400)
    for changes in (
        {"budget_usd": "-1.00"},
        {"transport": "range", "transport_low": 0.5, "transport_high": 0.5},
        {"price_year": 1950},
        {"groups_are_distinct": True},
    ):
        is_problem(by.patch(one, {"version": plan.version} | changes, "json"), 400)
    is_problem(by.post(f"{one}status/", {"version": plan.version, "status": "published"}, "json"), 400)


def test_half_a_character_is_refused_in_words_that_can_be_sent(house):
    plan, people = house
    by, one = asker(people[Role.ADVISER]), f"/api/v1/plans/{plan.pk}/"
    for body in ('{"version": 1, "transport": "\\ud800"}', '{"version": 1, "title": "\\ud800"}', '{"\\ud800": 1}'):
        is_problem(by.generic("PATCH", one, body, "application/json"), 400)


def test_an_empty_rule_leaves_it_to_the_estimand(house):
    plan, people = house
    by, row = asker(people[Role.ADVISER]), EvidenceFactory(key="letters")
    address = f"/api/v1/plans/{plan.pk}/interventions/"
    made = by.post(address, GOOD | {"evidence": row.key, "rule": ""}, "json")
    assert made.status_code == 201
    changed = by.patch(
        f"{address}{made.json()['id']}/", {"version": made.json()["version"], "rule": "", "offered": 9}, "json"
    )
    assert changed.json()["offered"] == 9


def test_a_stale_version_is_a_conflict_with_both(house):
    plan, people = house
    one = f"/api/v1/plans/{plan.pk}/"
    for role, title in ((Role.ADVISER, "First"), (Role.CITY_STAFF, "Second")):
        answer = asker(people[role]).patch(one, {"version": plan.version, "title": title}, "json")
    found = is_problem(answer, 409)
    assert found["fields"][0] | {"field": "title", "theirs": "First", "yours": "Second"} == found["fields"][0]


def test_a_repeated_key_writes_once(house):
    plan, people = house
    by = asker(people[Role.ADVISER])
    for _ in range(2):
        answer = by.post(f"/api/v1/plans/{plan.pk}/interventions/", GOOD, "json", HTTP_IDEMPOTENCY_KEY="one")
        assert answer.status_code == 201
    assert answer["Idempotency-Replayed"] == "true" and plan.interventions.filter(name="Letters").count() == 1
    assert plan.interventions.get(name="Letters").cost_usd == Decimal("2500.00")


def test_writing_needs_its_scope_and_its_role(house):
    plan, people = house
    reader = asker(people[Role.ADVISER], scopes=["read"])
    body = {"engagement": plan.engagement_id, "title": "X"}
    is_problem(reader.post("/api/v1/plans/", body, "json"), 403)
    for role in (Role.EXPERT, Role.LOCAL_PARTNER, Role.FUNDER):
        is_problem(asker(people[role]).post("/api/v1/plans/", body, "json"), 404)
    other = make_plan(plan.engagement, people[Role.LEAD], interventions=1)
    foreign = other.interventions.get().pk
    writer = asker(people[Role.ADVISER])
    is_problem(
        writer.patch(f"/api/v1/plans/{plan.pk}/interventions/{foreign}/", {"version": 1, "offered": 5}, "json"), 404
    )


def test_an_intervention_is_taken_out_with_a_reason(house):
    plan, people = house
    row = plan.interventions.get()
    one = f"/api/v1/plans/{plan.pk}/interventions/{row.pk}/"
    answer = asker(people[Role.LEAD]).patch(one, {"version": row.version, "archive_why": "Too dear"}, "json")
    assert answer.status_code == 200 and not plan.interventions.filter(archived_at=None).exists()
    is_problem(asker(people[Role.LEAD]).get(one), 404)
