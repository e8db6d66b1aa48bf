import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagements.pilots.rules.estimators.assignments import log_orders, reassign
from engagements.pilots.rules.estimators.orders import count_orders
from engagements.pilots.rules.estimators.permuted import invert


def test_fisher_of_four_and_four_cups_all_right_counts_seventy_orders():
    found = count_orders(np.array([1, 1, 1, 1, 0, 0, 0, 0.0])[:, None], np.array([0, 0, 0, 0, 1, 1, 1, 1]), ("",) * 8)

    assert (found.draws, found.exact) == (70, True)
    assert found.p == pytest.approx(2 / 70)  # all right, and all wrong
    assert found.attainable_p == pytest.approx(2 / 70)
    assert found.value == pytest.approx(1)


def test_three_of_six_groups_can_never_reach_five_percent():
    found = count_orders(np.array([9, 9, 9, 0, 0, 0.0])[:, None], np.array([0, 0, 0, 1, 1, 1]), ("",) * 6)

    assert found.attainable_p == pytest.approx(0.1)
    assert (found.low, found.high) == (-math.inf, math.inf)
    assert (found.as_second_test().low, found.as_second_test().high) == (None, None)


@given(st.lists(st.integers(-20, 20), min_size=8, max_size=8, unique=True))
def test_the_interval_holds_just_the_effects_that_the_test_does_not_reject(numbers):
    outcomes, starts = np.array(numbers, dtype=float)[:, None], np.array([0, 0, 0, 0, 1, 1, 1, 1])

    found = count_orders(outcomes, starts, ("",) * 8)

    for effect, is_inside in (
        (found.low + 1e-6, True),
        (found.high - 1e-6, True),
        (found.low - 1e-6, False),
        (found.high + 1e-6, False),
    ):
        rest = outcomes - effect * (starts == 0)[:, None]
        assert (_p_of_difference(rest.ravel()) > 0.05) == is_inside


def _p_of_difference(numbers):
    gaps = [numbers[list(ones)].mean() - np.delete(numbers, ones).mean() for ones in combinations(range(8), 4)]
    return np.mean([abs(gap) >= abs(gaps[0]) - 1e-12 for gap in gaps])


def test_a_number_divided_by_a_tiny_one_does_not_make_the_others_count_as_nothing():
    """39 placebos with gaps of 1 to 39, and the observed gap, 50. Two may be as strong: it and the strongest of the
    others. So the ends are 50 -+ 38. Divided by 1e-11, the gap of 1 is the strongest, and 39 sets the ends."""
    gaps, divisors = np.append(np.arange(1.0, 40), 50), np.ones(40)
    slopes = np.append(np.zeros(39), 1.0)

    plain = invert(50, 1, gaps, slopes, exact=True, divisors=divisors)
    divisors[0] = 1e-11
    found = invert(50, 1, gaps / divisors, slopes / divisors, exact=True, divisors=divisors)

    assert (plain.low, plain.high, plain.p) == (50 - 38, 50 + 38, 1 / 40)
    assert (found.low, found.high, found.p) == (50 - 39, 50 + 39, 2 / 40)


def test_groups_change_starts_within_their_block_only():
    orders = reassign(np.array([1, 2, 1, 3]), ("a", "a", "b", "b"))

    assert sorted(orders.starts.tolist()) == [[1, 2, 1, 3], [1, 2, 3, 1], [2, 1, 1, 3], [2, 1, 3, 1]]


def test_too_many_orders_to_count_are_drawn_the_same_every_time():
    starts = np.arange(12)

    orders = reassign(starts, ("",) * 12)

    assert (len(orders.starts), orders.exact) == (9_999, False)
    assert (orders.starts == reassign(starts, ("",) * 12).starts).all()
    assert (np.sort(orders.starts, axis=1) == starts).all()


def test_thousands_of_groups_in_four_waves_take_no_more_than_their_share_of_memory():
    orders = reassign(np.repeat(np.arange(4), 2_500), ("",) * 10_000)

    assert orders.starts.size <= 5_000_000
    assert log_orders(np.array([0, 0, 0, 1, 1, 1])) == pytest.approx(math.log(20))
