"""People reached and what they may gain: worked numbers, rules of estimands, properties."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engagements.plans.arithmetic import Interval, around, read_direction, same, within
from engagements.plans.arithmetic.compute import RANGE_NOT_AVAILABLE
from engagements.plans.arithmetic.effects import NO_VALUE, NOT_VERIFIED
from engagements.plans.arithmetic.reach import NO_STUDY, NO_STUDY_TAKEUP, NO_TAKEUP, NOT_STATED, RELATIVE
from engagements.plans.arithmetic.simulation import draw_effect, draw_transport, multiply, stream
from tests.engagements.plans.arithmetic.worked import MOVES, MTO, OFFER, change, compute, one
from tests.properties import examples
from tests.reference import planning as slow


def test_worked_numbers_with_a_known_share_as_in_the_methods():
    gain, error, low = slow.fixed_gain(200, 0.7, 0.5, 3477, 1418)
    assert (gain, error) == pytest.approx((243_390, 99_260)) and low == pytest.approx(48_840, abs=7)
    effect = draw_effect(MTO, 10_000, 0)
    draws = multiply(140, effect, np.full(10_000, 0.5))
    assert draws.mean() == pytest.approx(243_390) and draws.std() == pytest.approx(99_260, rel=1e-3)
    assert np.quantile(draws, 0.025) == pytest.approx(48_840, rel=0.01)


def test_worked_range_when_nobody_knows_what_carries_over():
    row = one()
    assert (row.offered.value, row.reached.value, row.gain.value) == (200, 140, 243_390)
    assert row.gain.unit == "dollars per year" and row.gain.draws == 10_000
    assert 5_000 < row.gain.low < 7_000 and row.gain.high == pytest.approx(662_000, rel=0.02)
    for end, probability in ((row.gain.low, 0.025), (row.gain.high, 0.975)):
        assert slow.gain_below(end, 140, 3477, 1418, 0, 1) == pytest.approx(probability, abs=0.003)
    assert row.chance_of_no_gain == pytest.approx(slow.gain_below(0, 140, 3477, 1418, 0, 1), abs=0.0005)


@pytest.mark.parametrize(
    ("estimand", "planned", "study", "counted"),
    [
        ("tot", 0.7, None, 140),
        ("tot", 0.05, 0.5, 10),
        ("itt", 0.7, 0.5, 280),
        ("itt", 0.5, 0.5, 200),
        ("itt", 0.05, 0.5, 20),
        ("itt", 1.0, 0.4, 500),
    ],
)
def test_worked_numbers_of_take_up_with_a_slow_reference(estimand, planned, study, counted):
    row = one(change(effect=replace(MTO, estimand=estimand, study_takeup=study), takeup=planned))
    assert slow.people_counted(200, planned, estimand, study) == pytest.approx(counted)
    assert row.gain.value == pytest.approx(counted * 3477 * 0.5)
    assert row.gain.high == pytest.approx(slow.gain_quantile(0.975, counted, 3477, 1418, 0, 1), rel=0.01)


def test_an_offer_is_scaled_to_the_planned_take_up_and_says_so():
    row = one(change(effect=OFFER))
    assert row.gain.value == pytest.approx(200 * 3477 * 0.7 / 0.5 * 0.5) and "the study's take-up" in row.rule
    assert "70%" in row.warnings[0] and "50%" in row.warnings[0]
    assert any("taken as not affected" in sentence for sentence in row.does_not_claim)
    assert not any("planned at" in said for said in one(change(effect=OFFER, takeup=0.5)).warnings)


def test_an_offer_without_the_studys_take_up_gives_no_number_and_says_why():
    unknown_takeup = replace(OFFER, study_takeup=None)
    assert slow.people_counted(200, 0.7, "itt") is None
    row = one(change(effect=unknown_takeup))
    assert (row.gain.value, row.gain.reason) == (None, NO_STUDY_TAKEUP)
    assert any(NO_STUDY_TAKEUP in sentence for sentence in row.claims)
    given = one(change(effect=unknown_takeup, study_takeup=0.5, itt_reason="Read in the report, table 3."))
    assert given.gain.value == pytest.approx(200 * 3477 * 0.7 / 0.5 * 0.5)
    assert "takes it as 50%: Read in the report, table 3." in given.warnings[0]


@settings(max_examples=examples(30))
@given(st.sampled_from(["tot", "itt"]), st.floats(0.01, 1), st.floats(0.01, 1))
def test_the_planned_take_up_always_changes_the_answer(estimand, a, b):
    """The fault seen: 200 offered gave $194,500 at 60%, at 5% and at 0%."""
    effect = replace(MTO, estimand=estimand, study_takeup=0.4)
    first, second = (one(change(effect=effect, takeup=u), draws=1000).gain.value for u in (a, b))
    assert first / a == pytest.approx(second / b)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"effect": None}, NO_STUDY),
        ({"effect": replace(MTO, is_verified=False)}, NOT_VERIFIED),
        ({"effect": replace(MTO, value=None)}, NO_VALUE),
        ({"effect": replace(MTO, estimand="")}, NOT_STATED),
        ({"effect": replace(MTO, unit="percent of earnings")}, RELATIVE),
        ({"takeup": None}, NO_TAKEUP),
        ({"effect": OFFER, "takeup": None}, NO_TAKEUP),
        ({"effect": replace(OFFER, study_takeup=None)}, NO_STUDY_TAKEUP),
    ],
)
def test_no_estimate_says_why(changes, reason):
    row = one(change(cost_usd=100, cost_price_year=2020, **changes))
    assert (row.gain.value, row.gain.low, row.gain.reason) == (None, None, reason)
    assert row.chance_of_no_gain is None and reason in row.cost_per_unit.reason + row.cost.reason
    assert any(reason in sentence for sentence in row.claims)


def test_without_precision_the_value_stands_alone_and_says_so():
    row = one(change(effect=replace(MTO, standard_error=None), cost_usd=100, cost_price_year=2020))
    assert row.gain.value == 243_390 and not row.gain.has_range and row.gain.reason == RANGE_NOT_AVAILABLE
    assert row.cost_per_unit.value is None and row.cost_per_unit.low is None
    assert any("how far off" in sentence for sentence in row.does_not_claim)


def test_the_error_comes_from_the_interval_and_is_said_to():
    from_interval = replace(MTO, standard_error=None, interval=Interval(3477 - 2779.228952, 3477 + 2779.228952))
    row = one(change(effect=from_interval))
    assert row.effect.standard_error == pytest.approx(1418) and row.gain.high == pytest.approx(one().gain.high)
    assert "calculated from the study's 95% interval" in row.warnings[0]
    ninety = replace(from_interval, interval=Interval(3477 - 2332.40, 3477 + 2332.40, level=0.9))
    assert ninety.error == pytest.approx(1418, rel=1e-4)
    lopsided = replace(from_interval, interval=Interval(3000, 6000))
    assert "rough" in lopsided.error_sentence


def test_percentage_points_become_people_and_counts_per_hundred_become_counts():
    college = replace(MTO, value=5.2, standard_error=2.4, unit="percentage points", outcome="college enrollment")
    row = one(change(effect=college))
    assert row.gain.value == pytest.approx(200 * 0.7 * 0.052 * 0.5) and row.gain.unit == "children"
    share = replace(college, value=0.052, standard_error=0.024, unit="share of children")
    assert one(change(effect=share)).gain.value == pytest.approx(row.gain.value)
    arrests = replace(MTO, value=-3.6, standard_error=1.1, unit="arrests per 100 young people", better="lower")
    row = one(change(effect=arrests))
    assert row.gain.value == pytest.approx(-3.6 * 1.4 * 0.5) and row.gain.unit == "arrests"
    assert row.chance_of_no_gain < 0.01 and row.gain.high < 0


def test_scores_are_added_as_a_measure_of_size_only():
    row = one(change(effect=replace(MTO, value=0.2, standard_error=0.05, unit="standard deviations")))
    assert row.gain.unit == "standard deviations, added over people"
    assert any("only say how large" in sentence for sentence in row.does_not_claim)


def test_the_studys_dollars_are_brought_to_the_plans_prices():
    row = one(change(effect=replace(MTO, price_year=2006)))
    assert row.gain.value == pytest.approx(243_390 * 313.689 / 201.6)
    assert row.gain.unit == "dollars per year (2024 prices)" and not row.warnings
    assert "price year" in one().warnings[0]


def test_effects_are_never_turned_into_mobility_ranks():
    assert any("not turned into income ranks" in sentence for sentence in one().does_not_claim)


@pytest.mark.parametrize(
    "transport",
    [
        within(0.3, 0.8, reason="a"),
        around(0.2, 0.5, 0.9, reason="a"),
        around(0.2, 0.2, 0.9, reason="a"),
        same(reason="a"),
    ],
)
def test_shares_that_carry_over_follow_their_distribution(transport):
    draws = draw_transport(transport, 10_000, 0)
    assert draws.min() >= transport.low and draws.max() <= transport.high
    assert draws.mean() == pytest.approx(transport.mean, abs=1e-3)
    if transport.mode is not None and transport.mode > transport.low:
        for p in (0.025, 0.5, 0.975):
            exact = slow.triangular_quantile(p, transport.low, transport.mode, transport.high)
            assert np.quantile(draws, p) == pytest.approx(exact, abs=2e-3)


def test_study_and_place_are_drawn_apart():
    assert abs(slow.rank_correlation(draw_effect(MTO, 10_000, 0), draw_transport(MOVES.transport, 10_000, 0))) < 0.03
    assert abs(slow.rank_correlation(draw_effect(MTO, 10_000, 0), draw_effect(OFFER, 10_000, 0))) < 0.03
    assert one(seed=1).gain != one(seed=2).gain and one(seed=1).gain == one(seed=1).gain
    assert stream("a").random() == stream("a").random() != stream("b").random()


offered = st.integers(0, 5000)
takeups = st.floats(0.01, 1)


@settings(max_examples=examples(30))
@given(offered, offered, takeups)
def test_more_people_never_gain_less(a, b, takeup):
    few, many = (one(change(offered=n, takeup=takeup), draws=1000).gain for n in sorted((a, b)))
    assert few.value <= many.value and few.high <= many.high and few.standard_error <= many.standard_error


@settings(max_examples=examples(20))
@given(st.permutations(["a", "b", "c", "d"]))
def test_the_order_of_interventions_changes_no_number(order):
    rows = {
        key: change(key=key, effect=replace(MTO, key=f"study {key}"), offered=100 * (at + 1))
        for at, key in enumerate("abcd")
    }
    plans = [
        compute(*(rows[key] for key in keys), draws=1000, groups_are_distinct=True, distinct_reason="schools")
        for keys in ("abcd", order)
    ]
    by_key = [{row.key: row for row in plan.rows} for plan in plans]
    assert by_key[0] == by_key[1]
    assert plans[0].totals.effects == plans[1].totals.effects and plans[0].totals.effects[0].keys == tuple("abcd")


@settings(max_examples=examples(30))
@given(st.integers(2, 400), st.data())
def test_a_programme_entered_in_two_parts_is_as_uncertain_as_in_one(people, data):
    first = data.draw(st.integers(1, people - 1))
    whole = one(change(offered=people), draws=1000).gain
    parts = [change(key=key, offered=n) for key, n in (("a", first), ("b", people - first))]
    total = compute(*parts, draws=1000, groups_are_distinct=True, distinct_reason="two schools").totals.effects[0].gain
    for name in ("value", "low", "high", "standard_error"):
        assert getattr(total, name) == pytest.approx(getattr(whole, name), rel=1e-9)


def test_a_wider_unknown_gives_a_wider_range():
    narrow, wide = (one(change(transport=within(low, high, reason="a"))).gain for low, high in ((0.4, 0.6), (0.2, 0.8)))
    assert narrow.value == pytest.approx(wide.value) and narrow.low > wide.low and narrow.high < wide.high


@pytest.mark.parametrize(
    ("value", "finding", "family", "wanted"),
    [
        (-3.6, "positive", "justice", "lower"),
        (3.6, "negative", "justice", "lower"),
        (-329, "negative", "annual_earnings", "higher"),
        (3477, "positive", "annual_earnings", "higher"),
        (-0.1, "null", "justice", "lower"),
        (-0.1, "null", "education_scores", "higher"),
        (0, "positive", "other", "higher"),
        (None, "no_estimate", "transport", "higher"),
    ],
)
def test_the_wanted_direction_of_a_library_row(value, finding, family, wanted):
    assert read_direction(value, finding, family) == wanted


@pytest.mark.parametrize(
    ("unit", "scale", "per", "counted", "year"),
    [
        ("dollars of 2012 a year for each child whose family used the voucher", "amount", 1, "dollars a year", 2012),
        ("dollars a year; the price year was not read", "amount", 1, "dollars a year", None),
        ("dollars a year as paid then, not adjusted for prices", "amount", 1, "dollars a year", None),
        ("dollars of 2007 a quarter", "amount", 1, "dollars a quarter", 2007),
        ("arrests per 1,000 young people", "amount", 1000, "arrests", None),
        ("boardings a day", "amount", 1, "boardings a day", None),
        ("percentage points", "points", 1, "percentage points", None),
        ("share of families", "share", 1, "share of families", None),
        ("share of income", "relative", 1, "share of income", None),
        ("percent of earnings", "relative", 1, "percent of earnings", None),
        ("log points of the wage for each 100% more spending", "relative", 1, "log points of the wage", None),
        ("standard deviations of the score", "score", 1, "standard deviations of the score", None),
        ("percentile ranks", "score", 1, "percentile ranks", None),
    ],
)
def test_units_as_the_library_writes_them(unit, scale, per, counted, year):
    effect = replace(MTO, unit=unit)
    assert (effect.scale, effect.per, effect.counted, effect.dollars_of) == (scale, per, counted, year)


def test_dollars_of_a_year_before_the_index_stay_as_printed():
    row = one(change(effect=replace(MTO, unit="dollars of 1996 a year")))
    assert row.gain.value == 243_390 and row.gain.unit == "dollars a year" and "1996" in row.warnings[0]
