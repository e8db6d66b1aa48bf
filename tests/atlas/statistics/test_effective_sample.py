"""What tracts that resemble their neighbors are worth, and how often a relation is seen where there is none."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.statistics import effective_sample
from atlas.statistics.association import correlate, fit_line
from atlas.statistics.effective_sample import effective_sample_size, find_centers
from tests.properties import examples
from tests.reference import associations as slow


def test_independent_tracts_of_equal_weight_are_worth_their_number():
    share = np.full(17, 1 / 17)
    assert 1 + 1 / effective_sample._null_variance(share, np.eye(17), np.eye(17)) == pytest.approx(17)


def test_unequal_weights_are_worth_fewer_by_hand():
    """A = diag(W) - WW': its trace is 1 - .3, that of its square .3 - 2 x .1 + .3 x .3."""
    w = np.array([0.1, 0.2, 0.3, 0.4])
    trace, square = 1 - (w**2).sum(), (w**2).sum() - 2 * (w**3).sum() + (w**2).sum() ** 2
    assert (trace, square) == (pytest.approx(0.7), pytest.approx(0.19))
    found = 1 + 1 / effective_sample._null_variance(w, np.eye(4), np.eye(4))
    assert found == pytest.approx(1 + 0.49 / 0.19) == pytest.approx(3.578947, abs=1e-6)


def test_on_a_line_it_is_the_classical_number():
    """Bayley and Hammersley (1946): likeness a^k and b^k at distance k leave about n (1 - ab)/(1 + ab)."""
    n, a, b = 400, 0.5, 0.5
    distance = np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
    variance = effective_sample._null_variance(np.full(n, 1 / n), a**distance, b**distance)
    assert 1 + 1 / variance == pytest.approx(n * (1 - a * b) / (1 + a * b), rel=0.01)


rows = st.lists(st.tuples(*(st.integers(0, 60) for _ in range(4)), st.integers(1, 900)), min_size=4, max_size=14)


@settings(max_examples=examples(40), deadline=None)
@given(rows.filter(lambda rows: all(len({row[k] for row in rows}) > 2 for k in range(4))))
def test_agrees_with_the_slow_reference_in_any_order_and_unit(rows):
    x, y, east, north, w = (np.array(column, float) for column in zip(*rows, strict=True))
    points = np.column_stack([east, north])
    found = effective_sample_size(x, y, w, points)
    assert found == pytest.approx(slow.effective_sample_size(x, y, w, points), rel=1e-9)
    assert found == pytest.approx(
        effective_sample_size(5 * x[::-1] - 3, y[::-1], 2 * w[::-1], 8 * points[::-1]), rel=1e-6
    )


def test_centers_are_of_the_polygons_there_are():
    found = find_centers(np.array([shapely.box(0, 0, 2, 4), None, shapely.Polygon()], dtype=object))
    assert found[0].tolist() == [1, 2] and np.isnan(found[1:]).all()


def draw(tracts: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Points of a jittered grid and how alike tracts are at their distances: half of it, a fifth of the width long."""
    side = int(np.ceil(np.sqrt(tracts)))
    spots = np.stack(np.meshgrid(np.arange(side), np.arange(side)), -1).reshape(-1, 2)[
        rng.permutation(side**2)[:tracts]
    ]
    points = spots + rng.uniform(-0.35, 0.35, (tracts, 2))
    return points, np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))


def rejections(tracts: int, likeness: float, cities: int) -> dict[str, float]:
    """Share of drawn cities with nothing to find in which correlation, line and HC1 with z are called clear."""
    rng = np.random.default_rng((7, tracts, round(100 * likeness)))
    points, distance = draw(tracts, rng)
    weights = rng.gamma(2, size=tracts) + 0.1
    alike = likeness * np.exp(-distance / (0.3 * np.sqrt(tracts))) + (1 - likeness) * np.eye(tracts)
    root = np.linalg.cholesky(alike + 1e-9 * np.eye(tracts))
    clear = {"correlation": 0, "line": 0, "independent": 0}
    for _ in range(cities):
        x, y = root @ rng.standard_normal(tracts), root @ rng.standard_normal(tracts)
        found, line = correlate(x, y, weights, points), fit_line(x, y, weights, points=points)
        clear["correlation"] += found.p < 0.05
        clear["line"] += line.p < 0.05
        clear["independent"] += abs(found.estimate.value) * np.sqrt(tracts - 2) > 1.96 * np.sqrt(
            1 - found.estimate.value**2
        )
    return {name: count / cities for name, count in clear.items()}


def test_alike_neighbors_are_not_taken_for_a_relation():
    found = rejections(49, 0.9, 200)
    assert found["correlation"] <= 0.09 and found["line"] <= 0.09 < 0.15 < found["independent"]


@pytest.mark.slow
@pytest.mark.parametrize("tracts", [17, 34, 49, 120])
@pytest.mark.parametrize("likeness", [0.0, 0.5, 0.95])
def test_a_true_null_is_rejected_about_5_times_in_100(tracts, likeness):
    """The Monte-Carlo error of a rate of 5% over 2,000 cities is 0.5 points."""
    found = rejections(tracts, likeness, 2000)
    print(tracts, likeness, found)
    assert 0.01 <= found["correlation"] <= 0.075, found
    assert 0.01 <= found["line"] <= 0.075, found
    assert likeness < 0.9 or found["independent"] > 0.15
