"""The API on engagements: who gets in, what each role reads and writes, what comes back twice."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone
from rest_framework.test import APIClient

from engagements.models import (
    AccessToken,
    Activity,
    Comment,
    Document,
    IdempotencyKey,
    Milestone,
    ProgressEntry,
    Record,
)
from engagements.people.actions.tokens import make_access_token, revoke_token
from engagements.permissions import (
    ANSWER_REQUEST,
    ASK_REQUEST,
    COMMENT_ALL,
    COMMENT_CITY,
    COMMENT_TEAM,
    EDIT_MILESTONE,
    EDIT_RECORD,
    ELSEWHERE,
    INITIATIVE_ROLES,
    LOG_PROGRESS,
    PERMISSIONS,
    UPLOAD_DOCUMENT,
    VIEW_PUBLISHED,
    VIEW_REQUEST,
    VIEW_TEAM,
    VIEW_TEAM_DOCUMENT,
    Role,
)
from tests.factories.engagements import (
    CommentFactory,
    EngagementFactory,
    MilestoneFactory,
    UserFactory,
    everybody,
    give,
    make_many,
    member,
    pair,
)

pytestmark = pytest.mark.django_db
SCOPES = [scope.value for scope in AccessToken.Scope]
BYTES = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.DOCUMENTS_DIR = tmp_path


def asker(user, scopes=None, **options) -> APIClient:
    """A program with this person's token."""
    now = timezone.now()
    _, secret = make_access_token(
        name="a test", scopes=scopes or SCOPES, expires_at=now + timedelta(days=1), by=user, now=now
    )
    client = APIClient(**options)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client


def later(days: int = 20) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def is_problem(response, status: int) -> dict:
    assert response.status_code == status, response.content[:300]
    assert response["Content-Type"] == "application/problem+json"
    found = response.json()
    assert found["status"] == status and found["type"] == "about:blank" and found["title"]
    return found


# --- Who gets in ------------------------------------------------------------------------------

READ = ("engagements", "milestones", "comments", "documents", "activity", "requests", "updates")


@pytest.mark.parametrize("name", READ)
def test_strangers_are_asked_for_a_token_and_learn_nothing(name):
    MilestoneFactory(title="Secret")
    response = APIClient().get(f"/api/v1/{name}/")
    assert is_problem(response, 401) and response["WWW-Authenticate"].startswith("Bearer")
    assert b"Secret" not in response.content


def test_a_session_reads_and_its_writes_need_the_forgery_token():
    milestone = MilestoneFactory()
    user = member(Role.ADVISER, milestone.engagement)
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(user)
    assert client.get("/api/v1/milestones/").json()["count"] == 1
    body = {"status": "blocked", "line": "x"}
    is_problem(client.post(f"/api/v1/milestones/{milestone.pk}/progress/", body, format="json"), 403)
    assert not ProgressEntry.objects.exists()


def test_expired_revoked_unknown_and_deactivated_answer_the_same():
    user = member(Role.ADVISER, EngagementFactory())
    now = timezone.now()
    common = {"name": "x", "scopes": ["read"], "by": user, "now": now - timedelta(days=2)}
    _, expired = make_access_token(expires_at=now - timedelta(days=1), **common)
    token, revoked = make_access_token(expires_at=now + timedelta(days=1), **common)
    revoke_token(token=token, by=user, now=now)
    gone = UserFactory()
    _, orphan = make_access_token(expires_at=now + timedelta(days=1), **common | {"by": gone})
    gone.is_active = False
    gone.save()
    answers = set()
    for header in (*(f"Bearer {s}" for s in (expired, revoked, orphan, "mp_x", "ü", "a b")), "Bearer"):
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=header)
        answer = is_problem(client.get("/api/v1/engagements/"), 401)
        assert len(answer.pop("request_id")) >= 16  # of each request its own
        answers.add(str(answer))
    assert len(answers) == 1 and "unknown, expired or revoked" in answers.pop()


