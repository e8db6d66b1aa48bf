"""Before a call: what has changed since the last meeting, and nothing another level or another city may keep."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from engagements.base.audited_transaction import audited_transaction
from engagements.home.queries.call import AHEAD, SHOWN, WITHOUT_MEETING, call_page
from engagements.home.queries.tab_counts import tab_counts
from engagements.milestones.actions.progress import log_progress
from engagements.models import Document, ExpertRequest, Record
from engagements.permissions import Role
from tests.factories.engagements import MilestoneFactory, everybody, pair

pytestmark = pytest.mark.django_db


@pytest.fixture
def work():
    here, there = pair()
    return here, there, everybody(here)


def record(engagement, by, kind: str, on: date, **more) -> Record:
    given = {"title": f"{kind} of {on}", "created_at": timezone.now(), "visibility": "team"} | more
    return Record.objects.create(engagement=engagement, kind=kind, on=on, written_by=by, **given)


def test_it_begins_with_the_last_meeting_that_took_place(work):
    here, there, people = work
    today = timezone.localdate()
    assert call_page(people[Role.ADVISER], here.slug, today=today).since == today - WITHOUT_MEETING
    held = record(here, people[Role.LEAD], "meeting", today - timedelta(days=3))
    record(here, people[Role.LEAD], "meeting", today + timedelta(days=3))  # planned: nothing has changed since
    record(here, people[Role.LEAD], "note", today - timedelta(days=1))
    record(there, people[Role.LEAD], "meeting", today)
    page = call_page(people[Role.ADVISER], here.slug, today=today)
    assert page.last_meeting.pk == held.pk and page.since == held.on
    assert [row.kind for row in page.decisions] == []


def test_each_list_has_what_belongs_to_it_and_says_how_much_more_there_is(work):
    here, there, people = work
    today = timezone.localdate()
    for n in range(SHOWN + 2):
        MilestoneFactory(engagement=here, due_on=today - timedelta(days=n), title=f"late {n}")
        ask = {
            "kind": "question",
            "asked_by": people[Role.ADVISER],
            "asked_at": timezone.now(),
            "due_on": timezone.localdate(),
        }
        ExpertRequest.objects.create(engagement=here, question=f"question {n}", **ask)
        record(here, people[Role.LEAD], "decision", today - timedelta(days=n))
    MilestoneFactory(engagement=here, due_on=today + AHEAD + timedelta(days=1), title="far")
    MilestoneFactory(engagement=there, due_on=today, title="elsewhere")
    page = call_page(people[Role.ADVISER], here.slug, today=today)
    assert len(page.due) == len(page.questions) == SHOWN and page.due_more == page.questions_more == 2
    assert all(row.title.startswith("late") for row in page.due)
    assert page.decisions[0].on == today and len(page.decisions) < SHOWN


def test_changes_are_those_after_the_meeting(work):
    here, _, people = work
    milestone = MilestoneFactory(engagement=here, owner=people[Role.ADVISER])
    log_progress(
        milestone=milestone.pk, line="Signed", status="in_progress", by=people[Role.ADVISER], now=timezone.now()
    )
    today = timezone.localdate()
    assert [row.line for row in call_page(people[Role.LEAD], here.slug, today=today).changes] == ["Signed"]
    record(here, people[Role.LEAD], "meeting", today + timedelta(days=1))
    assert call_page(people[Role.LEAD], here.slug, today=today + timedelta(days=2)).changes == ()


def test_as_many_statements_for_much_as_for_nothing(work):
    here, _, people = work
    today = timezone.localdate()
    with CaptureQueriesContext(connection) as empty:
        call_page(people[Role.LEAD], here.slug, today=today)
    for _ in range(5):
        MilestoneFactory(engagement=here, due_on=today, owner=people[Role.ADVISER])
        record(here, people[Role.LEAD], "decision", today)
        record(here, people[Role.LEAD], "meeting", today)
    with CaptureQueriesContext(connection) as full:
        call_page(people[Role.LEAD], here.slug, today=today)
    assert (
        len(full) <= len(empty) + 5
    )  # attendees and other cities of meetings and decisions, and dependencies, only where there are some


@pytest.mark.parametrize("role", list(Role))
def test_a_tab_counts_what_its_reader_may_see(work, role):
    here, there, people = work
    for level, engagement in (("team", here), ("city", here), ("all", here), ("all", there)):
        Document.objects.create(
            engagement=engagement, title=level, original_name="a.pdf", media_type="application/pdf", size=1,
            sha256="0" * 64, visibility=level, uploaded_by=people[Role.LEAD], uploaded_at=timezone.now(),
        )  # fmt: skip
    ask = {
        "kind": "question",
        "asked_by": people[Role.ADVISER],
        "asked_at": timezone.now(),
        "due_on": timezone.localdate(),
    }
    ExpertRequest.objects.create(engagement=here, question="Which?", **ask)
    counts = tab_counts(people[role], here.pk)
    assert counts.documents == {Role.FUNDER: 1, Role.LOCAL_PARTNER: 2}.get(role, 3)
    assert counts.requests == (0 if role in (Role.FUNDER, Role.LOCAL_PARTNER) else 1)
    assert counts.people == len(Role)


def test_the_page_for_a_funder_is_not_there_and_says_no_number_of_requests(work, client):
    here, _, people = work
    client.force_login(people[Role.FUNDER])
    assert client.get(f"/engagements/{here.slug}/call/").status_code == 404
    assert f"engagement={here.slug}" not in client.get(f"/engagements/{here.slug}/").content.decode()
    client.force_login(people[Role.ADVISER])
    with audited_transaction(people[Role.ADVISER]):
        record(here, people[Role.ADVISER], "decision", timezone.localdate(), title="One letter")
    assert "One letter" in client.get(f"/engagements/{here.slug}/call/").content.decode()


def test_requests_of_one_engagement_only_for_those_who_see_them(work, client):
    here, there, people = work
    ask = {
        "kind": "question",
        "asked_by": people[Role.ADVISER],
        "asked_at": timezone.now(),
        "due_on": timezone.localdate(),
    }
    ExpertRequest.objects.create(engagement=here, question="About this city?", **ask)
    client.force_login(people[Role.ADVISER])
    assert "About this city?" in client.get(f"/requests/?engagement={here.slug}&show=every").content.decode()
    assert client.get(f"/requests/?engagement={there.slug}").status_code == 404
    client.force_login(people[Role.FUNDER])
    assert client.get(f"/requests/?engagement={here.slug}").status_code == 404
