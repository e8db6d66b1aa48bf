"""Counts and numbers without a unit: thousands, signs, what rounds to nothing."""

from decimal import Decimal

import pytest

from atlas.formatting.counts import (
    format_axis_number,
    format_count,
    format_decimal,
    format_exact,
    format_index,
    format_people,
    format_to_digits,
)
from atlas.formatting.rounding import is_missing, round_half_up, round_to_digits


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (999.5, "1,000"),
        (1234.4, "1,234"),
        (-1234.4, "−1,234"),
        (-0.2, "0"),
        (Decimal(1_234_567), "1,234,567"),
        (None, "no value published"),
        (float("nan"), "no value published"),
    ],
)
def test_counts_have_thousands(number, text):
    assert format_count(number) == text


def test_indices_have_two_digits_and_three_where_they_are_small():
    assert [format_index(n) for n in (-0.312, 0.0012, -0.0012, 0.0)] == ["−0.31", "0.001", "−0.001", "0.00"]
    assert format_index(None, missing="–") == "–"


def test_decimals_drop_digits_that_say_nothing():
    assert [format_decimal(n, 2) for n in (12.5, 3.0, -3.14159, -0.001, 1200)] == ["12.5", "3", "−3.14", "0", "1,200"]
    assert format_decimal(100, 0) == "100"
    assert [format_exact(Decimal(n)) for n in ("1234.50", "40", "-0.25", "100")] == ["1,234.5", "40", "−0.25", "100"]


def test_drawn_numbers_and_people():
    assert [format_to_digits(n) for n in (140.0, 243_390, -0.04567, 0)] == ["140", "243,000", "−0.0457", "0"]
    assert [format_people(n) for n in (0, 0.3, 140.4, 1_234.4)] == ["0", "fewer than 1", "140", "1,234"]


def test_axes_shorten_from_ten_thousand_on():
    found = [format_axis_number(n) for n in (0, -0.5, 1200, 20_000, -1_500_000)]
    assert found == ["0", "−0.5", "1,200", "20k", "−1.5M"]


def test_rounding():
    assert [round_half_up(n) for n in (0.5, 1.5, 2.5, -0.5, -2.5, 2.49)] == [1, 2, 3, -1, -3, 2]
    assert [round_to_digits(n, 2) for n in (0, 0.0456, 1250.0)] == [0.0, 0.046, 1200.0]
    assert [is_missing(n) for n in (None, float("nan"), 0, Decimal("NaN"))] == [True, True, False, True]