def test_a_token_does_what_its_scopes_say_and_no_more():
    milestone = MilestoneFactory()
    user = member(Role.LEAD, milestone.engagement)
    reader, writer = asker(user, ["read"]), asker(user, ["write:comments"])
    assert reader.get("/api/v1/milestones/").status_code == 200
    assert "“read”" in is_problem(writer.get("/api/v1/milestones/"), 403)["detail"]
    body = {"engagement": milestone.engagement_id, "body": "Hello", "visibility": "team"}
    assert "“write:comments”" in is_problem(reader.post("/api/v1/comments/", body, format="json"), 403)["detail"]
    assert writer.post("/api/v1/comments/", body, format="json").status_code == 201
    body = {"version": 1, "title": "New"}
    assert (
        "“write:milestones”"
        in is_problem(writer.patch(f"/api/v1/milestones/{milestone.pk}/", body, format="json"), 403)["detail"]
    )
    assert Comment.objects.count() == 1 and Milestone.objects.get().version == 1


def test_too_many_requests_are_held_up_per_token_person_and_stranger(monkeypatch):
    from engagements.base.api.throttling import PersonThrottle, StrangerThrottle, TokenThrottle

    rates = {"token": "2/min", "person": "4/min", "stranger": "2/min"}
    for throttle in (PersonThrottle, StrangerThrottle, TokenThrottle):
        monkeypatch.setattr(throttle, "THROTTLE_RATES", rates)
    user = UserFactory()
    first, second, another = asker(user), asker(user), asker(UserFactory())
    assert [first.get("/api/v1/engagements/").status_code for _ in range(3)] == [200, 200, 429]
    assert [second.get("/api/v1/engagements/").status_code for _ in range(2)] == [200, 429]
    assert another.get("/api/v1/engagements/").status_code == 200
    assert [APIClient().get("/api/v1/engagements/").status_code for _ in range(3)] == [401, 401, 429]
    assert int(is_problem(held := first.get("/api/v1/engagements/"), 429)["status"]) and int(held["Retry-After"]) > 0


def test_without_the_cache_nobody_is_held_up(monkeypatch, settings):
    from django.core.cache import caches

    from engagements.base.api.throttling import PersonThrottle, TokenThrottle
    from mobility_portal.fail_open_cache import FailOpenRedisCache

    away = FailOpenRedisCache("redis://127.0.0.1:1/0", {"OPTIONS": settings.REDIS_TIMEOUTS})
    monkeypatch.setattr(FailOpenRedisCache, "_away_until", 0.0)
    for throttle in (PersonThrottle, TokenThrottle):
        monkeypatch.setattr(throttle, "cache", away)
        monkeypatch.setattr(throttle, "THROTTLE_RATES", {"token": "1/min", "person": "1/min"})
    client = asker(UserFactory())
    assert [client.get("/api/v1/engagements/").status_code for _ in range(3)] == [200] * 3
    monkeypatch.setattr(FailOpenRedisCache, "_away_until", 0.0)
    caches["default"].get("x")


# --- Each action x role x own and other city --------------------------------------------------

