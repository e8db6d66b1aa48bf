import numpy as np
import pytest

from engagements.pilots.rules.estimators.changes import (
    changes_of,
    difference_of_means,
    earlier_changes_p,
    since_last_before,
)
from engagements.pilots.rules.estimators.sensitivity import allow_for_drift, span_length

THREE_AND_THREE = np.array([True] * 3 + [False] * 3)


def test_each_group_gives_its_mean_after_less_its_mean_before():
    assert changes_of(np.array([[1.0, 3, 10, 12, 14]]), 2).tolist() == [10]
    assert since_last_before(np.array([[1.0, 3, 10]]), 2).tolist() == [[-2, 0, 7]]


def test_the_error_and_df_of_three_and_three_groups():
    found = difference_of_means(np.array([1, 2, 3, 0, 0, 3.0]), THREE_AND_THREE)

    assert found.value == pytest.approx(1)
    assert found.error == pytest.approx(np.sqrt(1 / 3 + 3 / 3))
    assert found.df == pytest.approx(4)


def test_few_treated_groups_have_few_degrees_of_freedom_however_many_others():
    many = np.array([True] * 3 + [False] * 97)

    assert difference_of_means(np.arange(100.0), many).df == pytest.approx(2.12, abs=0.01)


def test_the_joint_test_of_one_earlier_change_is_the_t_test_of_it():
    from scipy import stats

    before = np.array([[0, 1], [0, 3], [0, 2], [0, 0.5], [0, 0], [0, 1.0]])
    means = np.column_stack([before, np.zeros(6)])

    p, above, below = earlier_changes_p(means, THREE_AND_THREE, 2)

    assert p == pytest.approx(stats.ttest_ind(before[:3, 1], before[3:, 1]).pvalue)
    assert (above, below) == (1, 4)


def test_the_joint_test_keeps_its_size_with_many_periods_and_few_groups():
    means = np.random.default_rng(4).normal(size=(4_000, 10, 14))

    p, above, _ = earlier_changes_p(means, np.arange(10) < 3, 12)

    assert above == 2  # 11 changes are too many for 10 groups: three spans
    assert np.mean(p < 0.10) == pytest.approx(0.10, abs=0.015)


def test_groups_that_did_not_move_at_all_did_not_move_apart():
    assert earlier_changes_p(np.ones((6, 5)), THREE_AND_THREE, 4)[0] == 1


def test_the_set_widens_by_half_the_largest_drift_for_each_further_period():
    gap = np.array([-1.0, 0, 0, 3, 3])
    means = np.outer(THREE_AND_THREE, gap) + np.outer([0.1, -0.1, 0, 0, 0.1, -0.1], [0, 1, 0, 1, 0])

    found = allow_for_drift(means, THREE_AND_THREE, 3, 0.5)

    assert found.largest_drift == pytest.approx(1)
    assert (found.set_low, found.set_high) == pytest.approx((2.25, 3.75))
    assert found.low < 2.25
    assert found.high > 3.75


@pytest.mark.parametrize(("before", "after", "length"), [(3, 3, 1), (4, 1, 1), (12, 12, 4), (24, 6, 6), (13, 2, 2)])
def test_spans_leave_three_of_them_before(before, after, length):
    assert span_length(before, before + after) == length


def test_months_of_noise_do_not_pass_for_drift():
    means = np.random.default_rng(5).normal(size=(20, 24))
    treated = np.arange(20) < 10

    in_spans = allow_for_drift(means, treated, 12, 0.5)

    assert in_spans.high - in_spans.low < 3 * 4.1 * difference_of_means(changes_of(means, 12), treated).error
