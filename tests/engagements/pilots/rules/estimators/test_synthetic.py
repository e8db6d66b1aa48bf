from dataclasses import replace

import numpy as np
import pytest

from engagements.pilots.rules.estimates import Estimate, Refused
from engagements.pilots.rules.estimators.placebos import count_placebos, fit_weights, follow_each
from engagements.pilots.rules.estimators.synthetic import synthetic
from engagements.pilots.rules.registration import DesignKind, Estimator, Limits
from tests.engagements.pilots.made_data import make_registration
from tests.engagements.pilots.made_panels import make_panel_cells, months

REGISTRATION = make_registration(
    design=DesignKind.SYNTHETIC, estimator=Estimator.SYNTHETIC, starts_in=("2025-07",), limits=Limits(pre_fit=5.0)
)


def _means(effect=0.0, places=24, before=18, after=6, noise=1.0, seed=2):
    rng = np.random.default_rng(seed)
    common = rng.normal(size=(2, before + after)).cumsum(axis=1)
    means = 50 + rng.dirichlet([1, 1], size=places) @ common + rng.normal(0, noise, (places, before + after))
    means[0, before:] += effect
    return means


def _answer(means, treated=1, registration=REGISTRATION):
    arms = ["t"] * treated + ["c"] * (len(means) - treated)
    return synthetic(registration, make_panel_cells(means, arms, months(means.shape[1])), "t")


def test_weights_that_make_a_place_exactly_are_found():
    others = np.random.default_rng(1).normal(size=(6, 20)).cumsum(axis=1)

    weights = fit_weights(0.25 * others[1] + 0.75 * others[4], others)

    assert weights == pytest.approx([0, 0.25, 0, 0, 0.75, 0], abs=1e-5)


def test_weights_are_never_negative_and_sum_to_one():
    places = follow_each(_means(), 18)

    assert (places.weights >= 0).all()
    assert places.weights.sum(axis=1) == pytest.approx(np.ones(24))
    assert (np.diag(places.weights) == 0).all()


def test_a_place_that_stands_out_most_of_24_has_p_one_in_24():
    found = _answer(_means(effect=12))

    assert isinstance(found, Estimate)
    assert found.p == pytest.approx(1 / 24)
    assert found.attainable_p == pytest.approx(1 / 24)
    assert 0 < found.low < found.value < found.high
    assert (found.units, found.caps) == (24, ())
    assert (found.standard_error, found.df) == (None, None)


def test_the_interval_is_the_placebo_test_inverted():
    means = _means(effect=3)
    found = count_placebos(follow_each(means, 18), 0, np.arange(24))

    for end, inward in ((found.low, 1e-6), (found.high, -1e-6)):
        assert _p_without(means, end + inward) > 0.05
        assert _p_without(means, end - inward) <= 0.05


def _p_without(means, effect):
    changed = means.copy()
    changed[0, 18:] -= effect
    places = follow_each(changed, 18)
    strength = np.abs(places.gap) / places.misfit
    return np.mean(strength >= strength[0] * (1 - 1e-12))


def test_what_carries_the_comparison_is_told():
    details = _answer(_means(effect=6)).details

    assert sum(details["weights"]) == pytest.approx(1, abs=0.2)
    assert len(details["weights"]) == len(details["places"].split(", "))
    least, most = details["without_one_place"]
    assert least < 6.5
    assert most > 4
    assert len(details["gap"]) == 24


@pytest.mark.parametrize(
    ("means", "treated", "needed"),
    [
        (_means(places=16), 1, "At least 19 comparison places are needed."),
        (_means(places=1), 1, "At least 19 comparison places are needed."),
        (_means(places=502), 1, "At most 500, chosen before the outcome is known."),
        (_means(), 2, "Exactly one place with the program."),
        (_means(after=0), 1, "Periods before and after."),
    ],
)
def test_too_few_places_are_refused(means, treated, needed):
    refused = _answer(means, treated)

    assert isinstance(refused, Refused)
    assert refused.needed == needed


@pytest.mark.parametrize(
    ("alike", "reason"),
    [(1, "Only 1 comparison place can be followed as closely, but not exactly."), (0, "No comparison places can be")],
)
def test_how_few_places_can_be_followed_is_said_in_plain_words(alike, reason):
    means = np.random.default_rng(8).normal(50, 400, (24, 36))  # more periods before than places: no exact fits
    means[0] = means[2:].mean(axis=0) + np.arange(36) % 2
    if alike:
        means[1] = means[2:].mean(axis=0) + np.arange(36) % 3

    refused = _answer(means, registration=replace(REGISTRATION, starts_in=("2026-07",)))

    assert refused.reason.startswith(reason)


def test_one_comparison_place_is_one():
    assert _answer(_means(places=2)).reason == "Only 1 comparison place was measured."


def test_a_place_that_cannot_be_followed_within_the_registered_limit_is_refused():
    means = _means()
    means[0] += 40

    assert _answer(means).needed == "A misfit of at most 5 before the program."


def test_places_that_cannot_be_followed_do_not_count():
    means = _means()
    means[15:] += np.random.default_rng(1).normal(0, 100, (9, 24))

    refused = _answer(means)

    assert "comparison places can be followed as closely" in refused.reason


def _with_twins(means, pairs):
    """Both of a pair have the same series before the program; after it they differ."""
    means = means.copy()
    for one, other in pairs:
        means[other, :18] = means[one, :18]
    return means


def test_places_that_others_follow_exactly_do_not_count_and_do_not_make_the_interval_shorter():
    means = _means(effect=12)

    found = _answer(_with_twins(means, [(8, 9)]))

    assert found.p == pytest.approx(1 / 22)  # 24 places without the two
    assert found.units == 22
    assert found.high - found.low > 0.8 * (_answer(means).high - _answer(means).low)
    assert found.notes[1] == "2 places that others follow exactly before the program are not counted."


def test_a_place_that_is_followed_nearly_exactly_leaves_the_rest_of_others_as_it_is():
    means = _means(effect=12)
    twins = _with_twins(means, [(8, 9)])
    twins[8, :18] += 1e-6 * np.random.default_rng(7).normal(size=18)  # their statistics are a million times the usual

    found = _answer(twins)

    assert found.units == 24
    assert found.p == pytest.approx(3 / 24)  # both of the pair stand out further
    assert found.low < 0 < 24 < found.high


def test_places_whose_outcome_was_always_nothing_are_not_counted():
    means = _means(effect=12, places=24)
    means[10:12] = 0

    assert _answer(means).units == 22


def test_nineteen_comparison_places_that_count_must_be_left():
    refused = _answer(_with_twins(_means(), [(1, 2), (3, 4), (5, 6)]))

    assert refused.reason == "Only 17 comparison places can be followed as closely, but not exactly."


def test_a_place_with_the_program_that_is_followed_exactly_is_refused():
    refused = _answer(_with_twins(_means(), [(0, 5)]))

    assert refused.reason == "A mean of comparison places follows the place exactly, so that chance has no measure."


def test_without_a_registered_limit_nothing_is_said():
    refused = _answer(_means(), registration=replace(REGISTRATION, limits=Limits()))

    assert refused.reason == "No limit of the earlier fit was registered."


def test_few_periods_before_cap_the_verdict():
    found = _answer(_means(before=9), registration=replace(REGISTRATION, starts_in=("2024-10",)))

    assert found.caps == ("Fewer than 12 periods before the program were measured, so that a good fit says little.",)