DAYS = {"later": later(), "today": later(0)}
# action -> (permission it needs, method, address, body); {m}: milestone, {e}: engagement, {d}: document, {r}: request
ACTIONS = {
    "read engagement": (VIEW_PUBLISHED, "get", "engagements/{e}/", None),
    "read milestone": (VIEW_PUBLISHED, "get", "milestones/{m}/", None),
    "read team document": (VIEW_TEAM_DOCUMENT, "get", "documents/{d}/file/", None),
    "read request": (VIEW_REQUEST, "get", "requests/{r}/", None),
    "read draft": (VIEW_TEAM, "get", "updates/{u}/", None),
    "add milestone": (
        EDIT_MILESTONE,
        "post",
        "milestones/",
        {"engagement": "{e}", "title": "New", "stage": "design", "due_on": "{later}"},
    ),
    "change milestone": (EDIT_MILESTONE, "patch", "milestones/{m}/", {"version": 1, "title": "New"}),
    "log progress": (LOG_PROGRESS, "post", "milestones/{m}/progress/", {"status": "in_progress", "line": "Met."}),
    "comment to the team": (
        COMMENT_TEAM,
        "post",
        "comments/",
        {"engagement": "{e}", "body": "x", "visibility": "team"},
    ),
    "comment to the city": (
        COMMENT_CITY,
        "post",
        "comments/",
        {"engagement": "{e}", "body": "x", "visibility": "city"},
    ),
    "comment to all": (COMMENT_ALL, "post", "comments/", {"engagement": "{e}", "body": "x", "visibility": "all"}),
    "ask": (ASK_REQUEST, "post", "requests/", {"engagement": "{e}", "question": "Why?", "due_on": "{later}"}),
    "answer": (ANSWER_REQUEST, "post", "requests/{r}/answer/", {"answer": "So.", "version": 1}),
    "read hours": (VIEW_TEAM, "get", "hours/?engagement={e}", None),
    "log hours": (
        LOG_PROGRESS,
        "post",
        "hours/",
        {"engagement": "{e}", "hours": "1.5", "what": "Interviews", "on": "{today}"},
    ),
    "log call": (EDIT_RECORD, "post", "calls/", {"engagement": "{e}", "on": "{today}", "decided": "We go on."}),
    "bring document": (UPLOAD_DOCUMENT, "upload", "documents/", {"engagement": "{e}", "visibility": "city"}),
}


def filled(template, names: dict):
    if isinstance(template, dict):
        return {key: filled(value, names) for key, value in template.items()}
    return template.format(**names) if isinstance(template, str) else template


def send(client: APIClient, action: str, names: dict):
    _, method, path, body = ACTIONS[action]
    address, body = "/api/v1/" + filled(path, names), filled(body, names)
    if method == "upload":
        file = SimpleUploadedFile("plan.pdf", BYTES, "application/pdf")
        return client.post(address, body | {"file": file}, format="multipart")
    return getattr(client, method)(address, body, format="json") if body else getattr(client, method)(address)


@pytest.mark.parametrize("action", ACTIONS)
def test_each_role_does_what_the_table_says_in_its_own_and_another_city(action):
    from tests.factories.import_export import things_of

    permission = ACTIONS[action][0]
    mine, other = pair()
    strange = EngagementFactory()
    for role in Role:
        for place in (mine, other, strange):
            user = member(role, mine)
            initiative_wide = role in INITIATIVE_ROLES and place is other
            held = PERMISSIONS[role] if place is mine or initiative_wide else ELSEWHERE.get(role, frozenset())
            held = held if place is not strange else frozenset()
            response = send(asker(user), action, things_of(place) | DAYS)
            if response.streaming:
                b"".join(response.streaming_content)
            if permission in held:
                assert response.status_code in (200, 201), (role, place, response.content[:300])
            elif action.startswith(("comment", "bring")) and VIEW_PUBLISHED in held:
                assert response.status_code in (403, 404), (role, place)  # seen, and not theirs to write at
            else:
                assert (
                    is_problem(response, 404)["detail"]
                    == "We can’t find this. It may have moved, or it isn’t shared with you."
                ), (role, place)


@pytest.mark.parametrize("action", ACTIONS)
def test_others_things_answer_exactly_as_missing_ones(action):
    from tests.factories.import_export import things_of

    user = member(Role.LEAD, EngagementFactory())
    client, others = asker(user), things_of(EngagementFactory())
    missing = {name: 10**12 for name in others} | DAYS
    found = send(client, action, others | DAYS), send(client, action, missing)
    said = [{**answer.json(), "request_id": ""} for answer in found]
    assert said[0] == said[1] and found[0].status_code == found[1].status_code == 404


