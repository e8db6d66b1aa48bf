"""From a plan's money to the entries behind it, for whoever may see money."""

import pytest
from django.test import Client

from engagements.models import Plan
from engagements.permissions import Role
from engagements.plans.actions.status import make_public
from tests.dashboards.plans.test_pages import cost, text
from tests.engagements.discussion.discussion import as_
from tests.factories import grid
from tests.factories.engagements import NOW, EngagementFactory, member
from tests.factories.ledger import commitment, entry
from tests.factories.plans import city_house, make_plan, publish

pytestmark = pytest.mark.django_db
MONEY = {Role.LEAD, Role.ADVISER, Role.EXPERT, Role.CITY_STAFF, Role.FUNDER}


@pytest.fixture
def house(tmp_path):
    engagement, people = city_house(tmp_path)
    plan = make_plan(engagement, people[Role.ADVISER], tracts=grid.geoids(3), interventions=1)
    other = make_plan(engagement, people[Role.ADVISER], title="Another plan")
    commitment(engagement, people[Role.LEAD], amount=90_000)
    for within, amount in ((plan, 700), (other, 900), (None, 1_100)):
        entry(engagement, people[Role.LEAD], amount=amount, plan=within).save()
    return plan, other, people


def test_each_stage_leads_to_its_entries_of_this_plan_alone(house):
    plan, _, people = house
    publish(plan, people)
    address = f"/engagements/{plan.engagement.slug}/money/entries/?plan={plan.pk}"
    for role, person in people.items():
        client = as_(person)
        page = client.get(f"/plans/{plan.pk}/").content.decode()
        assert (f'href="{address}"' in page) is (role in MONEY), role
        assert (f'href="{address}&amp;stage=spent"' in page) is (role in MONEY), role
        if role in MONEY:
            said = text(client.get(address))
            assert "$700" in said and "$900" not in said and "$1,100" not in said, role
            assert "There is no plan here" not in said


def test_strangers_and_other_cities_are_shown_no_way_to_it(house):
    plan, _, people = house
    publish(plan, people)
    make_public(plan=plan.pk, is_public=True, by=people[Role.CITY_STAFF], now=NOW)
    neighbour = member(Role.CITY_STAFF, EngagementFactory(initiative=plan.engagement.initiative))
    for client in (Client(), as_(neighbour)):
        assert "/money/" not in client.get(f"/plans/{plan.pk}/").content.decode()


def test_a_draft_cannot_be_asked_for_by_whoever_may_not_see_it(house):
    plan, other, people = house
    publish(plan, people)
    Plan.objects.filter(pk=plan.pk).update(title="A secret revision", status="draft")
    address = f"/engagements/{plan.engagement.slug}/money/entries/"
    funder = as_(people[Role.FUNDER]).get(f"{address}?plan={other.pk}").content.decode()
    assert "There is no plan here whose entries you may see by it." in funder
    assert "Another plan" not in funder
    assert "A secret revision</option>" not in funder and "Moves to opportunity</option>" in funder
    team = as_(people[Role.ADVISER]).get(address).content.decode()
    assert "Another plan</option>" in team and "A secret revision</option>" in team
    stranger = Plan.objects.create(
        engagement=EngagementFactory(), title="Elsewhere", price_year=2024, written_by=people[Role.LEAD]
    )
    for value in (stranger.pk, "x", 10**9):
        assert "There is no plan here" in text(as_(people[Role.LEAD]).get(f"{address}?plan={value}"))


def test_the_list_costs_the_same_with_more_plans(house):
    plan, _, people = house
    client, address = as_(people[Role.LEAD]), f"/engagements/{plan.engagement.slug}/money/entries/"
    before = cost(client, f"{address}?plan={plan.pk}")
    for number in range(18):
        made = make_plan(plan.engagement, people[Role.ADVISER], title=f"Plan {number}")
        entry(plan.engagement, people[Role.LEAD], amount=5, plan=made).save()
    assert cost(client, f"{address}?plan={plan.pk}") == before
