"""What a test can detect, by formula: worked numbers, designs, what is missing, and how fast."""

import math
import subprocess
import sys
import time
from dataclasses import replace

import pytest
from statsmodels.stats.power import TTestIndPower

from engagements.pilots.rules.estimates import Refused
from engagements.pilots.rules.power.designs import precision_of
from engagements.pilots.rules.power.drawn import DrawnCluster, with_planned_sizes
from engagements.pilots.rules.power.mde import Detectable, detectable
from engagements.pilots.rules.power.tables import power_curve
from engagements.pilots.rules.registration import (
    Arm,
    Assumptions,
    Boundary,
    DesignKind,
    Estimator,
    Outcome,
    OutcomeKind,
)
from engagements.verdicts import Wanted
from tests.engagements.pilots.made_data import make_registration


def people(kind=OutcomeKind.MEAN, worth=5.0, **assumed):
    return make_registration(kind, smallest_worthwhile=worth, assumptions=Assumptions(**assumed))


def schools(worth=0.3, unit="school", kind=OutcomeKind.MEAN, **assumed):
    values = {"people": 1000, "sd": 1.0, "clusters": 20, "treated_clusters": 3, "icc": 0.05} | assumed
    return make_registration(
        kind,
        unit=unit,
        design=DesignKind.CLUSTERS,
        estimator=Estimator.CLUSTERED,
        smallest_worthwhile=worth,
        assumptions=Assumptions(**values),
    )


@pytest.mark.parametrize(
    ("assumed", "value", "on_takers"),
    [
        ({}, 2744.98, None),
        ({"r2": 0.4}, 2126.25, None),
        ({"r2": 0.4, "take_up": 60.0}, 2126.25, 3543.76),
    ],
)
def test_six_hundred_people_and_an_sd_of_12000_dollars(assumed, value, on_takers):
    found = detectable(people(people=600, sd=12_000.0, **assumed))
    assert found.value == pytest.approx(value, abs=0.005)
    assert found.on_takers == (None if on_takers is None else pytest.approx(on_takers, abs=0.005))
    assert (found.level, found.power, found.df) == (95.0, 80.0, None)


def test_a_share_has_the_variance_of_both_shares_and_not_twice_that_of_the_base_rate():
    registration = people(OutcomeKind.SHARE, people=600, base_rate=22.0)
    assert 2.801585 * precision_of(registration).error_at(0.0) == pytest.approx(9.4758, abs=5e-5)  # the textbook's
    found = detectable(registration).value
    assert found == pytest.approx(10.0953, abs=5e-5)
    reached = 22.0 + found
    error = math.sqrt((22.0 * 78.0 + reached * (100.0 - reached)) / 300)
    assert found == pytest.approx(2.801585 * error, rel=1e-6)


def test_a_share_that_should_fall_is_easier_to_tell_below_a_half():
    outcome = Outcome("evicted", "Evicted", OutcomeKind.SHARE, "percentage points", better=Wanted.LESS)
    more = people(OutcomeKind.SHARE, people=600, base_rate=22.0)
    assert detectable(replace(more, outcome=outcome)).value < detectable(more).value


def test_a_change_that_is_larger_than_the_share_itself_is_said_to_be_impossible():
    outcome = Outcome("evicted", "Evicted", OutcomeKind.SHARE, "percentage points", better=Wanted.LESS)
    found = detectable(replace(people(OutcomeKind.SHARE, people=100, base_rate=5.0), outcome=outcome))
    assert found.value > 5.0
    assert found.sentence.endswith("That is more than can change.")


def test_few_people_have_t_as_another_program_has():
    found = detectable(people(people=60, sd=1.0))
    assert found.df == 58
    assert found.value == pytest.approx(TTestIndPower().solve_power(nobs1=30, alpha=0.05, power=0.8), rel=0.01)


def test_unequal_arms_and_a_third_arm_leave_fewer_people_to_compare():
    two = people(people=600, sd=10.0)
    arms = (*two.arms, Arm("u", "Both", "a coach and money"))
    three = detectable(replace(two, arms=arms))
    assert three.people == 400
    assert three.value == pytest.approx(detectable(two).value * math.sqrt(1.5))
    weighted = replace(people(people=1200, sd=10.0), arms=(replace(two.arms[0], weight=2), two.arms[1]))
    assert detectable(weighted).value == pytest.approx(2.801585 * 10.0 * math.sqrt(1 / 800 + 1 / 400), rel=1e-6)


