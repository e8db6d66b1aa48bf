"""The gap a plan answers: chosen in words, shown with what the city measured, and the library opens with it."""

import pytest
from django.core.exceptions import ValidationError

from engagements.evidence.gaps import GAPS
from engagements.models import Plan
from engagements.permissions import Role
from engagements.plans.actions.plans import change_plan
from tests.dashboards.plans.test_pages import post, text
from tests.engagements.discussion.discussion import as_
from tests.engagements.milestones.test_api import asker, is_problem
from tests.factories import grid
from tests.factories.engagements import NOW
from tests.factories.plans import EvidenceFactory, city_house, make_plan, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(tmp_path):
    engagement, people = city_house(tmp_path)
    plan = make_plan(engagement, people[Role.ADVISER], tracts=grid.geoids(3), interventions=1)
    EvidenceFactory(intervention="Near the gap", gaps=["mobility"])
    EvidenceFactory(intervention="Elsewhere", gaps=["justice"])
    return plan, people


def test_it_is_chosen_from_the_librarys_gaps(house):
    plan, people = house
    by = people[Role.ADVISER]
    page = text(as_(by).get(f"/plans/{plan.pk}/edit/need/"))
    assert all(gap.label in page for gap in GAPS)
    answer = post(by, f"/plans/{plan.pk}/edit/need/", version=plan.version, title="T", gap="poverty")
    assert answer.status_code == 422 and "poverty" in answer.content.decode()
    assert post(by, f"/plans/{plan.pk}/edit/need/", version=plan.version, title="T", gap="mobility").status_code == 302
    plan.refresh_from_db()
    assert plan.gap == "mobility"
    post(by, f"/plans/new/?engagement={plan.engagement.slug}", title="New", gap="justice", price_year="2024")
    assert Plan.objects.get(title="New").gap == "justice"


def test_a_code_that_is_none_is_refused_by_action_and_api(house):
    plan, people = house
    with pytest.raises(ValidationError, match="no gap of the evidence library"):
        change_plan(
            plan=plan.pk, changes={"gap": "poverty"}, expected_version=plan.version, by=people[Role.ADVISER], now=NOW
        )
    by = asker(people[Role.ADVISER])
    found = is_problem(by.patch(f"/api/v1/plans/{plan.pk}/", {"version": plan.version, "gap": "poverty"}, "json"), 400)
    assert "gap" in str(found)


def test_the_page_has_the_citys_number_its_noise_and_its_source(house):
    plan, people = house
    client = as_(people[Role.ADVISER])
    assert "The gap it answers" not in text(client.get(f"/plans/{plan.pk}/"))
    Plan.objects.filter(pk=plan.pk).update(gap="mobility")
    city = plan.engagement.city
    answer = client.get(f"/plans/{plan.pk}/")
    said = text(answer)
    assert "The gap it answers: later incomes of children" in said and f"in {city.name}" in said
    assert "Source:" in said and ("Standard error" in said or "nothing says how much" in said or "no value" in said)
    assert f'/evidence/?gap=mobility&amp;city={city.slug}"' in answer.content.decode()
    Plan.objects.filter(pk=plan.pk).update(gap="tax_benefits")
    assert "No data set in this portal shows it for cities." in text(client.get(f"/plans/{plan.pk}/"))
    Plan.objects.filter(pk=plan.pk).update(gap="justice")
    assert f"It has not been imported for {city.name} yet." in text(client.get(f"/plans/{plan.pk}/"))


def test_the_library_opens_with_it_and_shows_the_rest_one_click_away(house):
    plan, people = house
    client, address = as_(people[Role.ADVISER]), f"/plans/{plan.pk}/interventions/choose/"
    assert {"Near the gap", "Elsewhere"} <= shown(client.get(address))
    Plan.objects.filter(pk=plan.pk).update(gap="mobility")
    assert shown(client.get(address)) == {"Near the gap"} and 'href="?gap="' in client.get(address).content.decode()
    assert {"Near the gap", "Elsewhere"} <= shown(client.get(f"{address}?gap="))
    assert shown(client.get(f"{address}?gap=justice")) == {"Elsewhere"}
    assert shown(client.get(f"{address}?gap=mobility&words=elsewhere")) == set()
    assert "look in the whole library" in text(client.get(f"{address}?gap=mobility&words=elsewhere"))
    assert {"Near the gap", "Elsewhere"} <= shown(client.get(f"{address}?gap=nowhere"))


def shown(answer) -> set[str]:
    page = text(answer)
    return {name for name in ("Near the gap", "Elsewhere") if f"{name}: adult earnings" in page}


def test_versions_and_file_name_it_in_words(house):
    plan, people = house
    client = as_(people[Role.ADVISER])
    publish(plan, people)
    Plan.objects.filter(pk=plan.pk).update(gap="mobility", status="draft")
    label = next(gap.label for gap in GAPS if gap.code == "mobility")
    assert label in text(client.get(f"/plans/{plan.pk}/versions/?new=now&old=p1"))
    assert f"Gap: {label}" in client.get(f"/plans/{plan.pk}/plan.datapackage.json").content.decode()
