"""Pairs of estimates with margins that hold together."""

import pytest

from atlas.statistics.pairwise import compare_pairs, simultaneous_z


@pytest.mark.parametrize(("pairs", "z"), [(1, 1.959964), (3, 2.393980), (6, 2.638257)])
def test_the_margin_widens_with_the_number_of_pairs(pairs, z):
    assert simultaneous_z(pairs) == pytest.approx(z, abs=1e-6)


def test_the_higher_comes_first_and_each_pair_once():
    found = compare_pairs((0.346, 0.386, 0.396), (0.001, 0.0015, 0.0018))
    assert [(pair.first, pair.second) for pair in found] == [(1, 0), (2, 0), (2, 1)]
    assert found[2].difference == pytest.approx(0.010)
    half = 2.393980 * (0.0015**2 + 0.0018**2) ** 0.5
    assert (found[2].low, found[2].high) == pytest.approx((0.010 - half, 0.010 + half), abs=1e-8)
    assert found[0].is_clear and found[2].is_clear


def test_what_the_margin_does_not_leave_out_is_not_clear():
    (pair,) = compare_pairs((0.30, 0.3097), (0.004, 0.003))
    assert not pair.is_clear and pair.low < 0 < pair.high


def test_one_value_has_no_pair_and_a_missing_error_is_refused():
    assert compare_pairs((0.3,), (0.1,)) == ()
    with pytest.raises(ValueError, match="standard error"):
        compare_pairs((0.3, 0.4), (0.1,))
    with pytest.raises(ValueError, match="pair"):
        simultaneous_z(0)
