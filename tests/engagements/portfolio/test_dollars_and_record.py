"""Dollars by evidence equal the ledger to the cent, whatever happened; the record says what is known and no more."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from engagements import models
from engagements.portfolio.queries.portfolio import PortfolioFigures, portfolio
from engagements.portfolio.rules import cost_of_one_more
from engagements.results.records import Arm, ResultFields
from tests.factories.portfolio import World, random_deeds

pytestmark = pytest.mark.django_db


def project_of(plan: models.Plan, test: str = "none", title: str = "") -> models.Project:
    made = models.Project.objects.create(
        engagement=plan.engagement, title=title or f"Project of {plan.pk}", test=test, source="a test"
    )
    models.ProjectPlan.objects.create(engagement=plan.engagement, project=made, plan=plan)
    return made


def figures_of(world: World, **more) -> PortfolioFigures:
    return portfolio(world.funder, world.initiative.slug, now=timezone.now(), **more)


@pytest.mark.parametrize("seed", range(6))
def test_each_stage_is_the_ledger_to_the_cent(seed, settings):
    settings.DEMO_ACCOUNTS = True
    world = World(cities=3)
    plans = [world.plan(at=n % 3, title=f"Plan {n}") for n in range(4)]
    for n, plan in enumerate(plans[:3]):
        project_of(plan, ("none", "running", "planned")[n])
    random_deeds(world, seed, 40)
    for n, plan in enumerate(plans):
        at = n % 3
        world.entry("committed", 90_000, at=at, plan=plan)
        made = world.entry("spent", f"{100 + seed}.{10 + n}", at=at, plan=plan)
        if n == seed % 4:
            world.reverse(made)
    for n, project in enumerate(models.Project.objects.filter(engagement__initiative=world.initiative).order_by("pk")):
        alone = world.entry("spent", f"{7 + seed}.0{n}", at=n, project=project)  # no plan: the project alone
        world.entry("obligated", f"{seed}.5{n}", at=n, project=project, plan=plans[n])
        if n == seed % 3:
            world.reverse(alone)
    moment = timezone.now()
    check(world, figures_of(world))
    world.entry("spent", "0.01", at=0, plan=plans[0])
    check(world, figures_of(world))
    past = figures_of(world, as_of=moment)
    assert past.recorded.dollars.lines[-1].total.value + Decimal("0.01") == (
        figures_of(world).recorded.dollars.lines[-1].total.value
    )


def check(world: World, figures: PortfolioFigures) -> None:
    for body in (figures.recorded, figures.fictional):
        if body is None or body.dollars is None:
            continue
        ledger: dict[str, Decimal] = {}
        for entry in models.LedgerEntry.objects.filter(initiative=world.initiative):
            if entry.is_fictional == body.is_fictional:
                sign = -1 if entry.reverses_id else 1
                ledger[entry.stage] = ledger.get(entry.stage, Decimal(0)) + sign * entry.amount_usd
        assert {line.stage: line.total.value for line in body.dollars.lines} == ledger
        for line in body.dollars.lines:
            assert sum((figure.value or Decimal(0) for figure in line.figures), Decimal(0)) == line.total.value
            assert len(line.figures) == len(body.dollars.states) == len(line.shares)
        seen = [state for at, state in enumerate(body.dollars.states) if any(
            line.figures[at].value is not None for line in body.dollars.lines)]  # fmt: skip
        assert seen == list(body.dollars.states)  # an empty column is not drawn


def test_a_dollar_goes_where_its_plan_leads():
    world = World(cities=1)
    tested, untested, loose = (world.plan(title=name) for name in ("tested", "untested", "loose"))
    project_of(tested, "running")
    project_of(untested)
    world.entry("committed", 1_000)
    for plan, usd in ((tested, 10), (untested, 20), (loose, 30), (None, 40)):
        world.entry("spent", usd, plan=plan)
    part = figures_of(world).recorded.dollars
    keys = [state.key for state in part.states]
    spent = dict(zip(keys, (figure.value for figure in part.lines[-1].figures), strict=True))
    assert spent == {"being_tested": 10, "no_test": 20, "not_linked": 70}
    assert sum(part.lines[-1].shares) == pytest.approx(100)


def test_a_dollar_that_names_its_project_needs_no_plan():
    world = World(cities=1)
    plan = world.plan(title="loose")  # of no project
    tested = project_of(world.plan(title="tested"), "running")
    world.entry("committed", 1_000)
    world.entry("spent", 10, project=tested)
    world.entry("spent", 20, project=tested, plan=plan)
    world.entry("spent", 40, plan=plan)
    gone = world.entry("spent", 80, project=tested)
    world.reverse(gone)
    part = figures_of(world).recorded.dollars
    spent = dict(zip((state.key for state in part.states), (f.value for f in part.lines[-1].figures), strict=True))
    assert spent == {"being_tested": 30, "not_linked": 40}


def test_without_a_ledger_there_is_no_part_and_every_city_has_its_line():
    world = World(cities=3)
    body = figures_of(world).recorded
    assert body.dollars is None
    assert {line.city for line in body.record.lines} == {row.city for row in body.rows}
    assert [group.kind for group in body.record.groups] == ["open"]
    assert not body.record.has("finding") and not body.record.has("sources")


def test_a_search_is_a_row_that_says_until_when_and_the_sentence_counts_it():
    world = World(cities=2)
    project = project_of(world.plan(), title="Letters")
    models.SearchRecord.objects.create(
        engagement=project.engagement, project=project, searched_by="A", what="a result", places="web",
        searched_on=world.today, sentence="We found no published result.",
        published_at=timezone.now(), created_at=timezone.now(),
    )  # fmt: skip
    record = figures_of(world).recorded.record
    assert {group.kind: len(group.lines) for group in record.groups} == {"not_found": 1, "open": 1}
    assert record.searched_on == world.today and str(world.today.year) in record.groups[0].note
    assert "one we found no published result" in record.sentence


def test_figures_come_back_from_json_as_they_went():
    world = World(cities=1)
    world.entry("committed", 1_000)
    figures = figures_of(world)
    assert PortfolioFigures.from_json(figures.to_json()) == figures


def test_as_many_statements_for_many_projects_as_for_one():
    few, many = World(cities=2), World(cities=2)
    for world, count in ((few, 1), (many, 12)):
        world.entry("committed", 1_000, at=None)
        for n in range(count):
            plan = world.plan(at=n % 2, title=f"Plan {n}")
            project_of(plan)
            world.entry("spent", 1, at=n % 2, plan=plan)

    def cost(world: World) -> int:
        with CaptureQueriesContext(connection) as seen:
            figures_of(world)
        return len(seen)

    cost(few), cost(many)  # what is kept of either's cities is read once
    assert cost(few) == cost(many)


WORKED = ResultFields(
    finding="More came", outcome="came", tried="a letter", effect=5.0, low=2.0, high=10.0, level=95.0,
    unit="percentage points", cost_usd=200, cost_price_year=2026, cost_unit="letter", arms=(Arm("letter"), Arm("none")),
)  # fmt: skip


def test_cost_of_one_more_by_hand():
    found = cost_of_one_more(WORKED)
    assert (found.dollars, found.low, found.high) == pytest.approx((4_000, 2_000, 10_000))


@pytest.mark.parametrize(
    "change",
    [
        {"cost_unit": "whole trial"},  # not of a group of this result
        {"arms": ()},
        {"low": None, "high": None, "level": None},
        {"low": -1.0},  # no effect is in the interval: one more may cost anything
        {"unit": "dollars a year"},
        {"scale": "ratio"},
        {"wanted": "less"},  # it went the wrong way
        {"cost_usd": None, "cost_price_year": None},
    ],
)
def test_without_effect_and_cost_of_one_group_there_is_no_cost_of_one_more(change):
    assert cost_of_one_more(replace(WORKED, **change)) is None