def test_lists_hold_what_each_role_may_see():
    from tests.factories.import_export import things_of

    mine, other = pair()
    names = [things_of(place) for place in (mine, other, EngagementFactory())]
    for role, user in everybody(mine).items():
        client = asker(user)

        def ids(name, client=client):
            return {row["id"] for row in client.get(f"/api/v1/{name}/").json()["results"]}

        wide = role in INITIATIVE_ROLES
        published = {0, 1} if wide or ELSEWHERE.get(role) else {0}
        team = ({0, 1} if wide else {0}) if VIEW_TEAM in PERMISSIONS[role] else set()
        assert ids("engagements") == {names[n]["e"] for n in published}, role
        assert ids("milestones") == {names[n]["m"] for n in published}, role
        assert ids("documents") == {names[n]["d"] for n in team}, role
        assert ids("requests") == {names[n]["r"] for n in team}, role
        assert ids("updates") == {names[n]["u"] for n in team}, role


def test_a_funder_reads_the_status_and_no_notes():
    milestone = MilestoneFactory(status="blocked", acceptance_evidence="Internal", funder_note="On its way.")
    CommentFactory(engagement=milestone.engagement, author=UserFactory(), body="Internal", visibility="team")
    client = asker(member(Role.FUNDER, milestone.engagement))
    (row,) = client.get("/api/v1/milestones/").json()["results"]
    assert (row["label"], row["status"], row["owner"], row["acceptance_evidence"]) == ("Blocked", None, None, None)
    assert row["funder_note"] == "On its way."
    assert client.get("/api/v1/milestones/", {"status": "at_risk"}).json()["count"] == 0
    assert client.get("/api/v1/comments/").json()["results"] == []


def test_somebody_who_lost_the_role_loses_the_api_at_once():
    engagement = EngagementFactory()
    milestone, user = MilestoneFactory(engagement=engagement), member(Role.ADVISER, engagement)
    client = asker(user)
    assert client.get(f"/api/v1/milestones/{milestone.pk}/").status_code == 200
    user.roles.update(ended_on=timezone.localdate())
    is_problem(client.get(f"/api/v1/milestones/{milestone.pk}/"), 404)


# --- Writing ----------------------------------------------------------------------------------


def test_a_change_made_meanwhile_is_answered_with_both_versions():
    milestone = MilestoneFactory(title="Plan")
    client = asker(member(Role.ADVISER, milestone.engagement))
    address = f"/api/v1/milestones/{milestone.pk}/"
    assert client.patch(address, {"version": 1, "title": "Plan A"}, format="json").json()["version"] == 2
    found = is_problem(client.patch(address, {"version": 1, "title": "Plan B"}, format="json"), 409)
    assert found["version"] == 2
    assert found["fields"] == [{"field": "title", "base": "Plan", "theirs": "Plan A", "yours": "Plan B"}]
    merged = client.patch(address, {"version": 1, "funder_note": "Soon."}, format="json").json()
    assert (merged["title"], merged["funder_note"], merged["version"]) == ("Plan A", "Soon.", 3)


def test_a_date_moves_with_a_reason():
    milestone = MilestoneFactory()
    client = asker(member(Role.ADVISER, milestone.engagement))
    address, body = f"/api/v1/milestones/{milestone.pk}/", {"version": 1, "due_on": later()}
    assert "slip_reason" in is_problem(client.patch(address, body, format="json"), 400)["detail"]
    assert client.patch(address, body | {"slip_reason": "legal"}, format="json").json()["due_on"] == later()


