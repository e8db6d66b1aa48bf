"""Whether a plan was registered before data: computed from moments, and the sentence says which."""

from datetime import UTC, date, datetime, timedelta, timezone

from engagements.pilots.rules.facts import registered_before

LOCKED = datetime(2026, 9, 15, 16, tzinfo=UTC)
WINDOW = date(2027, 1, 1)


def test_yes_when_locked_before_the_data_and_before_outcomes():
    found = registered_before(LOCKED, datetime(2027, 2, 1, tzinfo=UTC), WINDOW)
    assert found.is_so
    assert found.why == (
        "The plan was locked on September 15, 2026, before outcomes began on January 1, 2027; the first data came in "
        "on February 1, 2027."
    )


def test_yes_while_no_data_have_come_in():
    assert registered_before(LOCKED, None, WINDOW).is_so


def test_no_when_data_were_there():
    found = registered_before(LOCKED, LOCKED, WINDOW)
    assert not found.is_so
    assert "after the first data came in on September 15, 2026" in found.why


def test_no_when_outcomes_had_begun_even_without_data():
    found = registered_before(LOCKED, None, LOCKED.date())
    assert not found.is_so
    assert "but outcomes began on September 15, 2026" in found.why


def test_the_day_of_locking_is_the_day_in_utc():
    late = datetime(2026, 12, 31, 20, tzinfo=timezone(timedelta(hours=-6)))  # January 1 in UTC
    assert not registered_before(late, None, WINDOW).is_so


def test_no_without_a_lock_or_a_window():
    assert registered_before(None, None, WINDOW).why == "No plan was locked."
    assert "does not say when outcomes begin" in registered_before(LOCKED, None, None).why
