"""Standard errors raised to what the county's published one says."""

import numpy as np
import pytest

from atlas.statistics.inflation import inflate, measure_inflation
from atlas.statistics.intervals import Interval
from atlas.statistics.results import Estimate, interval95, missing_estimate

MEAN = Estimate(0.3655, 0.004, 5, "rank", 1.0)


def test_above_one_it_multiplies_and_says_so():
    ratio = measure_inflation(np.array([0.0030]), np.array([0.0024]))
    raised = inflate(MEAN, ratio)
    assert ratio.value == pytest.approx(1.25)
    assert (raised.value, raised.standard_error, raised.inflation) == (0.3655, pytest.approx(0.005), ratio.value)
    assert ratio.sentence.startswith(
        "Standard errors are multiplied by 1.25: the published standard error of the county"
    )


def test_at_or_below_one_nothing_changes():
    ratio = measure_inflation(np.array([0.0020]), np.array([0.0024]))
    assert inflate(MEAN, ratio) is MEAN
    assert "left as they are" in ratio.sentence


def test_several_counties_count_as_their_weighted_mean():
    """3 parts of one, 1 part of the other: sqrt((9 x .0030^2 + .0010^2)/(9 x .0024^2 + .0010^2))."""
    ratio = measure_inflation(np.array([0.003, 0.001, np.nan]), np.array([0.0024, 0.001, 0.002]), np.array([3.0, 1, 9]))
    assert ratio.value == pytest.approx(np.sqrt((9 * 9 + 1) / (9 * 5.76 + 1)))
    assert ratio.n == 2 and "the 2 counties" in ratio.sentence


def test_a_file_that_does_not_allow_it_says_why():
    ratio = measure_inflation(np.array([np.nan]), np.array([0.002]))
    assert ratio.value is None and not ratio.applies and ratio.reason in ratio.sentence
    assert inflate(MEAN, ratio) is MEAN


def test_no_error_stays_no_error():
    nothing = missing_estimate(0, "rank", "no tract")
    assert inflate(nothing, measure_inflation(np.array([3.0]), np.array([2.0]))) is nothing


def test_it_is_applied_once_and_never_behind_an_interval():
    ratio = measure_inflation(np.array([3.0]), np.array([2.0]))
    with pytest.raises(ValueError):
        inflate(inflate(MEAN, ratio), ratio)
    with pytest.raises(ValueError):
        inflate(Estimate(0.7, 0.1, 5, "share", interval=Interval(0.4, 0.8)), ratio)


def test_the_interval_worked():
    found = interval95(Estimate(0.3655, 0.00726149, 5, "rank"))
    assert (found.low, found.high) == (pytest.approx(0.351268, abs=1e-6), pytest.approx(0.379732, abs=1e-6))
    assert 0.36 in found and 0.38 not in found


def test_an_interval_of_its_own_is_kept_and_none_is_made_up():
    own = Interval(0.4, 0.9)
    assert interval95(Estimate(0.7, 0.1, 5, "share", interval=own)) is own
    assert interval95(Estimate(0.7, None, 5, "share")) is None
    assert interval95(missing_estimate(0, "rank", "no tract")) is None
