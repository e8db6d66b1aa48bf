"""Children below the middle, and how far."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.statistics.median_distance import measure_median_distance, weighted_median
from atlas.statistics.results import NO_STANDARD_ERRORS
from tests.atlas.statistics.oracle import draw_city
from tests.properties import examples

Y, W = np.array([0.30, 0.35, 0.40]), np.array([100.0, 100, 200])


def test_worked():
    found = measure_median_distance(Y, W, None, reference=0.38)
    assert (found.median.value, found.children, found.below.value) == (0.35, 400, 100)
    assert found.distance.value == pytest.approx(0.05)
    assert found.below_reference.value == 200
    assert found.reference_distance.value == pytest.approx(0.055)  # (.08 + .03)/2
    assert found.median.reason == found.reason == NO_STANDARD_ERRORS and not found.drawn


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0.5, 900)), min_size=1, max_size=20), st.randoms())
def test_the_middle_has_at_most_half_on_either_side_in_any_order(rows, chance):
    y, w = (np.array(column) for column in zip(*rows, strict=True))
    middle = weighted_median(y, w)
    assert middle in y
    assert w[y < middle].sum() <= w.sum() / 2 + 1e-6 and w[y > middle].sum() <= w.sum() / 2 + 1e-6
    order = chance.sample(range(len(rows)), len(rows))
    again = measure_median_distance(y[order], w[order], None)
    first = measure_median_distance(y, w, None)
    assert again.below.value == pytest.approx(first.below.value)
    assert again.distance.value == pytest.approx(first.distance.value)


def test_missing_tracts_take_no_part():
    found = measure_median_distance(np.append(Y, [np.nan, 0.1]), np.append(W, [50, np.nan]), None)
    assert (found.n, found.children) == (3, 400)


def test_nothing_to_count_says_so():
    found = measure_median_distance(np.array([np.nan]), np.array([1.0]), None)
    assert found.n == 0 and found.reason and found.distance.value is None


def test_draws_bring_the_distance_nearer_to_the_truth_than_noisy_values_do():
    """Noise of the size of the signal: distances of published values are half as large again as the true ones."""
    rng = np.random.default_rng(1)
    raw, drawn, true, hits = [], [], [], []
    for _ in range(30):
        truth, y, s = draw_city(rng, 120, 0.5)
        w = rng.uniform(50, 900, 120)
        true.append(measure_median_distance(truth, w, None).distance.value)
        raw.append(measure_median_distance(y, w, None).distance.value)
        found = measure_median_distance(y, w, s)
        drawn.append(found.distance.value)
        hits.append(true[-1] in found.distance.interval)
    assert np.mean(raw) > 1.2 * np.mean(true)
    assert np.mean(drawn) == pytest.approx(np.mean(true), rel=0.08)
    assert np.mean(hits) > 0.8


@settings(deadline=None, max_examples=examples(10))
@given(st.integers(0, 3))
def test_too_few_tracts_for_draws_keep_the_published_values_and_say_why(n):
    found = measure_median_distance(Y[:n], W[:n], np.full(n, 0.01))
    assert not found.drawn and found.reason
