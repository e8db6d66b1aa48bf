"""One standard error a thousand million times too small decides no fit."""

import numpy as np
import pytest

from atlas.statistics.dispersion import measure_dispersion
from atlas.statistics.shrinkage import shrink
from atlas.statistics.standard_error_floor import floor_standard_errors
from tests.atlas.statistics.oracle import draw_city


def test_the_floor_is_one_percent_of_the_median():
    floored, raised = floor_standard_errors(np.array([1e-12, 0.02, 0.02, 0.03]))
    assert floored.tolist() == pytest.approx([0.0002, 0.02, 0.02, 0.03])
    assert raised.tolist() == [True, False, False, False]


def test_unknown_errors_stay_as_they_are():
    floored, raised = floor_standard_errors(np.array([np.nan, 0.0, -1.0, 0.02]))
    assert np.isnan(floored[0]) and floored[1:].tolist() == [0.0, -1.0, 0.02]
    assert not raised.any()
    assert not floor_standard_errors(np.array([np.nan, 0.0]))[1].any()


@pytest.mark.parametrize("tiny", [1e-6, 1e-12, 1e-30, 5e-324])
def test_a_fit_with_a_tiny_error_is_that_of_the_floor(tiny):
    _, y, s = draw_city(np.random.default_rng(5), 30, 0.6)
    slip = s.copy()
    slip[4] = tiny
    found, same = shrink(y, slip), shrink(y, floor_standard_errors(slip)[0])
    assert found.value == pytest.approx(same.value) and np.isfinite(found.value).all()
    assert found.raised_errors == 1 and same.raised_errors == 0
    spread = measure_dispersion(y, np.ones(30), slip)
    assert spread.reliability.value is not None and np.isfinite(spread.reliability.value)


def test_all_errors_equally_tiny_are_a_precision_and_no_slip():
    y = np.linspace(0.3, 0.5, 12)
    found = shrink(y, np.full(12, 1e-5))
    assert found.raised_errors == 0 and found.value == pytest.approx(y, abs=1e-6)
