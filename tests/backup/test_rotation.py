"""Which backups stay: worked by hand."""

from datetime import UTC, datetime, timedelta

import pytest

from mobility_portal.backup.rotation import Keep, file_name, is_due, made_at, removable

NOW = datetime(2026, 11, 30, 2, 0, tzinfo=UTC)  # a Monday
KEEP = Keep()


def daily(count: int) -> list[str]:
    return [file_name(NOW - timedelta(days=days)) for days in range(count)]


def kept(names: list[str], keep: Keep = KEEP) -> list[str]:
    gone = set(removable(names, keep))
    return [name for name in names if name not in gone]


def test_a_year_and_a_half_of_days_leaves_seven_days_four_weeks_and_twelve_months():
    dates = [made_at(name) for name in kept(daily(550))]
    days = [NOW - timedelta(days=days) for days in range(7)]  # November 24 to 30
    sundays = [datetime(2026, 11, day, 2, tzinfo=UTC) for day in (22, 15)]  # 49 and 48 are in it
    months = [
        datetime(2026, 10, 31, 2, tzinfo=UTC),
        datetime(2026, 9, 30, 2, tzinfo=UTC),
        datetime(2026, 8, 31, 2, tzinfo=UTC),
        datetime(2026, 7, 31, 2, tzinfo=UTC),
        datetime(2026, 6, 30, 2, tzinfo=UTC),
        datetime(2026, 5, 31, 2, tzinfo=UTC),
        datetime(2026, 4, 30, 2, tzinfo=UTC),
        datetime(2026, 3, 31, 2, tzinfo=UTC),
        datetime(2026, 2, 28, 2, tzinfo=UTC),
        datetime(2026, 1, 31, 2, tzinfo=UTC),
        datetime(2025, 12, 31, 2, tzinfo=UTC),
    ]
    assert dates == days + sundays + months


def test_of_a_day_the_newest_stays_and_a_gap_counts_as_nothing():
    early, late = file_name(NOW - timedelta(hours=1)), file_name(NOW)
    old = file_name(NOW - timedelta(days=200))
    assert kept([early, late, old], Keep(1, 0, 0)) == [late]
    assert kept([early, late, old], Keep(2, 0, 0)) == [late, old]  # days that have one, not days of the calendar


def test_the_newest_stays_whatever_is_asked_and_other_files_are_never_ours():
    names = [*daily(3), "erasures.jsonl", "portal-20261340T000000Z.tar.age", "notes.txt"]
    assert removable(names, Keep(0, 0, 1)) == sorted(daily(3)[1:])
    assert removable([], Keep()) == []


@pytest.mark.parametrize("text", ["", "7", "7,4", "7,4,x", "-1,4,12", "0,0,0", "1,2,3,4"])
def test_a_setting_that_is_no_rule_is_refused(text: str):
    with pytest.raises(ValueError):
        Keep.of_text(text)


@pytest.mark.parametrize(
    ("hours", "due"), [(None, True), (0, False), (23.7, False), (23.76, True), (24, True), (100, True)]
)
def test_a_backup_is_due_a_day_after_the_last_good_one(hours: float | None, due: bool):
    last = None if hours is None else NOW - timedelta(hours=hours)
    assert is_due(last, NOW, timedelta(hours=24)) is due
