"""Duties as they stand in tasks, digest and a portfolio's counts; the same number of statements for 40 cities."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from engagements.duties.queries import count_duties, duties_for, duties_of
from engagements.duties.rules import DutyKind
from engagements.home.mail import send_digests
from engagements.home.queries.tasks import tasks_of
from engagements.models import Engagement, Participation, ProgressEntry, QuarterlyUpdate, User
from engagements.permissions import Role
from engagements.portfolio.queries.portfolio import portfolio
from tests.factories.engagements import (
    NOW,
    EngagementFactory,
    InitiativeFactory,
    MilestoneFactory,
    UserFactory,
    everybody,
    give,
    make_many,
    member,
)
from tests.factories.indicators import enter, make_indicator

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 30)


def at_work(**about):
    made = EngagementFactory(**about)
    Participation.objects.create(engagement=made, status="active", began_on=date(2026, 1, 1), source="a test")
    return made


def kinds_of(rows):
    return [(row.duty.kind, row.duty.due_on) for row in rows]


def test_each_stands_in_its_owners_tasks_and_in_nobody_elses():
    here = at_work()
    people = everybody(here)
    MilestoneFactory(engagement=here, title="Nobody's", due_on=date(2026, 12, 20))
    silent = MilestoneFactory(
        engagement=here, title="Silent", owner=people[Role.EXPERT], started_on=date(2026, 6, 1), due_on=date(2027, 5, 1)
    )
    make_indicator(here, people[Role.ADVISER], owner=people[Role.CITY_STAFF].pk)
    assert kinds_of(duties_for(people[Role.ADVISER], today=TODAY)) == [
        (DutyKind.UPDATE, date(2026, 9, 30)),
        (DutyKind.OWNER, date(2026, 12, 6)),
        (DutyKind.UPDATE, date(2026, 12, 31)),
    ]
    assert [row.duty.subjects for row in duties_for(people[Role.EXPERT], today=TODAY)] == [(silent.pk,)]
    assert [row.duty.kind for row in duties_for(people[Role.CITY_STAFF], today=TODAY)] == [DutyKind.INDICATOR]
    for role in (Role.LEAD, Role.LOCAL_PARTNER, Role.FUNDER):
        assert duties_for(people[role], today=TODAY) == ()
    reminders = [task for task in tasks_of(people[Role.ADVISER], today=TODAY) if task.verb == "remind"]
    assert [(task.noun, task.pk, task.is_overdue) for task in reminders] == [
        ("quarter", 20263, True),
        ("milestone", here.milestones.get(owner=None).pk, False),
        ("quarter", 20264, False),
    ]
    client = Client()
    client.force_login(people[Role.ADVISER])
    page = client.get("/todo/").content.decode()
    assert f"/engagements/{here.slug}/updates/new/?quarter=20264" in page


def test_a_milestone_that_is_a_task_already_is_not_named_twice():
    here = at_work()
    adviser = everybody(here)[Role.ADVISER]
    MilestoneFactory(engagement=here, owner=adviser, started_on=date(2026, 6, 1), due_on=date(2026, 12, 1))
    tasks = tasks_of(adviser, today=TODAY)
    assert [task.noun for task in tasks].count("milestone") == 1
    assert {count.kind: count.open for count in count_duties([here.pk], today=TODAY)[here.pk].counts}[
        DutyKind.SILENT
    ] == 1


def test_what_is_done_is_no_duty_any_more():
    here = at_work()
    people = everybody(here)
    indicator = make_indicator(here, people[Role.ADVISER], owner=people[Role.ADVISER].pk)
    for quarter in (3, 4):
        QuarterlyUpdate.objects.create(engagement=here, year=2026, quarter=quarter, written_by=people[Role.ADVISER])
    assert kinds_of(duties_of(Engagement.objects.all(), today=TODAY))[0][0] is DutyKind.INDICATOR
    enter(indicator, people[Role.ADVISER])
    assert duties_of(Engagement.objects.all(), today=TODAY) == ()


def test_work_that_was_completed_wants_its_result_and_nothing_else():
    here = at_work()
    people = everybody(here)
    MilestoneFactory(engagement=here)
    Participation.objects.create(engagement=here, status="completed", began_on=date(2026, 6, 30), source="a test")
    assert kinds_of(duties_for(people[Role.ADVISER], today=TODAY)) == [(DutyKind.RESULT, date(2026, 9, 28))]
    (task,) = [task for task in tasks_of(people[Role.ADVISER], today=TODAY) if task.verb == "remind"]
    assert (task.noun, task.pk, task.is_overdue) == ("engagement", here.pk, True)
    counted = count_duties([here.pk], today=TODAY)[here.pk]
    assert not counted.is_at_work and counted.open == 1


@pytest.mark.parametrize("status", ["paused", "withdrawn", None])
def test_nothing_is_expected_of_what_is_not_at_work(status):
    here = EngagementFactory()
    everybody(here)
    MilestoneFactory(engagement=here)
    if status:
        Participation.objects.create(engagement=here, status=status, began_on=date(2026, 2, 1), source="a test")
    assert duties_of(Engagement.objects.all(), today=TODAY) == ()
    counted = count_duties([here.pk], today=TODAY)[here.pk]
    assert not counted.is_at_work and counted.open == 0


def test_they_are_counted_by_city():
    here, other = at_work(), at_work()
    for number in range(3):
        MilestoneFactory(engagement=here, due_on=date(2026, 12, 1 + number))
    counted = count_duties([here.pk, other.pk], today=TODAY)
    numbers = {pk: {count.kind: (count.open, count.overdue) for count in row.counts} for pk, row in counted.items()}
    assert numbers[here.pk][DutyKind.OWNER] == (3, 3) and numbers[other.pk][DutyKind.OWNER] == (0, 0)
    assert numbers[other.pk][DutyKind.UPDATE] == (2, 1) and counted[other.pk].open == 2


@pytest.mark.parametrize(
    ("changed", "kind", "due_on"),
    [
        ({"is_owned": False}, DutyKind.OWNER, date(2026, 12, 6)),  # 14 days before
        ({"is_owned": False, "due_on": None}, DutyKind.OWNER, TODAY),
        ({"is_owned": False, "has_lines": True}, DutyKind.OWNER, date(2026, 12, 6)),
        ({"started_on": date(2026, 11, 9)}, DutyKind.SILENT, TODAY),  # 21 days ago
        ({"started_on": date(2026, 11, 10)}, None, None),
        ({"due_on": date(2026, 11, 30)}, DutyKind.SILENT, TODAY),
        ({"due_on": date(2026, 12, 1)}, None, None),
        ({"due_on": None}, None, None),
        ({"started_on": date(2026, 11, 1), "has_lines": True}, None, None),
        ({"started_on": date(2026, 11, 1), "due_on": date(2026, 11, 20), "status": "done"}, None, None),
    ],
)
def test_a_milestone_wants_an_owner_in_time_and_a_line_when_it_is_at_work(changed, kind, due_on):
    here = at_work()
    adviser = member(Role.ADVISER, here)
    about = {"due_on": date(2026, 12, 20), "source": "a test"} | changed
    owner, has_lines = adviser if about.pop("is_owned", True) else None, about.pop("has_lines", False)
    if about.get("status") == "done":
        about["done_on"] = about["due_on"]
    milestone = MilestoneFactory(engagement=here, owner=owner, **about)
    if has_lines:
        ProgressEntry.objects.create(milestone=milestone, engagement=here, by=adviser, at=NOW, line="Begun")
    found = [row for row in duties_for(adviser, today=TODAY) if row.duty.kind in (DutyKind.OWNER, DutyKind.SILENT)]
    assert kinds_of(found) == ([(kind, due_on)] if kind else [])
    assert [(row.duty.subjects, row.duty.name) for row in found] == (
        [((milestone.pk,), milestone.title)] if kind else []
    )


def test_several_milestones_stand_in_one_duty_the_first_due_first():
    here = at_work()
    adviser = member(Role.ADVISER, here)
    days = (date(2026, 11, 20), date(2026, 11, 18), date(2026, 11, 25))
    rows = [MilestoneFactory(engagement=here, owner=adviser, due_on=day) for day in days]
    (duty,) = (row.duty for row in duties_for(adviser, today=TODAY) if row.duty.kind is DutyKind.SILENT)
    assert (duty.subjects, duty.name) == ((rows[1].pk, rows[0].pk, rows[2].pk), "")
    assert duty.due_on == date(2026, 11, 18)


def test_the_digest_names_them(settings):
    settings.PORTAL_URL = "https://portal.example.org"
    here = at_work()
    people = everybody(here)
    User.objects.update(digest="none")
    User.objects.filter(pk=people[Role.ADVISER].pk).update(digest="daily", joined_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert send_digests(now=datetime(2026, 11, 30, 13, 0, tzinfo=UTC)) == 1
    (letter,) = mail.outbox
    for text in (letter.body, letter.alternatives[0][0]):
        assert f"https://portal.example.org/engagements/{here.slug}/updates/new/?quarter=20263" in text
        assert "Q3 2026" in text and "Q4 2026" in text and "Remind" not in text


def test_each_of_the_five_stands_in_tasks_in_the_digest_and_first_in_the_portfolio(settings):
    settings.PORTAL_URL = "https://portal.example.org"
    here = at_work()
    people = everybody(here)
    adviser = people[Role.ADVISER]
    ended = at_work(initiative=here.initiative)
    Participation.objects.create(engagement=ended, status="completed", began_on=date(2026, 6, 30), source="a test")
    give(adviser, Role.ADVISER, ended)
    MilestoneFactory(engagement=here, due_on=date(2026, 12, 20))
    MilestoneFactory(engagement=here, owner=adviser, started_on=date(2026, 6, 1), due_on=date(2027, 5, 1))
    make_indicator(here, adviser, owner=adviser.pk)
    now = datetime(2026, 11, 30, 13, 0, tzinfo=UTC)
    mine = duties_for(adviser, today=TODAY)
    assert {row.duty.kind for row in mine} == set(DutyKind)

    reminders = [task for task in tasks_of(adviser, today=TODAY) if task.verb == "remind"]
    assert len(reminders) == len(mine)

    User.objects.update(digest="none")
    User.objects.filter(pk=adviser.pk).update(digest="daily", joined_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert send_digests(now=now) == 1
    assert all(task.title in mail.outbox[0].body for task in reminders)

    found = portfolio(people[Role.LEAD], here.initiative.slug, now=now).recorded
    assert [figure.key for figure in found.quality] == [f"duty-{kind.value}" for kind in DutyKind]
    client = Client()
    client.force_login(people[Role.LEAD])
    page = client.get(f"/portfolio/{here.initiative.slug}/").content.decode()
    places = [page.index(str(figure.label)) for figure in (*found.quality, *found.headline) if figure.value is not None]
    assert places == sorted(places)  # before every other number of the cities' work


def statements(run):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        run()
    return len(queries)


def test_forty_cities_cost_the_statements_of_one():
    alone = at_work(initiative=InitiativeFactory())
    adviser = UserFactory()
    give(adviser, Role.ADVISER, alone)
    MilestoneFactory(engagement=alone)
    found, people = make_many(cities=40, milestones=400, activity=0)
    for engagement in found:
        make_indicator(engagement, people[Role.ADVISER])
    many = people[Role.ADVISER]
    few = statements(lambda: duties_for(adviser, today=TODAY))
    assert few == statements(lambda: duties_for(many, today=TODAY)) <= 8
    assert statements(lambda: tasks_of(adviser, today=TODAY)) == statements(lambda: tasks_of(many, today=TODAY))
    ids = [engagement.pk for engagement in found]
    assert statements(lambda: count_duties([alone.pk], today=TODAY)) == statements(
        lambda: count_duties(ids, today=TODAY)
    )
    assert statements(lambda: count_duties(ids, today=TODAY)) <= 6
    assert len(duties_for(many, today=TODAY + timedelta(days=1))) > 40
