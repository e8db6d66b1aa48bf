import numpy as np
import pytest

from engagements.pilots.rules.estimates import Estimate, Refused
from engagements.pilots.rules.estimators import sensitivity
from engagements.pilots.rules.estimators.changes import difference_of_means
from engagements.pilots.rules.estimators.cohorts import effect_of, weigh_cells, weigh_cohort
from engagements.pilots.rules.estimators.cohorts_before import allow_for_drift, moved_apart_p
from engagements.pilots.rules.estimators.staggered import count_reassigned, staggered
from engagements.pilots.rules.registration import DesignKind, Estimator
from tests.engagements.pilots.made_data import make_registration
from tests.engagements.pilots.made_panels import make_panel_cells

YEARS = [str(year) for year in range(2015, 2023)]
STARTS = np.array([3] * 5 + [5] * 5 + [8] * 12)


def _means(effect=0.0, starts=STARTS):
    rng = np.random.default_rng(6)
    means = 40 + rng.normal(0, 4, (starts.size, 1)) + np.arange(8) ** 1.5 + rng.normal(0, 1, (starts.size, 8))
    return means + effect * (np.arange(8) >= starts[:, None])


def _arms(starts):
    return np.where(np.arange(8) >= starts[:, None], "t", "c")


def _answer(means, starts=STARTS):
    registration = make_registration(design=DesignKind.STAGGERED, estimator=Estimator.STAGGERED)
    return staggered(registration, make_panel_cells(means, _arms(starts), YEARS), "t")


def test_one_start_is_difference_in_differences_from_the_period_before():
    starts = np.array([2, 2, 3, 3])
    outcomes = np.array([[0, 1, 7.0], [0, 3, 9], [0, 0, 1], [0, 2, 1]])

    weights = weigh_cells(starts, 3)

    assert (weights * outcomes).sum() == pytest.approx(6 - 0)  # +6 and +6, against +1 and -1


def test_a_cohort_is_never_compared_with_groups_that_started_before():
    weights, cells = weigh_cohort(np.array([1, 3, 4]), 3, 4)
    assert weights[0].tolist() == [0, 0, 0, 0]
    assert cells == 1

    weights, cells = weigh_cohort(np.array([1, 2, 3]), 1, 4)  # nobody is left in the last period
    assert cells == 2
    assert weights[:, 3].tolist() == [0, 0, 0]


def test_nobody_to_compare_with_has_no_weights():
    assert weigh_cells(np.array([1, 1]), 3) is None
    with pytest.raises(ValueError, match="no cohort"):
        effect_of(np.ones((2, 3)), np.array([1, 1]))


def test_an_effect_is_found_and_both_tests_agree():
    found = _answer(_means(effect=6))

    assert isinstance(found, Estimate)
    assert 0 < found.low < 6 < found.high
    assert found.second.p <= 0.05
    assert found.caps == ()
    assert found.details["starts"] == "2018, 2020"
    assert found.details["by_start"] == pytest.approx([6, 6], abs=2)
    assert (found.details["groups_started"], found.details["groups_waiting"]) == (10, 12)


def test_reassigned_starts_are_counted_as_if_each_were_computed_anew():
    starts, means = np.array([1, 2, 3, 3, 3]), np.random.default_rng(2).normal(size=(5, 3))
    from engagements.pilots.rules.estimators.assignments import reassign

    orders = reassign(starts, ("",) * 5).starts
    effects = np.array([(weigh_cells(order, 3) * means).sum() for order in orders])
    seen = (weigh_cells(starts, 3) * means).sum()

    found = count_reassigned(means, starts)

    assert found.p == pytest.approx(np.mean(np.abs(effects) >= abs(seen) - 1e-12))
    assert found.draws == 20


def test_fewer_than_twenty_groups_cap_the_verdict():
    starts = STARTS[:-3]

    assert _answer(_means(6, starts), starts).caps == (
        "Fewer than 20 groups were compared, for which this method is not tried.",
    )


def test_groups_that_start_alone_cap_the_verdict():
    starts = np.array([3, 4, 5, 6] + [8] * 17)

    assert _answer(_means(6, starts), starts).caps == (
        "More than a quarter of the groups started alone, so that their spread is not known.",
    )


@pytest.mark.parametrize(
    ("starts", "reason"),
    [
        (np.array([3] * 10), "In no period were there groups without the program to compare with."),
        (np.array([3] * 10 + [8] * 2), "Only 10 groups started, and 2 others can be compared with them."),
        (np.array([3] + [8] * 21), "Only 1 group started, and 21 others can be compared with it."),
        (np.array([3] * 10 + [8]), "Only 10 groups started, and 1 other can be compared with them."),
        (np.array([3] * 10 + [8] * 12), "All groups that got the program started together."),
        (np.array([0] * 4 + [3] * 10 + [8] * 12), "All groups that got the program started together."),
        (np.array([3] * 2 + [8] * 20), "Only 2 groups started, and 20 others can be compared with them."),
    ],
)
def test_too_few_to_compare_are_refused(starts, reason):
    refused = _answer(_means(starts=starts), starts)

    assert isinstance(refused, Refused)
    assert refused.reason == reason


