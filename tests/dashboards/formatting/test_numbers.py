import numpy as np
import pytest

from dashboards.formatting import numbers as words


@pytest.mark.parametrize(
    ("rank", "said"),
    [(0.338, "34th"), (0.31, "31st"), (0.12, "12th"), (0.425, "43rd"), (-0.002, "0th"), (1.3, "100th")],
)
def test_ranks_are_ordinal_percentiles_clipped_for_show(rank, said):
    assert words.as_percentile(rank) == said


def test_shares_in_prose_and_in_tables():
    assert words.as_share_words(0.352) == "35 in 100"
    assert words.as_share_words(0.004) == "4 in 1,000"
    assert words.as_percent(0.352) == "35.2%"


def test_shares_of_one_finding_have_one_denominator():
    assert words.in_prose_together([0.04, 0.0096], "share") == ["40 in 1,000", "10 in 1,000"]
    assert words.in_prose_together([0.0, 0.004, None], "share") == ["0 in 1,000", "4 in 1,000", words.NO_VALUE]
    assert words.in_prose_together([0.04, 0.352], "share") == ["4 in 100", "35 in 100"]
    assert words.in_prose_together([0.338], "rank") == ["the 34th percentile"]


def test_standard_errors_are_one_digit_finer_than_estimates():
    assert words.as_error(0.0013, "rank") == "0.13"
    assert words.as_error(0.0013, "share") == "0.13%"
    assert words.as_error(1234.4, "usd_2015") == "$1,234"
    assert words.as_error(None, "rank") == "no standard error published"


def test_minus_signs_are_true_and_nothing_is_minus_nought():
    assert [words.as_ranks(rank) for rank in (-0.041, -0.0001, 0.02)] == ["−4.1", "0.0", "2.0"]
    assert [words.as_percent(share) for share in (-0.088, -0.0001)] == ["−8.8%", "0.0%"]
    assert [words.as_count(number) for number in (-1234.4, -0.2)] == ["−1,234", "0"]
    assert [words.as_index(index) for index in (-0.312, -0.0012, 0.0)] == ["−0.31", "−0.001", "0.00"]


def test_money_is_whole_in_tables_and_to_the_hundred_in_prose():
    assert words.as_money(22043.4) == "$22,043"
    assert words.as_money_about(22043.4) == "$22,000"
    assert words.as_money(-1500) == "−$1,500"


@pytest.mark.parametrize("missing", [None, float("nan"), np.float32("nan")])
def test_missing_is_said_and_never_zero(missing):
    for filter_ in (words.as_percentile, words.as_share_words, words.as_percent, words.as_money, words.as_money_about):
        assert filter_(missing) == "no value published"


def test_units_in_words():
    assert words.unit_words("usd_month_2016") == "dollars a month, 2016"
    assert words.as_tick(18600, "usd_2015") == "$18.6k"
    assert words.higher_than(0.4) == "higher than fewer than 1 in 100 US tracts"
    assert words.higher_than(12.9) == "higher than 12 in 100 US tracts"
