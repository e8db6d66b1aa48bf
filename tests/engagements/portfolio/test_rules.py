"""Red, amber and green by their rules; budgets by their days; who may be counted once. Worked numbers, no database."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagements.indicators.rules.checks import IndicatorDefinition
from engagements.portfolio.filters import (
    PortfolioFilter,
    WrongFilter,
    quarter_end,
    quarter_of,
    quarter_start,
    read_as_of,
    read_filter,
    write_as_of,
)
from engagements.portfolio.rules import Budget, budget_within, mark_milestones, mark_money, mark_risk, mark_target

TODAY = date(2026, 11, 27)
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("late_on", "dated", "colour"),
    [
        (None, 0, "none"),
        (None, 3, "green"),
        (date(2026, 11, 26), 3, "amber"),
        (date(2026, 10, 28), 3, "amber"),
        (date(2026, 10, 27), 3, "red"),
    ],
)
def test_milestones_are_red_when_one_is_late_by_more_than_thirty_days(late_on, dated, colour):
    assert mark_milestones(late_on, TODAY, dated).colour == colour


@pytest.mark.parametrize(
    ("spent", "planned", "colour", "words"),
    [
        (0, 0, "none", "No budget so far"),
        (90, 100, "green", "10% under plan"),
        (105, 100, "green", "5% over plan"),
        ("105.2", 100, "amber", "5.2% over plan"),
        (109, 100, "amber", "9% over plan"),
        ("89.8", 100, "amber", "10.2% under plan"),
        (100, 100, "green", "As planned"),
        (80, 100, "amber", "20% under plan"),
        (125, 100, "amber", "25% over plan"),
        (74, 100, "red", "26% under plan"),
        (126, 100, "red", "26% over plan"),
        (0, 100, "red", "100% under plan"),
        (None, 100, "none", "No spending recorded"),
    ],
)
def test_money_is_held_against_the_budget_whose_time_has_passed(spent, planned, colour, words):
    mark = mark_money(None if spent is None else Decimal(spent), Decimal(planned))
    assert (mark.colour, mark.words) == (colour, words) and "5% over or 10% under" in mark.rule


def test_a_budget_is_spread_over_its_days():
    year = [Budget(Decimal(365), date(2026, 1, 1), date(2026, 12, 31))]
    assert budget_within(year, None, None) == 365
    assert budget_within(year, None, date(2026, 1, 31)) == 31
    assert budget_within(year, date(2026, 12, 31), None) == 1
    assert budget_within(year, date(2027, 1, 1), None) == budget_within([], None, None) == 0
    assert budget_within([Budget(Decimal(100), TODAY, TODAY)], TODAY, TODAY) == 100


@pytest.mark.parametrize(
    ("value", "baseline", "target", "direction", "colour"),
    [
        (14.5, 10, 20, "rising", "green"),
        (14.4, 10, 20, "rising", "amber"),
        (12.9, 10, 20, "rising", "red"),
        (25, 10, 20, "rising", "green"),
        (15, 20, 10, "falling", "green"),
        (19, 20, 10, "falling", "red"),
        (10, 10, 10, "rising", "green"),
        (9, 10, 10, "rising", "red"),
        (14, None, None, "rising", "none"),
    ],
)
def test_a_target_is_judged_as_on_the_indicators_own_page(value, baseline, target, direction, colour):
    half = date(2026, 7, 2)  # 182 of 364 days
    days = {} if baseline is None else {"baseline_on": date(2026, 1, 1), "target_on": date(2026, 12, 31)}
    mark = mark_target(
        IndicatorDefinition("count", direction, baseline=baseline, target=target, **days), value, half, half
    )
    assert mark.colour == colour and mark.rule


def test_a_stale_value_is_amber_at_best():
    way = IndicatorDefinition(
        "count", "rising", baseline=10, baseline_on=date(2026, 1, 1), target=20, target_on=date(2026, 12, 31)
    )
    assert mark_target(way, 15, date(2026, 6, 30), date(2026, 9, 30)).colour == "green"
    assert mark_target(way, 15, date(2026, 6, 30), date(2026, 10, 1)).colour == "amber"


@pytest.mark.parametrize(
    ("level", "colour"),
    [((1, 1), "green"), ((1, 2), "green"), ((1, 3), "amber"), ((2, 2), "amber"), ((2, 3), "red"), ((3, 3), "red")],
)
def test_risks_are_rated_by_likelihood_times_severity(level, colour):
    assert mark_risk(*level).colour == colour


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_every_day_is_in_its_quarter(day):
    quarter = quarter_of(day)
    assert quarter_start(quarter) <= day <= quarter_end(quarter)
    assert (quarter_end(quarter) - quarter_start(quarter)).days in range(89, 93)


def test_filters_come_back_from_their_address():
    params = {"city": ["detroit", "dayton", ""], "theme": ["early childhood"], "from": ["2026q1"], "page": ["7"]}
    found = read_filter(params)
    assert found == PortfolioFilter(cities=("dayton", "detroit"), themes=("early childhood",), first="2026Q1")
    assert found.query() == "city=dayton&city=detroit&theme=early+childhood&from=2026Q1"
    assert read_filter({}).is_empty


@pytest.mark.parametrize("text", ["2026-09-30", "2026-09-30T12:00:00+00:00", "2026-09-30T08:00:00-04:00"])
def test_moments_come_back_from_their_address(text):
    found = read_as_of(text, NOW)
    assert read_as_of(write_as_of(found), NOW) == found


def test_today_is_now_and_a_day_is_all_that_was_known_when_it_ended():
    assert read_as_of("2026-11-27", NOW) is None and read_as_of("", NOW) is None
    assert read_as_of("2026-09-30", NOW) == datetime(2026, 9, 30, 23, 59, 59, 999999, tzinfo=UTC)
    for wrong in ("2026-11-28", "0000-00-00", "now", "2026-11-27T13:00:00+00:00", "2026-09-30T12:00"):
        with pytest.raises(WrongFilter):
            read_as_of(wrong, NOW)
