"""The API of indicators and risks: who reads and writes what, bad input, one deed a key."""

import pytest

from engagements.models import Indicator, IndicatorValue, Risk
from engagements.permissions import Role
from tests.engagements.discussion.discussion import house
from tests.engagements.milestones.test_api import asker, is_problem
from tests.factories.engagements import NOW
from tests.factories.indicators import FIELDS, ValueEntry, approved, enter, make_indicator

pytestmark = pytest.mark.django_db
STAFF, LEAD, FUNDER, PARTNER = Role.CITY_STAFF, Role.LEAD, Role.FUNDER, Role.LOCAL_PARTNER
VALUE = {"period_start": "2026-07-01", "period_end": "2026-09-30", "value": 60}


@pytest.fixture
def world():
    here, there, people, others = house()
    return here, people, others, make_indicator(here, people[STAFF])


def body_of(here) -> dict:
    days = {name: str(FIELDS[name]) for name in ("baseline_on", "target_on")}
    return FIELDS | days | {"engagement": here.pk, "name": "Jobs"}


def test_an_indicator_is_made_read_and_changed_with_the_version_one_saw(world):
    here, people, _, _ = world
    api = asker(people[STAFF])
    made = api.post("/api/v1/indicators/", body_of(here), format="json")
    assert made.status_code == 201
    row = made.json()
    assert row["rating"]["colour"] == "amber" and row["rating"]["rule"] and row["latest"] is None
    assert row["due"]["rule"].startswith("A value is due every 3 months")
    url = f"/api/v1/indicators/{row['id']}/"
    changed = api.patch(url, {"version": row["version"], "target": 250}, format="json")
    assert changed.json()["target"] == 250
    conflict = is_problem(api.patch(url, {"version": row["version"], "target": 260}, format="json"), 409)
    assert conflict["fields"][0]["theirs"] == 250


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"target": -5}, "target"),
        ({"unit": "miles"}, "unit"),
        ({"colour": "red"}, "colour"),
        ({"baseline": "much"}, "baseline"),
        ({"name": ""}, "name"),
        ({"every_months": 0}, "every_months"),
        ({"baseline_on": None}, "baseline_on"),
        ({"engagement": 10**30}, "engagement"),
    ],
)
def test_bad_indicators_are_problems_by_field(world, change, field):
    here, people, _, _ = world
    answer = asker(people[STAFF]).post("/api/v1/indicators/", body_of(here) | change, format="json")
    assert field in str(is_problem(answer, 400)) and Indicator.objects.count() == 1


def test_a_value_is_entered_once_a_key(world):
    _, people, _, row = world
    api, url = asker(people[STAFF]), f"/api/v1/indicators/{row.pk}/values/"
    answers = [api.post(url, VALUE, format="json", headers={"Idempotency-Key": "one"}) for _ in range(2)]
    assert [a.status_code for a in answers] == [201, 201] and answers[0].json() == answers[1].json()
    assert answers[1].headers["Idempotency-Replayed"] == "true" and IndicatorValue.objects.count() == 1
    assert answers[0].json()["status"] == "draft" and answers[0].json()["uncertainty"] == "no interval: a full count"
    is_problem(api.post(url, VALUE | {"value": 1}, format="json", headers={"Idempotency-Key": "one"}), 422)
    assert "already" in str(is_problem(api.post(url, VALUE, format="json"), 400))


@pytest.mark.parametrize(
    "change",
    [
        {"value": -1},
        {"value": None},
        {"period_end": "2026-12-31"},
        {"dimension": "sex"},
        {"numerator": 1},
        {"value": "sixty"},
        {"period_start": "7/8/2026"},
        {"low": 1},
        {"extra": 1},
    ],
)
def test_bad_values_are_problems(world, change):
    _, people, _, row = world
    answer = asker(people[STAFF]).post(f"/api/v1/indicators/{row.pk}/values/", VALUE | change, format="json")
    is_problem(answer, 400)
    assert not IndicatorValue.objects.exists()


def test_writing_needs_its_scope_and_the_permission(world):
    here, people, _, row = world
    url = f"/api/v1/indicators/{row.pk}/values/"
    is_problem(asker(people[STAFF], ["read"]).post(url, VALUE, format="json"), 403)
    is_problem(asker(people[Role.EXPERT]).post(url, VALUE, format="json"), 404)
    is_problem(asker(people[FUNDER]).post("/api/v1/indicators/", body_of(here), format="json"), 404)


def test_below_the_team_approved_values_only(world):
    _, people, others, row = world
    approved(row, people, ValueEntry(60), ValueEntry(40, "sex", "women"))
    enter(row, people[STAFF], ValueEntry(10), period=(NOW.date().replace(month=10, day=1), NOW.date()))
    hidden = make_indicator(row.engagement, people[STAFF], name="Drafts only")
    for person in (people[FUNDER], people[PARTNER], others[STAFF]):
        api = asker(person)
        listed = api.get("/api/v1/indicators/").json()
        assert [(r["name"], r["drafts"], r["owner"]) for r in listed["results"]] == [("Residents seen", None, None)]
        found = api.get(f"/api/v1/indicators/{row.pk}/values/").json()["results"]
        assert [(v["value"], v["status"], v["entered_by"]) for v in found] == [
            (60, "approved", None),
            (40, "approved", None),
        ]
        is_problem(api.get(f"/api/v1/indicators/{hidden.pk}/"), 404)
        is_problem(api.get(f"/api/v1/indicators/{hidden.pk}/values/"), 404)
    team = asker(people[STAFF]).get(f"/api/v1/indicators/{row.pk}/values/").json()
    assert team["count"] == 3
    assert asker(people[STAFF]).get("/api/v1/indicators/?kind=population").json()["count"] == 0


def test_risks_are_read_at_their_level(world):
    here, people, _, _ = world
    for level, likelihood in (("team", 1), ("city", 2), ("all", 3)):
        Risk.objects.create(
            engagement=here,
            title=level,
            likelihood=likelihood,
            severity=3,
            opened_on=NOW.date(),
            visibility=level,
            owner=people[LEAD],
        )
    expected = {STAFF: ["all", "city", "team"], PARTNER: ["all", "city"], FUNDER: ["all"]}
    for role, titles in expected.items():
        found = asker(people[role]).get("/api/v1/risks/?open=true").json()["results"]
        assert [row["title"] for row in found] == titles
        assert found[0]["rating"] == {
            "colour": "red",
            "label": "red",
            "rule": "high likelihood × high severity = 9; 6 or more is red",
        }
        assert (found[0]["owner"] is None) == (role == FUNDER)
    assert asker(people[STAFF]).get("/api/v1/risks/?open=false").json()["count"] == 0
