"""How high or low a tract may rank."""

import time

import numpy as np
import pytest
from hypothesis import given, settings

from atlas.statistics.ranks import SEED, marginal_rank_sets, simultaneous_rank_sets
from tests.atlas.statistics.oracle import cities, columns, draw_city
from tests.properties import examples
from tests.reference import ranks as slow

Y = np.array([0.48, 0.42, 0.41, 0.33])
S = np.array([0.01, 0.015, 0.02, 0.012])
BOTH = pytest.mark.parametrize("rank_sets", [marginal_rank_sets, simultaneous_rank_sets])


@BOTH
def test_worked(rank_sets):
    found = rank_sets(Y, S)
    assert list(zip(found.low.tolist(), found.high.tolist(), strict=True)) == [(1, 1), (2, 3), (2, 3), (4, 4)]
    assert found.value.tolist() == [1, 2, 3, 4]
    assert found.can_be_among_highest(2).tolist() == [True, True, True, False]


@BOTH
def test_agrees_with_the_slow_reference(rank_sets):
    rng = np.random.default_rng(4)
    for _ in range(6):
        _, y, s = draw_city(rng, 6, 0.95)
        order = np.lexsort((s, y))
        noise = np.random.default_rng(SEED).standard_normal((200, 6)) * s[order]
        expected = slow.sets(y[order], s[order], noise, 0.95, simultaneous=rank_sets is simultaneous_rank_sets)
        found = rank_sets(y, s, draws=200)
        assert list(zip(found.low[order].tolist(), found.high[order].tolist(), strict=True)) == expected


@settings(max_examples=examples(40), deadline=None)
@given(cities)
def test_sets_hold_their_rank_whatever_the_order(rows):
    y, _, s = columns(rows)
    found, turned = marginal_rank_sets(y, s, draws=100), marginal_rank_sets(y[::-1], s[::-1], draws=100)
    together = simultaneous_rank_sets(y, s, draws=100)
    ranked = found.value > 0
    assert [reason == "" for reason in found.reasons] == ranked.tolist()
    assert (found.low <= found.value).all() and (found.value[ranked] <= found.high[ranked]).all()
    if len(np.unique(y[ranked])) == ranked.sum():
        assert (found.low == turned.low[::-1]).all() and (found.high == turned.high[::-1]).all()
    assert (together.low <= found.n_ranked).all() and (together.high >= together.low).all()


def test_marginal_sets_hold_the_true_rank_about_as_often_as_they_say():
    rng = np.random.default_rng(12)
    hits, wide = [], []
    for _ in range(60):
        truth, y, s = draw_city(rng, 20, 0.8)
        rank = 1 + (truth[None, :] > truth[:, None]).sum(axis=1)
        found = marginal_rank_sets(y, s, draws=300)
        hits.append(np.mean((found.low <= rank) & (rank <= found.high)))
        wide.append(np.mean(found.high - found.low))
    assert np.mean(hits) > 0.94
    assert 2 < np.mean(wide) < 19  # not by saying nothing


def test_simultaneous_sets_are_wider():
    _, y, s = draw_city(np.random.default_rng(6), 40, 0.9)
    one, all_ = marginal_rank_sets(y, s), simultaneous_rank_sets(y, s)
    assert (all_.low <= one.low).all() and (all_.high >= one.high).all()
    assert (all_.high - all_.low).sum() > (one.high - one.low).sum()


def test_ties_share_the_best_rank_and_every_place():
    found = marginal_rank_sets(np.full(4, 0.4), np.full(4, 0.02))
    assert found.value.tolist() == [1] * 4 and found.low.tolist() == [1] * 4 and found.high.tolist() == [4] * 4


@BOTH
def test_without_any_noise_the_order_is_known(rank_sets):
    found = rank_sets(np.array([0.3, 0.5, 0.5, 0.1]), np.zeros(4))
    assert list(zip(found.low.tolist(), found.high.tolist(), strict=True)) == [(3, 3), (1, 2), (1, 2), (4, 4)]


def test_one_tract_ranks_first_of_one():
    found = marginal_rank_sets(Y[:1], S[:1])
    assert (found.low[0], found.high[0], found.n_ranked) == (1, 1, 1)


def test_two_tracts():
    assert marginal_rank_sets(Y[[0, 3]], S[[0, 3]]).high.tolist() == [1, 2]
    assert marginal_rank_sets(Y[[1, 2]], S[[1, 2]]).high.tolist() == [2, 2]


def test_missing_tracts_are_not_ranked_and_say_why():
    found = marginal_rank_sets(np.append(Y, [np.nan, 0.9]), np.append(S, [0.01, np.nan]))
    assert found.n_ranked == 4 and found.high.tolist() == [1, 3, 3, 4, 0, 0]
    assert "no value" in found.reasons[4] and "no standard error" in found.reasons[5]
    assert marginal_rank_sets(Y, None).reason == "the file loaded here has no margin of error"
    gap = np.full(3, np.nan)
    assert marginal_rank_sets(gap, gap).reason


def test_the_same_seed_gives_the_same_sets_and_draws_are_bounded():
    _, y, s = draw_city(np.random.default_rng(6), 30, 0.9)
    assert (marginal_rank_sets(y, s).high == marginal_rank_sets(y, s).high).all()
    with pytest.raises(ValueError):
        marginal_rank_sets(Y, S, draws=2001)


def test_290_tracts_are_ranked_within_seconds():
    _, y, s = draw_city(np.random.default_rng(2), 290, 0.7)
    start = time.process_time()
    found = marginal_rank_sets(y, s)
    assert time.process_time() - start < 10
    assert np.median(found.high - found.low) > 50  # why there is no league table
