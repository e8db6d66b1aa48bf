"""Who took part, and the effect on them: against linearmodels, and only where the offer moved enough people."""

from dataclasses import replace

import numpy as np
import pytest
from linearmodels.iv import IV2SLS

from engagements.pilots.rules.estimates import Estimate
from engagements.pilots.rules.estimators.take_up import on_takers, take_up
from engagements.pilots.rules.registration import DesignKind, Estimator, OutcomeKind
from engagements.pilots.rules.tallies import cells_of
from tests.engagements.pilots.made_data import make_registration, make_rows

PLAIN = make_registration(OutcomeKind.SHARE)
BLOCKED = make_registration(estimator=Estimator.BLOCKED)
ADJUSTED = make_registration(estimator=Estimator.ADJUSTED, covariates=("age",))


def offered_rows(size=200, share=0.5, seed=1):
    """Half are offered; `share` of them take part, and few others do."""
    rng = np.random.default_rng(seed)
    arm = np.array(["c", "t"] * (size // 2))
    took = (rng.random(size) < np.where(arm == "t", share, 0.05)).astype(float)
    age = rng.normal(size=size)
    outcome = (rng.random(size) < 0.3 + 0.2 * took).astype(float)
    return make_rows(arm, outcome, took_part=took, covariates={"age": age})


def test_take_up_is_percent_of_those_measured():
    rows = make_rows("ttttcc", [1, 1, 0, np.nan, 1, 0], took_part=[1, 0, 0, 1, 0, 0])
    found = take_up(PLAIN, rows, "t")
    assert (found.treated, found.comparison) == (pytest.approx(100 / 3), 0)
    assert take_up(PLAIN, make_rows("tc", [1, 0]), "t").treated is None


def test_without_covariates_it_is_two_stage_least_squares():
    rows = offered_rows()
    found = on_takers(PLAIN, rows, "t")
    offer = (rows.arm == "t").astype(float)
    # With two arms of the same size n / (n - 2) makes the error of linearmodels HC2.
    fit = IV2SLS(rows.outcome, np.ones((200, 1)), rows.took_part[:, None], offer[:, None]).fit(
        cov_type="robust", debiased=True
    )
    assert isinstance(found, Estimate)
    assert (found.value, found.standard_error) == pytest.approx(
        (100 * fit.params.iloc[-1], 100 * fit.std_errors.iloc[-1]), rel=1e-9
    )


def test_the_worked_ratio():
    outcome = [1] * 40 + [0] * 60 + [1] * 30 + [0] * 70
    took = [1] * 25 + [0] * 15 + [1] * 25 + [0] * 35 + [0] * 100
    assert on_takers(PLAIN, make_rows(["t"] * 100 + ["c"] * 100, outcome, took_part=took), "t").value == pytest.approx(
        20
    )


def test_cells_that_tell_takers_apart_give_the_digits_of_rows():
    rows = offered_rows()
    kind = np.where(rows.took_part > 0, "took part", "did not").astype(object)
    assert on_takers(PLAIN, cells_of(replace(rows, group=kind)), "t") == on_takers(PLAIN, rows, "t")


def test_cells_that_mix_them_give_the_widest_interval_that_fits():
    rows = offered_rows()
    exact, wide = on_takers(PLAIN, rows, "t"), on_takers(PLAIN, cells_of(rows), "t")
    assert wide.value == pytest.approx(exact.value)
    assert wide.low < exact.low < exact.high < wide.high
    assert "the widest that fits" in wide.notes[0]


def test_with_covariates_and_blocks_it_is_linearmodels():
    rows = replace(offered_rows(), block=np.array(["1", "1", "2", "2"] * 50, dtype=object))
    found = on_takers(ADJUSTED, rows, "t")
    controls = np.column_stack([np.ones(200), rows.covariates["age"], rows.block == "1"]).astype(float)
    offer = (rows.arm == "t").astype(float)
    fit = IV2SLS(rows.outcome, controls, rows.took_part[:, None], offer[:, None]).fit(cov_type="robust", debiased=True)
    assert (found.value, found.standard_error) == pytest.approx(
        (fit.params.iloc[-1], fit.std_errors.iloc[-1]), rel=1e-8
    )
    assert found.details["first_stage_f"] > 10


def blocked_rows():
    rows = offered_rows(size=240)
    block = np.random.default_rng(8).choice(["1", "2", "3"], size=240).astype(object)
    return replace(rows, block=block, outcome=rows.outcome + (block == "2"))


def test_within_blocks_it_is_linearmodels_too():
    rows = blocked_rows()
    found = on_takers(BLOCKED, rows, "t")
    controls = np.column_stack([rows.block == name for name in ("1", "2", "3")]).astype(float)
    offer = (rows.arm == "t").astype(float)
    fit = IV2SLS(rows.outcome, controls, rows.took_part[:, None], offer[:, None]).fit(cov_type="robust", debiased=True)
    assert (found.value, found.standard_error) == pytest.approx(
        (fit.params.iloc[-1], fit.std_errors.iloc[-1]), rel=1e-9
    )


def test_within_blocks_cells_give_the_digits_of_rows_or_the_widest_interval():
    rows = blocked_rows()
    kind = np.where(rows.took_part > 0, "took part", "did not").astype(object)
    exact = on_takers(BLOCKED, rows, "t")
    assert on_takers(BLOCKED, cells_of(replace(rows, group=kind)), "t") == exact
    wide = on_takers(BLOCKED, cells_of(rows), "t")
    assert wide.value == pytest.approx(exact.value) and wide.low < exact.low < exact.high < wide.high


@pytest.mark.parametrize("registration", [PLAIN, BLOCKED, ADJUSTED])
def test_a_weak_offer_is_refused_with_its_f(registration):
    found = on_takers(registration, offered_rows(share=0.1), "t")
    assert "The offer brought too few people to take part (F of" in found.reason
    assert "F of at least 10" in found.needed


def test_an_offer_that_everybody_took_is_the_effect_of_the_offer():
    rows = offered_rows()
    whole = replace(rows, took_part=(rows.arm == "t").astype(float))
    found = on_takers(PLAIN, whole, "t")
    assert found.details["first_stage_f"] == float("inf")
    assert found.value == pytest.approx(
        100 * (rows.outcome[rows.arm == "t"].mean() - rows.outcome[rows.arm == "c"].mean())
    )


def test_it_says_what_is_missing():
    assert "do not say who took part" in on_takers(PLAIN, make_rows("c" * 12 + "t" * 12, [0, 1] * 12), "t").reason
    assert "counts and sums" in on_takers(ADJUSTED, cells_of(offered_rows()), "t").reason
    clustered = replace(PLAIN, design=DesignKind.CLUSTERS)
    assert "one by one" in on_takers(clustered, offered_rows(), "t").reason


@pytest.mark.parametrize("registration", [PLAIN, replace(BLOCKED, outcome=PLAIN.outcome), ADJUSTED])
def test_an_outcome_that_is_nothing_but_taking_part_is_refused(registration):
    """60 of 100 offered take part and have the outcome, nobody else: 100 points for each taker, without any error."""
    took = np.array([0.0] * 100 + [1.0] * 60 + [0.0] * 40)
    age = np.random.default_rng(3).normal(size=200)
    rows = make_rows(["c"] * 100 + ["t"] * 100, took, took_part=took, block=["a", "b"] * 100, covariates={"age": age})
    assert "tells every outcome exactly" in on_takers(registration, rows, "t").reason
    if registration is not ADJUSTED:
        by_kind = replace(rows, group=np.where(took > 0, "1", "0").astype(object))
        assert "tells every outcome exactly" in on_takers(registration, cells_of(by_kind), "t").reason