@pytest.mark.parametrize(
    ("address", "body", "field"),
    [
        ("milestones/", {"title": "x"}, "due_on"),
        ("milestones/{m}/progress/", {"status": "in_progress", "line": " "}, "line"),
        ("milestones/{m}/progress/", {"status": "flying", "line": "x"}, "status"),
        ("milestones/{m}/progress/", {"status": "in_progress", "line": "x", "satus": "y"}, "satus"),
        ("milestones/{m}/progress/", {"status": "in_progress", "line": "a\x00b"}, "line"),
        ("comments/", {"engagement": 10**30, "body": "x", "visibility": "team"}, "engagement"),
        ("comments/", {"engagement": "{e}", "body": "x", "visibility": "everyone"}, "visibility"),
        ("requests/", {"engagement": "{e}", "question": "?", "due_on": "2020-01-01"}, "due_on"),
        ("milestones/", {"engagement": "{e}", "title": "x", "stage": "design", "due_on": "1999-01-01"}, "due_on"),
        ("hours/", {"engagement": "{e}", "hours": "25", "what": "x", "on": "2026-11-02"}, "hours"),
        ("hours/", {"engagement": "{e}", "hours": "1.234", "what": "x", "on": "2026-11-02"}, "hours"),
        ("hours/", {"engagement": "{e}", "hours": "2", "what": " ", "on": "2026-11-02"}, "what"),
        ("calls/", {"engagement": "{e}", "on": "2026-11-02"}, "decided"),
        ("calls/", {"engagement": "{e}", "on": "2026-11-02", "next_step": "Ask them"}, "next_on"),
        ("absences/", {"cover": 1, "starts_on": "2026-11-02", "ends_on": "2026-11-01"}, "ends_on"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(address, body, field):
    from tests.factories.import_export import things_of

    engagement = EngagementFactory()
    names = things_of(engagement)
    client = asker(member(Role.LEAD, engagement))
    response = client.post("/api/v1/" + filled(address, names), filled(body, names), format="json")
    assert field in is_problem(response, 400)["detail"]


def test_a_call_by_program_makes_its_decisions_next_step_and_hours_once():
    here, there = pair()
    adviser = member(Role.ADVISER, here)
    give(adviser, Role.ADVISER, there)
    client = asker(adviser)
    body = {
        "engagement": here.pk,
        "also": [there.pk],
        "on": later(0),
        "present": "Ana and Ben",
        "decided": "Draft the ordinance\nMeet weekly",
        "questions": "Who pays?",
        "next_step": "Send the draft",
        "next_on": later(),
        "hours": "1.5",
    }
    for _ in range(2):  # the answer got lost, and the program asks again
        made = client.post("/api/v1/calls/", body, format="json", HTTP_IDEMPOTENCY_KEY="one call")
        assert made.status_code == 201 and made.json()["title"] == "Call or meeting with Ana and Ben"
    kinds = [row.kind for row in Record.objects.order_by("kind")]
    assert kinds == ["decision", "decision", "meeting", "question"]
    assert Milestone.objects.get(title="Send the draft").owner == adviser
    found = client.get(f"/api/v1/hours/?engagement={here.pk}").json()["results"]
    assert [(row["hours"], row["is_own"]) for row in found] == [("1.50", True)]
    gone = client.post(
        f"/api/v1/hours/{found[0]['id']}/archive/", {"version": found[0]["version"], "why": "Twice"}, format="json"
    )
    assert gone.status_code == 201
    assert client.get(f"/api/v1/hours/?engagement={here.pk}").json()["count"] == 0


def test_a_milestone_repeats_and_stops_by_program():
    engagement = EngagementFactory()
    client = asker(member(Role.LEAD, engagement))
    new = {
        "engagement": engagement.pk,
        "title": "Monthly call",
        "stage": "design",
        "due_on": later(),
        "repeats": "monthly",
    }
    made = client.post("/api/v1/milestones/", new, format="json").json()
    assert (made["repeats"], made["repeats_until"]) == ("monthly", None)
    address = f"/api/v1/milestones/{made['id']}/"
    early = client.patch(address, {"version": made["version"], "repeats_until": later(0)}, format="json")
    assert "repeats_until" in is_problem(early, 400)["detail"]
    changed = client.patch(address, {"version": made["version"], "repeats": ""}, format="json").json()
    assert changed["repeats"] == ""


def test_an_absence_is_said_and_taken_back_by_program():
    engagement = EngagementFactory()
    adviser, cover, stranger = member(Role.ADVISER, engagement), member(Role.ADVISER, engagement), UserFactory()
    client, body = asker(adviser), {"starts_on": later(0), "ends_on": later()}
    refused = client.post("/api/v1/absences/", body | {"cover": stranger.pk}, format="json")
    assert "cover" in is_problem(refused, 400)["detail"]
    made = client.post("/api/v1/absences/", body | {"cover": cover.pk}, format="json").json()
    assert (made["cover"], made["is_now"]) == (str(cover), True)
    assert [row["id"] for row in client.get("/api/v1/absences/").json()["results"]] == [made["id"]]
    is_problem(asker(cover).post(f"/api/v1/absences/{made['id']}/end/"), 404)  # one's own only
    assert client.post(f"/api/v1/absences/{made['id']}/end/").status_code == 201
    assert client.get("/api/v1/absences/").json()["results"] == []


def test_a_list_knows_its_parameters():
    client = asker(member(Role.LEAD, EngagementFactory()))
    for query in ("staus=done", "status=flying", "due_from=soon", "owner=x", "engagement=99999999999999999999999"):
        is_problem(client.get(f"/api/v1/milestones/?{query}"), 400)
    is_problem(client.get("/api/v1/activity/?cursor=broken"), 400)
    is_problem(client.get("/api/v1/milestones/?page=9"), 404)
    is_problem(client.get(f"/api/v1/milestones/{10**40}/"), 404)


def test_broken_json_is_a_problem_document():
    client = asker(UserFactory())
    is_problem(client.post("/api/v1/comments/", "{", content_type="application/json"), 400)
    is_problem(client.post("/api/v1/comments/", "x", content_type="text/plain"), 415)


# --- The same key -----------------------------------------------------------------------------


def test_the_same_key_and_body_is_the_first_answer_again():
    milestone = MilestoneFactory()
    client = asker(member(Role.ADVISER, milestone.engagement))
    address, body = f"/api/v1/milestones/{milestone.pk}/progress/", {"status": "in_progress", "line": "Met."}
    first = client.post(address, body, format="json", HTTP_IDEMPOTENCY_KEY="k1")
    again = client.post(address, dict(reversed(body.items())), format="json", HTTP_IDEMPOTENCY_KEY="k1")
    assert first.json() == again.json() and first.status_code == again.status_code == 201
    assert "Idempotency-Replayed" not in first and again["Idempotency-Replayed"] == "true"
    assert ProgressEntry.objects.count() == 1


def test_the_same_key_for_another_body_or_address_is_refused():
    milestone = MilestoneFactory()
    client = asker(member(Role.ADVISER, milestone.engagement))
    address, body = f"/api/v1/milestones/{milestone.pk}/progress/", {"status": "in_progress", "line": "Met."}
    client.post(address, body, format="json", HTTP_IDEMPOTENCY_KEY="k1")
    is_problem(client.post(address, body | {"line": "Other."}, format="json", HTTP_IDEMPOTENCY_KEY="k1"), 422)
    comment = {"engagement": milestone.engagement_id, "body": "x", "visibility": "team"}
    is_problem(client.post("/api/v1/comments/", comment, format="json", HTTP_IDEMPOTENCY_KEY="k1"), 422)
    assert ProgressEntry.objects.count() == 1 and not Comment.objects.exists()


def test_what_failed_may_be_tried_again_with_its_key_and_keys_are_ones_own():
    milestone = MilestoneFactory()
    one, two = (asker(member(Role.ADVISER, milestone.engagement)) for _ in range(2))
    address = f"/api/v1/milestones/{milestone.pk}/progress/"
    is_problem(one.post(address, {"status": "planned", "line": ""}, format="json", HTTP_IDEMPOTENCY_KEY="k"), 400)
    for client in (one, two):
        body = {"status": "in_progress", "line": "Met."}
        assert client.post(address, body, format="json", HTTP_IDEMPOTENCY_KEY="k").status_code == 201
    assert ProgressEntry.objects.count() == 2


@pytest.mark.parametrize("key", ["", "x" * 101, "ü"])
def test_a_key_is_short_and_plain(key):
    milestone = MilestoneFactory()
    client = asker(member(Role.ADVISER, milestone.engagement))
    body = {"engagement": milestone.engagement_id, "body": "x", "visibility": "team"}
    is_problem(client.post("/api/v1/comments/", body, format="json", HTTP_IDEMPOTENCY_KEY=key), 400)


def test_keys_are_forgotten_after_a_day():
    milestone = MilestoneFactory()
    client = asker(member(Role.ADVISER, milestone.engagement))
    body = {"engagement": milestone.engagement_id, "body": "x", "visibility": "team"}
    client.post("/api/v1/comments/", body, format="json", HTTP_IDEMPOTENCY_KEY="k")
    IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(hours=25))
    client.post("/api/v1/comments/", body, format="json", HTTP_IDEMPOTENCY_KEY="k")
    assert Comment.objects.count() == 2


def test_a_document_brought_twice_with_its_key_is_one_and_comes_back_byte_for_byte():
    engagement = EngagementFactory()
    client = asker(member(Role.CITY_STAFF, engagement))
    for content in (BYTES, BYTES, BYTES + b" "):
        file = SimpleUploadedFile("plan.pdf", content, "application/pdf")
        body = {"engagement": engagement.pk, "file": file, "title": "The plan"}
        response = client.post("/api/v1/documents/", body, format="multipart", HTTP_IDEMPOTENCY_KEY="k")
        assert response.status_code == (201 if content == BYTES else 422)
    (row,) = client.get("/api/v1/documents/").json()["results"]
    assert (row["title"], row["visibility"], row["size"]) == ("The plan", "team", len(BYTES))
    served = client.get(row["file"])
    assert b"".join(served.streaming_content) == BYTES and Document.objects.count() == 1
    assert served["Content-Disposition"].startswith("attachment") and "sandbox" in served["Content-Security-Policy"]
    assert served["Cache-Control"] == "private, no-store" and served["X-Content-Type-Options"] == "nosniff"


def test_a_lying_file_is_refused_at_its_field():
    engagement = EngagementFactory()
    client = asker(member(Role.LEAD, engagement))
    for name, content in (("plan.pdf", b"MZ\x90\x00" + b"\0" * 500), ("empty.pdf", b"")):
        body = {"engagement": engagement.pk, "file": SimpleUploadedFile(name, content)}
        assert "file" in is_problem(client.post("/api/v1/documents/", body, format="multipart"), 400)["detail"]
    assert not Document.objects.exists()


# --- Lists ------------------------------------------------------------------------------------


def test_pages_and_cursors_reach_every_row_once():
    make_many(cities=2, milestones=25, activity=45)
    user = member(Role.LEAD, Milestone.objects.first().engagement)
    client = asker(user)
    page, seen = client.get("/api/v1/milestones/?page_size=10").json(), []
    assert page["count"] == 25 and page["sample"] is False
    while page:
        seen += [row["id"] for row in page["results"]]
        page = client.get(page["next"]).json() if page["next"] else None
    assert len(seen) == len(set(seen)) == 25
    page, seen = client.get("/api/v1/activity/?limit=20").json(), []
    while page:
        seen += [row["id"] for row in page["results"]]
        Activity.objects.create(  # written while somebody pages: neither repeats nor hides a row
            engagement=Milestone.objects.first().engagement, by=user, at=timezone.now(), verb="x", noun="x", object_id=1
        )
        page = client.get(page["next"]).json() if page["next"] else None
    assert len(seen) == len(set(seen)) == 45


@pytest.mark.parametrize("name", READ)
def test_lists_ask_as_often_for_many_as_for_two(name):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tests.factories.import_export import things_of

    mine, other = pair()
    client = asker(member(Role.CITY_STAFF, mine))
    counts = []
    for more in (2, 8):
        for _ in range(more):
            things_of(mine), things_of(other)
        client.get(f"/api/v1/{name}/")
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/api/v1/{name}/").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 14


def test_the_schema_is_valid_and_nothing_in_it_is_named_twice(tmp_path):
    """A warning fails: two things of one name, or a field the generator had to guess."""
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "schema.yaml"))


def test_the_schema_names_every_address_and_the_token(client):
    schema = client.get("/api/schema/?format=json").json()
    for name in READ:
        assert f"/api/v1/{name}/" in schema["paths"]
    assert schema["components"]["securitySchemes"]["accessToken"]["scheme"] == "bearer"
    assert "409" not in schema["paths"]["/api/v1/milestones/"]["get"]["responses"]
