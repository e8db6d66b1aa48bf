"""The API of values and risks does what the pages do: change a draft, move it on, open it again, archive."""

import pytest

from engagements.models import Indicator, IndicatorValue, Risk
from engagements.permissions import EDIT_RECORD, PERMISSIONS, Role
from tests.engagements.discussion.discussion import house
from tests.engagements.milestones.test_api import asker, is_problem
from tests.factories.engagements import NOW
from tests.factories.indicators import ValueEntry, approved, enter, make_indicator, versions
from tests.factories.reviews import checklist_body

pytestmark = pytest.mark.django_db
STAFF, LEAD, FUNDER, EXPERT, ADVISER = Role.CITY_STAFF, Role.LEAD, Role.FUNDER, Role.EXPERT, Role.ADVISER
RISK = {"title": "Rents rise", "likelihood": 2, "severity": 3, "opened_on": "2026-11-02"}


@pytest.fixture
def world():
    here, _, people, others = house()
    return here, people, others, make_indicator(here, people[STAFF])


def send(user, url: str, body: dict, method: str = "post", **headers):
    return getattr(asker(user), method)(url, body, format="json", headers=headers)


def move(user, row: Indicator, rows, to: str, **more):
    seen = [{"id": pk, "version": version} for pk, version in versions(*rows).items()]
    if to in ("reviewed", "approved"):
        more = {"checklist": checklist_body("value")} | more
    return send(user, f"/api/v1/indicators/{row.pk}/moves/", {"values": seen, "to": to} | more)


# --- Values ---------------------------------------------------------------------------------------


def test_a_draft_is_changed_once_a_key_and_a_second_version_is_a_conflict(world):
    _, people, _, row = world
    (value,) = enter(row, people[STAFF])
    url, body = f"/api/v1/values/{value.pk}/", {"version": value.version, "value": 70, "note": "Recounted"}
    answers = [send(people[STAFF], url, body, "patch", **{"Idempotency-Key": "k"}) for _ in range(2)]
    assert [each.status_code for each in answers] == [200, 200] and answers[0].json() == answers[1].json()
    shown = answers[0].json()
    assert (shown["value"], shown["note"], shown["version"]) == (70, "Recounted", value.version + 1)
    assert asker(people[EXPERT]).get(url).json() == shown
    conflict = is_problem(send(people[STAFF], url, body | {"value": 80}, "patch"), 409)
    assert (conflict["version"], conflict["fields"][0]["theirs"], conflict["fields"][0]["yours"]) == (2, 70, 80)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"value": -1}, "value"),
        ({"value": None}, "value"),
        ({"low": 5}, "two ends"),
        ({"colour": 1}, "colour"),
        ({"value": "many"}, "value"),
        ({"version": 0}, "version"),
        ({"document": 10**9}, "can’t find this"),
    ],
)
def test_bad_changes_of_a_value_are_problems(world, change, said):
    _, people, _, row = world
    (value,) = enter(row, people[STAFF])
    answer = send(people[STAFF], f"/api/v1/values/{value.pk}/", {"version": 1} | change, "patch")
    assert said in str(is_problem(answer, 404 if "document" in change else 400))
    assert IndicatorValue.objects.get().value == 60


def test_values_go_from_draft_to_lock_and_back_with_a_coded_reason(world):
    _, people, _, row = world
    rows = enter(row, people[STAFF], ValueEntry(60), ValueEntry(40, "sex", "women"))
    for who, to, status in (
        (STAFF, "in_review", "in_review"),
        (EXPERT, "reviewed", "in_review"),
        (LEAD, "approved", "approved"),
        (LEAD, "locked", "locked"),
        (LEAD, "approved", "approved"),
    ):
        answer = move(people[who], row, rows, to)
        assert answer.status_code == 201, answer.content
        assert [each["status"] for each in answer.json()["values"]] == [status] * 2
    assert answer.json()["values"][0]["reviewed_by"] == str(people[EXPERT])
    url = f"/api/v1/values/{rows[0].pk}/"
    closed = send(people[STAFF], url, {"version": 6, "value": 1}, "patch")
    assert "A lead reopens it, with a reason" in str(is_problem(closed, 400))
    assert "reason" in str(is_problem(move(people[LEAD], row, rows, "draft"), 400))
    assert "reason" in str(is_problem(move(people[LEAD], row, rows, "draft", reason="whim"), 400))
    assert "words" in str(is_problem(move(people[LEAD], row, rows, "draft", reason="other"), 400))
    opened = move(people[LEAD], row, rows, "draft", reason="late_data").json()["values"][0]
    assert (opened["status"], opened["revision"], opened["change_reason"]) == ("draft", 1, "Data came late")


def test_a_move_of_what_changed_meanwhile_names_the_versions_now_and_moves_nothing(world):
    _, people, _, row = world
    (value,) = enter(row, people[STAFF])
    send(people[STAFF], f"/api/v1/values/{value.pk}/", {"version": 1, "value": 70}, "patch")
    body = {"values": [{"id": value.pk, "version": 1}], "to": "in_review"}
    found = is_problem(send(people[STAFF], f"/api/v1/indicators/{row.pk}/moves/", body), 409)
    assert found["versions"] == {str(value.pk): 2} and IndicatorValue.objects.get().status == "draft"


@pytest.mark.parametrize(
    "body",
    [
        {"values": []},
        {"values": [{"id": 1}]},
        {"to": "published"},
        {"values": "1"},
        {"extra": 1},
        {"values": [{"id": 1, "version": 1}, {"id": 1, "version": 1}]},
    ],
)
def test_bad_moves_are_problems(world, body):
    _, people, _, row = world
    wanted = {"values": [{"id": 1, "version": 1}], "to": "in_review"} | body
    is_problem(send(people[STAFF], f"/api/v1/indicators/{row.pk}/moves/", wanted), 400)


