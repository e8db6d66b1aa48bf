"""The level of the two locks of cluster designs, and which test is the second."""

import pytest

from engagements.pilots.rules.estimators.locks import lock_for, lowered
from tests.engagements.pilots.made_clusters import make_trial


def test_the_level_is_lower_where_fewer_than_half_are_treated():
    assert lowered(10, 5) == 0.05
    assert lowered(20, 6) == 0.031 < lowered(20, 10) < 0.05


def test_a_stricter_level_that_was_registered_is_lowered_in_proportion():
    assert lowered(20, 6, asked=0.01) == pytest.approx(0.0062)


@pytest.mark.parametrize("clusters", range(6, 60))
def test_no_design_gets_a_higher_level_than_was_asked_for(clusters):
    assert all(0.0 < lowered(clusters, treated) <= 0.05 for treated in range(3, clusters - 2))


@pytest.mark.parametrize(
    ("clusters", "treated", "blocks", "second", "is_reachable"),
    [
        (6, 3, 1, "wild", True),  # the draw has 20 outcomes: .10
        (7, 3, 1, "randomization", True),  # 1/35
        (8, 4, 1, "randomization", True),  # 2/70
        (20, 10, 1, "randomization", True),
        (8, 1, 4, "randomization", False),  # four pairs: 2/16, and signs do not count within blocks
        (8, 2, 2, "randomization", False),  # two cities: 2/36
        (12, 1, 6, "randomization", True),  # six pairs: 2/64
        (9, 1, 3, "randomization", True),  # 1/27
    ],
)
def test_the_second_test_is_randomization_where_the_draw_can_reach_the_level(
    clusters, treated, blocks, second, is_reachable
):
    lock = lock_for(make_trial(clusters, treated, blocks).sums)
    assert (lock.second, lock.is_reachable) == (second, is_reachable)
