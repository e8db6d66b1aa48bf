"""Counts, indices and other numbers without a unit of their own. Pure."""

from decimal import Decimal

from atlas.formatting.rounding import (
    NO_VALUE,
    Number,
    is_missing,
    round_half_up,
    round_to_digits,
    shorten,
    sign_of,
    true_minus,
)


def format_count(number: Number | None, *, missing: str = NO_VALUE) -> str:
    """Children, tracts, entries. Worked: 1234.4 -> "1,234"; -1234.4 -> "−1,234"."""
    return missing if number is None or is_missing(number) else true_minus(f"{round_half_up(number):,}")


def format_number_of(number: int, thing: str) -> str:
    """Worked: (1, "tract") -> "1 tract"; (290, "tract") -> "290 tracts"."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def format_people(count: float) -> str:
    """An expected number of people. Worked: 140.4 -> "140"; 0.3 -> "fewer than 1"."""
    return "fewer than 1" if 0 < count < 0.5 else f"{count:,.0f}"


def format_index(value: float | None, *, missing: str = NO_VALUE) -> str:
    """A correlation or an index without unit. Worked: -0.312 -> "−0.31"; 0.0012 -> "0.001"."""
    if value is None or is_missing(value):
        return missing
    return true_minus(f"{float(value):.{3 if 0 < abs(value) < 0.005 else 2}f}")


def format_p(p: float | None, *, missing: str = NO_VALUE) -> str:
    """The p of a test. Worked: 0.312 -> "0.31"; 0.0499 -> "0.050"; 0.0000001 -> "under 0.001"."""
    if p is None or is_missing(p):
        return missing
    return "under 0.001" if p < 0.001 else f"{p:.3f}" if p < 0.0995 else f"{p:.2f}"


def format_decimal(value: Number, places: int) -> str:
    """At most so many decimals, none that say nothing. Worked: (12.50, 2) -> "12.5"; (-3, 2) -> "−3"."""
    text = f"{value:,.{places}f}"
    return true_minus(text.rstrip("0").rstrip(".") if "." in text else text)


def format_exact(value: Decimal) -> str:
    """All its decimals. Worked: 1234.50 -> "1,234.5"; -40 -> "−40"."""
    text = f"{value:,.0f}" if value == value.to_integral_value() else f"{value.normalize():,f}"
    return true_minus(text)


def format_to_digits(value: float, digits: int = 3) -> str:
    """To significant digits. Worked: 140.0 -> "140"; 243390 -> "243,000"; -0.0457 -> "−0.0457"."""
    rounded = round_to_digits(value, digits)
    size = abs(rounded)
    return sign_of(rounded) + (f"{size:,.0f}" if size >= 100 or size == int(size) else f"{size:.6g}")


def format_axis_number(value: float) -> str:
    """For an axis. Worked: 1500000 -> "1.5M"; 20000 -> "20k"; 1200 -> "1,200"; -0.5 -> "−0.5"."""
    size = abs(value)
    return sign_of(value) + (shorten(size) if size >= 10_000 else f"{round(size, 6):,g}")
