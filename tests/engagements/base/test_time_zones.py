"""Days and times follow the reader's time zone; roles end on one day for everybody."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.utils import timezone

from engagements.models import EngagementRole, User
from engagements.people.actions.roles import end_role
from engagements.permissions import Role
from tests.factories.engagements import MilestoneFactory, everybody, pair

pytestmark = pytest.mark.django_db

NIGHT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)  # still 23 Nov in America, 24 Nov 12:00 in Tokyo


@pytest.fixture
def adviser(monkeypatch):
    here, _ = pair()
    monkeypatch.setattr(timezone, "now", lambda: NIGHT)
    return here, everybody(here)[Role.ADVISER]


def client_in(zone: str, user: User) -> Client:
    User.objects.filter(pk=user.pk).update(time_zone=zone)
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    ("zone", "is_late"), [("America/Chicago", False), ("Asia/Tokyo", True), ("Mars/Olympus", False)]
)
def test_a_milestone_is_late_when_the_day_is_over_where_one_is(adviser, zone, is_late):
    here, user = adviser
    milestone = MilestoneFactory(engagement=here, due_on=date(2026, 11, 23), status="in_progress")
    page = client_in(zone, user).get(f"/milestones/{milestone.pk}/")
    assert page.context["row"].is_overdue is is_late
    assert timezone.get_current_timezone_name() == "UTC", "the next request begins again"


def test_the_history_names_its_time_zone(adviser):
    here, user = adviser
    page = client_in("America/Chicago", user).get(f"/engagements/{here.slug}/history/").content.decode()
    assert "(Central)" in page and "UTC" not in page


def test_a_role_that_was_ended_far_east_is_over_everywhere(adviser):
    here, user = adviser
    lead = EngagementRole.objects.get(initiative=here.initiative, role=Role.LEAD).user
    client = client_in("America/Chicago", user)
    assert client.get(f"/engagements/{here.slug}/").status_code == 200
    with timezone.override("Asia/Tokyo"):
        end_role(role=user.roles.get().pk, by=lead, now=datetime(2026, 11, 23, 22, 0, tzinfo=UTC))
    assert user.roles.get().ended_on == date(2026, 11, 23)
    answer = client.get(f"/engagements/{here.slug}/")
    assert answer.status_code == 302 and "/login/" in answer.url, "without a role left one is signed out"
    assert (
        client_in("America/Chicago", User.objects.get(pk=user.pk)).get(f"/engagements/{here.slug}/").status_code == 404
    )
