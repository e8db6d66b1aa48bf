"""Rounding, signs and missing values of every number a person reads. Pure."""

import math
from decimal import Decimal

MINUS = "−"  # U+2212, as wide as a plus
NO_VALUE = "no value published"

_SHORT = ((1e9, "B"), (1e6, "M"), (1e3, "k"))

Number = float | Decimal  # int and numpy's floats are floats here


def is_missing(value: Number | None) -> bool:
    """True for None and NaN: suppressed, or not in the file."""
    return value is None or math.isnan(float(value))


def round_half_up(value: Number) -> int:
    """To the nearest whole number, a half away from zero. Worked: 2.5 -> 3; -2.5 -> -3; 2.49 -> 2."""
    size = math.floor(abs(float(value)) + 0.5)
    return -size if value < 0 else size


def round_to_digits(value: float, digits: int = 3) -> float:
    """To significant digits. Worked: 243,390 -> 243,000; -0.04567 -> -0.0457."""
    if not value:
        return 0.0
    return round(value, digits - 1 - math.floor(math.log10(abs(value))))


def shorten(size: float) -> str:
    """By thousands, millions or billions, three decimals at most. Worked: 18600 -> "18.6k"; 2000000000 -> "2B"."""
    for step, letter in _SHORT:
        if size >= step:
            return f"{round(size / step, 3):g}{letter}"
    return f"{round(size, 6):g}"


def sign_of(value: Number) -> str:
    """ "−" below zero, else nothing."""
    return MINUS if value < 0 else ""


def true_minus(number: str) -> str:
    """A number as Python writes it with a minus sign for its hyphen; what rounds to nothing has none."""
    return number.replace("-", MINUS) if any(digit in number for digit in "123456789") else number.removeprefix("-")
