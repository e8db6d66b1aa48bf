"""Money as people read it: the minus sign before the dollar sign, never nothing for zero."""

import re
from decimal import Decimal

import numpy as np
import pytest
from django.conf import settings

from atlas.formatting.money import (
    format_axis_dollars,
    format_dollars,
    format_dollars_to_digits,
    format_dollars_to_hundred,
    format_short_dollars,
    format_unit_cost,
    format_whole_dollars,
)

NAN = float("nan")


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (0, "$0"),
        (Decimal("-0.00"), "$0"),
        (1200, "$1,200"),
        (Decimal("1200.50"), "$1,200.50"),
        (1200.5, "$1,200.50"),
        (-300, "−$300"),
        (Decimal("-3.5"), "−$3.50"),
        (Decimal("0.005"), "$0.01"),
        (Decimal("-0.004"), "$0"),
        (Decimal("9999999999.99"), "$9,999,999,999.99"),
        (None, "no value published"),
        (NAN, "no value published"),
    ],
)
def test_full_amounts_have_cents_where_there_are_any(amount, text):
    assert format_dollars(amount) == text


def test_cents_can_be_asked_for_and_the_words_for_nothing_chosen():
    assert format_dollars(Decimal(-1200), cents=True) == "−$1,200.00"
    assert format_dollars(None, missing="none recorded") == "none recorded"


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (22043.4, "$22,043"),
        (22043.5, "$22,044"),
        (2.5, "$3"),
        (-2.5, "−$3"),
        (-0.4, "$0"),
        (np.float32(1500), "$1,500"),
        (Decimal("-1234567.50"), "−$1,234,568"),
        (None, "no value published"),
    ],
)
def test_whole_dollars_round_a_half_away_from_zero(amount, text):
    assert format_whole_dollars(amount) == text


def test_prose_rounds_to_the_hundred():
    assert [format_dollars_to_hundred(n) for n in (22043.4, 150, -22050, 0)] == ["$22,000", "$200", "−$22,100", "$0"]
    assert format_dollars_to_hundred(NAN) == "no value published"


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "$0"),
        ("350000", "$350,000"),
        ("-350000.4", "−$350,000"),
        ("1000000", "$1 million"),
        ("-1250000", "−$1.2 million"),
        ("12000000000", "$12 billion"),
    ],
)
def test_large_amounts_in_prose_are_named_by_their_size(amount, text):
    assert format_short_dollars(Decimal(amount)) == text


def test_drawn_amounts_show_the_digits_that_mean_something():
    found = [format_dollars_to_digits(n) for n in (243_390, 2.2322, 1_234_567, -5, 0, -1_234_567)]
    assert found == ["$243,000", "$2.23", "$1.23 million", "−$5", "$0", "−$1.23 million"]


@pytest.mark.parametrize(
    ("amount", "text"),
    [(0.04, "$0.04"), (Decimal("9.5"), "$9.50"), (10, "$10"), (28290.4, "$28,290"), (0, "$0"), (None, "none")],
)
def test_what_one_costs_has_cents_below_ten_dollars(amount, text):
    assert format_unit_cost(amount, missing="none") == text


def test_axes_shorten_and_keep_the_sign_in_front():
    found = [format_axis_dollars(n) for n in (0, 250, 18_600, -1500, 1_250_000, 2e9, -300)]
    assert found == ["$0", "$250", "$18.6k", "−$1.5k", "$1.25M", "$2B", "−$300"]


@pytest.mark.parametrize(
    "write",
    [format_dollars, format_whole_dollars, format_dollars_to_hundred, format_dollars_to_digits, format_axis_dollars],
)
@pytest.mark.parametrize("amount", [-0.01, -1.0, -99.99, -300.0, -1234.5, -2e6])
def test_no_amount_has_a_hyphen_or_a_sign_behind_the_dollar(write, amount):
    text = write(amount)
    assert "-" not in text and "$−" not in text


def test_money_and_days_are_formatted_in_one_package_only():
    own = re.compile(r"\$\{[^{}]*:[,.]|\{[^{}]*:%-d %b %Y")
    for app in ("atlas", "dashboards", "engagements", "mobility_portal"):
        for path in (settings.BASE_DIR / app).rglob("*.py"):
            if path.parent.parts[-2:] != ("atlas", "formatting"):
                assert not own.search(path.read_text("utf-8")), path
