from datetime import date

import pytest

from engagements.pilots.rules.estimators.periods import are_evenly_spaced, count_periods, days_of


@pytest.mark.parametrize(
    "texts",
    [
        ["2023", "2024"],
        ["2023-12", "2024-01"],
        ["2023Q4", "2024Q1"],
        ["2023-Q4", "2024-Q1"],
        ["2023-W52", "2024-W01"],
        ["2024-02-29", "2024-03-01"],
        ["9", "10"],
    ],
)
def test_periods_that_follow_one_another_differ_by_one(texts):
    earlier, later = count_periods(texts)

    assert later - earlier == 1


@pytest.mark.parametrize(
    "texts", [[], ["2024", "2024-03"], ["before", "after"], ["2024-13"], ["2024-02-30"], ["2023-W60"], ["2024-3"], [""]]
)
def test_what_no_calendar_has_or_is_written_in_two_ways_is_not_counted(texts):
    assert count_periods(texts) is None


def test_a_period_left_out_is_noticed():
    assert are_evenly_spaced([5, 6, 7])
    assert are_evenly_spaced([7, 14, 21])
    assert not are_evenly_spaced([5, 6, 8])


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2023Q4", "2023-10-01", "2023-12-31"),
        ("2024-Q1", "2024-01-01", "2024-03-31"),
        ("2024-W05", "2024-01-29", "2024-02-04"),
        ("2025-W01", "2024-12-30", "2025-01-05"),
        ("2024-03-15", "2024-03-15", "2024-03-15"),
    ],
)
def test_a_period_reaches_from_its_first_day_to_its_last(text, first, last):
    assert days_of(text) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("text", ["1", "999", "2024-13", "2024-02-30", "2023-W60", "before", ""])
def test_a_number_and_what_no_calendar_has_names_no_days(text):
    assert days_of(text) is None
