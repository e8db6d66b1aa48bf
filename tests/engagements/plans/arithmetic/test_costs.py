"""Costs in one price year, cost of a unit of effect, and what may be added up."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engagements.plans.arithmetic import within
from engagements.plans.arithmetic.costs import NO_UPPER_BOUND, cost_per_unit
from engagements.plans.arithmetic.prices import CPI_U, price_factor
from engagements.plans.arithmetic.quantities import Quantity, from_draws
from engagements.plans.arithmetic.simulation import draw_normal, stream
from engagements.plans.arithmetic.totals import MAY_COUNT_TWICE
from tests.engagements.plans.arithmetic.worked import MOVES, MTO, OFFER, change, compute, one
from tests.properties import examples
from tests.reference import planning as slow

PRICED = {"cost_usd": 2500, "cost_price_year": 2006}
DISTINCT = {"groups_are_distinct": True, "distinct_reason": "Different schools."}

# US Bureau of Labor Statistics, CPI-U, US city average, all items, months of 2000 to 2007 as published.
MONTHS = {
    2000: "168.8 169.8 171.2 171.3 171.5 172.4 172.8 172.8 173.7 174.0 174.1 174.0",
    2001: "175.1 175.8 176.2 176.9 177.7 178.0 177.5 177.5 178.3 177.7 177.4 176.7",
    2002: "177.1 177.8 178.8 179.8 179.8 179.9 180.1 180.7 181.0 181.3 181.3 180.9",
    2003: "181.7 183.1 184.2 183.8 183.5 183.7 183.9 184.6 185.2 185.0 184.5 184.3",
    2004: "185.2 186.2 187.4 188.0 189.1 189.7 189.4 189.5 189.9 190.9 191.0 190.3",
    2005: "190.7 191.8 193.3 194.6 194.4 194.5 195.4 196.4 198.8 199.2 197.6 196.8",
    2006: "198.3 198.7 199.8 201.5 202.5 202.9 203.5 203.9 202.9 201.8 201.5 201.8",
    2007: "202.416 203.499 205.352 206.686 207.949 208.352 208.299 207.917 208.490 208.936 210.177 210.036",
}


@pytest.mark.parametrize("year", MONTHS)
def test_the_index_is_the_mean_of_its_published_months(year):
    months = [float(text) for text in MONTHS[year].split()]
    assert sum(months) / 12 == pytest.approx(CPI_U[year], abs=0.051 if year < 2007 else 0.001)


def test_the_index_has_every_year_and_the_known_values():
    assert sorted(CPI_U) == list(range(2000, 2026))
    known = {2006: 201.6, 2015: 237.017, 2019: 255.657, 2020: 258.811, 2021: 270.97, 2022: 292.655, 2024: 313.689}
    assert known.items() <= CPI_U.items()


def test_worked_prices():
    assert price_factor(2006, 2024) == pytest.approx(1.555997, abs=1e-6)
    assert 2500 * price_factor(2006, 2024) == pytest.approx(3889.99, abs=0.01)


@given(*[st.sampled_from(sorted(CPI_U))] * 3)
def test_prices_go_there_and_back_and_by_way_of_any_year(a, b, c):
    assert price_factor(a, b) * price_factor(b, a) == pytest.approx(1)
    assert price_factor(a, b) * price_factor(b, c) == pytest.approx(price_factor(a, c))


@pytest.mark.parametrize(
    ("changes", "dollars"),
    [
        ({}, 140 * 2500 * 313.689 / 201.6),
        ({"cost_basis": "offered"}, 200 * 2500 * 313.689 / 201.6),
        ({"cost_period": "month", "duration_months": 6}, 140 * 2500 * 6 * 313.689 / 201.6),
        ({"cost_price_year": 2024, "duration_months": 6}, 140 * 2500),
        ({"cost_basis": "total", "cost_usd": 90_000_000, "cost_price_year": 2024}, 90_000_000),
        ({"cost_usd": 0}, 0),
    ],
)
def test_costs(changes, dollars):
    cost = one(change(**{**PRICED, **changes})).cost
    assert cost.value == pytest.approx(dollars) and cost.unit == "dollars (2024 prices)"
    assert "not estimated" in cost.reason and not cost.has_range


def test_a_cost_that_cannot_be_worked_out_says_why():
    assert one().cost.reason == "no cost is given"
    assert "take-up is missing" in one(change(**PRICED, takeup=None)).cost.reason
    assert one(change(**PRICED, takeup=None, cost_basis="offered", effect=OFFER)).cost.value > 0


@settings(max_examples=examples(20))
@given(st.sampled_from(sorted(CPI_U)), st.sampled_from(sorted(CPI_U)))
def test_the_price_year_scales_all_costs_alike(a, b):
    first, second = (one(change(**PRICED), price_year=year, draws=1000) for year in (a, b))
    for name in ("value", "low", "high"):
        ratio = getattr(second.cost_per_unit, name) / getattr(first.cost_per_unit, name)
        assert ratio == pytest.approx(price_factor(a, b))
    assert second.cost.value / first.cost.value == pytest.approx(price_factor(a, b))


@pytest.mark.parametrize(("gain", "error"), [(243_390, 99_260), (50, 1), (1000, 480)])
def test_cost_of_a_unit_agrees_with_fieller(gain, error):
    draws = gain + error * draw_normal(stream("fieller"), 10_000)
    found = cost_per_unit(Quantity(5e5, "dollars", reason="planned"), from_draws(draws, "x"), draws)
    low, high = slow.fieller(5e5, gain, error)
    assert found.value == pytest.approx(5e5 / gain, rel=1e-3)
    assert found.low == pytest.approx(low, rel=0.01) and found.high == pytest.approx(high, rel=0.05)


def test_no_upper_bound_when_nothing_may_be_gained():
    draws = 100 + 60 * draw_normal(stream("fieller"), 10_000)  # P(gain <= 0) = 4.8%
    found = cost_per_unit(Quantity(1000.0, "dollars", reason="planned"), from_draws(draws, "x"), draws)
    assert slow.fieller(1000, 100, 60)[1] is None
    assert found.value is None and found.high is None and found.is_lower_bound
    assert found.low == pytest.approx(slow.fieller(1000, 100, 60)[0], rel=0.01)
    assert found.reason.startswith(NO_UPPER_BOUND)


@pytest.mark.parametrize(("error", "bounded"), [(3477 / 1.97, True), (3477 / 1.95, False)])
def test_the_line_is_drawn_at_two_and_a_half_percent(error, bounded):
    row = one(change(effect=replace(MTO, standard_error=error), **PRICED))
    assert (row.chance_of_no_gain <= 0.025) == bounded == row.cost_per_unit.has_range
    assert bounded or any("no upper bound" in sentence for sentence in row.claims)


def test_a_harmful_effect_has_no_cost_per_unit():
    row = one(change(effect=replace(MTO, value=-9000), **PRICED))
    assert row.chance_of_no_gain == 1 and row.cost_per_unit.low is None
    assert row.cost_per_unit.reason.startswith(NO_UPPER_BOUND)
    assert any("no upper bound: the whole range" in sentence for sentence in row.claims)


def test_where_less_is_better_a_fall_is_the_gain():
    fewer = replace(MTO, value=-3477, better="lower")
    row = one(change(effect=fewer, **PRICED))
    usual = one(change(**PRICED))
    assert row.gain.value == -usual.gain.value and row.chance_of_no_gain == pytest.approx(usual.chance_of_no_gain, 0.2)
    assert row.cost_per_unit.value == pytest.approx(usual.cost_per_unit.value)


def test_people_are_not_added_up_unless_the_planner_says_that_the_groups_are_distinct():
    two = (MOVES, change(key="b", offered=100))
    assert compute(MOVES).totals.reached.value == 140
    assert compute(*two).totals.reached.reason == MAY_COUNT_TWICE
    assert compute(*two, **DISTINCT).totals.reached.value == pytest.approx(210)
    families = compute(MOVES, change(key="b", people="families"), **DISTINCT).totals.reached
    assert families.value is None and "children and families" in families.reason
    assert "take-up" in compute(MOVES, change(key="b", takeup=None), **DISTINCT).totals.reached.reason
    assert compute().totals.reached.reason and compute().totals.cost.reason


def test_costs_are_added_when_all_are_known():
    priced = change(**PRICED)
    total = compute(priced, replace(priced, key="b")).totals.cost
    assert total.value == pytest.approx(2 * 140 * 2500 * 313.689 / 201.6)
    partly = compute(priced, change(key="b", name="tutoring")).totals.cost
    assert (
        partly.value is None
        and "tutoring is without a cost; the others come to $544,599 (2024 prices)" in partly.reason
    )


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"outcome": "college enrollment", "unit": "percentage points"}, "different outcomes"),
        ({"unit": "dollars per quarter"}, "different outcomes"),
        ({"population": "adults"}, "different outcomes"),
        ({"better": "lower"}, "different outcomes"),
        ({"standard_error": None}, "one of them has no range"),
        ({"outcome_age": "at age 40"}, "different ages or times"),
        ({"duration": "after 2 years"}, "different ages or times"),
    ],
)
def test_effects_on_different_things_stay_apart(other, why):
    plan = compute(MOVES, change(key="b", effect=replace(MTO, key="other", **other)), **DISTINCT)
    assert plan.totals.effects == () and why in plan.totals.not_added[0]


def test_effects_stay_apart_when_people_may_be_in_both_or_nobody_knows_who_they_hold_for():
    other = change(key="b", effect=replace(MTO, key="other"))
    assert "in several" in compute(MOVES, other).totals.not_added[0]
    nobody = replace(MTO, population="")
    plan = compute(change(effect=nobody), change(key="b", effect=nobody), **DISTINCT)
    assert plan.totals.effects == () and "for which people" in plan.totals.not_added[0]


def test_effects_on_one_outcome_for_one_family_of_people_are_added_with_their_uncertainty():
    other = change(key="b", offered=100, effect=replace(MTO, key="other", value=1000, standard_error=900))
    (total,) = compute(MOVES, other, **DISTINCT).totals.effects
    assert total.gain.value == pytest.approx(243_390 + 70 * 1000 * 0.5) and total.keys == ("b", "moves")
    alone = [one(row).gain.standard_error for row in (MOVES, other)]
    assert max(alone) < total.gain.standard_error < sum(alone)


def test_what_carries_over_is_shared_by_the_place_so_that_sums_are_not_too_certain():
    """With sure studies only the place is unknown: the standard deviations add up."""
    sure = [replace(MTO, key=key, standard_error=1e-6) for key in "ab"]
    rows = [change(key=effect.key, effect=effect, transport=within(0.2, 0.8, reason="a")) for effect in sure]
    (total,) = compute(*rows, **DISTINCT).totals.effects
    assert total.gain.standard_error == pytest.approx(2 * one(rows[0]).gain.standard_error)
