"""What an indicator and its values may say."""

from dataclasses import replace
from datetime import date

import pytest

from engagements.indicators.rules.checks import (
    Actual,
    IndicatorDefinition,
    check_actual,
    check_definition,
    check_groups,
    value_of_parts,
)

TODAY = date(2026, 11, 27)
SHARE = IndicatorDefinition(unit="share", direction="rising", denominator="of all offered", dimensions=("sex",))
PEOPLE = IndicatorDefinition(unit="people", direction="rising", dimensions=("sex", "age"))
Q3 = (date(2026, 7, 1), date(2026, 9, 30))


def actual(value: float, **more) -> Actual:
    return Actual(*Q3, value, **more)


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"baseline": 35.0, "baseline_on": TODAY}, "baseline", "Write 0.35 for 35%"),
        ({"baseline": 0.3}, "baseline_on", "Say of which day"),
        ({"target_on": TODAY}, "target", "a day and no target"),
        ({"denominator": " "}, "denominator", "what it is a share of"),
        ({"every_months": 0}, "every_months", "1 to 60 months"),
        ({"counts_people": True}, "counts_people", "in people or households"),
        ({"dimensions": ("sex", "Sex ")}, "dimensions", "the same name"),
        ({"dimensions": ("",)}, "dimensions", "a name"),
    ],
)
def test_what_an_indicator_may_not_say(changes, field, words):
    assert check_definition(SHARE) == {}
    assert words in check_definition(replace(SHARE, **changes))[field]


@pytest.mark.parametrize(
    ("direction", "baseline", "target", "words"),
    [
        ("rising", 0.5, 0.4, "Higher is better here, but the target of 40% is below the baseline of 50%."),
        ("falling", 0.4, 0.5, "Lower is better here, but the target of 50% is above the baseline of 40%."),
        ("rising", 0.4, 0.5, None),
        ("falling", 0.5, 0.4, None),
        ("rising", 0.4, 0.4, None),
    ],
)
def test_a_target_lies_on_the_way_from_the_baseline(direction, baseline, target, words):
    days = {"baseline_on": date(2026, 1, 1), "target_on": date(2027, 1, 1)}
    definition = replace(SHARE, direction=direction, baseline=baseline, target=target, **days)
    assert check_definition(definition).get("target") == words


def test_a_target_is_for_a_later_day_than_the_baseline():
    days = {"baseline_on": date(2026, 1, 1), "target_on": date(2026, 1, 1)}
    definition = replace(SHARE, baseline=0.4, target=0.5, **days)
    assert "after the baseline, which is of Jan 1, 2026" in check_definition(definition)["target_on"]


@pytest.mark.parametrize(
    ("definition", "row", "field", "words"),
    [
        (SHARE, actual(35), "value", "A share is between 0 and 1. Write 0.35 for 35%."),
        (SHARE, actual(-0.1), "value", "A share is between 0 and 1."),
        (SHARE, actual(float("nan")), "value", "no number"),
        (PEOPLE, actual(-1), "value", "less than 0"),
        (PEOPLE, actual(2.5), "value", "whole number"),
        (PEOPLE, actual(1e13), "value", "slip of the key"),
        (PEOPLE, Actual(Q3[1], Q3[0], 1), "period_end", "ends before it begins"),
        (PEOPLE, Actual(Q3[0], date(2026, 12, 31), 1), "period_end", "has not ended yet"),
        (PEOPLE, Actual(date(1999, 1, 1), Q3[1], 1), "period_start", "before 2000"),
        (SHARE, actual(0.3, low=0.2), "high", "two ends"),
        (SHARE, actual(0.3, low=0.4, high=0.5), "low", "around the value"),
        (SHARE, actual(0.3, numerator=3), "denominator", "or neither"),
        (SHARE, actual(0.3, numerator=3, denominator=0), "denominator", "above 0"),
        (SHARE, actual(0.3, numerator=30, denominator=10), "numerator", "between 0 and the denominator"),
        (SHARE, actual(0.35, numerator=12, denominator=48), "value", "12 of 48 is 0.250, not 0.35."),
        (PEOPLE, actual(3, numerator=3, denominator=9), "numerator", "Only a share"),
        (PEOPLE, actual(3, dimension="sex"), "category", "both"),
        (PEOPLE, actual(3, category="women"), "dimension", "both"),
        (PEOPLE, actual(3, dimension="race", category="x"), "dimension", "broken down by sex, age."),
        (replace(PEOPLE, dimensions=()), actual(3, dimension="sex", category="x"), "dimension", "not broken down"),
    ],
)
def test_what_a_value_may_not_be(definition, row, field, words):
    assert words in check_actual(definition, row, TODAY)[field]


def test_a_share_agrees_with_its_parts_up_to_rounding():
    assert check_actual(SHARE, actual(0.33, numerator=1, denominator=3), TODAY) == {}
    assert check_actual(SHARE, actual(0.3, low=0.25, high=0.36), TODAY) == {}
    assert value_of_parts(None, 12, 48) == 0.25 and value_of_parts(0.3, 12, 48) == 0.3
    assert value_of_parts(None, 12, None) is None and value_of_parts(None, 1, 0) is None


def test_groups_of_one_dimension_are_not_more_than_everybody_where_parts_add_up():
    rows = [actual(100), *(actual(n, dimension="sex", category=c) for n, c in ((60, "women"), (41, "men")))]
    assert check_groups(PEOPLE, rows) == {
        ("sex", "men"): "The groups by sex make 101 people together, more than the 100 people of everybody."
        " Correct a group or the total."
    }
    fewer = [rows[0], rows[1], actual(40, dimension="sex", category="men")]
    other = actual(100, dimension="age", category="under 18")
    assert check_groups(PEOPLE, [*fewer, other]) == {}  # each dimension is a way of its own
    assert check_groups(PEOPLE, rows[1:]) == {}  # without a total there is nothing to compare
    shares = [actual(0.5), *(actual(0.6, dimension="sex", category=c) for c in ("women", "men"))]
    assert check_groups(SHARE, shares) == {}  # shares of groups don't add up
