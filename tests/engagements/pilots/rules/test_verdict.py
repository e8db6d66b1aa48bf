"""The rule of verdicts, case by case. Signs are turned: plus is better; 4 is worth having unless a case says other."""

from dataclasses import replace

import pytest

from engagements.pilots.rules import verdict as rule
from engagements.pilots.rules.estimates import SecondTest
from engagements.pilots.rules.registration import DesignKind
from engagements.pilots.rules.verdict import VerdictCase, decide, strength_of
from engagements.verdicts import Verdict


def case(gain=6.0, low=2.0, high=10.0, worth=4.0, **facts):
    return VerdictCase(gain, low, high, worth, **facts)


def second(p, attainable_p=0.0001, name="randomization"):
    return SecondTest(name, p, attainable_p, draws=1000, exact=True)


NOTHING = {"gain": None, "low": None, "high": None}
FEW_GROUPS = "only 2 neighborhoods got the program; at least 3 of each kind are needed"
CASES = [
    ("a clear gain", case(), Verdict.WORKED, ()),
    ("a gain below what is worth having", case(1, 0.4, 1.6), Verdict.HELPED_LESS, ()),
    ("a clear harm", case(-6, -10, -2), Verdict.MADE_WORSE, ()),
    ("tight around nothing", case(0.2, -2, 2.4), Verdict.DID_NOT_WORK, ()),
    ("wide around nothing", case(0.2, -7, 7.4), Verdict.CANNOT_TELL, (rule.BOTH_FIT,)),
    ("the interval just reaches what is worth having", case(1.5, -1.1, 4.1), Verdict.CANNOT_TELL, (rule.BOTH_FIT,)),
    ("a worthwhile gain excluded, harm not", case(-2, -6, 2), Verdict.DID_NOT_WORK, (rule.HARM_NOT_RULED_OUT,)),
    ("the interval ends exactly at 0", case(3, 0, 6), Verdict.CANNOT_TELL, (rule.BOTH_FIT,)),
    (
        "6 clusters, 3 treated, randomization only",
        case(second=second(0.10, attainable_p=0.10)),
        Verdict.CANNOT_TELL,
        (rule.SECOND_CANNOT,),
    ),
    (
        "6 clusters, wild p .03125",
        case(second=second(0.03125, attainable_p=0.03125, name="wild")),
        Verdict.WORKED,
        (),
    ),
    ("2 treated clusters", case(**NOTHING, refused=FEW_GROUPS), Verdict.REFUSED, (FEW_GROUPS,)),
    ("not registered before data", case(is_registered_before=False), Verdict.CANNOT_TELL, (rule.NOT_BEFORE_DATA,)),
    (
        "drawn half and half, came 5,210 and 4,790",
        case(sample_ratio_p=2.7e-5),
        Verdict.CANNOT_TELL,
        (rule.OTHER_SIZES,),
    ),
    (
        "8 points more lost in one arm, bounds cross 0",
        case(low=-1, is_widened=True),
        Verdict.CANNOT_TELL,
        (rule.WIDENED, rule.BOTH_FIT),
    ),
    ("8 points more lost, bounds above 0", case(is_widened=True), Verdict.WORKED, (rule.WIDENED,)),
    (
        "1.0% and 1.9% lost, bounds above 0",
        case(is_widened=True, is_gap_alone=True),
        Verdict.WORKED,
        (rule.WIDENED_BY_GAP,),
    ),
    ("earlier changes differ, p .04", case(pre_trend_p=0.04), Verdict.CANNOT_TELL, (rule.ALREADY_APART,)),
    ("survives half the earlier drift", case(pre_trend_p=0.6, low=0.5, high=11.5), Verdict.WORKED, ()),
    ("does not survive it", case(pre_trend_p=0.6, low=-1, high=13), Verdict.CANNOT_TELL, (rule.BOTH_FIT,)),
    (
        "a time series without a comparison",
        case(lacks_comparison_series=True),
        Verdict.CANNOT_TELL,
        (rule.NO_COMPARISON_SERIES,),
    ),
    (
        "synthetic control with 15 donors: smallest p 1/16",
        case(**NOTHING, refused="at least 19 comparison places are needed"),
        Verdict.REFUSED,
        ("at least 19 comparison places are needed",),
    ),
    (
        "before and after only",
        case(**NOTHING, refused="nobody was left without the program to compare with"),
        Verdict.REFUSED,
        ("nobody was left without the program to compare with",),
    ),
    (
        "stopped before outcomes",
        case(**NOTHING, stopped="no primary result was measured"),
        Verdict.STOPPED,
        ("no primary result was measured",),
    ),
    (
        "all outcomes equal",
        case(**NOTHING, refused="every outcome has the same value"),
        Verdict.REFUSED,
        ("every outcome has the same value",),
    ),
    ("an interim look, boundary not crossed", case(is_at_end=False), Verdict.CANNOT_TELL, (rule.BEFORE_THE_END,)),
    (
        "few took part, tight around nothing",
        case(0.2, -2, 2.4, take_up=30),
        Verdict.DID_NOT_WORK,
        (rule.FEW_TOOK_PART,),
    ),
    (
        "it helps, but by less than is worth having",
        case(2.05, 0.1, 4.0, 3.0),
        Verdict.CANNOT_TELL,
        (rule.HELPED_UNCLEAR,),
    ),
]


