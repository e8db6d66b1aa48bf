"""From what a portfolio names to its own page: plans, risks, entries, indicators; by a shared link to none of them."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from engagements.models import LedgerEntry, PlanPublication
from engagements.permissions import Role
from engagements.plans.queries.figures import content_of, figures_of, load_plan
from engagements.plans.records import freeze
from engagements.portfolio.actions.sharing import make_share_link
from engagements.portfolio.codec import from_plain, to_plain
from engagements.portfolio.figures import PeopleLine
from tests.engagements.portfolio.test_pages import client_of, read, world  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db
NAMED = re.compile(r'href="(/(?:plans|indicators|money|engagements/[\w-]+/risks|milestones|updates)/[^"]*)"')


@pytest.fixture
def reached(world):  # noqa: F811
    """People are counted for the published plan too."""
    plan = world.engagements[0].plans.get(title="Published plan")
    counted = world.indicator(name="Families of the plan", counts_people=True, is_unduplicated=True, plan=plan)
    world.value(counted, 33, 3)
    loaded = load_plan(plan)
    PlanPublication.objects.create(
        plan=plan,
        number=1,
        content=freeze(content_of(loaded)),
        figures=freeze(figures_of(loaded, timezone.now())),
        approved_by=world.by,
        published_by=world.by,
        published_at=timezone.now(),
    )
    return world, plan


@pytest.mark.parametrize("role", [Role.FUNDER, Role.LEAD])
def test_every_name_leads_to_a_page_this_reader_may_open(reached, role):
    world, plan = reached  # noqa: F811
    client = client_of(world.person(role))
    page = read(client, world).content.decode()
    risk = world.engagements[0].risks.get(title="Rents rise")
    assert page.count(f'href="/plans/{plan.pk}/"') >= 2, "beside the people reached and beside its intervention"
    assert f'href="/engagements/{world.engagements[0].slug}/risks/#risk-{risk.pk}"' in page
    assert f'id="risk-{risk.pk}"' in client.get(f"/engagements/{world.engagements[0].slug}/risks/").content.decode()
    entries = read(client, world, "entries/").content.decode()
    written = {str(pk) for pk in LedgerEntry.objects.values_list("pk", flat=True)}
    assert set(re.findall(r'href="/money/(\d+)/"', entries)) == written
    values = read(client, world, "values/", which="people").content.decode()
    found = {unescape(link).split("#")[0] for text in (page, entries, values) for link in NAMED.findall(text)}
    assert {link.split("/")[1] for link in found} >= {"plans", "indicators", "money", "engagements", "milestones"}
    for link in found:
        assert client.get(link).status_code == 200, link


def test_a_reversal_leads_to_what_it_takes_back(reached):
    world, _ = reached  # noqa: F811
    taken = LedgerEntry.objects.get(stage="spent")
    world.reverse(taken)
    entries = read(client_of(world.funder), world, "entries/", stage="spent").content.decode()
    assert entries.count(f'href="/money/{taken.pk}/"') == 2


def test_a_shared_link_leads_nowhere(reached):
    world, _ = reached  # noqa: F811
    now = timezone.now()
    _, secret = make_share_link(
        initiative=world.initiative.slug,
        now=now,
        by=world.funder,
        label="The council",
        expires_at=now + timedelta(days=3),
    )
    page = Client().get(f"/shared/{secret}/").content.decode()
    assert "Published plan" in page and "Rents rise" in page
    assert NAMED.findall(page) == []


def test_what_was_kept_before_the_plan_had_its_number_is_still_read(reached):
    world, _ = reached  # noqa: F811
    api = client_of(world.funder).get(f"/api/v1/portfolio/{world.initiative.slug}/").json()
    lines = api["recorded"]["people"]["lines"]
    assert {line["plan"]: line["plan_id"] for line in lines}["Published plan"] == reached[1].pk
    line = from_plain(PeopleLine, {name: value for name, value in lines[0].items() if name != "plan_id"})
    assert line.plan_id is None and to_plain(line)["name"] == lines[0]["name"]