def _drifting(years_a_point, starts=STARTS):
    """No effect; groups that will start rise by `years_a_point` points a year more than the others, from the first."""
    return _means(starts=starts) + years_a_point * np.arange(8) * (starts < 8)[:, None]


def test_groups_that_moved_apart_before_allow_no_verdict():
    found = _answer(_drifting(2))

    assert found.value > 4  # what drift alone makes of no effect, both tests sure of it
    assert found.p < 0.001
    assert found.second.p <= 0.001
    assert found.caps == ("The groups were already moving apart before the program.",)
    assert found.details["pre_trend_p"] < 0.001
    assert _answer(_means()).details["pre_trend_p"] >= 0.1


def test_drift_as_large_as_before_is_allowed_for():
    """2 points a year; a year's effect may be off by half of that a year since the start: 1, 2, 3, 4, 5 years of the
    cohort of 2018 and 1, 2, 3 of that of 2020, as many groups each -> 21 / 8 years -> 2.6 points."""
    means = _drifting(2) - _means() + 1e-6 * _means()
    found = allow_for_drift(means, STARTS, 0.5)

    assert found.largest_drift == pytest.approx(2, abs=1e-4)
    assert found.set_high - found.set_low == pytest.approx(2 * 0.5 * 2 * 21 / 8, abs=1e-4)
    details = _answer(_drifting(2)).details
    assert details["sensitivity_m"] == 0.5
    assert details["sensitivity_low"] < 21 / 8 * 2 / 2 < details["sensitivity_high"]


@pytest.mark.parametrize(("first", "periods"), [(3, 5), (4, 8), (12, 24), (7, 9)])
def test_with_one_start_the_allowance_is_that_of_differences(first, periods):
    means = np.random.default_rng(3).normal(size=(12, periods))
    treated = np.arange(12) < 5
    starts = np.where(treated, first, periods)

    one = sensitivity.allow_for_drift(means, treated, first, 0.5)
    other = allow_for_drift(means, starts, 0.5)

    assert other.largest_drift == pytest.approx(one.largest_drift)
    assert (other.set_low, other.set_high) == pytest.approx((one.set_low, one.set_high))


@pytest.mark.parametrize(("treated", "first"), [(3, 4), (6, 2), (5, 5)])
def test_with_one_start_the_test_of_the_time_before_looks_at_the_same_numbers(treated, first):
    """As differences do it, without a pooled variance: for one span, the t of Welch with Satterthwaite's df."""
    from scipy import stats

    means = np.random.default_rng(4).normal(size=(12, 8))
    starts = np.where(np.arange(12) < treated, first, 8)
    rest = means[:, :first]
    p, spans, _ = moved_apart_p(means, starts)
    if spans == 1:
        pieces = np.array_split(rest, 2, axis=1)
        moved = pieces[0].mean(axis=1) - pieces[1].mean(axis=1)
        welch = stats.ttest_ind(moved[:treated], moved[treated:], equal_var=False).statistic
        df = difference_of_means(moved, starts < 8).df
        assert p == pytest.approx(2 * stats.t.sf(abs(welch), df))
    assert 1 <= spans < first


def test_the_test_of_the_time_before_is_wrong_as_often_as_it_says():
    """At .10, with 4,000 draws without drift: 10 of 100, less 3 and plus 2 for covariances of few groups."""
    starts = np.array([4] * 5 + [6] * 5 + [8] * 5 + [12] * 15)
    p, spans, _ = moved_apart_p(np.random.default_rng(10).normal(size=(4_000, 30, 12)), starts)

    assert spans > 1
    assert 0.07 < np.mean(p < 0.1) < 0.12


def test_few_periods_before_the_first_start_cap_the_verdict():
    starts = np.array([2] * 5 + [5] * 5 + [8] * 12)
    found = _answer(_means(6, starts), starts)

    assert found.caps == ("Fewer than 3 periods before the first start were measured.",)
    assert "sensitivity_low" not in found.details
    alone = np.array([1] * 5 + [1] * 5 + [8] * 12)
    assert moved_apart_p(_means(0, alone), alone) is None


def test_the_error_holds_where_the_usual_one_fails():
    from scipy import stats

    starts = np.array([4] * 3 + [6] * 3 + [8] * 3 + [12] * 11)
    outcomes = np.random.default_rng(9).normal(size=(4_000, 20, 12))
    parts = (outcomes * weigh_cells(starts, 12)).sum(axis=-1)
    spreads = [parts[:, starts == start].var(axis=-1) * np.sum(starts == start) for start in np.unique(starts)]

    found = effect_of(outcomes, starts)

    assert np.mean(2 * stats.t.sf(np.abs(found.value) / found.error, found.df) < 0.05) < 0.06
    assert np.mean(np.abs(found.value) > 1.96 * np.sqrt(sum(spreads))) > 0.12  # n below, normal reference
