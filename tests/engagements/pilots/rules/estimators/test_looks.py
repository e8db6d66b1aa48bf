"""Alpha spending against published boundaries and a walk of random steps; the boundary that always holds."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal, norm

from engagements.pilots.rules.estimators import people
from engagements.pilots.rules.estimators.looks import (
    always_valid,
    at_look,
    boundaries,
    nominal_level,
    spent,
)
from engagements.pilots.rules.registration import Assumptions, Boundary
from tests.engagements.pilots.made_data import make_registration, make_rows

FIVE = (0.2, 0.4, 0.6, 0.8, 1.0)


def test_five_looks_are_the_published_boundaries():
    """Reboussin, DeMets, Kim and Lan (2000), program for group sequential boundaries: two tails of .025 each."""
    assert boundaries(FIVE) == pytest.approx([4.8769, 3.3569, 2.6803, 2.2898, 2.0310], abs=2e-4)


def test_one_look_is_the_plain_quantile():
    assert boundaries([1.0]) == pytest.approx([norm.ppf(0.975)])
    assert spent(1.0) == pytest.approx(0.025)
    assert spent(0.5) == pytest.approx(0.00153, abs=1e-5)


def test_two_looks_agree_with_the_bivariate_normal():
    first, second = boundaries([0.5, 1.0], 0.025)
    both = multivariate_normal([0, 0], [[1, np.sqrt(0.5)], [np.sqrt(0.5), 1]])
    corners = [(first, second), (first, -second), (-first, second), (-first, -second)]
    inside = both.cdf(corners[0]) - both.cdf(corners[1]) - both.cdf(corners[2]) + both.cdf(corners[3])
    assert 1 - inside == pytest.approx(0.05, abs=1e-4)


def test_a_walk_crosses_them_as_often_as_registered():
    rng = np.random.default_rng(7)
    walk = np.cumsum(rng.normal(size=(40_000, 5)), axis=1) / np.sqrt(np.arange(1, 6))
    crossed = (np.abs(walk) > boundaries(FIVE)).any(axis=1).mean()
    assert crossed == pytest.approx(0.05, abs=0.004)
    assert (np.abs(walk) > 1.96).any(axis=1).mean() > 0.13


@pytest.mark.parametrize("share", [0.5, 0.6, 0.8, 0.95])
def test_a_look_taken_later_than_registered_spends_no_more(share):
    """The boundaries of looks at .5 and 1, the first taken at this share: both tails, by the bivariate normal."""
    first, second = boundaries([0.5, 1.0], 0.025)
    both = multivariate_normal([0, 0], [[1, np.sqrt(share)], [np.sqrt(share), 1]])
    corners = [(first, second), (first, -second), (-first, second), (-first, -second)]
    inside = both.cdf(corners[0]) - both.cdf(corners[1]) - both.cdf(corners[2]) + both.cdf(corners[3])
    assert 1 - inside <= 0.05 + 1e-4


def test_uneven_looks_spend_only_what_is_due():
    early, late = boundaries([0.9, 1.0])
    assert early < boundaries([0.5, 1.0])[0] and late > 1.96


def test_the_always_valid_boundary_is_nearly_the_narrowest_at_the_end():
    assert always_valid(1.0) == pytest.approx(3.0351, abs=1e-4)
    assert always_valid(0.5) > always_valid(1.0) and always_valid(0.01) > 5


def test_each_look_has_its_level():
    registration = make_registration(boundary=Boundary.OBRIEN_FLEMING, looks=(0.5, 1.0))
    assert nominal_level(registration, 0.5) == pytest.approx(99.695, abs=0.001)
    assert nominal_level(registration, 1.0, (0.5,)) == pytest.approx(95.100, abs=0.001)
    always = make_registration(boundary=Boundary.ALWAYS_VALID, looks=(1.0,))
    assert nominal_level(always, 1.0) == pytest.approx(99.7596, abs=0.001)
    assert nominal_level(make_registration(), 0.3) == 95


def test_no_level_is_so_high_that_it_has_no_interval():
    early = make_registration(boundary=Boundary.OBRIEN_FLEMING, looks=(0.1, 1.0), assumptions=Assumptions(level=99.9))
    assert boundaries([0.1], 0.0005)[0] > 10  # a level of 100 percent in floating point
    assert nominal_level(early, 0.1) < 100
    found = people.difference(at_look(early, 1), make_rows("ct" * 50, np.random.default_rng(1).normal(size=100)), "t")
    assert np.isfinite([found.low, found.high]).all()


def test_methods_show_the_interval_at_the_level_of_the_look():
    registration = make_registration(boundary=Boundary.OBRIEN_FLEMING, looks=(0.5, 1.0))
    rows = make_rows("ct" * 50, np.random.default_rng(1).normal(size=100))
    plain = people.difference(registration, rows, "t")
    first = people.difference(at_look(registration, 1), rows, "t")
    last = people.difference(at_look(registration, 2), rows, "t")
    assert first.level == pytest.approx(99.695, abs=0.001)
    assert first.low < last.low < plain.low
    assert at_look(make_registration(), 1) == make_registration()
