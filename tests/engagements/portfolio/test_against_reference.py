"""Every figure equals an independent count of raw entries: now, as of past moments, filtered, recorded, invented."""

import json
from decimal import Decimal

import pytest
from django.utils import timezone

from engagements.portfolio.queries import lists
from engagements.portfolio.queries.portfolio import PortfolioFigures, PortfolioFilter, open_scope, portfolio
from tests.factories.portfolio import World, random_deeds
from tests.reference.portfolio import STAGES, recompute

pytestmark = pytest.mark.django_db
CENT = Decimal("0.01")


def check(body, expected, world):
    """One body of figures against the reference."""
    at = {row.engagement_id: row for row in body.rows}
    nothing = None  # nobody entered anything of it: that is not $0
    assert {line.stage: line.total.value for line in body.money.stages} == {
        stage: expected["stages"].get(stage, nothing) for stage in STAGES
    }
    for line in body.money.funders:
        assert [figure.value for figure in line.figures] == [
            expected["by_funder"].get((line.slug, stage), nothing) for stage in STAGES
        ]
    assert {slug for slug, _ in expected["by_funder"]} == {line.slug for line in body.money.funders}
    assert {line.quarter: [figure.value for figure in line.figures] for line in body.money.quarters} == {
        quarter: [expected["by_quarter"].get((quarter, stage), nothing) for stage in STAGES]
        for quarter in {quarter for quarter, _ in expected["by_quarter"]}
    }
    if body.money.whole is not None:
        assert [figure.value for figure in body.money.whole] == [
            expected["by_city"].get((None, stage), nothing) for stage in STAGES
        ]
    assert body.money.entries == expected["entries"]
    assert body.money.last_entered_at == expected["newest"]
    years = expected["years"] or {None}
    assert (body.money.first_price_year, body.money.last_price_year) == (min(years), max(years))
    for pk, row in at.items():
        work = expected["work"].get(pk, {"late": 0, "oldest_late": None, "next": None})
        assert row.committed.value == expected["by_city"].get((pk, "committed"), nothing)
        assert row.spent.value == expected["by_city"].get((pk, "spent"), nothing)
        assert abs((row.budget.value or 0) - expected["budget"].get(pk, 0)) <= CENT
        assert abs((row.planned.value or 0) - expected["planned"].get(pk, 0)) <= CENT
        assert row.late.value == work["late"]
        late_days = (world.today - work["oldest_late"]).days if work["oldest_late"] else 0
        assert (row.milestones.colour in ("amber", "red")) is (late_days > 0)
        assert (row.milestones.colour == "red") is (late_days > 30)
        assert (row.next_milestone and (row.next_milestone.due_on, row.next_milestone.pk)) == work["next"]
        if not body.is_fictional:
            assert row.status == expected["status"][pk]
        update = expected["updates"].get(pk)
        assert (row.update and ((row.update.year, row.update.quarter), row.update.number)) == (update and update[:2])
    due = sum(work["due"] for work in expected["work"].values())
    on_time = sum(work["on_time"] for work in expected["work"].values())
    assert body.figure("on_time").value == (on_time if due else None)
    assert body.people.people.value == expected["people"]
    assert (body.people.households.value if body.people.households else None) == expected["households"]
    assert {line.tier: line.figure.value for line in body.evidence.tiers if line.figure.value} == expected["tiers"]
    shown = {line.pk: float(line.actual.value) for family in body.families for line in family.indicators}
    assert shown == expected["actual"]
    assert {line.ref.pk: line.what_we_did for line in body.updates} == {
        next(row.update.pk for row in body.rows if row.engagement_id == pk): said
        for pk, (_, _, said) in expected["updates"].items()
    }
    assert sorted(
        (risk.pk, {"High": {6, 9}, "Medium": {3, 4}, "Low": {1, 2}}[risk.level.words]) for risk in body.risks
    ) == [(pk, next(group for group in ({6, 9}, {3, 4}, {1, 2}) if level in group)) for pk, level in expected["risks"]]


