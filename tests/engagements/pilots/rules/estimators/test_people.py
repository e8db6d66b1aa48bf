"""Difference, blocks and adjustment against slow least squares on rebuilt rows, and what is refused or held back."""

import math
from dataclasses import replace

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep

from engagements.pilots.rules.estimates import Estimate, Refused
from engagements.pilots.rules.estimators import people
from engagements.pilots.rules.estimators.lin import adjusted as lin_adjusted
from engagements.pilots.rules.estimators.proportions import newcombe, quantile_for, share_p
from engagements.pilots.rules.registration import Draw, MissingRule, OutcomeKind
from engagements.pilots.rules.tallies import cells_of
from engagements.verdicts import Wanted
from tests.engagements.pilots.made_data import make_registration, make_rows
from tests.properties import examples

MEAN = make_registration()
SHARE = make_registration(OutcomeKind.SHARE)


def made(seed=1, comparison=40, treated=50, effect=1.0, **columns):
    rng = np.random.default_rng(seed)
    arm = ["c"] * comparison + ["t"] * treated
    return make_rows(arm, rng.normal(10, 3, len(arm)) + effect * (np.array(arm) == "t"), **columns)


def shares(treated, n, comparison, other_n):
    outcome = [1] * treated + [0] * (n - treated) + [1] * comparison + [0] * (other_n - comparison)
    return make_rows(["t"] * n + ["c"] * other_n, outcome)


def test_a_difference_of_means_is_welchs():
    rows = made()
    found = people.difference(MEAN, rows, "t")
    slow = stats.ttest_ind(rows.outcome[rows.arm == "t"], rows.outcome[rows.arm == "c"], equal_var=False)
    interval = slow.confidence_interval(0.95)
    assert (found.p, found.df) == pytest.approx((slow.pvalue, slow.df), rel=1e-10)
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high), rel=1e-10)
    assert (found.people, found.level, found.caps) == (90, 95.0, ())


def test_its_error_is_that_of_least_squares_with_hc2():
    rows = made()
    fit = sm.OLS(rows.outcome, sm.add_constant((rows.arm == "t").astype(float))).fit(cov_type="HC2")
    found = people.difference(MEAN, rows, "t")
    assert (found.value, found.standard_error) == pytest.approx((fit.params[1], fit.bse[1]), rel=1e-10)


def test_shares_are_shown_in_points_with_newcombes_interval():
    found = people.difference(SHARE, shares(560, 700, 480, 800), "t")
    low, high = confint_proportions_2indep(560, 700, 480, 800, method="newcomb")
    assert found.value == pytest.approx(20)
    assert (found.low, found.high) == pytest.approx((100 * low, 100 * high), abs=0.01)  # t with 1,498 df for z


def test_few_people_widen_the_interval_of_shares():
    """At the plain level 13 against 13 people with a true share of a half reject in 7.6% of cases."""
    rejected = {}
    events = np.arange(14)
    chance = stats.binom.pmf(events, 13, 0.5)
    for name, quantile in (("plain", 1.959964), ("ours", quantile_for(95, 13, 13))):
        low, high = newcombe(events[:, None], 13, events[None, :], 13, quantile)
        rejected[name] = 100 * chance @ ((low > 0) | (high < 0)) @ chance
    assert rejected["plain"] == pytest.approx(7.556, abs=0.001)
    assert rejected["ours"] < 5


@given(st.integers(0, 30), st.integers(0, 40), st.sampled_from([90.0, 95.0, 99.0]))
def test_the_p_of_shares_agrees_with_the_interval(ours, theirs, level):
    low, high = newcombe(ours, 30, theirs, 40, quantile_for(level, 30, 40))
    assert (share_p(ours, 30, theirs, 40) < 1 - level / 100) == (low > 0 or high < 0)


def test_equal_shares_have_a_p_of_one():
    assert people.difference(SHARE, shares(10, 40, 10, 40), "t").p == 1


