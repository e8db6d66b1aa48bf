"""Neighbors of tracts and Moran's I."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.statistics.spatial import find_neighbors, measure_moran
from tests.properties import examples
from tests.reference import associations as slow

Y = np.array([0.30, 0.32, 0.38, 0.44, 0.46])
CHAIN = shapely.box(np.arange(5.0), 0, np.arange(5.0) + 1, 1)


def lattice(side):
    x, y = np.meshgrid(np.arange(float(side)), np.arange(float(side)))
    return shapely.box(x.ravel(), y.ravel(), x.ravel() + 1, y.ravel() + 1)


def test_a_chain_of_five_worked():
    found = measure_moran(Y, find_neighbors(CHAIN), np.full(5, 0.01))
    assert found.estimate.value == pytest.approx(0.72)
    assert found.expected == -0.25
    assert found.z == pytest.approx(2.4377297, abs=1e-7)
    assert ((0.72 + 0.25) / found.z) ** 2 == pytest.approx(0.1583333, abs=1e-7)
    assert found.exact and found.shuffles == 120 and found.p == pytest.approx(8 / 120)
    assert (found.estimate.n, found.estimate.unit, found.islands) == (5, "Moran's I", 0)


def test_queen_counts_corners_and_no_tract_is_its_own_neighbour():
    neighbours = find_neighbors(lattice(3)).neighbors
    assert sorted(neighbours[4]) == [0, 1, 2, 3, 5, 6, 7, 8]
    assert sorted(neighbours[0]) == [1, 3, 4]


def test_simplified_borders_may_leave_a_gap_but_a_street_is_no_neighbour():
    gap = shapely.box([0.0, 1.005, 2.2], 0, [1.0, 2.0, 3.0], 1)
    assert [sorted(near) for near in find_neighbors(gap).neighbors.values()] == [[1], [0], []]


def test_tracts_without_geometry_have_no_neighbours():
    polygons = np.array([CHAIN[0], None, CHAIN[1], shapely.Polygon()], dtype=object)
    assert list(find_neighbors(polygons).neighbors.values()) == [[2], [], [0], []]
    assert list(find_neighbors(np.array([None], dtype=object)).neighbors.values()) == [[]]


def test_islands_and_missing_values_are_left_out_and_counted():
    far = shapely.box(50, 50, 51, 51)
    polygons = np.append(CHAIN, [far, shapely.box(5, 0, 6, 1)])
    found = measure_moran(np.append(Y, [0.9, np.nan]), find_neighbors(polygons), None)
    assert found.estimate.value == pytest.approx(0.72) and (found.estimate.n, found.islands) == (5, 1)


def test_a_strong_pattern_survives_the_noise_and_a_weak_one_does_not():
    squares, rng = find_neighbors(lattice(9)), np.random.default_rng(1)
    slope = np.tile(np.arange(9.0), 9) / 90
    strong = measure_moran(slope + rng.normal(0, 0.01, 81), squares, np.full(81, 0.01))
    assert strong.p == 0.001 and strong.redrawn_clear == 1
    assert strong.redrawn.value < strong.estimate.value  # noise twice
    weak = measure_moran(rng.normal(0.4, 0.05, 81), squares, np.full(81, 0.05))
    assert weak.p > 0.05 and weak.redrawn_clear < 0.5
    assert weak.redrawn.interval.low < 0 < weak.estimate.standard_error


def test_without_standard_errors_there_is_no_check_and_the_reason_is_said():
    found = measure_moran(Y, find_neighbors(CHAIN), None)
    assert found.p is not None and found.redrawn_clear is None
    assert "no margin of error" in found.redrawn.reason == found.estimate.reason
    one = measure_moran(Y, find_neighbors(CHAIN), np.array([0.01, np.nan, 0.01, 0.01, 0.01]))
    assert one.redrawn.reason == "1 tract has a value without a standard error"


def test_the_same_seed_gives_the_same_p_and_the_global_state_is_left_alone():
    squares, y = find_neighbors(lattice(4)), np.random.default_rng(3).normal(size=16)
    before = np.random.get_state()[1].copy()
    assert measure_moran(y, squares, np.ones(16)) == measure_moran(y, squares, np.ones(16))
    assert (np.random.get_state()[1] == before).all()


@pytest.mark.parametrize("tracts", [1, 2, 3])
def test_too_few_tracts(tracts):
    found = measure_moran(Y[:tracts], find_neighbors(CHAIN[:tracts]), None)
    assert found.estimate.value is None and "it takes 4" in found.estimate.reason


def test_ties_and_nothing():
    assert "same value" in measure_moran(np.full(5, 0.4), find_neighbors(CHAIN), None).estimate.reason
    assert measure_moran(np.full(5, np.nan), find_neighbors(CHAIN), None).estimate.reason


@settings(max_examples=examples(30), deadline=None)
@given(
    st.lists(st.integers(0, 99), min_size=9, max_size=9).filter(lambda v: len(set(v)) > 1), st.permutations(range(9))
)
def test_agrees_with_the_slow_reference_in_any_order(values, order):
    y, polygons = np.array(values, float), lattice(3)
    squares = find_neighbors(polygons)
    found = measure_moran(y, squares, np.ones(9), permutations=99, redraws=20)
    turned = measure_moran(y[order], find_neighbors(polygons[order]), np.ones(9), permutations=99, redraws=20)
    assert found.estimate.value == pytest.approx(slow.moran(values, list(squares.neighbors.values())))
    assert found.estimate.value == pytest.approx(turned.estimate.value)
    if len(set(values)) == 9:
        assert found.p == turned.p
