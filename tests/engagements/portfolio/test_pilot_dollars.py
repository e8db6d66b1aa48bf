"""Dollars of a pilot with a verdict count under it, to the cent, and made-up verdicts never in real totals."""

from dataclasses import replace
from decimal import Decimal

import pytest

from engagements.models import LedgerEntry, Pilot, PilotLink
from engagements.pilots.actions.pilots import link_pilot
from engagements.portfolio.queries.pilot_dollars import PilotVerdict, by_plan
from engagements.portfolio.queries.portfolio import portfolio
from engagements.results.queries.published import initiative_record
from tests.engagements.pilots.worked_pilot import NOW, Worked, analyze, make_worked, publish
from tests.factories.portfolio import World

pytestmark = pytest.mark.django_db


def spent(world: World) -> dict[str, Decimal]:
    """By what is known, of the stage "spent"."""
    part = portfolio(world.funder, world.initiative.slug, now=NOW).recorded.dollars
    figures = zip(part.states, part.lines[-1].figures, strict=True)
    return {state.key: figure.value for state, figure in figures if figure.value is not None}


@pytest.fixture
def world():
    return World(cities=1)


def published(world: World) -> Worked:
    worked = make_worked(city=world.engagements[0])
    analyze(worked)
    publish(worked)
    return worked


def test_a_linked_entry_and_what_takes_it_back_count_under_the_verdict(world):
    world.entry("committed", 1_000)
    linked, other = world.entry("spent", "100.25"), world.entry("spent", 40)
    worked = published(world)
    assert spent(world) == {"not_linked": Decimal("140.25")}
    link_pilot(pk=worked.pilot.pk, entry=linked.pk, by=worked.desk.adviser, now=NOW)
    assert spent(world) == {"worked": Decimal("100.25"), "not_linked": 40}
    world.reverse(linked)
    assert spent(world) == {"worked": 0, "not_linked": 40}, "taken back: together nothing"
    link_pilot(pk=worked.pilot.pk, entry=other.pk, by=worked.desk.adviser, now=NOW)
    assert spent(world) == {"worked": 40}, "nothing is left beside it"


def test_dollars_of_the_pilots_plan_and_of_its_project_count_under_the_verdict(world):
    plan = world.plan(title="of the pilot")
    worked = published(world)
    Pilot.objects.filter(pk=worked.pilot.pk).update(plan=plan)
    world.entry("committed", 1_000)
    world.entry("spent", 10, plan=plan)
    world.entry("spent", 20, project=worked.pilot.project)
    world.entry("spent", 40)
    assert spent(world) == {"worked": 30, "not_linked": 40}


def test_before_it_is_published_it_moves_nothing(world):
    world.entry("committed", 1_000)
    entry = world.entry("spent", 10)
    worked = make_worked(city=world.engagements[0])
    analyze(worked)
    link_pilot(pk=worked.pilot.pk, entry=entry.pk, by=worked.desk.adviser, now=NOW)
    assert spent(world) == {"not_linked": 10}


def test_made_up_dollars_never_meet_a_real_verdict(world):
    world.entry("committed", 1_000)
    world.entry("committed", 1_000, is_fictional=True)
    real, made_up = world.entry("spent", 10), world.entry("spent", 20, is_fictional=True)
    worked = published(world)
    for entry in (real, made_up):
        link_pilot(pk=worked.pilot.pk, entry=entry.pk, by=worked.desk.adviser, now=NOW)
    assert spent(world) == {"worked": 10}
    assert LedgerEntry.objects.count() == 4 and PilotLink.objects.count() == 2


def test_pilots_of_one_plan_that_differ_say_nothing_of_its_dollars():
    one = PilotVerdict("worked", 7, False)
    assert by_plan({1: one, 2: one}) == {7: "worked"}
    assert by_plan({1: one, 2: replace(one, verdict="did_not_work")}) == {}
    assert by_plan({1: replace(one, plan=None)}) == {}


def test_the_record_of_the_initiative_has_the_verdict(world):
    worked = published(world)
    (row,) = [row for row in initiative_record(world.initiative.pk).rows if row.pk == worked.pilot.project_id]
    assert row.dollars == "worked" and row.kind == "sized" and row.finding.startswith("It worked")
