"""The registered method of cluster designs: two locks, the wider interval, refusals and caps."""

import numpy as np
import pytest

from engagements.pilots.rules.estimates import Estimate, Refused
from engagements.pilots.rules.estimators.clusters import clustered
from engagements.pilots.rules.registration import Assumptions, DesignKind, Estimator, OutcomeKind
from engagements.pilots.rules.tallies import cells_of
from tests.engagements.pilots.made_clusters import make_trial
from tests.engagements.pilots.made_data import make_registration, make_rows


def registered(**changes):
    return make_registration(
        **{"unit": "school", "design": DesignKind.CLUSTERS, "estimator": Estimator.CLUSTERED} | changes
    )


def rows_of(trial, **columns):
    names = np.array([f"school {number:02d}" for number in range(int(trial.cluster.max()) + 1)], dtype=object)
    blocks = np.array([f"block {number}" for number in trial.block], dtype=object)
    given = {"cluster": names[trial.cluster], "block": blocks} | columns
    return make_rows(np.where(trial.treated == 1, "t", "c"), trial.outcome, **given)


def test_ten_schools_are_compared_by_cr2_and_by_all_252_draws():
    found = clustered(registered(), rows_of(make_trial(10, 5, effect=0.8)), "t")
    assert isinstance(found, Estimate)
    assert (found.units, found.second.name, found.second.draws, found.second.exact) == (10, "randomization", 252, True)
    assert found.attainable_p == found.second.attainable_p == pytest.approx(2 / 252)
    assert found.low <= found.details["cr2_low"] and found.high >= found.details["cr2_high"]
    assert found.low <= found.second.low and found.high >= found.second.high
    assert found.low in (found.details["cr2_low"], found.second.low)


def test_aggregates_give_the_same_digits_as_rows():
    rows = rows_of(make_trial(12, 4, effect=0.4))
    assert clustered(registered(), cells_of(rows), "t") == clustered(registered(), rows, "t")


def test_the_order_of_the_rows_does_not_matter():
    rows = rows_of(make_trial(24, 12, effect=0.4))
    order = np.random.default_rng(5).permutation(len(rows.outcome))
    mixed = make_rows(rows.arm[order], rows.outcome[order], cluster=rows.cluster[order], block=rows.block[order])
    one, other = clustered(registered(), rows, "t"), clustered(registered(), mixed, "t")
    assert one.second.p == other.second.p
    assert (one.value, one.low, one.high) == pytest.approx((other.value, other.low, other.high), rel=1e-12)


def test_shares_are_shown_in_points():
    trial = make_trial(10, 5)
    events = (trial.outcome > 0.5).astype(float)
    treated, other = events[trial.treated == 1], events[trial.treated == 0]
    found = clustered(registered(kind=OutcomeKind.SHARE), rows_of(trial_with(trial, events)), "t")
    assert found.value == pytest.approx(100.0 * (treated.mean() - other.mean()))


def trial_with(trial, outcome):
    return type(trial)(trial.cluster, trial.block, trial.treated, outcome)


def test_six_schools_have_the_wild_bootstrap_as_second_lock():
    found = clustered(registered(), rows_of(make_trial(6, 3, effect=20.0)), "t")
    assert (found.second.name, found.second.draws) == ("wild", 64)
    assert found.second.p == found.attainable_p == 2 / 64
    assert found.caps == ()


def test_four_pairs_of_schools_are_capped_because_their_draw_has_only_16_outcomes():
    found = clustered(registered(), rows_of(make_trial(8, 1, blocks=4, effect=20.0)), "t")
    assert found.second.name == "randomization" and found.second.p == 2 / 16
    assert any("cannot go below 0.12" in cap for cap in found.caps)


def test_few_and_unequal_schools_are_capped_by_their_degrees_of_freedom():
    sizes = np.array([3, 3, 400, 5, 900, 5, 5])
    cluster = np.repeat(np.arange(7), sizes)
    outcome = np.random.default_rng(2).normal(size=len(cluster))
    rows = make_rows(np.where(cluster < 3, "t", "c"), outcome, cluster=[f"s{one}" for one in cluster])
    found = clustered(registered(), rows, "t")
    assert found.df < 2.0
    assert any("degrees of freedom" in cap for cap in found.caps)


@pytest.mark.parametrize(("clusters", "treated"), [(8, 2), (8, 1), (5, 3), (20, 18)])
def test_under_three_of_either_kind_nothing_is_estimated(clusters, treated):
    found = clustered(registered(), rows_of(make_trial(clusters, treated)), "t")
    assert isinstance(found, Refused)
    assert "schools of each kind" in found.needed


def test_the_refusal_says_how_many_there_were():
    found = clustered(registered(unit="neighborhood"), rows_of(make_trial(8, 2)), "t")
    assert found.reason == "Only 2 neighborhoods got the program."
    assert found.needed == "At least 3 neighborhoods of each kind."


def test_blocks_of_one_kind_are_left_out_and_said():
    trial = make_trial(12, 2, blocks=3, effect=0.4)
    extra = make_rows(["t"] * 4, [5.0, 6.0, 7.0, 8.0], cluster=["far"] * 4, block=["island"] * 4)
    rows = rows_of(trial)
    both = make_rows(
        np.concatenate([rows.arm, extra.arm]),
        np.concatenate([rows.outcome, extra.outcome]),
        cluster=np.concatenate([rows.cluster, extra.cluster]),
        block=np.concatenate([rows.block, extra.block]),
    )
    with_it, without = clustered(registered(), both, "t"), clustered(registered(), rows, "t")
    assert with_it.value == pytest.approx(without.value)
    assert with_it.notes[-1] == "Left out: 1 school in blocks where all are of one kind."


def test_outcomes_that_are_all_the_same_are_refused():
    trial = make_trial(10, 5)
    found = clustered(registered(), rows_of(trial_with(trial, np.full(len(trial.outcome), 7.1))), "t")
    assert isinstance(found, Refused) and "does not differ" in found.reason


def test_a_school_with_people_in_both_arms_is_refused():
    rows = rows_of(make_trial(10, 5))
    rows.arm[0] = "t" if rows.arm[0] == "c" else "c"
    found = clustered(registered(), rows, "t")
    assert isinstance(found, Refused) and "1 school stand in both groups" in found.reason


def test_people_without_a_school_are_refused():
    rows = rows_of(make_trial(10, 5))
    rows.cluster[:3] = ""
    assert isinstance(clustered(registered(), rows, "t"), Refused)


def test_a_registered_level_is_kept_or_lowered_never_raised():
    rows = rows_of(make_trial(12, 6, effect=0.5))
    wide = clustered(registered(assumptions=Assumptions(level=99.0)), rows, "t")
    usual = clustered(registered(), rows, "t")
    assert wide.level >= 99.0 and usual.level >= 95.0
    assert wide.low < usual.low and wide.high > usual.high
