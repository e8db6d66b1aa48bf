"""Open work by person: shown to leads, and to nobody else."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from engagements.models import ExpertRequest
from engagements.people.queries.caseloads import caseloads
from engagements.permissions import Role
from tests.factories.engagements import NOW, TODAY, MilestoneFactory, UserFactory, everybody, give, member, pair

pytestmark = pytest.mark.django_db


def asked(engagement, owner) -> None:
    ExpertRequest.objects.create(
        engagement=engagement,
        kind="question",
        question="Which?",
        due_on=TODAY,
        asked_by=UserFactory(),
        asked_at=NOW,
        owner=owner,
    )


def test_cities_unfinished_milestones_and_requests_are_counted_by_person():
    here, there = pair()
    lead = member(Role.LEAD, here, name="Lea")
    adviser = member(Role.ADVISER, here, name="Ann")
    give(adviser, Role.ADVISER, there)
    expert = member(Role.EXPERT, there, name="Eli")
    gone = member(Role.ADVISER, here, name="Gil")
    for engagement, owner, days in ((here, adviser, -1), (there, adviser, 5), (here, gone, 5), (here, None, -1)):
        MilestoneFactory(engagement=engagement, owner=owner, due_on=TODAY + timedelta(days=days))
    MilestoneFactory(engagement=here, owner=adviser, status="done", due_on=TODAY, done_on=TODAY)
    MilestoneFactory(engagement=here, owner=adviser, status="cancelled", due_on=TODAY)
    MilestoneFactory(engagement=here, owner=adviser, archived_at=NOW, archived_by=lead)
    gone.roles.update(ended_on=TODAY)
    asked(there, expert)
    asked(here, None)
    found = [
        (row.name, row.roles, row.milestones, row.overdue, row.requests)
        for row in caseloads(lead, here.initiative.slug, today=TODAY)
    ]
    assert found == [
        ("Ann", (("Adviser", 2),), 2, 1, 0),
        ("Eli", (("Expert", 1),), 0, 0, 1),
        ("Gil", (), 1, 0, 0),
        ("Lea", (("Initiative lead", 0),), 0, 0, 0),
        (None, (), 1, 1, 1),
    ]


def test_leads_see_their_initiatives_and_operators_none():
    here, _ = pair()
    strange, _ = pair()
    MilestoneFactory(engagement=here)
    for role, user in everybody(here).items():
        assert bool(caseloads(user, here.initiative.slug, today=TODAY)) == (role is Role.LEAD)
        assert caseloads(user, strange.initiative.slug, today=TODAY) == ()
    client = Client()
    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    page = client.get(f"/initiatives/{here.initiative.slug}/people/")
    assert page.status_code == 200 and "work by person" not in page.content.decode()


def test_the_page_costs_the_same_for_two_and_for_many():
    here, _ = pair()
    client = Client()
    client.force_login(member(Role.LEAD, here))
    client.get("/me/")  # the first request of a process reads what is kept afterward
    counts = []
    for many in (2, 20):
        for _ in range(many):
            MilestoneFactory(engagement=here, owner=member(Role.ADVISER, here))
        with CaptureQueriesContext(connection) as counted:
            page = client.get(f"/initiatives/{here.initiative.slug}/people/")
        assert "Open work by person" in page.content.decode()
        counts.append(len(counted))
    assert counts[0] == counts[1]
