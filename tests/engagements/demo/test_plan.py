"""The invented plan: made once tracts and evidence are there, marked as invented, and told to nobody in public."""

import pytest
from django.utils import timezone

from atlas.queries.cities import city
from engagements.demo.people import demo_people, seed_demo_people
from engagements.demo.plan import CITY, EVIDENCE, seed_demo_plan
from engagements.demo.work import seed_demo_work
from engagements.models import EvidenceRow, Plan
from engagements.permissions import Role
from engagements.plans.queries.plans import plan_page, plans
from engagements.seeds.evidence import seed_evidence
from engagements.seeds.initiative import seed
from tests.factories import files, portal

pytestmark = pytest.mark.django_db


def test_it_waits_for_the_data_and_is_made_once(tmp_path, client):
    seed()
    seed_evidence()
    seed_demo_people("quiet-Harbour-42")
    people, now = demo_people(), timezone.now()
    seed_demo_work(people, now)
    assert seed_demo_plan(people, now) is None, "no tract is known yet"
    place = city(CITY).place_geoid
    boxes = {f"40143{number:06d}": (-96.0 + 0.01 * number, 36.1, 0.01, 0.01) for number in range(8)}
    portal.ingest(files.tract_map(tmp_path / "tracts.geojson", boxes))
    portal.ingest(files.place_map(tmp_path / "place.geojson", place, "Tulsa", (-96.0, 36.1, 0.08, 0.01)))
    made = seed_demo_plan(people, now)
    assert made.status == "published" and made.is_fictional and not made.is_public
    assert seed_demo_plan(people, now) is None and Plan.objects.count() == 1
    row = EvidenceRow.objects.get(key=EVIDENCE)
    assert row.tried_in.filter(slug=CITY).exists()
    page = plan_page(people[Role.FUNDER], made.pk, today=now.date(), now=now)
    assert page.content.is_fictional and page.content.interventions[0].evidence.tried_here
    assert [each.pk for each in plans(people[Role.ADVISER])] == [made.pk]
    assert "fictional" not in client.get(f"/cities/{CITY}/plans/").content.decode()
