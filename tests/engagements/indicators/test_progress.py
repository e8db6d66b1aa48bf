"""How far, how fresh, by which rule: worked numbers, and a slow reference."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.formatting.dates import format_interval_of_months, format_period
from engagements.base.dates import add_months
from engagements.discussion.rules import rate_risk
from engagements.indicators.rules.checks import IndicatorDefinition
from engagements.indicators.rules.progress import EARLY, LATE, ON_TRACK, RULE, progress_at, rate
from engagements.indicators.rules.staleness import next_due
from engagements.indicators.rules.units import format_interval, format_share, format_value
from tests.reference import indicators as slow

BEGAN, ENDS = date(2026, 1, 1), date(2027, 1, 1)
FRAME = IndicatorDefinition(
    unit="people", direction="rising", baseline=100, baseline_on=BEGAN, target=200, target_on=ENDS, every_months=3
)
TODAY = date(2026, 11, 27)


def judged(value, on, definition=FRAME, today=None):
    """Rated as of the day the value's period ended."""
    today = today or on or TODAY
    due = next_due(every_months=definition.every_months, last_end=on, begins_on=definition.baseline_on, today=today)
    progress = progress_at(definition, value=value, on=on, due=due)
    return progress, rate(definition, progress, value=value, due=due, today=today)


def after(share: float) -> date:
    return BEGAN + timedelta(days=round(365 * share))


@pytest.mark.parametrize(
    ("time", "value", "colour", "rule"),
    [
        (0.8, 140, "red", "late: 80% of the time is gone and 40% of the way is done"),
        (0.8, 160, "amber", "behind: 80% of the time is gone and 60% of the way is done"),
        (0.8, 172, "green", "on track: 80% of the time is gone and 72% of the way is done"),
        (0.8, 200, "green", "target reached: 100% of the way is done"),
        (0.8, 240, "green", "target reached: 140% of the way is done"),
        (0.8, 90, "red", "late: 80% of the time is gone and it moved away from the target"),
        (0.08, 100, "none", "too early to judge: 8% of the time is gone and 0% of the way is done"),
    ],
)
def test_a_colour_never_comes_without_its_rule(time, value, colour, rule):
    _, rating = judged(value, after(time))
    assert (rating.colour, rating.rule) == (colour, rule)


def test_after_its_day_a_target_that_was_not_reached_is_late():
    _, rating = judged(192, after(0.97), today=ENDS + timedelta(days=1))
    assert rating.colour == "red" and rating.rule == "late: the target was for Jan 1, 2027 and 92% of the way is done"


@pytest.mark.parametrize("value", [122, 124, 140, 170, 199])
def test_what_is_ahead_of_pace_is_never_behind_because_its_data_are_overdue(value):
    """The fault seen: 20% of the way in 16% of the time read "Behind"."""
    _, rating = judged(value, date(2026, 3, 31), today=TODAY)
    assert rating.label == "data overdue" and "behind" not in rating.rule


def test_an_overdue_value_is_data_overdue_at_best():
    on = date(2026, 3, 31)
    _, rating = judged(124, on, today=TODAY)
    assert rating.colour == "amber" and rating.label == "data overdue"
    assert rating.rule == ("data overdue since Jun 30, 2026: 24% of the time is gone and 24% of the way is done")


@pytest.mark.parametrize(
    ("changes", "value", "on", "reason"),
    [
        ({}, None, None, "No approved value yet."),
        ({"baseline_on": date(2026, 11, 1)}, None, None, "Not due yet: the first value is due on Feb 1, 2027."),
        ({"target": None, "target_on": None}, 120, TODAY, "No target set."),
        ({"baseline": None, "baseline_on": None}, 120, TODAY, "No baseline was set, so there is no way to measure."),
        ({}, 120, BEGAN, "The last approved value is not later than the baseline."),
    ],
)
def test_why_there_is_no_way_to_tell(changes, value, on, reason):
    progress, rating = judged(value, on, replace(FRAME, **changes), today=TODAY)
    assert progress.way is None and progress.reason == reason
    assert (reason in rating.rule or due_words(rating)) and rating.label in ("no value", "not judged")


def due_words(rating) -> bool:
    return rating.rule == "no approved value yet, and the first was due on Apr 1, 2026"


def test_no_value_that_was_due_is_amber():
    _, rating = judged(None, None, today=TODAY)
    assert (rating.colour, rating.label) == ("amber", "no value") and "the first was due on Apr 1, 2026" in rating.rule


