"""Edges of map classes: fixed for the headline's outcome, by the same shares of US tracts for the others."""

import numpy as np
import pytest

from atlas.statistics.map_classes import FIXED, SHARES, national_edges

DOLLARS = "kfr_pooled_pooled_p25_usd_2015"


def test_the_headlines_edges_are_fixed_and_the_exact_middle_tract_is_among_them():
    values = np.array([10_000.0, 33_731.0, 90_000.0, np.nan])
    assert national_edges(DOLLARS, values) == (18_000, 21_000, 24_000, 28_000, 33_731.0, 40_000, 50_000)


def test_generated_values_with_another_middle_get_edges_of_their_own():
    values = np.linspace(60_000.0, 90_000.0, 1_001)
    edges = national_edges(DOLLARS, values)
    assert edges[4] == 75_000 and len(edges) == 7 and list(edges) == sorted(edges)
    assert not set(edges) & set(FIXED[DOLLARS])


def test_other_measures_are_cut_at_the_same_shares_with_five_steps_below_the_middle_and_three_above():
    values = np.random.default_rng(1).normal(0.5, 0.1, 70_000)
    edges = national_edges("working_pooled_pooled_mean", values)
    shares = [(values < edge).mean() for edge in edges]
    assert shares[4] == pytest.approx(0.5, abs=1e-4)
    assert shares[:4] + shares[5:] == pytest.approx(SHARES, abs=0.02), "edges are said in few digits"
    assert sum(edge <= np.median(values) for edge in edges) == 5


def test_edges_that_coincide_stand_once_and_never_cross_the_middle():
    mostly_nothing = np.array([0.0] * 400 + [0.01] * 300 + [0.02] * 300)
    edges = national_edges("jail_pooled_pooled_mean", mostly_nothing)
    assert edges == (0.0, 0.01, 0.02)
    assert national_edges("x", np.full(9, 3.0)) == (3.0,)
    close = np.linspace(1.0, 1.0004, 1_001)
    assert len(national_edges("x", close)) == 7, "as many digits as keep them apart"


def test_without_a_value_there_is_no_edge():
    assert national_edges("x", np.full(3, np.nan)) == ()
