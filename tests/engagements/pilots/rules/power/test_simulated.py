"""Power by simulation: every design over time by its own method, the same numbers again, progress and the end of it."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.random import PCG64, Generator

from engagements.pilots.rules.estimates import Refused
from engagements.pilots.rules.power.made_trials import lay_out, make_cells
from engagements.pilots.rules.power.mde import detectable
from engagements.pilots.rules.power.simulated import simulate_power
from engagements.pilots.rules.registration import (
    Assumptions,
    Boundary,
    DesignKind,
    Estimator,
    Limits,
    Outcome,
    OutcomeKind,
)
from engagements.verdicts import Wanted
from tests.engagements.pilots.made_data import make_registration

ASSUMED = {
    DesignKind.CLUSTERS: {"people": 600, "clusters": 10, "treated_clusters": 5, "icc": 0.05},
    DesignKind.PHASED: {"people": 600, "clusters": 9, "periods_before": 1, "periods_after": 4},
    DesignKind.DIFFERENCES: {
        "people": 400, "clusters": 10, "treated_clusters": 5, "periods_before": 3, "periods_after": 2,
    },
    DesignKind.SERIES: {"people": 500, "periods_before": 12, "periods_after": 12},
    DesignKind.STAGGERED: {
        "people": 800, "clusters": 24, "treated_clusters": 12, "periods_before": 3, "periods_after": 4,
    },
    DesignKind.SYNTHETIC: {"people": 8000, "clusters": 24, "periods_before": 12, "periods_after": 3},
}  # fmt: skip


def registered(design, kind=OutcomeKind.MEAN, **changes):
    estimator = Estimator.CLUSTERED if design == DesignKind.CLUSTERS else Estimator(design.value)
    assumed = Assumptions(sd=1.0, base_rate=30.0, **ASSUMED[design])
    values = {"unit": "school", "limits": Limits(pre_fit=1.0), "smallest_worthwhile": 0.5, "assumptions": assumed}
    return make_registration(kind, design=design, estimator=estimator, **values | changes)


@pytest.mark.parametrize("design", list(ASSUMED))
def test_a_huge_effect_is_found_and_none_is_rarely_found(design):
    found = simulate_power(registered(design), trials=8, effects=[0.0, 4.0])
    (_, without), (_, huge) = found.curve
    assert without <= 25.0
    assert huge >= 75.0


def test_what_is_fewer_is_found_where_fewer_is_better():
    outcome = Outcome("evicted", "Evicted", OutcomeKind.SHARE, "percentage points", better=Wanted.LESS)
    registration = registered(DesignKind.PHASED, OutcomeKind.SHARE, outcome=outcome, smallest_worthwhile=5.0)
    assert simulate_power(registration, trials=8, effects=[25.0]).curve[0][1] >= 75.0


def test_clusters_have_the_power_that_the_formula_promises():
    registration = registered(DesignKind.CLUSTERS)
    effect = detectable(registration).value
    found = simulate_power(registration, trials=300, effects=[effect])
    assert found.curve[0][1] == pytest.approx(80.0, abs=7.0)  # three errors of 300 trials
    assert found.error == pytest.approx(2.31, abs=0.01)


def test_the_same_registration_gives_the_same_numbers_and_another_one_may_not():
    registration = registered(DesignKind.PHASED)
    assert simulate_power(registration, 5) == simulate_power(registration, 5)


def test_the_effect_found_in_80_of_100_lies_between_two_that_were_tried():
    found = simulate_power(registered(DesignKind.SYNTHETIC), trials=25)
    powers = [power for _, power in found.curve]
    assert len(powers) == 6 and powers[0] < 80.0 <= max(powers)
    effects = [effect for effect, _ in found.curve]
    assert effects[0] < found.detectable <= effects[-1]
    assert "In simulated trials like this one (24 groups over 15 periods) " in found.sentence


def test_effects_too_small_to_be_found_are_said():
    found = simulate_power(registered(DesignKind.SYNTHETIC), trials=5, effects=[0.0, 0.001])
    assert found.detectable is None
    assert found.sentence.endswith("not even an effect of $0.001 is found in 80 of 100 trials.")


def test_a_share_and_what_is_worth_having_have_one_unit():
    found = simulate_power(registered(DesignKind.CLUSTERS, OutcomeKind.SHARE), trials=5, effects=[0.0, 60.0])
    assert found.sentence.endswith("you said 0.5 in 100 would be worth it.")


def test_progress_is_told_after_each_analysis_and_it_ends_when_asked():
    seen = []
    registration = registered(DesignKind.PHASED)
    simulate_power(registration, 3, [0.0, 1.0], tell=lambda done, total: seen.append((done, total)))
    assert seen == [(number, 6) for number in range(1, 7)]
    assert simulate_power(registration, 3, is_canceled=lambda: True) is None


def test_a_method_that_refuses_the_design_says_why():
    few = Assumptions(sd=1.0, people=600, clusters=4, treated_clusters=2, periods_before=3, periods_after=2)
    found = simulate_power(registered(DesignKind.DIFFERENCES, assumptions=few), trials=3)
    assert isinstance(found, Refused) and found.needed == "At least 3 schools of each kind."


@pytest.mark.parametrize(
    ("changes", "needed"),
    [
        ({"people": None}, "Still needed: the number of people measured in each period."),
        ({"clusters": None}, "Still needed: the number of schools."),
        ({"sd": None}, "Still needed: the standard deviation of the outcome."),
        ({"periods_after": None}, "Still needed: the number of periods before and after the start."),
    ],
)
def test_what_is_missing_is_said(changes, needed):
    registration = registered(DesignKind.DIFFERENCES)
    assumed = replace(registration.assumptions, **changes)
    assert simulate_power(replace(registration, assumptions=assumed)).needed == needed


def test_people_have_a_formula():
    assert isinstance(simulate_power(make_registration()), Refused)


def test_made_up_groups_are_as_alike_as_assumed():
    registration = registered(DesignKind.DIFFERENCES)
    assumed = replace(registration.assumptions, clusters=2_000, treated_clusters=1_000, people=200_000, icc=0.2)
    layout = lay_out(replace(registration, assumptions=assumed))
    cells = make_cells(layout, 0.0, Generator(PCG64(3)))
    means = (cells.total / cells.n).reshape(2_000, 5)
    assert means.var(axis=0).mean() == pytest.approx(0.2 + 0.8 / 100, rel=0.05)
    assert np.cov(means[:, 0], means[:, 4])[0, 1] == pytest.approx(0.2 * (0.8 + 0.2 * 0.5**4), rel=0.1)
    inside = (cells.squares - cells.total**2 / cells.n).sum() / (cells.n - 1).sum()
    assert inside == pytest.approx(0.8, rel=0.02)


def test_an_effect_moves_those_who_have_the_program_alone():
    layout = lay_out(registered(DesignKind.STAGGERED))
    without, with_effect = (make_cells(layout, effect, Generator(PCG64(3))) for effect in (0.0, 2.0))
    moved = (with_effect.total - without.total) / without.n
    assert moved[without.arm == "t"] == pytest.approx(2.0)
    assert (moved[without.arm == "c"] == 0.0).all()


def test_looks_leave_less_for_the_end_here_too():
    """The same made-up trials, read at 95 percent and at 99.76, as the last look of an always valid test is."""
    assumed = Assumptions(sd=1.0, people=600, clusters=20, treated_clusters=10, icc=0.05)
    schools = registered(DesignKind.CLUSTERS, assumptions=assumed)
    always = replace(schools, boundary=Boundary.ALWAYS_VALID)
    once, often = (simulate_power(plan, 40, [0.4]).curve[0][1] for plan in (schools, always))
    assert often < once - 20


def test_looks_that_cannot_be_registered_are_not_simulated():
    wrong = replace(registered(DesignKind.CLUSTERS), boundary=Boundary.OBRIEN_FLEMING, looks=(1.0, 0.5))
    found = simulate_power(wrong, 1)
    assert isinstance(found, Refused) and "rising order" in found.needed
