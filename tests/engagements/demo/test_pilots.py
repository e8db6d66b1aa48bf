"""The three invented pilots: made through everybody's actions, one at a time, each to the verdict its people give."""

import pytest
from django.utils import timezone

from engagements.access.pilots import public_pilots
from engagements.demo.people import demo_people, seed_demo_people
from engagements.demo.pilots import seed_next_demo_pilot
from engagements.demo.work import seed_demo_work
from engagements.models import Pilot
from engagements.seeds.initiative import seed

pytestmark = pytest.mark.django_db


def test_they_worked_did_not_work_and_cannot_tell():
    now = timezone.now()
    assert seed_next_demo_pilot({}, now) is None, "their engagement is not there yet"
    seed()
    seed_demo_people("quiet-Harbour-42")
    people = demo_people()
    seed_demo_work(people, now)
    made = [seed_next_demo_pilot(people, now) for _ in range(3)]
    assert seed_next_demo_pilot(people, now) is None and Pilot.objects.count() == 3
    assert [one.state for one in made] == ["published"] * 3
    results = [one.pilot_result.result for one in made]
    assert [one.verdict for one in results] == ["worked", "did_not_work", "cannot_tell"]
    assert all("Registered before data: yes." in one.sentence for one in results)
    assert all(one.is_fictional for one in (*made, *results)) and not public_pilots().exists()