def test_a_target_to_stay_where_one_is():
    definition = replace(FRAME, target=100)
    assert (
        judged(100, after(0.5), definition)[1].colour == "green"
        and judged(99, after(0.5), definition)[1].colour == "red"
    )
    falling = replace(definition, direction="falling")
    assert judged(99, after(0.5), falling)[1].colour == "green" and judged(101, after(0.5), falling)[1].label == "late"


@given(
    st.integers(-1000, 1000),
    st.integers(1, 1000),
    st.booleans(),
    st.integers(-2000, 2000),
    st.integers(1, 500),
    st.integers(1, 700),
)
def test_progress_equals_the_slow_reference(baseline, distance, rising, value, length, gone):
    target = baseline + distance if rising else baseline - distance
    definition = IndicatorDefinition(
        unit="score",
        direction="rising" if rising else "falling",
        baseline=baseline,
        baseline_on=BEGAN,
        target=target,
        target_on=BEGAN + timedelta(days=length),
    )
    on = BEGAN + timedelta(days=gone)
    progress, rating = judged(value, on, definition)
    assert progress.way == pytest.approx(slow.way_done(baseline, target, value))
    assert progress.time == pytest.approx(slow.time_gone(BEGAN, definition.target_on, on))
    reached = value >= target if rising else value <= target
    assert (rating.label == "target reached") == reached
    if not reached and on <= definition.target_on and progress.time >= EARLY:
        ratio = progress.way / progress.time + 1e-9
        expected = "late" if ratio < LATE else "behind" if ratio < ON_TRACK else "on track"
        assert rating.label == expected


def test_a_value_is_due_so_many_months_after_the_last_period():
    def due(**more):
        return next_due(**{"every_months": 3, "last_end": None, "begins_on": None, "today": TODAY} | more)

    fresh = due(last_end=date(2026, 9, 30))
    assert (fresh.due_on, fresh.is_stale) == (date(2026, 12, 31), False) and "is due on Dec 31, 2026" in fresh.rule
    late = due(last_end=date(2026, 6, 30))
    assert (late.due_on, late.days_late) == (date(2026, 9, 30), 58)
    assert due(last_end=TODAY, every_months=1, today=date(2026, 12, 27)).days_late == 0  # on the day itself it is not
    first = due(begins_on=date(2026, 1, 15))
    assert first.due_on == date(2026, 4, 15) and "none is approved, and it began on Jan 15, 2026" in first.rule
    assert due().due_on is None and not due().is_stale


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 6, 30), 6, date(2026, 12, 31)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 1, 30), 1, date(2026, 2, 28)),
        (date(2026, 3, 15), 12, date(2027, 3, 15)),
    ],
)
def test_months_end_where_months_end(day, months, then):
    assert add_months(day, months) == then


def test_words_of_periods_and_numbers():
    assert format_period(date(2026, 7, 1), date(2026, 9, 30)) == "Jul to Sep 2026"
    assert format_period(date(2026, 1, 1), date(2026, 12, 31)) == "2026"
    assert format_period(date(2025, 7, 1), date(2026, 6, 30)) == "Jul 2025 to Jun 2026"
    assert format_period(date(2026, 9, 1), date(2026, 9, 30)) == "Sep 2026"
    assert format_period(date(2026, 9, 1), date(2026, 9, 29)) == "Sep 1, 2026 to Sep 29, 2026"
    assert format_period(TODAY, TODAY) == "Nov 27, 2026"
    assert (format_interval_of_months(1), format_interval_of_months(3), format_interval_of_months(12)) == (
        "every month",
        "every 3 months",
        "every year",
    )
    assert (format_value(0.352, "share"), format_value(1, "people")) == ("35.2%", "1 person")
    assert (format_value(1250, "usd"), format_value(12.5, "days")) == ("$1,250", "12.5 days")
    assert (format_value(-3, "usd"), format_value(1200, "people")) == ("−$3", "1,200 people")
    assert format_interval(0.2, 0.35, "share") == "20% to 35%"
    assert [format_share(s) for s in (0, 0.004, 0.5, 0.996, 1, -0.2)] == [
        "0%",
        "less than 1%",
        "50%",
        "99%",
        "100%",
        "-20%",
    ]
    assert "nine tenths" in RULE and "six tenths" in RULE


@pytest.mark.parametrize(
    ("likelihood", "severity", "colour"),
    [(1, 1, "green"), (1, 2, "green"), (1, 3, "amber"), (2, 2, "amber"), (2, 3, "red"), (3, 3, "red"), (3, 1, "amber")],
)
def test_a_risk_is_red_by_likelihood_times_severity(likelihood, severity, colour):
    rating = rate_risk(likelihood, severity)
    assert rating.colour == colour and f"= {likelihood * severity};" in rating.rule
