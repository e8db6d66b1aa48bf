"""Benchmarked means against a slow recomputation, worked numbers, and simulated places."""

import numpy as np
import pytest

from atlas.statistics.benchmark import CountyTracts, benchmark, compare_counties, shifts
from atlas.statistics.results import NO_STANDARD_ERRORS
from atlas.statistics.weights import weighted_mean
from tests.reference.benchmark import slow_benchmark

COUNTY = np.array([1, 1, 1, 2, 2])
VALUES = np.array([0.30, 0.40, 0.35, 0.45, 0.38])
CHILDREN = np.array([100.0, 300, 200, 400, 150])
ERRORS = np.array([0.02, 0.01, 0.015, 0.03, 0.02])
INSIDE = np.array([100.0, 300, 0, 0, 75])
PUBLISHED = np.array([0.37, 0.41])
PUBLISHED_ERRORS = np.array([0.004, 0.006])


def run(inside=INSIDE, errors=ERRORS, published=PUBLISHED, published_errors=PUBLISHED_ERRORS, ratio=1.0, values=VALUES):
    tracts = CountyTracts(COUNTY, values, CHILDREN, inside, errors)
    mean = weighted_mean(values, inside, errors)
    counties = compare_counties(tracts, np.array([1, 2]), published, published_errors)
    return benchmark(mean, tracts, counties, ratio), mean


def slow(inside=INSIDE):
    tracts = {i: (int(COUNTY[i]), VALUES[i], CHILDREN[i], ERRORS[i]) for i in range(5)}
    published = {c: (float(PUBLISHED[c - 1]), float(PUBLISHED_ERRORS[c - 1])) for c in (1, 2)}
    return slow_benchmark(tracts, published, {i: float(inside[i]) for i in range(5) if inside[i]})


def test_value_and_error_are_those_of_the_slow_recomputation():
    found, _ = run()
    assert (found.estimate.value, found.estimate.standard_error) == pytest.approx(slow())
    assert found.adjustment_error == pytest.approx(np.hypot(400 / 475 * 0.004, 75 / 475 * 0.006))
    assert [one.county for one in found.counties] == [1, 2] and not found.is_published


def test_the_worked_numbers_of_the_docstring():
    tracts = CountyTracts(
        np.array([1, 1]), np.array([0.30, 0.40]), np.full(2, 100.0), np.array([100.0, 0]), np.full(2, 0.01)
    )
    counties = compare_counties(tracts, np.array([1]), np.array([0.36]), np.array([0.002]))
    mean = weighted_mean(tracts.values, tracts.inside, tracts.standard_errors)
    found = benchmark(mean, tracts, counties)
    assert found.estimate.value == pytest.approx(0.31)
    assert found.estimate.standard_error == pytest.approx(0.0073485, abs=1e-7)
    assert (counties[0].modelled, counties[0].difference) == (pytest.approx(0.35), pytest.approx(0.01))


def test_a_place_that_is_its_counties_has_their_published_value_and_error():
    found, _ = run(inside=CHILDREN)
    w = np.array([600, 550]) / 1150
    assert found.is_published and found.estimate.value == pytest.approx(float(w @ PUBLISHED))
    assert found.estimate.standard_error == pytest.approx(float(np.hypot(*(w * PUBLISHED_ERRORS))))
    alone, _ = run(inside=np.array([100.0, 300, 200, 0, 0]), errors=None)
    assert (alone.estimate.value, alone.estimate.standard_error) == (pytest.approx(0.37), pytest.approx(0.004)), (
        "the county's error is known where those of its tracts are not"
    )


def test_a_hundredth_less_than_the_county_is_still_the_county_and_more_is_not():
    nearly, _ = run(inside=np.array([100.0, 300, 194, 0, 0]))
    assert nearly.is_published and nearly.estimate.value == pytest.approx(0.37)
    less, _ = run(inside=np.array([100.0, 300, 193, 0, 0]))
    assert not less.is_published and less.estimate.value == pytest.approx(0.37, abs=0.001)