def block_rows(seed=3, size=200):
    rng = np.random.default_rng(seed)
    block = rng.integers(0, 4, size)
    is_treated = rng.random(size) < np.array([0.3, 0.5, 0.6, 0.7])[block]
    outcome = block + is_treated * 0.5 + rng.normal(size=size)
    return make_rows(
        np.where(is_treated, "t", "c"),
        outcome,
        block=[f"b{one}" for one in block],
        city=np.where(block > 1, "detroit", "racine"),
    )


def test_blocks_are_indicators_with_hc2():
    rows = block_rows()
    design = np.column_stack([rows.arm == "t", *((rows.block == name) for name in sorted(set(rows.block)))])
    fit = sm.OLS(rows.outcome, design.astype(float)).fit(cov_type="HC2")
    found = people.blocked(MEAN, rows, "t")
    assert (found.value, found.standard_error) == pytest.approx((fit.params[0], fit.bse[0]), rel=1e-10)


def test_its_degrees_of_freedom_are_bell_and_mccaffreys():
    rows = block_rows(size=40)
    design = np.column_stack([rows.arm == "t", *((rows.block == name) for name in sorted(set(rows.block)))]).astype(
        float
    )
    inverse = np.linalg.inv(design.T @ design)
    residual = np.eye(len(design)) - design @ inverse @ design.T
    weight = (inverse[0] @ design.T) ** 2 / np.diag(residual)
    both = np.diag(weight) @ residual
    expected = np.trace(both) ** 2 / np.trace(both @ both)
    assert people.blocked(MEAN, rows, "t").df == pytest.approx(expected, rel=1e-10)


def test_a_block_with_one_group_alone_tells_nothing_and_is_named():
    rows = block_rows()
    more = make_rows(
        [*rows.arm, "t", "t"],
        [*rows.outcome, 99, 50],
        block=[*rows.block, "alone", "alone"],
        city=[*rows.city, "racine", "racine"],
    )
    found = people.blocked(MEAN, more, "t")
    assert found.value == pytest.approx(people.blocked(MEAN, rows, "t").value)
    assert found.notes == ("Measured in blocks with one group alone, which tell nothing: fewer than 10 people.",)


def test_blocks_without_both_groups_are_refused():
    rows = make_rows("c" * 12 + "t" * 12, range(24), block=["1"] * 12 + ["2"] * 12)
    assert people.blocked(MEAN, rows, "t").reason == "No block has people of both groups."


def test_a_method_that_ignores_unequal_blocks_is_held_back():
    registration = make_registration(draw=Draw(block_by=("site",)))
    rng = np.random.default_rng(0)
    arm = ["t"] * 40 + ["c"] * 10 + ["t"] * 10 + ["c"] * 40
    rows = make_rows(arm, rng.normal(size=100), block=["1"] * 50 + ["2"] * 50)
    assert "ignores blocks" in people.difference(registration, rows, "t").caps[0]
    assert people.difference(MEAN, rows, "t").caps == ()  # the draw was simple: blocks are only labels


def test_blocks_where_nobody_was_measured_are_no_reason():
    registration = make_registration(draw=Draw(block_by=("site",)))
    rng = np.random.default_rng(0)
    outcome = [*rng.normal(size=80), np.nan, np.nan]
    rows = make_rows("ct" * 41, outcome, block=["1"] * 40 + ["2"] * 40 + ["3"] * 2)
    assert people.difference(registration, rows, "t").caps == ()


