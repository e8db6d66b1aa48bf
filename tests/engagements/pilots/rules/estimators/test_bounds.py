"""Lee bounds against his formulas, from rows and from counts, and what blocks and clusters change."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm, t

from engagements.pilots.rules.estimates import Bounds
from engagements.pilots.rules.estimators.bounds import lee
from engagements.pilots.rules.estimators.trimming import Group, trimmed
from engagements.pilots.rules.registration import DesignKind, OutcomeKind
from engagements.pilots.rules.tallies import cells_of
from tests.engagements.pilots.made_data import make_registration, make_rows
from tests.properties import examples

MEAN, SHARE = make_registration(), make_registration(OutcomeKind.SHARE)


def worked():
    """100 drawn in each; 80 measured in the comparison, 40 with the outcome; all treated measured, 60 with it."""
    return make_rows(["c"] * 100 + ["t"] * 100, [1] * 40 + [0] * 40 + [np.nan] * 20 + [1] * 60 + [0] * 40)


def test_the_worked_bounds():
    found = lee(SHARE, worked(), "t")
    assert (found.low, found.high) == pytest.approx((0, 25))
    assert found.interval_low < 0 and found.interval_high > 25


def test_counts_give_the_digits_of_rows():
    assert lee(SHARE, cells_of(worked()), "t") == lee(SHARE, worked(), "t")


def test_arms_changed_over_change_the_sign():
    rows = worked()
    other = make_rows(["c" if one == "t" else "t" for one in rows.arm], rows.outcome)
    first, second = lee(SHARE, rows, "t"), lee(SHARE, other, "t")
    assert (second.low, second.interval_low) == pytest.approx((-first.high, -first.interval_high))


def test_errors_are_lees():
    """Lee (2009), proposition 3: variance of those kept, of the edge, and of the share kept; plus the other arm."""
    rng = np.random.default_rng(2)
    ours, theirs = np.sort(rng.normal(size=300)), rng.normal(size=240)
    lost, others_lost = 100, 160  # 75 and 60 percent measured: 240 of 300 are kept
    groups = [
        Group(np.ones(400), np.ones(400), np.concatenate([values, np.full(empty, np.nan)]))
        for values, empty in ((theirs, others_lost), (ours, lost))
    ]
    found = trimmed(*groups)
    kept, edge = ours[:240], ours[239]
    pull = (edge - kept.mean()) ** 2
    expected = (
        kept.var() / 240
        + pull * (1 - 0.8) / 240
        + pull * (0.25 / (400 * 0.75) + 0.4 / (400 * 0.6))
        + theirs.var() / 240
    ) * (400 / 399)
    assert found.low == pytest.approx(kept.mean() - theirs.mean())
    assert found.low_error**2 == pytest.approx(expected, rel=1e-9)
    assert found.high == pytest.approx(ours[60:].mean() - theirs.mean())


def test_wide_bounds_take_the_one_sided_quantile():
    """Far apart, the effect can be beyond one end only (Imbens and Manski 2004)."""
    rng = np.random.default_rng(3)
    outcome = np.concatenate([rng.normal(size=2000), np.full(2000, np.nan), rng.normal(size=4000)])
    found = lee(MEAN, make_rows(["c"] * 4000 + ["t"] * 4000, outcome), "t")
    groups = [Group(np.ones(4000), np.ones(4000), part) for part in np.split(outcome, 2)]
    errors = trimmed(*groups)
    assert (found.low - found.interval_low) / errors.low_error == pytest.approx(norm.ppf(0.95), rel=1e-3)


def test_their_level_is_that_of_the_method():
    rng = np.random.default_rng(6)
    rows = make_rows(["c"] * 100 + ["t"] * 300, rng.normal(size=400))
    half = lee(MEAN, rows, "t", 97.5)
    assert half.level == 97.5
    groups = [Group(np.ones(len(part)), np.ones(len(part)), part) for part in (rows.outcome[:100], rows.outcome[100:])]
    found = trimmed(*groups)
    assert (half.low - half.interval_low) / found.low_error == pytest.approx(t.ppf(0.9875, 99))


def test_shares_of_few_people_have_the_error_that_newcombes_interval_has():
    """Under 200 people in an arm nine tenths of the error: 95 percent by name has t of 95.5 percent, 99 df."""
    rows = make_rows(["c"] * 100 + ["t"] * 100, [1] * 40 + [0] * 60 + [1] * 60 + [0] * 40)
    found = lee(SHARE, rows, "t")
    groups = [Group(np.ones(100), np.ones(100), part) for part in np.split(rows.outcome, 2)]
    assert found.level == 95
    assert (found.low - found.interval_low) / 100 / trimmed(*groups).low_error == pytest.approx(t.ppf(0.9775, 99))


def test_without_loss_they_are_the_difference_with_its_interval():
    rng = np.random.default_rng(4)
    rows = make_rows(["c"] * 50 + ["t"] * 50, rng.normal(size=100))
    found = lee(MEAN, rows, "t")
    difference = rows.outcome[50:].mean() - rows.outcome[:50].mean()
    assert found.low == pytest.approx(found.high) == pytest.approx(difference)


@given(st.lists(st.tuples(st.sampled_from("ct"), st.sampled_from([0.0, 1.0, np.nan])), min_size=30, max_size=80))
@settings(max_examples=examples(40))
def test_bounds_hold_the_difference_of_those_measured(people):
    arm, outcome = zip(*people, strict=True)
    rows = make_rows(arm, outcome)
    found = lee(SHARE, rows, "t")
    if not isinstance(found, Bounds):
        return
    measured = 100 * (np.nanmean(rows.outcome[rows.arm == "t"]) - np.nanmean(rows.outcome[rows.arm == "c"]))
    assert found.interval_low <= found.low <= measured + 1e-9 and measured - 1e-9 <= found.high <= found.interval_high
    assert lee(SHARE, cells_of(rows), "t").low == pytest.approx(found.low)


def test_blocks_with_other_shares_treated_do_not_bias_them():
    """No effect and no loss: both arms have 80% in the one block and 20% in the other, whatever was drawn."""
    block = ["a"] * 100 + ["b"] * 100
    arm = ["t"] * 80 + ["c"] * 20 + ["t"] * 20 + ["c"] * 80
    outcome = [1] * 64 + [0] * 16 + [1] * 16 + [0] * 4 + [1] * 4 + [0] * 16 + [1] * 16 + [0] * 64
    found = lee(SHARE, make_rows(arm, outcome, block=block), "t")
    assert (found.low, found.high) == pytest.approx((0, 0), abs=1e-9)
    assert lee(SHARE, make_rows(arm, outcome), "t").low == pytest.approx(36)


def test_clusters_are_what_counts_as_independent():
    clusters = [f"k{number // 20}" for number in range(200)]
    rng = np.random.default_rng(5)
    outcome = rng.normal(size=200) + np.repeat(rng.normal(size=10), 20)
    rows = make_rows(["c"] * 100 + ["t"] * 100, outcome, cluster=clusters)
    people, groups = lee(MEAN, rows, "t"), lee(make_registration(design=DesignKind.CLUSTERS), rows, "t")
    assert groups.low == people.low and groups.interval_low < people.interval_low


def test_they_say_what_is_missing():
    assert "each person's outcome" in lee(MEAN, cells_of(worked()), "t").reason
    assert "too few known outcomes" in lee(SHARE, make_rows("cctt", [1, 0, 1, np.nan]), "t").reason
