"""The folds under tables that are no panels: each page offers every format, and each offer is kept."""

import re
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from atlas.tables.formats import FORMATS
from engagements.permissions import Role
from engagements.plans.actions.status import make_public
from tests.engagements.discussion.discussion import as_
from tests.factories import grid
from tests.factories.engagements import MilestoneFactory
from tests.factories.ledger import commitment
from tests.factories.plans import city_house, make_plan, publish

pytestmark = pytest.mark.django_db
TRACTS = grid.geoids(3)
PLAIN = {name for name, made in FORMATS.items() if not made.needs_shapes}


@pytest.fixture
def house(tmp_path):
    engagement, people = city_house(tmp_path)
    MilestoneFactory(engagement=engagement, owner=people[Role.LEAD])
    commitment(engagement, people[Role.LEAD], amount=100_000)
    plan = make_plan(engagement, people[Role.ADVISER], tracts=TRACTS, interventions=1, budget_usd=900_000)
    publish(plan, people)
    plan.refresh_from_db()
    return engagement, plan, people


def offers(page: str) -> list[str]:
    """Addresses in the folds; every fold of a page has each format once."""
    folds = [part.split("</details>")[0] for part in re.split(r'<details class="how[^"]*">', page)]
    folds = [part for part in folds if "datapackage.json" in part]
    found = [unescape(address) for part in folds for address in re.findall(r'href="([^"]+)"', part)]
    for part in folds:
        ends = re.findall(r'href="[^"?]+\.([a-z]+)(?:\?[^"]*)?"', part)
        assert set(ends) - {"py", "R"} == PLAIN, part
    return found


@pytest.mark.parametrize(
    ("page", "tables"),
    [
        ("/engagements/{slug}/milestones/", ["milestones/export"]),
        ("/engagements/{slug}/indicators/", ["indicators/export"]),
        ("/engagements/{slug}/money/", ["money/sums", "money/entries"]),
        ("/portfolio/{initiative}/?from=2026Q1", ["cities", "grants"]),
        ("/plans/{plan}/", ["plan", "tracts"]),
    ],
)
def test_every_page_of_work_offers_its_tables_as_files(house, page, tables):
    engagement, plan, people = house
    client = as_(people[Role.LEAD])
    address = page.format(slug=engagement.slug, initiative=engagement.initiative.slug, plan=plan.pk)
    answer = client.get(address)
    found = offers(answer.content.decode())
    for table in tables:
        assert {each for each in found if f"/{table}.csv" in each}, (table, found)
    assert len(found) == len(tables) * (len(PLAIN) + 1), found
    for each in found:
        assert client.get(each).status_code == 200, each


def test_code_is_offered_where_a_program_may_read_without_a_sign_in(house):
    """Code for a file that asks to sign in would read the page that asks."""
    engagement, plan, people = house
    stranger = Client()
    found = offers(stranger.get("/evidence/?finding=positive").content.decode())
    assert {"/evidence/export.py?finding=positive", "/evidence/export.R?finding=positive"} <= set(found)
    assert all(stranger.get(each).status_code == 200 for each in found)
    make_public(plan=plan.pk, is_public=True, by=people[Role.CITY_STAFF], now=timezone.now())
    address = f"/plans/{plan.pk}/"
    assert f"{address}plan.py" in offers(stranger.get(address).content.decode())
    assert f"{address}plan.py" not in offers(as_(people[Role.LEAD]).get(address).content.decode())