def test_nobody_approves_their_own_and_others_move_nothing(world):
    _, people, others, row = world
    rows = enter(row, people[LEAD])
    assert move(people[LEAD], row, rows, "in_review").status_code == 201
    assert "someone else" in str(is_problem(move(people[LEAD], row, rows, "approved"), 400))
    is_problem(move(people[STAFF], row, rows, "approved"), 400)
    for stranger in (people[FUNDER], others[STAFF]):
        is_problem(move(stranger, row, rows, "approved"), 404)
        is_problem(send(stranger, f"/api/v1/values/{rows[0].pk}/", {"version": 2, "value": 1}, "patch"), 404)
        is_problem(asker(stranger).get(f"/api/v1/values/{rows[0].pk}/"), 404)
    foreign = make_indicator(row.engagement, people[STAFF], name="Another")
    is_problem(move(people[LEAD], foreign, rows, "draft"), 404)


def test_drafts_and_indicators_are_archived_with_a_reason(world):
    _, people, _, row = world
    (value,) = enter(row, people[STAFF])
    url = f"/api/v1/values/{value.pk}/archive/"
    is_problem(send(people[STAFF], url, {"version": 1}), 400)
    gone = send(people[STAFF], url, {"version": 1, "why": "Wrong quarter"})
    assert gone.status_code == 201 and gone.json()["archived_at"] and gone.json()["id"] == value.pk
    is_problem(asker(people[STAFF]).get(f"/api/v1/values/{value.pk}/"), 404)
    approved(row, people, ValueEntry(5))
    url, body = f"/api/v1/indicators/{row.pk}/archive/", {"version": row.version, "why": "Merged"}
    assert "a lead archives it" in str(is_problem(send(people[STAFF], url, body), 400))
    assert send(people[LEAD], url, body).status_code == 201
    is_problem(asker(people[LEAD]).get(f"/api/v1/indicators/{row.pk}/"), 404)


# --- Risks ----------------------------------------------------------------------------------------


def test_a_risk_is_written_down_changed_closed_opened_and_archived(world):
    here, people, _, _ = world
    adviser = people[ADVISER]
    made = send(adviser, "/api/v1/risks/", RISK | {"engagement": here.pk, "owner": people[STAFF].pk})
    assert made.status_code == 201 and made.json()["rating"]["colour"] == "red"
    url = f"/api/v1/risks/{made.json()['id']}/"
    changed = send(adviser, url, {"version": 1, "likelihood": 1}, "patch").json()
    assert (changed["likelihood"], changed["version"], changed["owner"]) == (1, 2, str(people[STAFF]))
    conflict = is_problem(send(adviser, url, {"version": 1, "likelihood": 3}, "patch"), 409)
    assert conflict["fields"][0]["theirs"] == 1
    close = {"version": 2, "closed_on": "2026-11-20"}
    assert "outcome" in is_problem(send(adviser, url, close, "patch"), 400)["errors"]
    assert send(adviser, url, close | {"outcome": "Leases signed"}, "patch").json()["outcome"] == "Leases signed"
    assert send(adviser, url, {"version": 3, "closed_on": None}, "patch").json()["closed_on"] is None
    assert send(adviser, f"{url}archive/", {"version": 4, "why": "Twice"}).status_code == 201
    is_problem(asker(adviser).get(url), 404)


def test_a_risk_is_written_once_a_key(world):
    here, people, _, _ = world
    body = RISK | {"engagement": here.pk}
    answers = [send(people[ADVISER], "/api/v1/risks/", body, **{"Idempotency-Key": "one"}) for _ in range(2)]
    assert answers[0].json() == answers[1].json() and Risk.objects.count() == 1
    is_problem(send(people[ADVISER], "/api/v1/risks/", body | {"severity": 1}, **{"Idempotency-Key": "one"}), 422)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"likelihood": 4}, "likelihood"),
        ({"severity": 0}, "severity"),
        ({"title": ""}, "title"),
        ({"opened_on": "2030-01-01"}, "opened_on"),
        ({"opened_on": "3/2/2026"}, "opened_on"),
        ({"colour": 1}, "colour"),
        ({"visibility": "public"}, "visibility"),
        ({"owner": 10**9}, "owner"),
    ],
)
def test_bad_risks_are_problems(world, change, field):
    here, people, _, _ = world
    answer = send(people[ADVISER], "/api/v1/risks/", RISK | {"engagement": here.pk} | change)
    assert field in str(is_problem(answer, 400)) and not Risk.objects.exists()


def test_risks_are_written_by_whom_the_table_says_and_with_their_own_scope(world):
    here, people, others, _ = world
    body = RISK | {"engagement": here.pk}
    kept = Risk.objects.create(
        engagement=here, title="x", likelihood=1, severity=1, opened_on=NOW.date(), visibility="all"
    )
    url = f"/api/v1/risks/{kept.pk}/"
    for role, user in people.items():
        may = EDIT_RECORD in PERMISSIONS[role]
        assert send(user, "/api/v1/risks/", body).status_code == (201 if may else 404), role
        kept.refresh_from_db()
        assert send(user, url, {"version": kept.version, "mitigation": role.value}, "patch").status_code == (
            200 if may else 404
        ), role
    is_problem(send(others[ADVISER], url, {"version": 1, "title": "y"}, "patch"), 404)
    for scope, said in (("write:indicators", "write:risks"), ("read", "write:risks")):
        denied = asker(people[ADVISER], ["read", scope]).post("/api/v1/risks/", body, format="json")
        assert said in is_problem(denied, 403)["detail"]
    assert asker(people[ADVISER], ["write:risks"]).post("/api/v1/risks/", body, format="json").status_code == 201
