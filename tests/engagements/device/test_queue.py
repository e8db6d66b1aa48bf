"""Entries that a device sends by itself: saved once, refused by the same checks, with what it takes to decide."""

from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from engagements.base.queued import HEADER, LATER, NOW
from engagements.device.middleware import NOTE_IN
from engagements.discussion.actions.updates import change_update, start_update
from engagements.milestones.actions.progress import log_progress
from engagements.models import EngagementRole, ProgressEntry, Record
from engagements.permissions import Role
from tests.factories.engagements import NOW as MOMENT
from tests.factories.engagements import TODAY, MilestoneFactory, everybody, pair

pytestmark = pytest.mark.django_db


@pytest.fixture
def work():
    here, _ = pair()
    people = everybody(here)
    return here, people, MilestoneFactory(engagement=here, owner=people[Role.ADVISER], status="in_progress")


def client_of(user, **options) -> Client:
    client = Client(**options)
    client.force_login(user)
    return client


def status_of(milestone, **typed) -> dict:
    known = {"milestone": milestone.pk, "version_of": milestone.pk, "version": milestone.version}
    return known | {"status": milestone.status, "line": "Met the mayor", "submission": str(uuid4())} | typed


def send(client, data, path="/log/?kind=status", when=LATER, **headers):
    return client.post(path, data, headers={HEADER: when, **headers})


def test_an_entry_is_saved_once_and_says_the_version_it_left(work):
    _, people, milestone = work
    client = client_of(people[Role.ADVISER])
    data = status_of(milestone, status="blocked")
    first = send(client, data, when=NOW)
    milestone.refresh_from_db()
    saved = {"outcome": "saved", "milestone": milestone.pk, "version": milestone.version}
    assert first.json() == saved | {"to": f"/log/?after={milestone.pk}&logged={ProgressEntry.objects.get().pk}"}
    log_progress(milestone=milestone.pk, status="at_risk", line="By another", by=people[Role.LEAD], now=MOMENT)
    again = send(client, data)  # the answer had been lost
    assert again.json() == saved | {"to": ""} and ProgressEntry.objects.count() == 2


def test_an_entry_that_was_saved_is_saved_even_where_its_milestone_is_archived_since(work):
    _, people, milestone = work
    client = client_of(people[Role.ADVISER])
    data = status_of(milestone)
    send(client, data)
    type(milestone).objects.filter(pk=milestone.pk).update(archived_at=MOMENT, archived_by=people[Role.LEAD])
    assert send(client, data).json()["outcome"] == "saved" and ProgressEntry.objects.count() == 1


def test_a_note_sent_later_leaves_no_message_for_another_page(work):
    here, people, _ = work
    client = client_of(people[Role.ADVISER])
    note = {"engagement": here.pk, "on": TODAY.isoformat(), "text": "Kept", "submission": str(uuid4())}
    assert send(client, note, "/log/?kind=note").json()["outcome"] == "saved"
    assert not list(get_messages(client.get("/todo/").wsgi_request)) and Record.objects.count() == 1
    assert "sent_draft" not in client.cookies


def test_a_change_by_somebody_else_comes_back_with_both_versions(work):
    here, people, milestone = work
    data = status_of(milestone, status="at_risk")
    log_progress(milestone=milestone.pk, status="blocked", line="No data", by=people[Role.LEAD], now=MOMENT)
    answer = send(client_of(people[Role.ADVISER]), data)
    milestone.refresh_from_db()
    (side,) = answer.json()["sides"]
    assert answer.status_code == 409 and answer.json()["version"] == milestone.version
    assert (side["base"], side["theirs"], side["yours"]) == ("In progress", "Blocked", "At risk")
    assert answer[NOTE_IN] == str(here.pk) and ProgressEntry.objects.count() == 1


def test_an_archived_milestone_says_when_and_by_whom(work):
    here, people, milestone = work
    type(milestone).objects.filter(pk=milestone.pk).update(archived_at=MOMENT, archived_by=people[Role.LEAD])
    answer = send(client_of(people[Role.ADVISER]), status_of(milestone))
    assert (answer.status_code, answer.json()["outcome"], answer[NOTE_IN]) == (404, "gone", str(here.pk))
    day, said = f"{MOMENT:%B} {MOMENT.day}, {MOMENT.year}", answer.json()["said"]
    assert day in said and milestone.title in said and str(people[Role.LEAD]) in said


@pytest.mark.parametrize("is_archived", [False, True])
def test_who_lost_the_role_is_told_so_and_nothing_else(work, is_archived):
    _, people, milestone = work
    client = client_of(people[Role.ADVISER])
    EngagementRole.objects.filter(user=people[Role.ADVISER]).update(ended_on=TODAY)
    if is_archived:
        type(milestone).objects.filter(pk=milestone.pk).update(archived_at=MOMENT, archived_by=people[Role.LEAD])
    answer = send(client, status_of(milestone))
    assert (answer.status_code, answer.json()) == (404, {"outcome": "ended"}) and not answer.has_header(NOTE_IN)
    assert not ProgressEntry.objects.exists()


def test_a_form_with_mistakes_comes_back_as_its_page(work):
    _, people, milestone = work
    answer = send(client_of(people[Role.ADVISER]), status_of(milestone, line=""))
    assert answer.status_code == 422 and answer["Content-Type"].startswith("text/html")


def test_neither_a_stranger_nor_a_request_without_the_token_is_answered_as_saved(work):
    _, people, milestone = work
    data = status_of(milestone)
    assert send(Client(), data).status_code == 401
    client = client_of(people[Role.ADVISER])
    send(client, data)
    guarded = client_of(people[Role.ADVISER], enforce_csrf_checks=True)
    refused = send(guarded, data)  # an old token is no ended role, and learns not even that it was saved
    assert refused.status_code == 403 and refused["Content-Type"].startswith("text/html")
    token = guarded.get("/device/").json()["token"]
    assert send(guarded, data, **{"X-CSRFToken": token}).json()["outcome"] == "saved"
    other = client_of(people[Role.LEAD])
    assert send(other, data).json()["outcome"] == "saved" and ProgressEntry.objects.count() == 2  # a key is a person's


@pytest.mark.parametrize("key", ["", "x", "0" * 400, "12345678-1234-5678-1234-56781234567"])
def test_a_key_that_is_none_is_a_mistake_of_the_form(work, key):
    _, people, milestone = work
    answer = send(client_of(people[Role.ADVISER]), status_of(milestone, submission=key))
    assert answer.status_code == 422 and not ProgressEntry.objects.exists()


def test_a_draft_sent_twice_is_one_and_after_somebody_elses_change_brings_both_texts(work):
    here, people, _ = work
    started = {"engagement": here.pk, "year": 2026, "quarter": 3, "texts": {"what_we_did": "Before"}}
    update = start_update(**started, by=people[Role.LEAD], now=MOMENT)
    client, path = client_of(people[Role.ADVISER]), f"/updates/{update.pk}/edit/"
    draft = {"act": "save", "what_we_did": "Offline", "version": update.version, "submission": str(uuid4())}
    for _ in range(2):  # the first answer was lost
        assert send(client, draft, path, accept="application/json").json()["version"] == update.version + 1
    texts = {"what_we_did": "By another"}
    change_update(update=update.pk, texts=texts, expected_version=update.version + 1, by=people[Role.LEAD], now=MOMENT)
    late = send(client, draft | {"what_we_did": "Later still"}, path, accept="application/json")
    assert late.status_code == 409 and late.json()["sides"][0]["theirs"] == "By another"
