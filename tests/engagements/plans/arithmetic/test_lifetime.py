"""Lifetime earnings of a child who moves: the toy of the methods text, and what is refused."""

from dataclasses import replace

import numpy as np
import pytest

from atlas.statistics.crosswalk import Crosswalk
from engagements.plans.arithmetic import AgeProfile, LifetimeInput, PlanningRefused, estimate_lifetime
from engagements.plans.arithmetic.lifetime import translate
from tests.engagements.plans.arithmetic.worked import change, one
from tests.reference import planning as slow

AGES, WAGES = (30, 31, 32, 33, 34), (40_000.0, 42_000.0, 44_000.0, 46_000.0, 48_000.0)
TOY = AgeProfile("toy of five ages", "the worked example", 2015, AGES, WAGES, (1.0,) * 5)


# The publisher's crosswalk around the worked ranks; the rest of the toy is a straight line on either side.
PUBLISHED = {
    44: 35_359.574219,
    45: 36_477.6875,
    46: 37_610.703125,
    47: 38_758.625,
    48: 39_923.792969,
    49: 41_110.238281,
}
USD = np.interp(np.arange(101), [0, 9, *PUBLISHED, 100], [0, 0, *PUBLISHED.values(), 160_000])


PLAN = LifetimeInput(
    base_rank=0.44, rank_change=0.06, rank_change_se=0.01, years_of_exposure=23, crosswalk=Crosswalk(USD), profile=TOY
)


def test_worked_numbers():
    usd, part = translate(0.44, np.array([0.06 * 0.62]), PLAN.crosswalk, TOY)
    assert 0.06 * 0.62 == pytest.approx(0.0372)
    assert PLAN.crosswalk.dollars(0.44) == pytest.approx(35_359.57, abs=0.01)
    assert usd[0] == pytest.approx(4_237.97, abs=0.01) and part[0] == pytest.approx(0.08829108, abs=1e-6)
    whole, now = TOY.worth(0, 0.01), TOY.worth(0.02, 0.01)
    assert (whole, now) == pytest.approx((303_764.43, 159_878.00), abs=0.01)
    assert (part[0] * whole, part[0] * now) == pytest.approx((26_819.69, 14_115.80), abs=0.1)
    assert whole == pytest.approx(slow.lifetime_sum(AGES, WAGES, (1.0,) * 5, 0, 0.01))


def test_the_range_holds_both_the_rank_changes_and_the_causal_shares_uncertainty():
    found = estimate_lifetime(PLAN, 10_000, 1)
    assert found.rank_gain.value == pytest.approx(0.06 * 0.6, rel=0.01)
    spread = np.sqrt((0.06**2 + 0.01**2) * (0.6**2 + 0.4**2 / 12) - (0.06 * 0.6) ** 2)
    assert found.rank_gain.standard_error == pytest.approx(spread, rel=0.02)
    assert found.undiscounted.low < 26_819.69 < found.undiscounted.high
    assert found.discounted.value < found.undiscounted.value
    assert "one child" in found.discounted.unit and "2015 prices" in found.discounted.unit
    said = " ".join(found.assumptions)
    assert "planner's choice" in said and "0.62 and 0.60" in said and "toy of five ages" in said
    assert any("not multiplied by the number of children" in sentence for sentence in found.does_not_claim)


def test_half_of_childhood_gives_half_of_the_ranks():
    half = estimate_lifetime(replace(PLAN, years_of_exposure=11.5), 1000, 1)
    assert half.rank_gain.value == pytest.approx(estimate_lifetime(PLAN, 1000, 1).rank_gain.value / 2)
    assert estimate_lifetime(replace(PLAN, years_of_exposure=0), 1000, 1).discounted.value == pytest.approx(0)


def test_only_for_help_with_moving():
    row = one(change(moves_children=True, lifetime=PLAN), draws=1000)
    assert row.lifetime.discounted.value > 0 and one().lifetime is None
    with pytest.raises(PlanningRefused, match="only for help with moving") as caught:
        change(lifetime=PLAN)
    assert caught.value.field == "lifetime"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"base_rank": 44}, "base_rank"),
        ({"rank_change": 6}, "rank_change"),
        ({"rank_change_se": 0}, "rank_change_se"),
        ({"years_of_exposure": 30}, "years_of_exposure"),
        ({"childhood_years": 0}, "childhood_years"),
        ({"causal_low": 0.62, "causal_high": 0.62}, "causal_low"),
        ({"causal_high": 1.2}, "causal_low"),
        ({"causal_high": "most"}, "causal_high"),
        ({"discount": 2}, "discount"),
        ({"growth": -0.01}, "growth"),
    ],
)
def test_refused(changes, field):
    with pytest.raises(PlanningRefused) as caught:
        replace(PLAN, **changes)
    assert caught.value.field == field


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"source": ""},
        {"ages": (30, 31)},
        {"ages": (34, 33, 32, 31, 30)},
        {"ages": (40, 41, 42, 43, 44)},
        {"ages": (10, 11, 12, 13, 34)},
        {"wages": (-1.0, 1, 1, 1, 1)},
        {"wages": ("much", 1, 1, 1, 1)},
        {"wages": (1.0, 1, 1, 1, 0)},
        {"survival": (1.2, 1, 1, 1, 1)},
    ],
)
def test_profiles_refused(changes):
    with pytest.raises(PlanningRefused) as caught:
        replace(TOY, **changes)
    assert caught.value.field == "profile"
