"""Plans on a tract's page: published ones that include it, for whoever may read them."""

import pytest
from django.test import Client

from engagements.models import Plan, PlanTract
from engagements.permissions import Role
from engagements.plans.actions.status import make_public
from engagements.plans.queries.by_tract import MOST, plans_of_tract
from tests.dashboards.plans.test_pages import cost, text
from tests.engagements.discussion.discussion import as_
from tests.factories import grid
from tests.factories.engagements import NOW, EngagementFactory, UserFactory, member
from tests.factories.plans import city_house, make_plan, publish

pytestmark = pytest.mark.django_db
INSIDE, ELSEWHERE = grid.geoids(3)[0], grid.geoids(5)[4]
TITLE = "Plans this tract is part of"


@pytest.fixture
def house(tmp_path):
    engagement, people = city_house(tmp_path)
    return make_plan(engagement, people[Role.ADVISER], tracts=grid.geoids(3), interventions=1), people


def page(client, geoid=INSIDE) -> str:
    answer = client.get(f"/tracts/{geoid}/")
    assert answer.status_code == 200
    return text(answer)


def test_a_draft_is_on_no_tracts_page(house):
    plan, people = house
    for client in (Client(), as_(people[Role.LEAD])):
        assert TITLE not in page(client)


def test_members_see_what_was_published_and_strangers_what_is_public(house):
    plan, people = house
    publish(plan, people)
    neighbour = member(Role.CITY_STAFF, EngagementFactory(initiative=plan.engagement.initiative))
    for person in (*people.values(), neighbour):
        said = page(as_(person))
        assert "Moves to opportunity" in said and "not public" in said and TITLE not in page(as_(person), ELSEWHERE)
    for client in (Client(), as_(UserFactory())):
        assert TITLE not in page(client) and "Moves to opportunity" not in page(client)
    make_public(plan=plan.pk, is_public=True, by=people[Role.CITY_STAFF], now=NOW)
    assert "Moves to opportunity" in page(Client()) and f'href="/plans/{plan.pk}/"' in html(Client())
    assert as_(people[Role.LEAD]).get(f"/tracts/{INSIDE}/").headers["Cache-Control"] == "private, no-store"
    Plan.objects.filter(pk=plan.pk).update(archived_at=NOW, archived_by=people[Role.LEAD])
    assert TITLE not in page(Client())


def html(client) -> str:
    return client.get(f"/tracts/{INSIDE}/").content.decode()


def test_it_goes_by_the_newest_publication_and_never_by_the_draft(house):
    plan, people = house
    publish(plan, people)
    make_public(plan=plan.pk, is_public=True, by=people[Role.CITY_STAFF], now=NOW)
    Plan.objects.filter(pk=plan.pk).update(status="draft", title="A secret revision")
    PlanTract.objects.filter(plan=plan, geoid=INSIDE).delete()
    PlanTract.objects.create(plan=plan, geoid=ELSEWHERE)
    for client in (Client(), as_(people[Role.LEAD])):
        assert "Moves to opportunity" in page(client) and "secret" not in page(client)
        assert TITLE not in page(client, ELSEWHERE)
    publish(plan, people)
    assert TITLE not in page(Client()) and TITLE not in page(Client(), ELSEWHERE), "the city has not said yes to it"
    make_public(plan=plan.pk, is_public=True, by=people[Role.CITY_STAFF], now=NOW)
    assert TITLE not in page(Client()) and "A secret revision" in page(Client(), ELSEWHERE)


def test_the_page_costs_the_same_with_one_and_with_many_plans(house):
    plan, people = house
    publish(plan, people)
    address = f"/tracts/{INSIDE}/"
    before = cost(Client(), address), cost(as_(people[Role.LEAD]), address)
    for _ in range(MOST + 1):
        publish(make_plan(plan.engagement, people[Role.ADVISER], tracts=[INSIDE], interventions=1), people)
    Plan.objects.update(is_public=True, public_by=people[Role.CITY_STAFF], public_at=NOW)
    assert (cost(Client(), address), cost(as_(people[Role.LEAD]), address)) == before
    assert len(plans_of_tract(people[Role.LEAD], INSIDE)) == MOST