@pytest.mark.parametrize("seed", [1, 2])
def test_every_figure_equals_an_independent_count_now_and_as_of_each_past_moment(seed, settings):
    settings.DEMO_ACCOUNTS = True
    world = World()
    moments = []
    for step in range(3):
        random_deeds(world, 100 * seed + step, 40)
        moments.append(timezone.now())
    city = world.engagements[0].city.slug
    narrowed = (
        (PortfolioFilter(), {}),
        (
            PortfolioFilter(cities=(city,), first="2025Q3", last="2026Q2"),
            {"cities": (city,), "first": "2025Q3", "last": "2026Q2"},
        ),
        (PortfolioFilter(funders=(world.funders[1].slug,)), {"funders": (world.funders[1].slug,)}),
    )
    for as_of in (None, *moments):
        for filters, raw in narrowed:
            now = timezone.now()
            found = portfolio(world.funder, world.initiative.slug, filters, as_of=as_of, now=now)
            dates = {"first": filters.starts_on, "last": filters.ends_on}
            for body in (found.recorded, found.fictional):
                if body is None:
                    continue
                expected = recompute(
                    world.initiative,
                    as_of=as_of,
                    known=as_of or now,
                    today=now.date(),
                    fictional=body.is_fictional,
                    **{**raw, **dates},
                )
                check(body, expected, world)


def test_the_last_moment_and_now_are_the_same():
    world = World()
    random_deeds(world, 9, 60)
    now = timezone.now()
    live = portfolio(world.funder, world.initiative.slug, now=now)
    past = portfolio(world.funder, world.initiative.slug, as_of=now, now=now)

    # What was due at a past moment is not kept: duties are counted of today, or not at all.
    assert past.recorded.quality == past.fictional.quality == ()
    assert live.recorded.quality or live.fictional.quality

    def without_addresses(figures):
        return [
            (figure["key"], figure["value"])
            for body in ("recorded", "fictional")
            for figure in every_figure(figures.to_json()[body] | {"quality": []})
        ]

    assert without_addresses(live) == without_addresses(past)


def every_figure(plain):
    """All figures anywhere in plain JSON."""
    if isinstance(plain, dict):
        if {"key", "value", "entries", "rule"} <= set(plain):
            yield plain
        else:
            for value in plain.values():
                yield from every_figure(value)
    elif isinstance(plain, list):
        for value in plain:
            yield from every_figure(value)


def test_every_number_says_its_unit_its_rule_its_moment_and_where_its_entries_are():
    world = World()
    random_deeds(world, 4, 80)
    found = portfolio(world.lead, world.initiative.slug, now=timezone.now())
    figures = list(every_figure(found.to_json()["recorded"]))
    assert len(figures) > 40
    for figure in figures:
        assert figure["unit"] and figure["rule"] and figure["uncertainty"]
        # What people have not done is told as a number alone: no list leads from it to them.
        assert bool(figure["entries"]) is not figure["key"].startswith("duty-")
        assert figure["as_of"] == found.as_of.isoformat()
        assert figure["value"] is not None or figure["note"]


def test_what_is_frozen_as_json_comes_back_the_same():
    world = World()
    random_deeds(world, 5, 60)
    found = portfolio(world.lead, world.initiative.slug, PortfolioFilter(themes=("housing",)), now=timezone.now())
    assert PortfolioFigures.from_json(json.loads(json.dumps(found.to_json()))) == found


@pytest.mark.parametrize("as_of_past", [False, True])
def test_the_entries_behind_a_number_add_up_to_it(as_of_past):
    world = World()
    random_deeds(world, 6, 90)
    moment = timezone.now() if as_of_past else None
    random_deeds(world, 7, 30)
    now = timezone.now()
    body = portfolio(world.funder, world.initiative.slug, as_of=moment, now=now).recorded

    def asked(**filters):
        return open_scope(world.funder, world.initiative.slug, PortfolioFilter(**filters), as_of=moment, now=now)

    for line in body.money.stages:
        found = lists.entries(asked(), line.stage)
        assert found.sums[0] == line.total.value
        assert sum(row.net_usd for row in found.rows) == (line.total.value or 0)
    for stage, figure in zip(STAGES, body.money.whole, strict=True):
        assert lists.entries(asked(cities=("none",)), stage).sums[0] == figure.value
    for row in body.rows:
        of = {"cities": (row.city_slug,)}
        assert lists.entries(asked(**of), "spent").sums[0] == row.spent.value
        assert lists.milestones(asked(**of), "late").total == row.late.value
        assert lists.budget(asked(**of)).sums == (row.budget.value or 0, row.planned.value or 0)
    assert lists.milestones(asked(), "on_time").total == (body.figure("on_time").value or 0)
    due = lists.milestones(asked(), "due")
    assert sum(row.outcome == "on time" for row in due.rows) == (body.figure("on_time").value or 0)
    for family in body.families:
        for line in family.indicators:
            rows = lists.values(asked(), line.pk).rows
            assert rows[0].value == float(line.actual.value) and rows[0].period_end == line.period_end
    counted = {row.indicator_id for row in lists.values(asked()).rows}
    assert counted == {line.indicator_id for line in body.people.lines}
