"""Ranks as percentiles, shares as percent and in words."""

import pytest

from atlas.formatting.percentiles import format_percentile, format_points, ordinal
from atlas.formatting.shares import (
    format_per_hundred,
    format_percent,
    format_share_in_words,
    format_short_percent,
    format_whole_percent,
)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0th"),
        (1, "1st"),
        (2, "2nd"),
        (3, "3rd"),
        (4, "4th"),
        (11, "11th"),
        (12, "12th"),
        (13, "13th"),
        (21, "21st"),
        (22, "22nd"),
        (23, "23rd"),
        (100, "100th"),
        (101, "101st"),
        (111, "111th"),
    ],
)
def test_ordinals(number, text):
    assert ordinal(number) == text


@pytest.mark.parametrize(
    ("rank", "text"),
    [(0.338, "34th"), (0.105, "11th"), (0.125, "13th"), (-0.002, "0th"), (1.3, "100th"), (None, "no value published")],
)
def test_percentiles_are_clipped_for_show_and_a_half_goes_up(rank, text):
    assert format_percentile(rank) == text


def test_points_keep_what_lies_outside():
    assert [format_points(rank) for rank in (0.0031, -0.041, -0.0001, 1.02)] == ["0.3", "−4.1", "0.0", "102.0"]


def test_a_share_is_per_cent_in_tables_and_words_in_prose():
    assert [format_percent(n) for n in (0.352, 0, 1, -0.088, None)] == [
        "35.2%",
        "0.0%",
        "100.0%",
        "−8.8%",
        "no value published",
    ]
    assert [format_short_percent(n) for n in (1 / 3, 1, 0.5)] == ["33.3%", "100%", "50%"]
    assert [format_whole_percent(n) for n in (0.352, -0.1, 0)] == ["35%", "−10%", "0%"]
    assert [format_share_in_words(n) for n in (0.352, 0.004, 0.0001, 0, 0.325)] == [
        "35 in 100",
        "4 in 1,000",
        "1 in 1,000",
        "0 in 100",
        "33 in 100",
    ]
    assert [format_per_hundred(n) for n in (0.7, 0.004, 0, 1)] == [
        "70 in 100",
        "fewer than 1 in 100",
        "0 in 100",
        "100 in 100",
    ]
