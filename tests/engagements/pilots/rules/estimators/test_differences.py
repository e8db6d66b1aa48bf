import numpy as np
import pytest

from engagements.pilots.rules.estimates import Estimate, Refused
from engagements.pilots.rules.estimators.differences import differences
from engagements.pilots.rules.estimators.locks import lowered
from engagements.pilots.rules.registration import DesignKind, Estimator, OutcomeKind
from tests.engagements.pilots.made_data import make_registration
from tests.engagements.pilots.made_panels import make_panel_cells

YEARS = ["2020", "2021", "2022", "2023", "2024"]
REGISTRATION = make_registration(
    design=DesignKind.DIFFERENCES, estimator=Estimator.DIFFERENCES, starts_in=("2024",), unit="school"
)


def _panel(effect=0.0, treated=5, groups=12, periods=5, drift=0.0, seed=2):
    rng = np.random.default_rng(seed)
    means = 50 + rng.normal(0, 5, (groups, 1)) + np.arange(periods) + rng.normal(0, 1, (groups, periods))
    means[:treated] += drift * np.arange(periods)
    means[:treated, -1] += effect
    return means


def _answer(means, treated=5, periods=YEARS, registration=REGISTRATION, **changes):
    arms = ["t"] * treated + ["c"] * (len(means) - treated)
    return differences(registration, make_panel_cells(means, arms, periods, **changes), "t")


def test_a_large_effect_is_found_and_the_second_test_agrees():
    found = _answer(_panel(effect=10))

    assert isinstance(found, Estimate)
    assert found.low < 10 < found.high
    assert found.low > 0
    assert found.second.p <= 0.05
    assert found.caps == ()
    assert (found.units, found.people) == (12, 1_200)
    assert found.df == pytest.approx(9.0, abs=0.5)


def test_the_level_of_both_locks_is_lowered_as_for_drawn_groups_and_says_so():
    found = _answer(_panel(effect=10))

    assert found.level == pytest.approx(100 * (1 - lowered(12, 5)))
    assert "percent, because few schools are compared" in found.notes[1]


def test_three_of_six_groups_are_judged_by_the_wild_bootstrap():
    found = _answer(_panel(effect=10, groups=6, treated=3), treated=3)

    assert found.second.name == "wild"
    assert found.second.attainable_p == 2 / 64


def test_shares_are_shown_in_points():
    means = _panel(effect=10)
    share = make_registration(OutcomeKind.SHARE, design=DesignKind.DIFFERENCES, starts_in=("2024",))

    assert _answer(means / 100, registration=share).value == pytest.approx(_answer(means).value)


def test_what_came_before_is_told_and_shown():
    found = _answer(_panel(effect=10))

    assert found.details["pre_trend_p"] > 0.10
    assert found.details["periods"] == "2020, 2021, 2022, 2023, 2024"
    assert found.details["gap"][3] == 0
    assert found.details["gap"][4] > 8
    assert found.details["sensitivity_low"] < found.low
    assert found.details["sensitivity_high"] > found.details["sensitivity_low"]
    assert found.details["sensitivity_m"] == 0.5


def test_groups_that_were_moving_apart_cap_the_verdict():
    found = _answer(_panel(drift=3))

    assert found.details["pre_trend_p"] < 0.10
    assert found.caps == ("The groups were already moving apart before the program.",)


def test_fewer_than_three_periods_before_cap_the_verdict_and_no_sensitivity_is_shown():
    found = _answer(_panel(periods=3), periods=YEARS[2:])

    assert found.caps == ("Fewer than 3 periods before the program were measured.",)
    assert "sensitivity_low" not in found.details
    assert "pre_trend_p" in found.details


def test_one_period_before_and_one_after_has_no_earlier_change_to_test():
    found = _answer(_panel(periods=2), periods=YEARS[3:])

    assert "pre_trend_p" not in found.details
    assert found.caps


@pytest.mark.parametrize(
    ("treated", "groups", "reason"),
    [
        (2, 12, "Only 2 schools got the program."),
        (1, 12, "Only 1 school got the program."),
        (10, 12, "Only 2 schools did not get the program."),
        (12, 12, "Nobody was left without the program to compare with."),
    ],
)
def test_too_few_groups_of_a_kind_are_refused(treated, groups, reason):
    refused = _answer(_panel(groups=groups), treated=treated)

    assert isinstance(refused, Refused)
    assert (refused.reason, refused.needed) == (reason, "At least 3 schools of each kind.")


def test_data_of_one_side_of_the_start_only_are_refused():
    refused = _answer(_panel(periods=4), periods=YEARS[:4])

    assert refused.reason == "The data do not reach from before the program to after its start."


def test_a_group_with_a_gap_is_refused():
    means = _panel()
    means[0, 2] = np.nan

    assert _answer(means).reason == "1 of 12 groups was not measured in every period."


def test_the_order_of_lines_does_not_matter():
    means = _panel(effect=4)
    names = [f"g{index}" for index in range(12)]
    back = differences(
        REGISTRATION, make_panel_cells(means[::-1], ["c"] * 7 + ["t"] * 5, YEARS, names=names[::-1]), "t"
    )

    found = _answer(means, names=names)

    assert back.value == pytest.approx(found.value)
    assert back.second.p == found.second.p
