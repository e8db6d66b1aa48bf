"""How apart low-income children and others lived."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from atlas.statistics.segregation import measure_segregation
from tests.reference import associations as slow

B = np.array([100.0, 300, 50, 20])
W = np.array([400.0, 100, 250, 480])


def indices(found):
    return tuple(
        part.value if part.value is None else pytest.approx(part.value, abs=1e-9)
        for part in (found.dissimilarity, found.isolation, found.exposure, found.theil_h)
    )


def test_worked():
    found = measure_segregation(B, W)
    assert found.dissimilarity.value == pytest.approx(0.5569971, abs=1e-7)
    assert found.isolation.value == pytest.approx(0.5407092, abs=1e-7)
    assert found.exposure.value == pytest.approx(0.4592908, abs=1e-7)
    assert found.theil_h.value == pytest.approx(0.3073183, abs=1e-7)
    assert found.n == 4 and found.dissimilarity.coverage == 1
    assert found.dissimilarity.standard_error is None and "without standard errors" in found.dissimilarity.reason


def test_fully_apart_and_fully_mixed():
    assert indices(measure_segregation(np.array([10.0, 0]), np.array([0.0, 5]))) == (1, 1, 0, 1)
    assert indices(measure_segregation(np.array([10.0, 20]), np.array([30.0, 60]))) == (0, 0.25, 0.75, 0)


def test_one_tract_is_mixed_by_itself():
    found = measure_segregation(B[:1], W[:1])
    assert (found.dissimilarity.value, found.theil_h.value, found.n) == (0, 0, 1)


def test_missing_counts_lower_the_coverage_and_empty_tracts_do_not():
    found = measure_segregation(np.append(B, [np.nan, 0]), np.append(W, [300, 0]))
    assert found.dissimilarity.value == pytest.approx(0.5569971, abs=1e-7)
    assert found.dissimilarity.coverage == pytest.approx(1700 / 2000) and found.n == 4


def test_nothing_to_compare_says_why():
    assert "no tract" in measure_segregation(np.array([np.nan]), np.array([3.0])).reason
    assert "one of the two groups" in measure_segregation(np.zeros(4), W).theil_h.reason


def test_negative_counts_are_refused():
    with pytest.raises(ValueError):
        measure_segregation(-B, W)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 900), st.integers(0, 900)), min_size=1, max_size=20))
def test_agrees_with_the_slow_reference_in_any_order(rows):
    b, w = (np.array(column, float) for column in zip(*rows, strict=True))
    assume(b.sum() > 0 and w.sum() > 0)
    found = measure_segregation(b, w)
    assert slow.segregation(b, w) == indices(found) == indices(measure_segregation(b[::-1], w[::-1]))
    assert found.isolation.value + found.exposure.value == pytest.approx(1)
    assert all(-1e-9 <= part.value <= 1 + 1e-9 for part in (found.dissimilarity, found.isolation, found.theil_h))