def covariate_rows(size=80, seed=5):
    rng = np.random.default_rng(seed)
    age, score = rng.normal(40, 9, size), rng.exponential(size=size)
    arm = np.array(["c", "t"] * (size // 2))
    outcome = 0.1 * age + score * (1 + (arm == "t")) + rng.normal(size=size)
    return make_rows(arm, outcome, covariates={"age": age, "score": score})


@pytest.mark.parametrize(("size", "errors"), [(60, "HC3"), (80, "HC2")])
def test_an_adjustment_is_lins(size, errors):
    rows = covariate_rows(size)
    is_treated = (rows.arm == "t").astype(float)
    centered = np.column_stack([values - values.mean() for values in rows.covariates.values()])
    design = np.column_stack([np.ones(size), is_treated, centered, centered * is_treated[:, None]])
    fit = sm.OLS(rows.outcome, design).fit(cov_type=errors)
    found = people.adjusted(make_registration(covariates=("age", "score")), rows, "t")
    assert (found.value, found.standard_error) == pytest.approx((fit.params[1], fit.bse[1]), rel=1e-8)
    assert found.details["errors"] == errors


def test_without_covariates_an_adjustment_is_welchs():
    rows = made()
    plain, found = people.difference(MEAN, rows, "t"), people.adjusted(MEAN, rows, "t")
    assert (found.value, found.low, found.df) == pytest.approx((plain.value, plain.low, plain.df), rel=1e-10)


def test_missing_covariates_are_filled_and_flagged():
    rows = covariate_rows(200)
    holes = rows.covariates["age"].copy()
    holes[:20] = np.nan
    flag = np.isnan(holes)
    filled = np.where(flag, np.nanmean(holes), holes)
    registration = make_registration(covariates=("age",))
    found = people.adjusted(registration, replace(rows, covariates={"age": holes}), "t")
    by_hand = np.column_stack([filled - filled.mean(), flag - flag.mean()])
    ours = rows.arm == "t"
    expected = lin_adjusted(rows.outcome[ours], by_hand[ours], rows.outcome[~ours], by_hand[~ours], hc3=False)
    assert (found.value, found.standard_error) == pytest.approx((expected.value, expected.standard_error))
    assert found.notes == ("20 missing values of “age”: filled with the mean and flagged.",)


def test_a_covariate_that_says_nothing_more_is_left_out():
    rows = covariate_rows()
    more = rows.covariates | {"twice": 2 * rows.covariates["age"], "same": np.ones(80)}
    registration = make_registration(covariates=("age", "twice", "same"))
    found = people.adjusted(registration, replace(rows, covariates=more), "t")
    assert found.value == pytest.approx(people.adjusted(make_registration(covariates=("age",)), rows, "t").value)
    assert "twice, same" in found.notes[-1]


def test_an_adjustment_asks_for_rows_for_its_columns_and_for_people():
    registration = make_registration(covariates=("age",))
    assert "counts and sums" in people.adjusted(registration, cells_of(covariate_rows()), "t").reason
    assert "“age” is not in the data" in people.adjusted(registration, made(), "t").reason
    many = {f"x{number}": np.random.default_rng(number).normal(size=24) for number in range(8)}
    rows = make_rows("ct" * 12, range(24), covariates=many)
    assert "12 people, for 8 covariates" in people.adjusted(make_registration(covariates=tuple(many)), rows, "t").reason


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (make_rows("c" * 12, range(12)), "Nobody in “Coaching” has a known outcome."),
        (make_rows("c" * 12 + "t" * 9, range(21)), "Known outcomes in “Coaching”: of fewer than 10 people only."),
        (make_rows("c" * 12 + "t" * 12, [7.1] * 24), "Every outcome has the same value."),
        (make_rows("c" * 12 + "t" * 12, [1] * 12 + [2] * 12), "Within each group, every outcome has the same value."),
    ],
)
def test_what_cannot_be_compared_is_refused(rows, reason):
    for method in (people.difference, people.blocked, people.adjusted):
        found = method(MEAN, rows, "t")
        assert isinstance(found, Refused) and found.reason == reason and found.needed


def test_a_share_of_other_values_than_0_and_1_is_refused():
    assert "other than 0 and 1" in people.difference(SHARE, made(), "t").reason


