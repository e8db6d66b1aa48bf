"""Sizes that the draw should give, people lost, and how alike the groups were."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from engagements.pilots.rules.estimators.attrition import attrition
from engagements.pilots.rules.estimators.balance import balance, balance_of
from engagements.pilots.rules.estimators.sample_ratio import ratio_test, sample_ratio
from engagements.pilots.rules.registration import DesignKind, Limits, MissingRule
from engagements.pilots.rules.tallies import cells_of
from tests.engagements.pilots.made_data import make_registration, make_rows
from tests.properties import examples

REGISTRATION = make_registration()


def test_sizes_are_compared_with_the_weights_by_chi_squared():
    found = ratio_test({"c": 1, "t": 1}, {"c": 480, "t": 520})
    assert found.p == pytest.approx(stats.chisquare([480, 520]).pvalue) == pytest.approx(0.2059, abs=1e-4)
    three = ratio_test({"c": 2, "t": 1, "u": 1}, {"c": 210, "t": 90, "u": 100})
    assert three.p == pytest.approx(stats.chisquare([210, 90, 100], [200, 100, 100]).pvalue)


def test_few_expected_are_counted_exactly():
    found = ratio_test({"c": 9, "t": 1}, {"c": 5, "t": 5})
    assert found.p == pytest.approx(stats.binomtest(5, 10, 0.1).pvalue)


def test_nobody_or_one_arm_cannot_be_wrong():
    assert ratio_test({"c": 1, "t": 1}, {}).p == 1
    assert ratio_test({"c": 0, "t": 1}, {"t": 9}).p == 1


def test_an_arm_that_was_not_drawn_cannot_have_come():
    assert ratio_test({"c": 1000}, {"c": 1000, "t": 700}).p == 0
    assert ratio_test({"c": 1000, "t": 0}, {"c": 1000, "t": 700}).p == 0
    assert ratio_test({"c": 1000, "t": 1000}, {"c": 1000, "t": 1000, "u": 0}).p == 1


def test_people_drawn_are_counted_measured_or_not():
    rows = make_rows("c" * 30 + "t" * 60, [1.0] * 30 + [np.nan] * 60)
    found = sample_ratio(REGISTRATION, rows)
    assert found.came == {"c": 30, "t": 60} and found.p == pytest.approx(stats.chisquare([30, 60]).pvalue)
    assert sample_ratio(REGISTRATION, rows, {"c": 30, "t": 60}).p == 1
    unknown = replace(cells_of(rows), assigned=np.array([np.nan, np.nan]))
    assert sample_ratio(REGISTRATION, unknown) is None


def test_members_of_pairs_are_counted_not_their_people():
    pairs = replace(REGISTRATION, design=DesignKind.PAIRS)
    rows = make_rows("c" * 10 + "t" * 30, range(40), block=["a", "b"] * 20)
    assert (sample_ratio(pairs, rows).came, sample_ratio(pairs, rows).p) == ({"c": 2, "t": 2}, 1)


def test_where_clusters_were_drawn_they_are_counted():
    rows = make_rows("ct" * 10, range(20), cluster=["a", "b"] * 9 + ["c", "b"])
    found = sample_ratio(replace(REGISTRATION, design=DesignKind.CLUSTERS), rows)
    assert found.came == {"c": 2, "t": 1}


@pytest.mark.parametrize(
    ("lost", "other_lost", "needed"),
    [(0, 0, False), (2, 0, False), (6, 0, True), (0, 6, True), (18, 18, False), (22, 22, True)],
)
def test_bounds_are_needed_above_either_limit(lost, other_lost, needed):
    outcome = [np.nan] * other_lost + [1.0] * (100 - other_lost) + [np.nan] * lost + [1.0] * (100 - lost)
    found = attrition(REGISTRATION, make_rows(["c"] * 100 + ["t"] * 100, outcome), "t")
    assert (found.lost, found.gap) == ({"c": other_lost, "t": lost}, lost - other_lost)
    assert found.needs_bounds == needed


def test_bounds_are_needed_where_a_small_gap_is_larger_than_chance():
    outcome = [1.0] * 2700 + [np.nan] * 300 + [1.0] * 2640 + [np.nan] * 360
    rows = make_rows(["c"] * 3000 + ["t"] * 3000, outcome)
    table = [[300, 2700], [360, 2640]]
    assert stats.chi2_contingency(table, correction=False).pvalue == pytest.approx(0.0134, abs=1e-4)
    assert attrition(REGISTRATION, rows, "t").needs_bounds
    assert not attrition(replace(REGISTRATION, design=DesignKind.CLUSTERS), rows, "t").needs_bounds
    # Members of many people are like clusters; pairs of single people are not.
    pairs = replace(REGISTRATION, design=DesignKind.PAIRS)
    assert not attrition(pairs, rows, "t").needs_bounds
    names = [str(number) for number in range(3000)]
    assert attrition(pairs, replace(rows, block=np.array(names * 2, dtype=object)), "t").needs_bounds


def test_the_worst_case_needs_no_bounds_beside_it():
    rows = make_rows(["c"] * 100 + ["t"] * 100, [1.0] * 100 + [np.nan] * 40 + [1.0] * 60)
    assert attrition(REGISTRATION, rows, "t").needs_bounds
    assert not attrition(replace(REGISTRATION, missing=MissingRule.WORST), rows, "t").needs_bounds


def test_limits_are_the_registered_ones():
    rows = make_rows(["c"] * 10 + ["t"] * 10, [1.0] * 19 + [np.nan])
    assert attrition(REGISTRATION, rows, "t").needs_bounds
    assert not attrition(make_registration(limits=Limits(lost_gap_points=15)), rows, "t").needs_bounds


def test_attrition_is_unknown_until_somebody_says_how_many_were_drawn():
    cells = cells_of(make_rows("cctt", [1, 2, 3, 4]))
    unknown = replace(cells, assigned=np.full(2, np.nan))
    assert attrition(REGISTRATION, unknown, "t") is None
    assert attrition(REGISTRATION, unknown, "t", {"c": 4, "t": 2}).lost == {"c": 50, "t": 0}


def test_a_row_of_balance_is_in_standard_deviations():
    values = np.array([0.0, 1, 2, 1, 2, 3])
    found = balance({"age": values}, np.array([False] * 3 + [True] * 3))
    (row,) = found.rows
    assert (row.treated, row.comparison, row.standardized, row.missing) == (2, 1, 1, 0)


def test_the_test_of_all_covariates_is_hansen_and_bowers():
    """For one covariate without blocks it is n - 1 times the squared correlation with the arm."""
    rng = np.random.default_rng(1)
    values, is_treated = rng.normal(size=40), rng.random(40) < 0.5
    correlation = np.corrcoef(values, is_treated)[0, 1]
    expected = stats.chi2.sf(39 * correlation**2, 1)
    assert balance({"age": values}, is_treated).p == pytest.approx(expected)


@given(st.integers(0, 10_000))
@settings(max_examples=examples(15))
def test_copies_of_a_covariate_change_nothing(seed):
    rng = np.random.default_rng(seed)
    values, is_treated = rng.normal(size=30), np.array([True, False] * 15)
    once = balance({"a": values}, is_treated).p
    assert balance({"a": values, "b": 3 * values - 2, "c": np.ones(30)}, is_treated).p == pytest.approx(once)


def test_blocks_take_out_what_the_draw_made_unequal():
    age = np.repeat([20.0, 60.0], 50) + np.tile([-1.0, 1.0], 50)
    arm = np.array((["t"] * 40 + ["c"] * 10) + (["t"] * 10 + ["c"] * 40))
    plain = make_rows(arm, np.zeros(100), covariates={"age": age})
    blocked = make_rows(arm, np.zeros(100), covariates={"age": age}, block=["1"] * 50 + ["2"] * 50)
    assert balance_of(plain, "c", "t").p < 1e-6 and balance_of(blocked, "c", "t").p == pytest.approx(1)


def test_missing_values_and_missing_covariates():
    rows = make_rows("cctt", [1, 2, 3, 4], covariates={"age": [1, np.nan, 3, np.nan]})
    (row,) = balance_of(rows, "c", "t").rows
    assert (row.missing, row.standardized) == (50, None)
    assert balance_of(make_rows("ct", [1, 2]), "c", "t") is None
    assert balance({"age": np.full(4, np.nan)}, np.array([True, True, False, False])).p is None
