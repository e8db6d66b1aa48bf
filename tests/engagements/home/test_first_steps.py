"""First steps of a new person: by role, ticked by what was done, gone for good once dismissed."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from engagements.home.first_steps import DEEDS, NEW, STEPS, first_role
from engagements.home.queries.first_steps import _DEEDS, first_steps_of
from engagements.milestones.actions.milestones import add_milestone
from engagements.milestones.actions.progress import log_progress
from engagements.models import FirstStepsDismissal, User
from engagements.permissions import Role
from tests.factories.engagements import NOW, MilestoneFactory, UserFactory, everybody, pair
from tests.factories.indicators import make_indicator

pytestmark = pytest.mark.django_db
DISMISS = "/me/first-steps/dismiss/"


@pytest.fixture
def work():
    here, _ = pair()
    people = everybody(here)
    User.objects.update(joined_at=NOW, title="", phone="")
    return here, {role: User.objects.get(pk=user.pk) for role, user in people.items()}


def as_(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_every_role_has_three_steps_and_every_deed_a_query():
    assert set(STEPS) == set(Role) and {len(steps) for steps in STEPS.values()} == {3}
    assert set(_DEEDS) == DEEDS
    assert first_role(frozenset({"funder", "adviser"})) == Role.ADVISER and first_role(frozenset()) is None


@pytest.mark.parametrize("role", Role)
def test_each_step_leads_to_a_page_that_the_role_may_open(work, role):
    _, people = work
    steps = first_steps_of(people[role], NOW)
    assert len(steps) == 3 and not any(step.is_done for step in steps)
    for step in steps:
        assert as_(people[role]).get(step.address).status_code == 200, step.address


def test_a_step_is_ticked_by_doing_it_and_all_three_end_the_list(work):
    here, people = work
    adviser = people[Role.ADVISER]
    milestone = MilestoneFactory(engagement=here, owner=adviser)
    log_progress(milestone=milestone.pk, status="in_progress", line="Called", by=adviser, now=NOW)
    assert [step.is_done for step in first_steps_of(adviser, NOW)] == [True, False, False]
    add_milestone(engagement=here.pk, title="A lease", stage="scoping", due_on=milestone.due_on, by=adviser, now=NOW)
    assert [step.is_done for step in first_steps_of(adviser, NOW)] == [True, True, False]
    make_indicator(here, adviser)
    assert first_steps_of(adviser, NOW) == ()
    funder = people[Role.FUNDER]
    User.objects.filter(pk=funder.pk).update(phone="555")
    assert [step.is_done for step in first_steps_of(User.objects.get(pk=funder.pk), NOW)] == [True, False, False]


def test_nobody_without_a_role_and_no_old_account_sees_them(work):
    here, people = work
    assert first_steps_of(UserFactory(joined_at=NOW), NOW) == ()
    with CaptureQueriesContext(connection) as caught:
        assert first_steps_of(people[Role.LEAD], NOW + NEW + timedelta(days=1)) == ()
    assert len(caught) == 0
    with CaptureQueriesContext(connection) as caught:
        assert first_steps_of(people[Role.LEAD], NOW)
    assert len(caught) == 2


def test_dismissed_once_they_stay_away_from_every_device_and_only_for_this_person(work):
    here, people = work
    lead = people[Role.LEAD]
    User.objects.update(joined_at=timezone.now())
    page = reverse("todo")
    assert "first-steps" in as_(lead).get(page).content.decode()
    answer = as_(lead).post(DISMISS, {"back": "/engagements/"})
    assert answer.status_code == 302 and answer["Location"] == "/engagements/"
    assert as_(lead).post(DISMISS, {"back": "https://evil.example/"})["Location"] == page  # a second click, no way out
    assert FirstStepsDismissal.objects.count() == 1
    assert "first-steps" not in as_(lead).get(page).content.decode()
    assert "first-steps" in as_(people[Role.ADVISER]).get(page).content.decode()


def test_a_stranger_dismisses_nothing(work):
    assert Client().post(DISMISS).status_code in (302, 401, 403) and not FirstStepsDismissal.objects.exists()
