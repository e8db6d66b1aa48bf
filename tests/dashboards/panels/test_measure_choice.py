"""The map's first measure is the first screen's outcome, with standard errors wherever a live file has them."""

from dashboards.panels.measure_choice import choose_measure
from tests.dashboards.panels.records import make_measure

DOLLARS = make_measure()
PUBLISHED_RANK = make_measure("kfr_pooled_pooled_p25", unit="rank", has_standard_error=True)
DERIVED_RANK = make_measure("kfr_pooled_pooled_p25", unit="rank", derived_from=DOLLARS.slug)
OTHER = make_measure("kfr_black_pooled_p25", unit="rank", has_standard_error=True)
JAIL = make_measure("jail_pooled_pooled_mean", unit="share", has_standard_error=True)


def test_a_rank_with_standard_errors_comes_before_the_dollars():
    assert choose_measure((JAIL, OTHER, DOLLARS, PUBLISHED_RANK), None) == PUBLISHED_RANK


def test_a_rank_read_back_from_the_dollars_has_no_standard_errors_and_does_not():
    assert choose_measure((OTHER, DERIVED_RANK, DOLLARS), None) == DOLLARS


def test_without_either_any_outcome_but_those_of_prison_and_births():
    assert choose_measure((JAIL, OTHER), None) == OTHER
    assert choose_measure((), None) is None


def test_what_was_asked_for_is_what_is_shown():
    assert choose_measure((DOLLARS, PUBLISHED_RANK), DOLLARS.slug) == DOLLARS
    assert choose_measure((DOLLARS,), "nothing") is None
