import numpy as np
import pytest

from atlas.formatting.counts import format_count, format_index
from atlas.formatting.money import format_dollars_to_hundred, format_whole_dollars
from atlas.formatting.percentiles import format_percentile, format_points
from atlas.formatting.rounding import NO_VALUE
from atlas.formatting.shares import format_percent, format_share_in_words
from dashboards.formatting.estimates import (
    format_in_prose_together,
    format_standard_error,
    format_tick,
    unit_label,
)


@pytest.mark.parametrize(
    ("rank", "said"),
    [(0.338, "34th"), (0.31, "31st"), (0.12, "12th"), (0.425, "43rd"), (-0.002, "0th"), (1.3, "100th")],
)
def test_ranks_are_ordinal_percentiles_clipped_for_show(rank, said):
    assert format_percentile(rank) == said


def test_shares_in_prose_and_in_tables():
    assert format_share_in_words(0.352) == "35 in 100"
    assert format_share_in_words(0.004) == "4 in 1,000"
    assert format_percent(0.352) == "35.2%"


def test_shares_of_one_finding_have_one_denominator():
    assert format_in_prose_together([0.04, 0.0096], "share") == ["40 in 1,000", "10 in 1,000"]
    assert format_in_prose_together([0.0, 0.004, None], "share") == ["0 in 1,000", "4 in 1,000", NO_VALUE]
    assert format_in_prose_together([0.04, 0.352], "share") == ["4 in 100", "35 in 100"]
    assert format_in_prose_together([0.338], "rank") == ["the 34th percentile"]


def test_standard_errors_are_one_digit_finer_than_estimates():
    assert format_standard_error(0.0013, "rank") == "0.13"
    assert format_standard_error(0.0013, "share") == "0.13%"
    assert format_standard_error(1234.4, "usd_2015") == "$1,234"
    assert format_standard_error(None, "rank") == "no margin of error in the file loaded here"


def test_minus_signs_are_true_and_nothing_is_minus_nought():
    assert [format_points(rank) for rank in (-0.041, -0.0001, 0.02)] == ["−4.1", "0.0", "2.0"]
    assert [format_percent(share) for share in (-0.088, -0.0001)] == ["−8.8%", "0.0%"]
    assert [format_count(number) for number in (-1234.4, -0.2)] == ["−1,234", "0"]
    assert [format_index(index) for index in (-0.312, -0.0012, 0.0)] == ["−0.31", "−0.001", "0.00"]


def test_money_is_whole_in_tables_and_to_the_hundred_in_prose():
    assert format_whole_dollars(22043.4) == "$22,043"
    assert format_dollars_to_hundred(22043.4) == "$22,000"
    assert format_whole_dollars(-1500) == "−$1,500"


@pytest.mark.parametrize("missing", [None, float("nan"), np.float32("nan")])
def test_missing_is_said_and_never_zero(missing):
    for filter_ in (
        format_percentile,
        format_share_in_words,
        format_percent,
        format_whole_dollars,
        format_dollars_to_hundred,
    ):
        assert filter_(missing) == "no value published"


def test_units_in_words():
    assert unit_label("usd_month_2016") == "dollars a month, 2016"
    assert format_tick(18600, "usd_2015") == "$18.6k"