def test_pairs_count_as_pairs_and_gain_by_being_alike():
    pairs = make_registration(
        design=DesignKind.PAIRS, estimator=Estimator.PAIRED, assumptions=Assumptions(people=40, sd=10.0, r2=0.5)
    )
    found = detectable(pairs)
    assert found.df == 19
    assert found.value == pytest.approx((2.093024 + 0.860951) * 10.0 * math.sqrt(2 * 0.5 / 20), rel=1e-5)
    few = detectable(replace(pairs, assumptions=Assumptions(people=10, sd=10.0)))
    assert isinstance(few, Refused) and few.needed == "At least 6 pairs."


def test_three_of_twenty_equal_clusters_at_95_percent_detect_71_hundredths_of_an_sd():
    """And not .49, as t(clusters - 2) says; at the lowered level of this design a little more."""
    precision = precision_of(schools())
    at_95 = replace(precision, alpha=0.05, extra=1.0)
    assert at_95.effect_at(80.0) == pytest.approx(0.7138, abs=5e-5)
    assert precision.df == pytest.approx(2.757, abs=5e-4)
    assert (precision.alpha, precision.extra) == (0.045, 1.02)
    assert precision.effect_at(80.0) == pytest.approx(1.02 * 0.7391, abs=5e-5)


@pytest.mark.parametrize(
    ("clusters", "treated", "expected"), [(6, 3, 0.7973), (10, 3, 0.6827), (10, 5, 0.5308), (20, 10, 0.3481)]
)
def test_equal_clusters_at_95_percent(clusters, treated, expected):
    registration = schools(clusters=clusters, treated_clusters=treated, people=50 * clusters)
    assert replace(precision_of(registration), alpha=0.05, extra=1.0).effect_at(80.0) == pytest.approx(
        expected, abs=5e-5
    )


@pytest.mark.parametrize(
    ("clusters", "treated", "factor"),
    [(6, 3, 1.2), (7, 3, 1.3), (8, 4, 1.2), (8, 3, 1.12), (10, 3, 1.04), (20, 10, 1.02)],
)
def test_the_second_test_asks_for_more_where_few_draws_are_possible(clusters, treated, factor):
    registration = schools(clusters=clusters, treated_clusters=treated, people=50 * clusters)
    assert precision_of(registration).extra == factor


def test_the_drawn_clusters_count_when_they_are_known():
    sizes = [20, 30, 40, 50, 60, 70, 80, 50]
    drawn = [DrawnCluster("t" if place % 2 else "c", size) for place, size in enumerate(sizes)]
    found = detectable(schools(), drawn)
    assert (found.clusters, found.people) == (8, 400)
    equal = detectable(schools(), [replace(one, size=50) for one in drawn])
    assert found.value > equal.value and found.df < equal.df == pytest.approx(6.0)


def test_a_list_of_groups_alone_counts_as_many_people_as_were_planned():
    plan = schools(people=900, clusters=12, treated_clusters=6)
    listed = [DrawnCluster("ct"[place % 2], 1.0) for place in range(12)]
    drawn = with_planned_sizes(plan, listed)
    assert {one.size for one in drawn} == {75.0} and sorted(one.arm for one in drawn) == ["c"] * 6 + ["t"] * 6
    assert detectable(plan, drawn).value == pytest.approx(detectable(plan).value)
    of_people = [DrawnCluster("c", 20.0), DrawnCluster("t", 30.0)]
    assert with_planned_sizes(plan, of_people) == of_people


def test_clusters_of_other_arms_do_not_count_and_blocks_do():
    drawn = [DrawnCluster("ct"[place % 2], 50, f"block {place // 4}") for place in range(12)]
    found = detectable(schools(), [*drawn, DrawnCluster("u", 50)])
    assert found.clusters == 12
    assert found.df == pytest.approx(8.0)  # 12 clusters, 3 blocks, the offer


def test_clusters_as_spread_as_assumed_detect_less_than_equal_ones():
    equal = detectable(schools(treated_clusters=10))
    spread = detectable(schools(treated_clusters=10, size_cv=0.8))
    assert spread.value > equal.value and spread.people == pytest.approx(1000, rel=0.01)


@pytest.mark.parametrize(
    ("assumed", "needed"),
    [
        ({"clusters": 5, "treated_clusters": None}, "At least 3 schools of each kind."),
        ({"clusters": 20, "treated_clusters": 2}, "At least 3 schools of each kind."),
        ({"icc": None}, "how alike people of one school are."),
        ({"clusters": None, "people": None}, "the number of people; the number of schools."),
        ({"treated_clusters": 3, "size_cv": 1.5}, "More schools, or more equal ones."),
    ],
)
def test_cluster_designs_that_cannot_be_reckoned_say_why(assumed, needed):
    found = detectable(schools(**assumed))
    assert isinstance(found, Refused) and found.needed == needed


