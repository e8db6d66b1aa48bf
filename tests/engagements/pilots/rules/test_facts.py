"""Whether a plan was registered before data: computed from moments, and the sentence says which."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from engagements.pilots.rules.facts import earliest_window, lock_that_counts, registered_before, registered_by
from tests.engagements.pilots.made_registration import MADE, make_registration

LOCKED = datetime(2026, 9, 15, 16, tzinfo=UTC)
WINDOW = date(2027, 1, 1)
DECEMBER_1, JANUARY_5 = datetime(2026, 12, 1, 15, tzinfo=UTC), datetime(2027, 1, 5, 15, tzinfo=UTC)


def test_yes_when_locked_before_the_data_and_before_outcomes():
    found = registered_before(LOCKED, datetime(2027, 2, 1, tzinfo=UTC), WINDOW)
    assert found.is_so
    assert found.why == (
        "The plan was locked on September 15, 2026 (UTC), before outcomes began on January 1, 2027; the first data "
        "came in on February 1, 2027 (UTC)."
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


def wordings(*changes):
    """Locked on September 15; each further wording on its own day."""
    return [(MADE, LOCKED), *((make_registration(**one), at) for at, one in changes)]


@pytest.mark.parametrize(
    ("changes", "is_so", "said"),
    [
        ([], True, "locked on September 15, 2026"),
        (
            [(JANUARY_5, {"smallest_worthwhile": 1.0})],
            False,
            "locked on January 5, 2027 (UTC), but outcomes began on January 1",
        ),
        ([(DECEMBER_1, {"smallest_worthwhile": 1.0})], True, "locked on December 1, 2026"),
        ([(JANUARY_5, {"outcome": {"window_from": date(2027, 2, 1)}})], False, "outcomes began on January 1, 2027"),
        ([(JANUARY_5, {"title": "Another", "human_subjects": {"number": "28-1"}})], True, "locked on September 15"),
        (
            [(DECEMBER_1, {"looks": (1.0,)}), (JANUARY_5, {"looks": (1.0,), "cost_per_unit_usd": 3.0})],
            True,
            "locked on December 1",
        ),
    ],
)
def test_the_wording_that_gives_the_verdict_is_the_one_that_must_be_early(changes, is_so, said):
    found = registered_by(wordings(*changes), None)
    assert found.is_so == is_so and said in found.why


def test_the_window_of_a_wording_before_counts_too():
    locked = wordings((DECEMBER_1, {"outcome": {"window_from": date(2027, 2, 1)}}))
    assert earliest_window(locked) == date(2027, 1, 1) and lock_that_counts(locked) == DECEMBER_1
    assert registered_by([], None).why == "No plan was locked."