def test_without_errors_of_tracts_a_part_of_a_county_has_none():
    found, mean = run(errors=None)
    assert found.estimate.standard_error is None and found.estimate.reason == NO_STANDARD_ERRORS
    assert found.estimate.value == pytest.approx(slow()[0])
    assert found.adjustment == pytest.approx(found.estimate.value - mean.value)


def test_without_a_published_error_there_is_none_and_the_reason_names_the_county_file():
    found, _ = run(published_errors=None)
    assert found.estimate.standard_error is None and "county file" in found.estimate.reason
    assert found.adjustment_error is None and found.estimate.value == pytest.approx(slow()[0])


def test_one_county_without_a_published_value_leaves_the_whole_mean_as_it_is():
    found, _ = run(published=np.array([0.37, np.nan]))
    assert found.estimate.value is None and found.estimate.reason == "1 county has no published value of this measure"
    assert [one.difference is None for one in found.counties] == [False, True]
    far, _ = run(published=np.array([0.37, np.nan]), inside=np.array([100.0, 300, 0, 0, 0]))
    assert far.estimate.value is not None, "a county without children of the place does not count"


def test_a_place_without_a_mean_has_no_benchmark_and_keeps_its_reason():
    found, mean = run(values=np.where(INSIDE > 0, np.nan, VALUES))
    assert found.estimate.value is None and found.estimate.reason == mean.reason and found.counties == ()


def test_the_ratio_raises_only_the_part_within_counties():
    plain, doubled = (run(ratio=ratio)[0].estimate.standard_error for ratio in (1.0, 2.0))
    fixed = run()[0].adjustment_error
    assert doubled**2 - fixed**2 == pytest.approx(4 * (plain**2 - fixed**2))


def test_every_tract_of_a_county_moves_alike_so_that_no_rank_inside_it_changes():
    moved = shifts(run()[0].counties, np.array([1, 1, 2, 3]))
    assert moved[:3] == pytest.approx([0.37 - 220 / 600, 0.37 - 220 / 600, 0.41 - 237 / 550])
    assert np.isnan(moved[3])
    unknown = run(published=np.array([0.37, np.nan]))[0].counties
    assert np.isnan(shifts(unknown, np.array([2]))).all()


def test_the_mean_of_the_moved_tracts_is_the_benchmarked_mean():
    found, _ = run()
    assert weighted_mean(VALUES + shifts(found.counties, COUNTY), INSIDE).value == pytest.approx(found.estimate.value)


def test_a_bias_that_tracts_share_is_taken_out_and_intervals_cover():
    """400 simulated counties of 30 tracts, whose file of tracts is .02 too high: a child's result varies alike."""
    random = np.random.default_rng(20261129)
    covered = raw_covered = 0
    for _ in range(400):
        children = random.uniform(50, 500, 30)
        truth = random.normal(0.38, 0.04, 30)
        sampled = truth + random.normal(0, 0.25, 30) / np.sqrt(children)
        errors = 0.25 / np.sqrt(children)
        published = float(np.average(sampled, weights=children))  # the same children, without the bias
        inside = np.where(np.arange(30) < 12, children, 0.0)
        tracts = CountyTracts(np.ones(30, int), sampled + 0.02, children, inside, errors)
        mean = weighted_mean(tracts.values, inside, errors)
        counties = compare_counties(
            tracts, np.array([1]), np.array([published]), np.array([0.25 / np.sqrt(children.sum())])
        )
        found = benchmark(mean, tracts, counties).estimate
        target = float(np.average(truth, weights=inside))
        covered += abs(found.value - target) < 1.96 * found.standard_error
        raw_covered += abs(mean.value - target) < 1.96 * mean.standard_error
    assert 0.92 < covered / 400 < 0.98 and raw_covered / 400 < 0.6
