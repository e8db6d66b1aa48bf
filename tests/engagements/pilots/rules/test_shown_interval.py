"""The interval of the verdict: never narrower than the method's own."""

from engagements.pilots.rules.estimates import Attrition, Bounds, Estimate, Refused, SecondTest
from engagements.pilots.rules.registration import DesignKind
from engagements.pilots.rules.shown_interval import shown_interval
from tests.engagements.pilots.made_registration import MADE, make_registration

LOST = Attrition(lost={"usual": 15.0, "coaching": 23.0}, gap=8.0, needs_bounds=True)
UNEVEN = Attrition(lost={"usual": 1.0, "coaching": 1.9}, gap=0.9, needs_bounds=True)
FEW_LOST = Attrition(lost={"usual": 2.0, "coaching": 3.0}, gap=1.0, needs_bounds=False)
BOUNDS = Bounds(low=1.0, high=9.0, interval_low=-1.0, interval_high=12.0)


def estimate(**changes):
    given = {"method": "m", "value": 6.0, "standard_error": 2.0, "low": 2.0, "high": 10.0, "level": 95.0}
    return Estimate(**(given | {"df": None, "p": 0.01} | changes))


def second(low, high):
    return SecondTest("randomization", 0.01, 0.001, 1000, True, low, high)


def test_alone_it_is_the_methods_own():
    shown = shown_interval(MADE, estimate(), FEW_LOST, None)
    assert (shown.low, shown.high, shown.is_widened, shown.caps) == (2.0, 10.0, False, ())


def test_where_groups_were_drawn_the_wider_of_both_tests_is_shown():
    registration = make_registration(design=DesignKind.CLUSTERS)
    shown = shown_interval(registration, estimate(second=second(1.0, 9.0)), None, None)
    assert (shown.low, shown.high) == (1.0, 10.0)
    open_ended = shown_interval(registration, estimate(second=second(None, None)), None, None)
    assert (open_ended.low, open_ended.high) == (2.0, 10.0)


def test_the_second_interval_does_not_count_where_people_were_drawn_one_by_one():
    shown = shown_interval(MADE, estimate(second=second(-5.0, 20.0)), None, None)
    assert (shown.low, shown.high) == (2.0, 10.0)


def test_what_earlier_drift_leaves_open_counts():
    drifting = estimate(details={"sensitivity_low": -1.0, "sensitivity_high": 9.0})
    shown = shown_interval(make_registration(design=DesignKind.DIFFERENCES), drifting, None, None)
    assert (shown.low, shown.high) == (-1.0, 10.0)


def test_what_earlier_drift_leaves_open_counts_where_starts_are_staggered_and_not_where_they_were_drawn():
    drifting = estimate(details={"sensitivity_low": -1.0, "sensitivity_high": 9.0})
    assert shown_interval(make_registration(design=DesignKind.STAGGERED), drifting, None, None).low == -1.0
    assert shown_interval(make_registration(design=DesignKind.PHASED), drifting, None, None).low == 2.0


def test_bounds_count_only_where_many_are_lost():
    assert shown_interval(MADE, estimate(), FEW_LOST, BOUNDS).low == 2.0
    shown = shown_interval(MADE, estimate(), LOST, BOUNDS)
    assert (shown.low, shown.high, shown.is_widened) == (-1.0, 12.0, True)


def test_bounds_that_cannot_be_had_block_a_verdict_and_say_why():
    shown = shown_interval(MADE, estimate(), LOST, Refused("bounds", "No rows.", "Rows."))
    assert not shown.is_widened
    assert shown.caps == ("Many outcomes are missing, and how far that can move the result is not known: No rows.",)
    over_time = shown_interval(make_registration(design=DesignKind.SERIES), estimate(), LOST, None)
    assert "no bounds are known for a comparison over time" in over_time.caps[0]


def test_where_few_are_lost_but_more_in_one_group_the_words_say_that_and_not_many():
    """1.0% and 1.9% of 4,000: no limit is passed, but chance alone rarely makes such a gap (decision 0115)."""
    assert shown_interval(MADE, estimate(), UNEVEN, BOUNDS).is_gap_alone
    assert not shown_interval(MADE, estimate(), LOST, BOUNDS).is_gap_alone
    assert not shown_interval(MADE, estimate(), FEW_LOST, BOUNDS).is_gap_alone
    shown = shown_interval(MADE, estimate(), UNEVEN, Refused("bounds", "No rows.", "Rows."))
    (said,) = shown.caps
    assert said.startswith("More were lost in one group than in the other, and how far that can move the result")
