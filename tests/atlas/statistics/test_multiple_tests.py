"""p of several tests read together."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from atlas.statistics.multiple_tests import holm
from tests.properties import examples


def by_closed_testing(p):
    """Of every set of the tests that holds one, the largest p of the set by Bonferroni: the definition, 2^n sets."""
    tests = range(len(p))
    sets = [chosen for size in range(1, len(p) + 1) for chosen in combinations(tests, size)]
    return [max(min(1, len(chosen) * min(p[n] for n in chosen)) for chosen in sets if at in chosen) for at in tests]


def test_worked():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([None, 0.02]) == [None, pytest.approx(0.02)] and holm([]) == []


@settings(max_examples=examples(40))
@given(st.lists(st.floats(0, 1), min_size=1, max_size=7))
def test_agrees_with_the_slow_reference(p):
    assert holm(p) == pytest.approx(by_closed_testing(p))


@pytest.mark.parametrize("tests", [1, 2, 8, 20])
def test_agrees_with_statsmodels(tests):
    # Few lists: for each, statsmodels looks through all the objects of this process for garbage.
    p = np.random.default_rng(tests).uniform(0, 0.2, tests).tolist()
    assert holm(p) == pytest.approx(multipletests(p, method="holm")[1])
