"""What is kept of a portfolio is never older than what was written, and reading it again costs next to nothing."""

import re
from datetime import date

import psycopg2
import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client

from dashboards.portfolio import cache as kept
from engagements import models
from engagements.portfolio.queries.data_version import data_version
from engagements.portfolio.queries.portfolio import PortfolioFilter, portfolio_of
from mobility_portal.bench.statements import recorded_statements
from tests.factories.engagements import NOW, MilestoneFactory
from tests.factories.portfolio import World, random_deeds

pytestmark = pytest.mark.django_db(transaction=True)
# What a portfolio reads beside them is rows of other tables' histories, or written when a release is staged.
VERSION = {"atlas_generation", "atlas_public_change", "engagements_work_change"}


@pytest.fixture(autouse=True)
def _nothing_kept():
    cache.clear()


@pytest.fixture
def makings(monkeypatch):
    """How often figures were made."""
    made = []

    def counted(*args, **kwargs):
        made.append(args)
        return portfolio_of(*args, **kwargs)

    monkeypatch.setattr(kept, "portfolio_of", counted)
    return made


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(user, world, query=""):
    return client_of(user).get(f"/portfolio/{world.initiative.slug}/{query}")


def test_it_is_made_once_until_something_is_written(makings):
    world = World()
    world.entry("committed", 500)
    for _ in range(2):
        assert "$500 committed" in page_of(world.funder, world).content.decode()
    assert len(makings) == 1
    world.entry("committed", 250)
    assert "$750 committed" in page_of(world.funder, world).content.decode()
    assert len(makings) == 2


def test_what_commits_late_is_on_the_next_page():
    """A transaction that began first and ends last writes rows with lower numbers than those that can be seen."""
    world = World()
    risk = world.risk(title="As it was")
    other = psycopg2.connect(**connection.get_connection_params() | {"cursor_factory": None})
    try:
        with other.cursor() as cursor:
            cursor.execute("UPDATE engagements_risk SET title = 'As it is now' WHERE id = %s", [risk.pk])
        world.milestone(title="Written meanwhile")
        assert "As it was" in page_of(world.funder, world).content.decode()
        other.commit()
        assert "As it is now" in page_of(world.funder, world).content.decode()
    finally:
        other.close()


def test_what_is_not_committed_is_kept_for_nobody(makings):
    world = World()
    with transaction.atomic():
        for _ in range(2):
            assert page_of(world.funder, world).status_code == 200
    assert len(makings) == 2


def test_any_change_of_what_is_shown_changes_the_version():
    world = World()
    milestone = MilestoneFactory(engagement=world.engagements[0])
    deeds = [
        lambda: world.entry("committed", 100, at=None),
        world.milestone,
        lambda: world.status("active"),
        lambda: world.budget(10),
        world.risk,
        world.update,
        lambda: world.plan(interventions=(None,)),
        lambda: world.value(world.indicator(), 3),
        lambda: models.ProgressEntry.objects.create(
            engagement=milestone.engagement, milestone=milestone, line="Begun", by=world.by, at=NOW
        ),
        lambda: models.EngagementRole.objects.update(ended_on=date(2026, 1, 1)),
        lambda: models.Risk.objects.update(severity=1),
        lambda: models.Milestone.objects.update(title="Renamed"),
        lambda: models.Participation.objects.all().delete(),
        lambda: models.Engagement.objects.update(theme="new"),
        lambda: models.Initiative.objects.update(pledge_note="as announced"),
        lambda: models.User.objects.update(is_active=False),
    ]
    for deed in deeds:
        before = data_version()
        deed()
        assert data_version() != before


def test_every_table_it_reads_changes_the_version():
    world = World()
    world.entry("committed", 100_000_000, on=date(2024, 1, 1))
    random_deeds(world, seed=3, count=40)
    world.entry("spent", 10, plan=world.plan(interventions=(world.evidence("rct"),)))
    client = client_of(world.funder)
    assert client.get("/portfolio/").status_code == 302  # makes no figures; the session is noted
    with recorded_statements() as statements:
        assert client.get(f"/portfolio/{world.initiative.slug}/").status_code == 200
    # The first steps and the count of notifications stand around what is kept, and are read at each visit.
    kept = [sql for sql in statements if "firststepsdismissal" not in sql and ' AS "did_' not in sql]
    read = {table for sql in kept for table in re.findall(r'(?:FROM|JOIN)\s+"?([a-z_0-9]+)"?', sql)}
    ours = {table.removesuffix("event") for table in read if re.match(r"(atlas|engagements)_", table)}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE '%\\_public\\_change'"
            " OR tgname LIKE '%\\_work\\_change' OR tgname LIKE '%\\_generation'"
        )
        watched = {table for (table,) in cursor.fetchall()}
    assert ours - VERSION - {"engagements_savedview", "engagements_notification"} <= watched
    assert "engagements_ledgertotal" in ours and "engagements_milestone" in ours


def test_statements_do_not_grow_with_cities_or_entries():
    counts = []
    for cities in (2, 6):
        world = World(cities=cities)
        for at in range(cities):
            world.entry("committed", 1000, at=at)
            world.entry("spent", 10, at=at, plan=world.plan(at=at, interventions=(None,)))
            world.status("active", at=at)
            world.milestone(at=at, due=-3)
            world.value(world.indicator(at=at, counts_people=True), 3)
            world.update(at=at)
            world.risk(at=at)
        client, found = client_of(world.funder), []
        for address in ("", "", "cities.csv", "entries/?stage=spent", "milestones/?which=late", "values/?which=people"):
            with recorded_statements() as statements:
                assert client.get(f"/portfolio/{world.initiative.slug}/{address}").status_code == 200
            found.append(len(statements))
        counts.append(found)
    assert counts[0] == counts[1]
    assert counts[0][1] <= 12 < counts[0][0], "the second time only who reads it is asked, and the version"


def test_what_is_kept_is_what_was_made_whatever_else_lies_there(makings):
    world = World()
    random_deeds(world, seed=5, count=40)
    world.entry("spent", 10, plan=world.plan(interventions=(world.evidence("rct"),)))
    asked = (world.funder, world.initiative, PortfolioFilter(), None, NOW)
    made = (kept.cached_figures(*asked), kept.cached_page(*asked, links=True))
    assert (kept.cached_figures(*asked), kept.cached_page(*asked, links=True)) == made and len(makings) == 2
    assert kept.cached_page(*asked, links=True).html == made[1].html
    for nonsense in (b"bytes", "text", 7, [], {}, {"frame": {"initiative": 1}}, {"initiative": None}):
        cache.set(kept._key("figures", *asked), nonsense, 60)
        assert kept.cached_figures(*asked) == made[0]
