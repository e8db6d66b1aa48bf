"""Tracts clearly above and below one number, for all of them together."""

import numpy as np
import pytest
from hypothesis import given, settings

from atlas.statistics.sides import Sides, count_sides, critical_value, find_sides
from tests.atlas.statistics.oracle import cities, columns, draw_city
from tests.properties import examples
from tests.reference import sides as slow

Y = np.array([0.48, 0.45, 0.40, 0.33])
S = np.array([0.01, 0.015, 0.02, 0.012])


def test_worked():
    assert count_sides(Y, S, 0.42) == Sides(above=1, below=1, undecided=2, untested=0)
    assert critical_value(1, 0) == pytest.approx(1.959964, abs=1e-6)
    assert critical_value(4, 0) == pytest.approx(2.491, abs=1e-3)
    assert critical_value(300, 0) == pytest.approx(3.758, abs=1e-3)
    assert critical_value(2, 2) == pytest.approx(2.387, abs=1e-3)
    assert critical_value(0, 0) == 0


def test_one_tract_is_the_usual_test():
    assert count_sides(np.array([0.4393]), np.array([0.01]), 0.42) == Sides(0, 0, 1, 0)
    assert count_sides(np.array([0.4397]), np.array([0.01]), 0.42) == Sides(1, 0, 0, 0)


def test_what_is_missing_takes_no_part_and_is_counted():
    y, s = np.array([0.5, 0.5, np.nan, 0.5]), np.array([0.01, np.nan, 0.01, 0.0])
    assert count_sides(y, s, 0.42) == Sides(above=1, below=0, undecided=0, untested=2)
    assert count_sides(np.full(3, np.nan), np.full(3, 0.01), 0.42).tested == 0


def test_an_error_too_small_to_be_true_is_floored():
    found = count_sides(np.array([0.4201, 0.5, 0.5]), np.array([1e-12, 0.02, 0.02]), 0.42)
    assert found == Sides(above=2, below=0, undecided=1, untested=0)


def test_agrees_with_the_slow_reference():
    """Its critical values are drawn: 40,000 draws leave an error of about .01 in z, and no |z| here is that near."""
    rng = np.random.default_rng(4)
    for tracts in (3, 12, 40):
        _, y, s = draw_city(rng, tracts, 0.9)
        found = count_sides(y, s, 0.42)
        assert (found.above, found.below) == slow.sides(y, s, 0.42, draws=40_000)


@settings(max_examples=examples(60), deadline=None)
@given(cities)
def test_every_tract_with_a_value_is_counted_once_in_any_order(rows):
    y, _, s = columns(rows)
    found = count_sides(y, s, 0.42)
    assert found.tested + found.untested == np.isfinite(y).sum()
    assert found == count_sides(y[::-1], s[::-1], 0.42)
    side = find_sides(y, s, 0.42)
    z = np.abs(y - 0.42) / s
    assert (z[np.abs(side) == 1] > 1.9599 * 0.999).all() or np.nanmin(s) < 0.01 * np.nanmedian(s)


@pytest.mark.parametrize("tracts", [17, 120])
def test_at_most_5_in_100_cities_have_any_tract_on_the_wrong_side(tracts):
    """The worst case is every tract at the reference itself: then any count but 0 is false, 5 times in 100."""
    rng = np.random.default_rng(tracts)
    cities_drawn = 2000
    s = 0.05 * np.exp(rng.normal(0, 0.4, tracts))
    false = 0
    for _ in range(cities_drawn):
        found = count_sides(0.42 + rng.normal(0, s), s, 0.42)
        false += found.above + found.below > 0
    assert false / cities_drawn == pytest.approx(0.05, abs=3 * (0.05 * 0.95 / cities_drawn) ** 0.5)


def test_where_tracts_differ_the_error_stays_below_5_and_most_far_tracts_are_found():
    rng = np.random.default_rng(9)
    truth = np.array([0.30] * 20 + [0.42] * 10 + [0.54] * 5)
    s = np.full(truth.size, 0.03)
    false, found = 0, []
    for _ in range(1000):
        side = find_sides(truth + rng.normal(0, s), s, 0.42)
        false += ((side == 1) & (truth <= 0.42)).any() or ((side == -1) & (truth >= 0.42)).any()
        found.append(np.mean(np.abs(side[truth != 0.42])))
    assert false / 1000 <= 0.05 + 3 * (0.05 * 0.95 / 1000) ** 0.5
    assert np.mean(found) > 0.8  # not by saying nothing: z is 4 there on average
