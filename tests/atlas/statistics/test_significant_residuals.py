"""Tracts told from a line."""

import numpy as np

from atlas.statistics.association import fit_line
from atlas.statistics.intervals import Z95
from atlas.statistics.significant_residuals import find_significant_residuals


def city(errors):
    rng = np.random.default_rng(3)
    x = rng.uniform(400, 1200, 80)
    y = 0.3 + 0.0001 * x + 0.01 * rng.standard_normal(80)
    y[:3] += 0.2
    y[3] -= 0.2
    points = np.column_stack([np.arange(80) % 10, np.arange(80) // 10])
    return fit_line(x, y, np.ones(80), errors, points=points)


def test_the_planted_tracts_are_found_and_no_other():
    found = find_significant_residuals(city(np.full(80, 0.01)))
    assert found[:4].tolist() == [1, 1, 1, -1]
    assert not found[4:].any()


def test_every_marked_interval_leaves_out_zero():
    line = city(np.full(80, 0.008))
    marked = np.isin(find_significant_residuals(line), (1, -1))
    assert (np.abs(line.residual) > Z95 * line.residual_error)[marked].all() and marked.any()


def test_without_standard_errors_nothing_is_marked():
    assert np.isnan(find_significant_residuals(city(None))).all()