def test_what_is_missing_is_said_for_people():
    assert detectable(people()).needed == "the standard deviation of the outcome; the number of people."
    share = detectable(people(OutcomeKind.SHARE, people=100))
    assert share.needed == "how many in 100 have the outcome without the program."


@pytest.mark.parametrize(
    "design", [DesignKind.PHASED, DesignKind.DIFFERENCES, DesignKind.SERIES, DesignKind.STAGGERED, DesignKind.SYNTHETIC]
)
def test_designs_over_time_have_no_formula(design):
    found = detectable(make_registration(design=design, assumptions=Assumptions(people=100, sd=1.0)))
    assert isinstance(found, Refused) and "simulation" in found.needed


def test_looks_leave_less_for_the_last_one():
    once = people(people=600, sd=12_000.0)
    looks = replace(once, looks=(0.2, 0.4, 0.6, 0.8, 1.0), boundary=Boundary.OBRIEN_FLEMING)
    assert detectable(looks).value == pytest.approx(2744.98 * (2.0310 + 0.84162) / 2.801585, rel=1e-4)
    for planned in ((), (1.0,), (0.5, 1.0)):
        always = replace(once, looks=planned, boundary=Boundary.ALWAYS_VALID)
        assert detectable(always).value == pytest.approx(2744.98 * (3.0351 + 0.84162) / 2.801585, rel=1e-4)
    start = time.perf_counter()
    detectable(looks)
    assert time.perf_counter() - start < 0.1


@pytest.mark.parametrize(
    "changes",
    [
        *({"looks": looks} for looks in [(1.0, 0.5), (0.0, 1.0), (0.5, 0.5), (0.001, 1.0), (0.5, 0.5000001, 1.0)]),
        {"arms": (Arm("c", "C", "c"), Arm("t", "T", "t"), Arm("u", "U", "u", -2))},
        {"assumptions": {"level": 100.0}},
        {"assumptions": {"power": 100.0}},
        {"assumptions": {"r2": 2.0}},
        {"assumptions": {"take_up": 0.0}},
        {"assumptions": {"people": -4}},
    ],
)
def test_numbers_of_a_draft_that_cannot_be_registered_are_refused_not_reckoned_with(changes):
    """Each of them raised ValueError, ZeroDivisionError or OverflowError, or gave no number at all."""
    sound = replace(people(people=600, sd=12_000.0), boundary=Boundary.OBRIEN_FLEMING, looks=(0.5, 1.0))
    assert detectable(sound).value > 0
    given = {name: replace(sound.assumptions, **one) if isinstance(one, dict) else one for name, one in changes.items()}
    found = detectable(replace(sound, **given))
    assert isinstance(found, Refused) and found.needed.endswith(".")
    assert power_curve(replace(sound, **given)) == []


def test_the_sentence_compares_with_what_would_be_worth_having():
    found = detectable(people(OutcomeKind.SHARE, people=600, base_rate=22.0))
    assert found.sentence == (
        "With these 600 residents this test cannot detect less than 10 in 100; you said 5 would be worth it."
    )
    enough = detectable(people(worth=3_000.0, people=600, sd=12_000.0))
    assert enough.sentence == (
        "With these 600 residents this test can detect $2,745 or more; you said $3,000 would be worth it."
    )


def test_the_sentence_of_a_locked_plan_is_not_said_to_its_writer():
    found = detectable(people(OutcomeKind.SHARE, people=600, base_rate=22.0), is_locked=True)
    assert found.sentence == (
        "With these 600 residents this test cannot detect less than 10 in 100; the plan says 5 in 100 would be worth "
        "it."
    )


def test_the_sentence_counts_groups_and_those_who_take_part():
    found = detectable(schools(worth=20.0, sd=None, base_rate=30.0, kind=OutcomeKind.SHARE, take_up=50.0))
    assert found.sentence.startswith("With these 20 schools (3 of them offered it) and 1,000 residents this test ")
    assert "If 50 in 100 take part, that is " in found.sentence


def test_a_form_may_ask_while_somebody_types():
    registration = schools(clusters=60, treated_clusters=30, people=3000, size_cv=0.7)
    detectable(registration)
    start = time.perf_counter()
    assert isinstance(detectable(registration), Detectable)
    assert time.perf_counter() - start < 0.1


def test_no_heavy_library_is_loaded():
    heavy = ("statsmodels", "diff_diff", "linearmodels", "scipy.optimize", "scipy.stats", "pandas", "django")
    code = (
        "import sys, engagements.pilots.rules.power.mde, engagements.pilots.rules.power.tables;"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