@pytest.mark.parametrize(
    ("comparison", "treated", "level", "held_back"),
    [(100, 100, 95, False), (30, 90, 97.5, False), (300, 900, 95, False), (10, 90, 95, True), (270, 30, 95, True)],
)
def test_unequal_arms_lower_the_level_or_hold_the_verdict_back(comparison, treated, level, held_back):
    found = people.difference(MEAN, made(comparison=comparison, treated=treated), "t")
    assert (found.level, bool(found.caps)) == (level, held_back)
    assert any("97.5 percent" in note for note in found.notes) == (level == 97.5)


def test_a_group_of_one_value_holds_the_verdict_back():
    rng = np.random.default_rng(0)
    rows = make_rows("c" * 20 + "t" * 20, [*rng.normal(size=20), *[0.0] * 20])
    assert people.difference(MEAN, rows, "t").caps[0].startswith("Everybody in one group has the same value")


def lost_rows(better_treated=60):
    """100 in each arm; so many good ones treated, 40 in the comparison; 10 bad ones of each arm were not measured."""
    outcome = np.array([1.0] * better_treated + [0.0] * (100 - better_treated) + [1.0] * 40 + [0.0] * 60)
    outcome[90:100] = np.nan
    outcome[190:200] = np.nan
    return make_rows(["t"] * 100 + ["c"] * 100, outcome)


def test_the_worst_case_counts_the_missing_against_the_program():
    registration = make_registration(OutcomeKind.SHARE, missing=MissingRule.WORST)
    found = people.difference(registration, lost_rows(), "t")
    assert found.value == pytest.approx(60 - 50)  # 60 of 100 against 40 + 10 of 100
    assert people.difference(registration, cells_of(lost_rows()), "t").low == found.low
    less = replace(registration, outcome=replace(registration.outcome, better=Wanted.LESS))
    assert people.difference(less, lost_rows(), "t").value == pytest.approx(70 - 40)


def test_the_worst_case_never_condemns_because_of_the_missing():
    registration = make_registration(OutcomeKind.SHARE, missing=MissingRule.WORST, smallest_worthwhile=12.0)
    found = people.difference(registration, lost_rows(better_treated=30), "t")
    assert found.high < 12 and "too many outcomes are missing" in found.caps[0]


def test_the_worst_case_is_for_shares_and_needs_the_number_drawn():
    registration = make_registration(missing=MissingRule.WORST)
    assert "only where the outcome is a share" in people.difference(registration, made(), "t").reason
    cells = cells_of(lost_rows())
    unknown = replace(cells, assigned=np.full(len(cells.n), np.nan))
    registration = make_registration(OutcomeKind.SHARE, missing=MissingRule.WORST)
    assert "do not say how many people were drawn" in people.difference(registration, unknown, "t").reason


PERSON = st.tuples(
    st.sampled_from("ct"), st.sampled_from(["a", "b", "c"]), st.one_of(st.just(math.nan), st.floats(-1e4, 1e4))
)


@given(st.lists(PERSON, min_size=24, max_size=60))
@settings(max_examples=examples(40))
def test_cells_give_the_same_digits_as_rows(persons):
    arm, block, outcome = zip(*persons, strict=True)
    rows = make_rows(arm, outcome, block=block)
    for method in (people.difference, people.blocked):
        assert method(MEAN, cells_of(rows), "t") == method(MEAN, rows, "t")


@given(st.randoms())
@settings(max_examples=examples(10))
def test_the_order_of_rows_changes_nothing_that_is_shown(random):
    rows = block_rows()
    order = list(range(len(rows.outcome)))
    random.shuffle(order)
    shuffled = make_rows(rows.arm[order], rows.outcome[order], block=rows.block[order], city=rows.city[order])
    first, again = people.blocked(MEAN, rows, "t"), people.blocked(MEAN, shuffled, "t")
    assert isinstance(first, Estimate) and isinstance(again, Estimate)
    assert (first.value, first.low, first.df) == pytest.approx((again.value, again.low, again.df), rel=1e-9)