@pytest.mark.parametrize(("one", "word", "reasons"), [row[1:] for row in CASES], ids=[row[0] for row in CASES])
def test_each_worked_case(one, word, reasons):
    assert decide(one) == (word, reasons)


def test_two_untreated_clusters_are_refused_as_two_treated_are():
    said = "only 2 neighborhoods went without the program; at least 3 of each kind are needed"
    assert decide(case(**NOTHING, refused=said)) == (Verdict.REFUSED, (said,))


def test_a_second_test_that_does_not_agree_takes_away_worked_helped_and_worse():
    fails = second(0.2)
    assert decide(case(second=fails)) == (Verdict.CANNOT_TELL, (rule.SECOND_DISAGREES,))
    assert decide(case(1, 0.4, 1.6, second=fails)) == (Verdict.DID_NOT_WORK, (rule.SECOND_DISAGREES,))
    assert decide(case(-6, -10, -2, second=fails)) == (
        Verdict.DID_NOT_WORK,
        (rule.HARM_NOT_RULED_OUT, rule.SECOND_DISAGREES),
    )


def test_a_second_test_never_decides_that_it_did_not_work():
    assert decide(case(0.2, -2, 2.4, second=second(0.9)))[0] == Verdict.DID_NOT_WORK
    assert decide(case(0.2, -2, 2.4, second=second(0.01)))[0] == Verdict.DID_NOT_WORK


def test_a_lowered_level_holds_for_the_second_test_too():
    assert decide(case(second=second(0.03)))[0] == Verdict.WORKED
    assert decide(case(second=second(0.03), level=98.0)) == (Verdict.CANNOT_TELL, (rule.SECOND_DISAGREES,))


def test_one_in_twenty_is_enough_for_nineteen_placebos():
    assert decide(case(second=second(1 / 20, attainable_p=1 / 20)))[0] == Verdict.WORKED


@pytest.mark.parametrize(("low", "high"), [(4.0, 4.0), (0.0, 4.0), (-1.0, 4.0)])
def test_an_end_on_the_worthwhile_effect_is_not_below_it(low, high):
    assert decide(case(2.0, low, high))[0] != Verdict.DID_NOT_WORK


def test_an_end_on_minus_the_worthwhile_effect_is_no_harm_of_that_size():
    assert decide(case(-1, -4, 2))[1] == ()


def test_a_cap_of_the_method_counts_like_the_rules_own_and_is_said_once():
    one = case(pre_trend_p=0.04, caps=("The groups were already moving apart before the program.", "Few groups."))
    assert decide(one) == (Verdict.CANNOT_TELL, (rule.ALREADY_APART, "few groups"))


def test_stopped_comes_before_a_refusal_and_a_refusal_before_what_blocks():
    assert decide(case(stopped="it was stopped", refused="x"))[0] == Verdict.STOPPED
    assert decide(case(refused="x", is_registered_before=False))[0] == Verdict.REFUSED


def test_what_blocks_is_said_whole():
    one = case(is_registered_before=False, is_registered_method=False, is_at_end=False)
    assert decide(one)[1] == (rule.NOT_BEFORE_DATA, rule.OTHER_METHOD, rule.BEFORE_THE_END)


def test_the_sample_ratio_blocks_under_a_thousandth_only():
    assert decide(case(sample_ratio_p=0.001))[0] == Verdict.WORKED
    assert decide(case(sample_ratio_p=0.00099))[0] == Verdict.CANNOT_TELL


def test_half_taking_part_is_not_few():
    assert decide(case(take_up=50.0))[1] == ()
    assert decide(replace(case(), take_up=49.9))[1] == (rule.FEW_TOOK_PART,)


def test_strength_is_of_the_design_and_of_the_registration():
    assert strength_of(DesignKind.CLUSTERS, True) == "registered trial"
    assert strength_of(DesignKind.SERIES, True) == "registered comparison"
    assert strength_of(DesignKind.PEOPLE, False) == "exploratory"
