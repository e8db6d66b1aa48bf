"""Tracts clearly above or below their city."""

import numpy as np
import pytest
from hypothesis import given, settings

from atlas.statistics.tiers import NO_NOISE, SAME_AS_CITY, sort_into_tiers
from tests.atlas.statistics.oracle import S, W, Y, cities, columns, draw_city
from tests.reference import city_tests as slow


def test_the_difference_from_the_city_worked():
    """Tract 1: d = .30 - .3655; Var = .02^2 (1 - 2 x 400/3000) + .00726149^2."""
    found = sort_into_tiers(Y, W, S)
    assert found.value[0] == pytest.approx(-0.0655)
    assert found.standard_error[0] ** 2 == pytest.approx(0.0004 * (1 - 800 / 3000) + 0.00726149**2, abs=1e-9)
    assert found.z[0] == pytest.approx(-0.0655 / 0.0185999, abs=1e-3)
    assert found.tier == ("below", "indistinguishable", "indistinguishable", "above", "indistinguishable")
    assert found.q[0] == pytest.approx(5 * found.p[0])
    assert (found.n, found.unit, found.mean) == (5, "rank", pytest.approx(0.3655))


@settings(deadline=None)
@given(cities)
def test_agrees_with_the_slow_reference_in_any_order(rows):
    y, w, s = columns(rows)
    found, turned = sort_into_tiers(y, w, s), sort_into_tiers(y[::-1], w[::-1], s[::-1])
    if found.mean is None:
        assert found.reason and set(found.tier) == {""} and all(found.reasons)
        return
    edge = np.nanmin(np.abs(found.q - 0.05), initial=1)
    if edge > 1e-9:
        assert list(found.tier) == slow.tiers(y, w, s) == list(turned.tier[::-1])
    assert [tier == "" for tier in found.tier] == [reason != "" for reason in found.reasons]


def test_few_tracts_are_flagged_in_error():
    """290 tracts at reliability .7: about a fifth are told apart, and hardly one of them on the wrong side."""
    rng = np.random.default_rng(290)
    flagged = wrong = 0
    for _ in range(20):
        truth, y, s = draw_city(rng, 290, 0.7)
        found = sort_into_tiers(y, np.ones(290), s)
        side = np.sign(truth - truth.mean())
        for tier, sign in zip(found.tier, side, strict=True):
            flagged += tier in ("above", "below")
            wrong += (tier == "above" and sign < 0) or (tier == "below" and sign > 0)
    assert 0.1 < flagged / (20 * 290) < 0.45
    assert wrong / flagged < 0.02


def test_when_all_tracts_are_the_same_none_is_flagged():
    assert set(sort_into_tiers(np.full(9, 0.4), np.ones(9), np.full(9, 0.02)).tier) == {"indistinguishable"}


def test_the_only_tract_is_the_city_and_can_not_differ_from_it():
    found = sort_into_tiers(Y[:1], W[:1], S[:1])
    assert found.tier == ("",) and found.n == 0
    assert found.reasons == ("the city's mean rests on this tract alone",)


def test_two_tracts_differ_from_their_mean_alike():
    found = sort_into_tiers(Y[:2], np.ones(2), S[:2])
    assert found.value[0] == pytest.approx(-found.value[1]) and found.z[0] == pytest.approx(-found.z[1])


def test_a_tract_without_children_is_tested_against_a_mean_it_has_no_part_in():
    w = W.copy()
    w[0] = np.nan
    found = sort_into_tiers(Y, w, S)
    assert found.standard_error[0] == pytest.approx(np.hypot(0.02, np.sqrt(np.sum((W[1:] / 2600 * S[1:]) ** 2))))


def test_no_tier_without_a_standard_error():
    s = S.copy()
    s[3] = np.nan
    found = sort_into_tiers(Y, W, s)
    assert found.tier[3] == "" and "no standard error" in found.reasons[3] and found.n == 4
    nothing = sort_into_tiers(Y, W, None)
    assert nothing.n == 0 and nothing.reason == "the file loaded here has no margin of error"


def test_a_standard_error_of_zero_leaves_the_uncertainty_of_the_mean():
    s = S.copy()
    s[0] = 0.0
    assert sort_into_tiers(Y, W, s).standard_error[0] == pytest.approx(np.sqrt(np.sum((W[1:] / 3000 * S[1:]) ** 2)))


def test_standard_errors_of_zero_everywhere_are_called_what_they_are():
    """Not "the city's mean rests on this tract alone": there are three of them."""
    found = sort_into_tiers(np.array([0.3, 0.4, 0.5]), np.ones(3), np.zeros(3))
    assert found.n == 0 and set(found.reasons) == {NO_NOISE} and "no known precision" in NO_NOISE
    alone = sort_into_tiers(np.array([0.3, np.nan]), np.ones(2), np.array([0.02, np.nan]))
    assert alone.reasons[0] == SAME_AS_CITY
