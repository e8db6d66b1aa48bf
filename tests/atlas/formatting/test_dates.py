"""Days, periods and moments in words."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from atlas.formatting.dates import (
    format_day,
    format_interval_of_months,
    format_moment,
    format_month,
    format_period,
    format_quarter,
)


def test_days_have_no_zero_in_front():
    assert format_day(date(2026, 11, 3)) == "Nov 3, 2026"
    assert (format_month(date(2026, 11, 3)), format_quarter(2026, 3)) == ("Nov 2026", "Q3 2026")


def test_moments_are_in_utc_and_the_last_minute_is_the_end_of_the_day():
    assert format_moment(datetime(2026, 11, 27, 4, 12, tzinfo=UTC)) == "Nov 27, 2026, 4:12 a.m. UTC"
    assert format_moment(datetime(2026, 11, 27, 23, 59, 59, tzinfo=UTC)) == "the end of Nov 27, 2026 (UTC)"
    detroit = timezone(timedelta(hours=-5))
    assert format_moment(datetime(2026, 11, 27, 20, 0, tzinfo=detroit)) == "Nov 28, 2026, 1:00 a.m. UTC"


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        (date(2026, 1, 1), date(2026, 12, 31), "2026"),
        (date(2026, 7, 1), date(2026, 9, 30), "Jul to Sep 2026"),
        (date(2025, 7, 1), date(2026, 6, 30), "Jul 2025 to Jun 2026"),
        (date(2026, 2, 1), date(2026, 2, 28), "Feb 2026"),
        (date(2026, 9, 1), date(2026, 9, 29), "Sep 1, 2026 to Sep 29, 2026"),
        (date(2026, 9, 1), date(2026, 9, 1), "Sep 1, 2026"),
    ],
)
def test_periods_are_as_short_as_they_are_clear(start, end, text):
    assert format_period(start, end) == text


def test_intervals_of_months():
    assert [format_interval_of_months(n) for n in (1, 3, 12, 24)] == [
        "every month",
        "every 3 months",
        "every year",
        "every 2 years",
    ]
