"""How old a value is and until when it is the value now, against worked days."""

from datetime import date

import pytest

from engagements.indicators.rules.freshness import BY_HAND, ON_CADENCE, OVERDUE, cadence_of, freshness
from engagements.indicators.rules.staleness import next_due

NOV_28, SEP_30 = date(2026, 11, 28), date(2026, 9, 30)


@pytest.mark.parametrize(
    ("fed", "through", "today", "state", "is_current"),
    [
        ("daily", NOV_28, date(2026, 11, 28), ON_CADENCE, True),
        ("daily", NOV_28, date(2026, 11, 29), ON_CADENCE, True),
        ("daily", NOV_28, date(2026, 11, 30), OVERDUE, False),
        ("weekly", NOV_28, date(2026, 12, 5), ON_CADENCE, True),
        ("weekly", NOV_28, date(2026, 12, 6), OVERDUE, True),
        ("weekly", NOV_28, date(2026, 12, 12), OVERDUE, False),
        ("monthly", SEP_30, date(2026, 10, 31), ON_CADENCE, True),
        ("monthly", SEP_30, date(2026, 11, 1), OVERDUE, True),
        ("monthly", SEP_30, date(2026, 11, 29), OVERDUE, True),
        ("monthly", SEP_30, date(2026, 11, 30), OVERDUE, False),
        ("quarterly", SEP_30, date(2027, 3, 30), OVERDUE, True),
        ("quarterly", SEP_30, date(2027, 3, 31), OVERDUE, False),
        ("yearly", SEP_30, date(2028, 9, 30), OVERDUE, False),
        (None, SEP_30, date(2027, 3, 30), BY_HAND, True),
        (None, SEP_30, date(2027, 3, 31), BY_HAND, False),
    ],
)
def test_on_cadence_overdue_and_no_longer_now(fed, through, today, state, is_current):
    found = freshness(through, cadence_of(3, fed), today)
    assert (found.state, found.is_current) == (state, is_current)


def test_the_age_is_said():
    found = freshness(NOV_28, cadence_of(3, "daily"), date(2026, 11, 29))
    assert found.words == "through November 28, 2026, 1 day old"
    assert freshness(NOV_28, cadence_of(3, None), date(2029, 8, 24)).short_words.endswith("1,000 days old")


def test_a_feed_says_when_the_next_value_is_due():
    due = next_due(every_months=3, fed="daily", last_end=NOV_28, begins_on=None, today=date(2026, 12, 1))
    assert due.due_on == date(2026, 11, 29) and due.days_late == 2 and "every day" in due.rule
    assert next_due(every_months=3, fed="yearly", last_end=SEP_30, begins_on=None, today=NOV_28).days_late == 0
