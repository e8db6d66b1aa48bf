"""Sentences that a mayor reads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagements.pilots.rules import verdict as rule
from engagements.pilots.rules.estimates import Refused
from engagements.pilots.rules.registration import DesignKind, Draw
from engagements.pilots.rules.sentences import Told, design_words, example_sentence, sentence_of
from engagements.pilots.rules.spoken_numbers import speak
from engagements.verdicts import Verdict, Wanted
from tests.engagements.pilots.made_registration import EARNINGS, JOBS, MADE, make_registration

END = " Randomized by person. Registered before data: yes."
DAYS = {"key": "absent", "name": "Days absent", "kind": "mean", "unit": "days", "after": "in the school year"}


def say(verdict, gain=None, low=None, high=None, *, registration=MADE, reasons=(), **told):
    return sentence_of(registration, Told(verdict, tuple(reasons), True, gain, low, high, **told))


def test_worked():
    assert say(Verdict.WORKED, 6, 2, 10) == (
        "It worked: of 100 residents offered it, about 6 more had a job after a year (between 2 and 10 more)." + END
    )


def test_helped_less_than_needed():
    assert say(Verdict.HELPED_LESS, 1, 0.4, 1.6) == (
        "It helped, but less than the 4 in 100 that the city said would be worth having: about 1 more in 100 had a job "
        "after a year (between 0.4 and 1.6 more)." + END
    )


def test_made_things_worse():
    assert say(Verdict.MADE_WORSE, -6, -10, -2) == (
        "It made things worse: about 6 fewer in 100 had a job after a year (between 2 and 10 fewer)." + END
    )


def test_did_not_work():
    assert say(Verdict.DID_NOT_WORK, 0.2, -2, 2.4) == (
        "It did not work: whatever it changed is smaller than the 4 in 100 that the city said would be worth having "
        "(between 2 fewer and 2 more)." + END
    )


def test_did_not_work_and_may_have_harmed():
    said = say(Verdict.DID_NOT_WORK, -2, -6, 2, reasons=[rule.HARM_NOT_RULED_OUT])
    assert "(between 6 fewer and 2 more). A harm of that size is not ruled out. Randomized" in said


def test_cannot_tell_and_what_it_could_have_detected():
    assert say(Verdict.CANNOT_TELL, 0.2, -7, 7.4, reasons=[rule.BOTH_FIT], detectable=10) == (
        "We cannot tell: the truth lies between 7 fewer and 7 more in 100. This pilot could not detect less than 10 in "
        "100." + END
    )


def test_cannot_tell_whether_by_enough():
    assert say(
        Verdict.CANNOT_TELL,
        2.05,
        0.1,
        4.0,
        reasons=[rule.HELPED_UNCLEAR],
        registration=make_registration(smallest_worthwhile=3.0),
    ).startswith(
        "We cannot tell: it helped, but whether by as much as the city said is worth having is not clear (between 0.1 "
        "and 4 more in 100)."
    )


def test_cannot_tell_for_reasons_of_the_design():
    said = say(Verdict.CANNOT_TELL, 6, 2, 10, reasons=[rule.WIDENED, rule.OTHER_SIZES, rule.BEFORE_THE_END])
    assert said.startswith(
        "We cannot tell: the groups do not have the sizes that were drawn. The pilot has not reached its registered "
        "end. The estimate is exploratory: between 2 and 10 more in 100. Many outcomes are missing, so the widest "
        "honest range is used."
    )


def test_cannot_tell_since_the_second_test_failed():
    said = say(Verdict.CANNOT_TELL, 6, 2, 10, reasons=[rule.SECOND_CANNOT])
    assert said.startswith(
        "We cannot tell: the truth lies between 2 and 10 more in 100. With so few groups the strictest test can never "
        "be passed."
    )


def test_refused_says_what_would_be_needed_and_whose_limit_it_is():
    refused = Refused("clustered", "Only 2 neighborhoods got the program.", "At least 3 of each kind are needed.")
    assert say(Verdict.REFUSED, refused=refused, reasons=["x"]) == (
        "No verdict is possible: only 2 neighborhoods got the program; at least 3 of each kind are needed. That is a "
        "limit of the design, not of the program." + END
    )
    other = Refused("clustered", "Some people's school is not known.", "The school of everybody.")
    assert "is not known; needed: the school of everybody. That" in say(Verdict.REFUSED, refused=other, reasons=["x"])


def test_stopped():
    assert say(Verdict.STOPPED, stopped="The program lost its money", reasons=["x"]) == (
        "It was stopped before it was measured: The program lost its money." + END
    )


def test_dollars_and_other_units():
    dollars = make_registration(outcome=EARNINGS, smallest_worthwhile=250.0)
    assert say(Verdict.WORKED, 329.4, 100.2, 558.8, registration=dollars).startswith(
        "It worked: among residents offered it, the average of yearly earnings in the first year was about $329 higher "
        "(between $100 and $559 higher)."
    )
    days = make_registration(outcome=DAYS | {"better": Wanted.LESS}, smallest_worthwhile=1.0)
    assert say(Verdict.WORKED, 3, 1.2, 5, registration=days).startswith(
        "It worked: among residents offered it, the average of days absent in the school year was about 3 days lower "
        "(between 1.2 and 5 days lower)."
    )
    assert "between 2 days lower and 3 days higher" in say(Verdict.CANNOT_TELL, -0.5, -3, 2, registration=days)


def test_where_less_is_better_the_good_answer_is_told():
    kept = make_registration(outcome={"good": "kept their home", "better": Wanted.LESS})
    assert "about 6 more kept their home after a year (between 2 and 10 more)" in say(
        Verdict.WORKED, 6, 2, 10, registration=kept
    )
    assert "about 6 fewer in 100 kept their home" in say(Verdict.MADE_WORSE, -6, -10, -2, registration=kept)


def test_a_lowered_level_is_said():
    assert "(between 2 and 10 more; a 97% range)" in say(Verdict.WORKED, 6, 2, 10, level=97.0)


def test_a_lowered_level_stands_after_the_numbers_it_is_of():
    said = say(Verdict.CANNOT_TELL, 4, -4.5, 13.2, level=95.9)
    assert "the truth lies between 4 fewer and 13 more in 100; a 95.9% range." in said


def test_not_registered_is_said():
    said = sentence_of(MADE, Told(Verdict.CANNOT_TELL, (rule.NOT_BEFORE_DATA,), False, 6, 2, 10))
    assert said.endswith("Registered before data: no.")


def test_nothing_is_no_change():
    assert "between no change and 6 more" in say(Verdict.CANNOT_TELL, 3, 0, 6, reasons=[rule.BOTH_FIT])


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (float("-inf"), 6, "up to 6 more in 100, with no lower end."),
        (float("-inf"), -6, "from 6 fewer in 100 down, with no lower end."),
        (2, float("inf"), "from 2 more in 100 up, with no upper end."),
        (float("-inf"), float("inf"), "anywhere, without limits."),
    ],
)
def test_open_ends_are_said(low, high, said):
    words = say(Verdict.CANNOT_TELL, 3, low, high, reasons=[rule.BOTH_FIT])
    assert f"the truth lies {said}" in words


def test_where_less_is_better_an_open_gain_is_a_mean_with_no_lower_end():
    days = make_registration(outcome=DAYS | {"better": Wanted.LESS}, smallest_worthwhile=1.0)
    said = say(Verdict.WORKED, 4, 3, float("inf"), registration=days)
    assert "(from 3 days lower down, with no lower end)" in said
    said = say(Verdict.CANNOT_TELL, 4, -2, float("inf"), registration=days)
    assert "lies up to 2 days higher, with no lower end." in said


@pytest.mark.parametrize("design", list(DesignKind))
def test_every_design_has_words_that_say_whether_it_was_drawn(design):
    words = design_words(make_registration(design=design))
    assert words.startswith(("Randomized", "Started in a drawn order")) or words.endswith("not randomized")


def test_blocks_and_cities_are_said():
    assert design_words(make_registration(draw={"block_by": ("ward",)})).endswith("within blocks")
    for blocks, said in (
        ((), "within each city"),
        (("city",), "within each city"),
        (("city", "ward"), "within blocks"),
    ):
        plan = make_registration(cities=("tulsa", "detroit"), draw=vars(Draw(block_by=blocks)))
        assert design_words(plan).endswith(said)


def test_in_several_cities_the_cities_said_what_is_worth_having():
    several = make_registration(cities=("tulsa", "detroit"))
    assert "4 in 100 that the cities said would be worth having" in say(
        Verdict.DID_NOT_WORK, 0.2, -2, 2.4, registration=several
    )
    assert "less than the 4 in 100 that the cities said" in say(Verdict.HELPED_LESS, 1, 0.4, 1.6, registration=several)
    assert "by as much as the cities said is worth having" in say(
        Verdict.CANNOT_TELL, 5, 2, 8, registration=several, reasons=[rule.HELPED_UNCLEAR]
    )


def test_the_example_before_locking_reads_as_a_success():
    assert example_sentence(MADE).startswith("It worked: of 100 residents offered it, about 8 more had a job")


@given(st.floats(-200, 200), st.floats(0, 50), st.floats(0, 50), st.floats(0.01, 50))
def test_rounding_never_moves_a_number_across_nothing_or_the_worthwhile_effect(gain, below, above, worth):
    low, high = round(gain - below, 4), round(gain + above, 4)
    worth = round(worth, 4)
    if not worth:
        return
    spoken = speak(JOBS, (low, high), (0.0, worth))
    for value in (low, high):
        told = float(spoken.size(value).replace(",", "")) * (-1 if spoken.direction(value) == "fewer" else 1)
        assert (value > 0, value < 0) == (told > 0, told < 0)
        assert (value > worth, value < worth) == (told > worth, told < worth)
