"""Calls, decisions, notes, hours and files of the quick log: what each makes, for whom, and what is refused."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from engagements.access.errors import NotFound
from engagements.discussion.queries.discussion import records
from engagements.home.queries.call import call_page
from engagements.milestones.actions.calls import log_call, log_text
from engagements.milestones.actions.hours import archive_hours, log_hours
from engagements.milestones.queries.hours import hours_by_quarter
from engagements.models import Activity, Document, DueDateChange, HoursEntry, Milestone, Record, RecordPlace
from engagements.permissions import Role
from engagements.quarterly.presenters import first_words
from engagements.quarterly.queries.log import quarter_log
from tests.engagements.discussion.test_files import HEIC
from tests.factories.engagements import NOW, TODAY, EngagementFactory, MilestoneFactory, everybody, give, member, pair

pytestmark = pytest.mark.django_db
KINDS_OF = {
    Role.LEAD: {"status", "call", "note", "decision", "hours", "file"},
    Role.ADVISER: {"status", "call", "note", "decision", "hours", "file"},
    Role.EXPERT: {"status", "hours", "file"},
    Role.CITY_STAFF: {"status", "hours", "file"},
    Role.LOCAL_PARTNER: set(),
    Role.FUNDER: set(),
}


@pytest.fixture
def work(settings, tmp_path):
    """An adviser of two cities, and everybody of the first."""
    settings.DOCUMENTS_DIR = tmp_path
    here, there = pair()
    people = everybody(here)
    give(people[Role.ADVISER], Role.ADVISER, there)
    return here, there, people


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def call_of(engagement, **typed) -> dict:
    return {"engagement": engagement.pk, "on": TODAY, "submission": uuid4(), "decided": "We go on."} | typed


@pytest.mark.parametrize("role", list(Role))
def test_each_role_is_offered_what_it_may_log_and_sends_nothing_else(work, role):
    here, _, people = work
    client = client_of(people[role])
    offered = {kind.value for kind in client.get("/log/").context["kinds"]}
    assert offered == KINDS_OF[role]
    for kind in {"call", "note", "decision"} - offered:
        typed = call_of(here, text="Kept")
        assert client.post(f"/log/?kind={kind}", typed).status_code in (404, 422)
    assert Record.objects.exists() is False


def test_a_call_makes_its_record_decisions_questions_next_step_and_hours(work):
    here, _, people = work
    adviser = people[Role.ADVISER]
    MilestoneFactory(engagement=here, stage="field", due_on=TODAY)
    typed = call_of(
        here,
        present="M. Ortiz (HRD), K. Shaw",
        decided="IT can export bookings from December 7.\nLegal needs a one-page memo first.",
        questions="Who signs?\n\nWhich server?",
        notes="They are short of staff.",
        next_step="Memo to Legal",
        next_on=TODAY + timedelta(4),
        hours="1.5",
    )
    client = client_of(adviser)
    assert client.post("/log/?kind=call", typed).status_code == 302
    assert client.post("/log/?kind=call", typed).status_code == 302  # sent twice, made once
    made = sorted(Record.objects.values_list("kind", "title"))
    assert made == [
        ("decision", "IT can export bookings from December 7."),
        ("decision", "Legal needs a one-page memo first."),
        ("meeting", "Call or meeting with M. Ortiz (HRD), K. Shaw"),
        ("question", "Which server?"),
        ("question", "Who signs?"),
    ]
    step = Milestone.objects.get(title="Memo to Legal")
    assert (step.owner, step.stage, step.due_on) == (adviser, "field", TODAY + timedelta(4))
    hours = HoursEntry.objects.get()
    assert (hours.hours, hours.user, hours.record.kind) == (Decimal("1.5"), adviser, "meeting")
    page = call_page(adviser, here.slug, today=TODAY)
    assert {row.title for row in page.open_points} == {"Who signs?", "Which server?"} and len(page.decisions) == 2
    assert page.last_meeting and page.last_meeting.body == "They are short of staff."


def test_an_answered_question_leaves_the_list_before_the_call(work):
    here, _, people = work
    adviser = people[Role.ADVISER]
    question = log_text(kind="question", engagement=here.pk, text="Who signs?", on=TODAY, by=adviser, now=NOW)
    client, address = client_of(adviser), f"/records/{question.pk}/archive/"
    assert "Who signs?" in client.get(f"/engagements/{here.slug}/call/").content.decode()
    sent = {"submission": uuid4(), "version": question.version, "why": "The mayor"}
    assert client.post(address, sent).status_code == 302
    assert call_page(adviser, here.slug, today=TODAY).open_points == ()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"decided": ""}, "decided"),
        ({"next_step": "Memo"}, "next_on"),
        ({"next_on": TODAY}, "next_step"),
        ({"next_step": "Memo", "next_on": date(2206, 1, 1)}, "next_on"),
        ({"next_step": "x" * 201, "next_on": TODAY}, "next_step"),
        ({"hours": "25"}, "hours"),
        ({"hours": "0"}, "hours"),
        ({"hours": "one"}, "hours"),
        ({"on": "yesterday"}, "on"),
        ({"engagement": 10**9}, "engagement"),
        ({"also": [10**9]}, "also"),
        ({"decided": "x" * 20_001}, "decided"),
        ({"decided": "bell \x07"}, "decided"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_made_or_lost(work, typed, field):
    here, _, people = work
    sent = call_of(here, notes="Kept words") | typed
    if field == "decided" and not typed["decided"]:
        sent["notes"] = ""
    answer = client_of(people[Role.ADVISER]).post("/log/?kind=call", sent)
    assert answer.status_code == 422 and field in answer.context["form"].errors
    assert not Record.objects.exists() and not Milestone.objects.exists() and not HoursEntry.objects.exists()
    assert str(sent["decided"])[:50].replace("\x07", "") in answer.content.decode().replace("\x07", "")


def test_a_next_step_that_cannot_be_takes_the_whole_call_with_it(work):
    here, _, people = work
    before = {"next_step": "Memo", "next_on": date(1990, 1, 1)}
    here.starts_on = date(2020, 1, 1)
    here.save()
    with pytest.raises(ValidationError) as refused:
        log_call(engagement=here.pk, on=TODAY, decided="We go on.", by=people[Role.ADVISER], now=NOW, **before)
    assert set(refused.value.message_dict) == {"next_on"} and not Record.objects.exists()


def test_a_call_about_two_cities_is_one_record_that_each_reads(work):
    here, there, people = work
    typed = call_of(here, also=[there.pk, here.pk], present="Both mayors")
    assert client_of(people[Role.ADVISER]).post("/log/?kind=call", typed).status_code == 302
    meeting = Record.objects.get(kind="meeting")
    assert [place.engagement for place in meeting.places.all()] == [there]
    assert Activity.objects.filter(noun="record", object_id=meeting.pk).count() == 2
    both = {here.city.name, there.city.name}
    for engagement in (here, there):
        (row, _) = records(people[Role.ADVISER], engagement.pk)
        assert set(row.places) == both and row.may_edit
    staff_there = member(Role.CITY_STAFF, there)
    shown = records(staff_there, there.pk)
    assert {row.kind for row in shown} == {"meeting", "decision"} and not shown[0].may_edit
    outside = member(Role.EXPERT, there)  # has no part in the first city
    (row, _) = records(outside, there.pk)
    assert (
        row.places == ()
        and here.city.name
        not in client_of(outside)
        .get(f"/engagements/{there.slug}/records/")
        .content.decode()
        .split("<main")[1]
        .split("<footer")[0]
    )
    partner = member(Role.LOCAL_PARTNER, there)
    assert records(partner, there.pk) == () and records(people[Role.FUNDER], here.pk) == ()
    assert client_of(staff_there).get(f"/records/{meeting.pk}/edit/").status_code in (403, 404)


def test_nobody_puts_a_record_where_they_may_not_write(work):
    here, there, _ = work
    only_here = member(Role.ADVISER, here)
    answer = client_of(only_here).post("/log/?kind=call", call_of(here, also=[there.pk]))
    assert answer.status_code == 422 and not Record.objects.exists()
    with pytest.raises(NotFound):  # the action refuses what the form does not offer
        log_call(engagement=here.pk, also=[there.pk], on=TODAY, decided="x", by=only_here, now=NOW)
    assert not Record.objects.exists()


def test_the_database_keeps_places_and_hours_in_order(work):
    here, there, people = work
    by = people[Role.ADVISER]
    note = log_text(kind="note", engagement=here.pk, text="A note", on=TODAY, also=[there.pk], by=by, now=NOW)
    for engagement in (here, there):  # its own, and one it has already
        with pytest.raises(IntegrityError), transaction.atomic():
            RecordPlace.objects.create(record=note, engagement=engagement)
    common = {"engagement": here, "user": by, "on": TODAY, "what": "x", "created_at": NOW}
    HoursEntry.objects.create(hours=20, **common)
    for hours in (Decimal("4.01"), 0, -1, 25):
        with pytest.raises(IntegrityError), transaction.atomic():
            HoursEntry.objects.create(hours=hours, **common)
    HoursEntry.objects.create(hours=4, **common)


@pytest.mark.parametrize("kind", ["note", "decision"])
def test_of_a_long_note_the_first_sentence_is_the_title_and_all_of_it_is_kept(work, kind):
    here, _, people = work
    told = "They agreed to share the bookings. " + "More was said about the server. " * 90
    typed = {"engagement": here.pk, "on": TODAY, "submission": uuid4(), "text": told}
    client = client_of(people[Role.ADVISER])
    assert client.post(f"/log/?kind={kind}", typed).status_code == 302
    record = Record.objects.get()
    assert record.kind == kind and len(record.title) <= 200 and f"{record.title} {record.body}" == told.strip()


def test_hours_add_up_by_quarter_and_person_and_reach_the_update(work):
    here, _, people = work
    expert, adviser = people[Role.EXPERT], people[Role.ADVISER]
    client = client_of(expert)
    typed = {"engagement": here.pk, "on": "2026-11-02", "hours": "2.5", "what": "Read the data", "submission": uuid4()}
    assert client.post("/log/?kind=hours", typed).status_code == 302
    assert client.post("/log/?kind=hours", typed).status_code == 302 and HoursEntry.objects.count() == 1
    log_hours(engagement=here.pk, hours=Decimal("3.25"), what="Wrote", on=date(2026, 12, 1), by=adviser, now=NOW)
    log_hours(engagement=here.pk, hours=Decimal(1), what="Before", on=date(2026, 9, 30), by=adviser, now=NOW)
    (fourth, third) = hours_by_quarter(here.pk)
    assert (fourth.quarter, fourth.total, len(fourth.people)) == (4, Decimal("5.75"), 2) and third.total == 1
    log = quarter_log(here, 2026, 4, today=date(2026, 12, 31))
    assert (log.hours, log.people) == (Decimal("5.75"), 2) and "5.75 hours" in first_words(log)["what_we_did"]
    page = client.get(f"/engagements/{here.slug}/hours/").content.decode()
    assert "5.75" in page and "Read the data" in page
    entry = HoursEntry.objects.get(user=expert)
    archive_hours(entry=entry.pk, expected_version=entry.version, by=expert, now=NOW, why="Twice")
    assert hours_by_quarter(here.pk)[0].total == Decimal("3.25")


def test_more_than_a_day_of_hours_is_refused_with_what_is_there(work):
    here, there, people = work
    by = people[Role.ADVISER]
    log_hours(engagement=there.pk, hours=Decimal(20), what="A long day", on=TODAY, by=by, now=NOW)
    with pytest.raises(ValidationError) as refused:
        log_hours(engagement=here.pk, hours=Decimal(5), what="More", on=TODAY, by=by, now=NOW)
    assert "20 hours" in refused.value.message_dict["hours"][0] and HoursEntry.objects.count() == 1


def test_a_file_is_kept_for_the_team_with_the_original_only_where_asked(work):
    here, _, people = work
    client = client_of(people[Role.CITY_STAFF])
    typed = {"engagement": here.pk, "submission": uuid4(), "title": "The office"}

    def photo():
        return SimpleUploadedFile("visit.heic", HEIC, "image/heic")

    assert client.post("/log/?kind=file", typed).status_code == 422  # no file
    assert client.post("/log/?kind=file", typed | {"file": photo()}).status_code == 302
    (document,) = Document.objects.all()
    assert (document.media_type, document.title, document.visibility) == ("image/jpeg", "The office", "team")
    again = {"engagement": here.pk, "submission": uuid4(), "file": photo(), "keep_original": "on"}
    assert client.post("/log/?kind=file", again).status_code == 302
    assert sorted(Document.objects.values_list("media_type", flat=True)) == ["image/heic", "image/jpeg", "image/jpeg"]


def test_a_due_date_moves_with_its_reason_where_the_status_is_logged(work):
    here, _, people = work
    milestone = MilestoneFactory(engagement=here, due_on=TODAY - timedelta(6), status="blocked", started_on=TODAY)
    client = client_of(people[Role.ADVISER])
    page = client.get(f"/log/?milestone={milestone.pk}")
    sent = {
        "milestone": milestone.pk,
        "status": "in_progress",
        "line": "Legal signed",
        "submission": uuid4(),
        "version": page.context["chosen"].version,
        "version_of": milestone.pk,
        "due_on": TODAY + timedelta(9),
    }
    refused = client.post("/log/?kind=status", sent)
    assert refused.status_code == 422 and "slip_reason" in refused.context["form"].errors
    refused = client.post("/log/?kind=status", sent | {"slip_reason": "other"})
    assert refused.status_code == 422 and "slip_words" in refused.context["form"].errors
    assert client.post("/log/?kind=status", sent | {"due_on": "", "slip_reason": "legal"}).status_code == 422
    milestone.refresh_from_db()
    assert milestone.status == "blocked" and not DueDateChange.objects.exists()
    assert client.post("/log/?kind=status", sent | {"slip_reason": "legal"}).status_code == 302
    milestone.refresh_from_db()
    (moved,) = DueDateChange.objects.all()
    assert (milestone.due_on, milestone.status) == (TODAY + timedelta(9), "in_progress")
    assert (moved.reason, moved.old, moved.new) == ("legal", TODAY - timedelta(6), milestone.due_on)


def test_who_may_not_move_dates_is_told_so(work):
    here, _, people = work
    milestone = MilestoneFactory(engagement=here, due_on=TODAY)
    client = client_of(people[Role.CITY_STAFF])
    assert not client.get("/log/").context["chosen"].may_move
    sent = {"milestone": milestone.pk, "status": "in_progress", "line": "x", "submission": uuid4()}
    answer = client.post("/log/", sent | {"due_on": TODAY + timedelta(2), "slip_reason": "data"})
    assert answer.status_code == 422 and "due_on" in answer.context["form"].errors
    milestone.refresh_from_db()
    assert milestone.due_on == TODAY


@pytest.mark.parametrize("kind", ["call", "hours", "file", "note"])
def test_the_page_asks_as_much_for_twelve_cities_as_for_two(work, kind):
    here, _, people = work
    client = client_of(people[Role.ADVISER])

    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get(f"/log/?kind={kind}")
        return len(seen)

    few = statements()
    for _ in range(10):
        give(people[Role.ADVISER], Role.ADVISER, EngagementFactory(initiative=here.initiative))
    assert statements() == few
