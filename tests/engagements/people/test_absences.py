"""Cover for who is away: their tasks come along, their rights do not."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from engagements.home.queries.digest import digest_content
from engagements.home.queries.tasks import tasks_of
from engagements.models import Absence, User
from engagements.people.actions.absences import add_absence, end_absence
from engagements.people.queries.absences import covered_by, possible_covers
from engagements.permissions import Role
from tests.factories.engagements import MilestoneFactory, UserFactory, everybody, give, member, pair

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = timezone.localdate(NOW, ZoneInfo(User._meta.get_field("time_zone").default))  # as on their own pages


@pytest.fixture
def work():
    here, there = pair()
    return here, there, everybody(here)


def away(who, cover, first=0, last=7):
    return add_absence(
        cover=cover.pk, starts_on=TODAY + timedelta(days=first), ends_on=TODAY + timedelta(days=last), by=who, now=NOW
    )


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_cover_sees_the_tasks_where_their_own_role_reaches(work):
    here, there, people = work
    adviser, expert = people[Role.ADVISER], people[Role.EXPERT]
    give(adviser, Role.ADVISER, there)
    MilestoneFactory(engagement=here, owner=adviser, title="Here", due_on=TODAY)
    MilestoneFactory(engagement=there, owner=adviser, title="There", due_on=TODAY)
    assert not [task for task in tasks_of(expert, today=TODAY) if task.noun == "milestone"]
    away(adviser, expert)
    found = [task for task in tasks_of(expert, today=TODAY) if task.noun == "milestone" and task.verb == "do"]
    assert [(task.title, task.covering_for) for task in found] == [("Here", str(adviser))]
    page = client_of(expert).get("/todo/")
    cards = [card for column in page.context["columns"] for card in column.cards if card.picks]
    assert [(card.title, card.covering_for) for card in cards] == [("Here", str(adviser))]
    later = tasks_of(expert, today=TODAY + timedelta(days=8))
    assert not [task for task in later if task.covering_for]


def test_digests_name_whom_one_covers(work):
    here, _, people = work
    MilestoneFactory(engagement=here, owner=people[Role.ADVISER], title="Sign", due_on=TODAY)
    away(people[Role.ADVISER], people[Role.CITY_STAFF])
    content = digest_content(people[Role.CITY_STAFF], since=NOW - timedelta(days=1), until=NOW, today=TODAY)
    assert str(people[Role.ADVISER]) in [task.covering_for for task in content.tasks if task.title == "Sign"]


def test_only_who_works_there_can_cover(work):
    here, there, people = work
    adviser = people[Role.ADVISER]
    stranger, other_city = UserFactory(), member(Role.ADVISER, there)
    offered = {int(pk) for pk, _ in possible_covers(adviser)}
    assert {people[role].pk for role in (Role.LEAD, Role.EXPERT, Role.CITY_STAFF)} == offered
    for nobody in (stranger, other_city, people[Role.FUNDER], people[Role.LOCAL_PARTNER], adviser):
        with pytest.raises(ValidationError) as refused:
            away(adviser, nobody)
        assert "cover" in refused.value.message_dict
    assert possible_covers(people[Role.FUNDER]) == []


@pytest.mark.parametrize(("first", "last", "field"), [(3, 2, "ends_on"), (-9, -1, "ends_on"), (0, 400, "ends_on")])
def test_days_that_make_no_sense_are_refused_at_their_field(work, first, last, field):
    _, _, people = work
    with pytest.raises(ValidationError) as refused:
        away(people[Role.ADVISER], people[Role.LEAD], first, last)
    assert field in refused.value.message_dict


def test_one_cover_at_a_time_and_nobody_covers_who_is_away(work):
    _, _, people = work
    adviser, lead, expert = people[Role.ADVISER], people[Role.LEAD], people[Role.EXPERT]
    made = away(adviser, lead)
    with pytest.raises(ValidationError):
        away(adviser, expert, 7, 9)
    with pytest.raises(ValidationError):
        away(lead, adviser, 5, 6)
    assert covered_by(lead, TODAY) == {adviser.pk: str(adviser)}
    end_absence(absence=made.pk, by=adviser, now=NOW)
    assert covered_by(lead, TODAY) == {} and away(adviser, expert).cover == expert


def test_the_database_has_the_last_word(work):
    _, _, people = work
    adviser, lead = people[Role.ADVISER], people[Role.LEAD]
    away(adviser, lead)
    days = {"starts_on": TODAY, "ends_on": TODAY, "created_at": NOW}
    for broken in (
        {"user": adviser, "cover": people[Role.EXPERT]},
        {"user": lead, "cover": lead},
        {"user": lead, "cover": UserFactory()},
        {"user": lead, "cover": adviser, "ends_on": TODAY - timedelta(days=1)},
        {"user": lead, "cover": adviser, "ends_on": TODAY + timedelta(days=400)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Absence.objects.create(**(days | broken))


def test_the_page_saves_shows_and_ends(work):
    _, _, people = work
    client = client_of(people[Role.ADVISER])
    sent = {"starts_on": TODAY.isoformat(), "ends_on": TODAY.isoformat(), "cover": people[Role.LEAD].pk}
    assert client.post("/me/away/", sent | {"cover": people[Role.FUNDER].pk}).status_code == 422
    assert client.post("/me/away/", sent | {"ends_on": "soon"}).status_code == 422
    assert client.post("/me/away/", sent).status_code == 302
    (row,) = client.get("/me/away/").context["absences"]
    assert row.is_now and row.cover == str(people[Role.LEAD])
    assert client_of(people[Role.LEAD]).get("/me/away/").context["covered"] == [str(people[Role.ADVISER])]
    assert client_of(people[Role.LEAD]).post(f"/me/away/{row.pk}/end/").status_code == 404
    assert client.post(f"/me/away/{row.pk}/end/").status_code == 302
    assert not client.get("/me/away/").context["absences"]
