"""Numbers as people read them. Pure text from floats; nothing is rounded before it gets here.

Ranks and shares come in as 0-1, money as dollars of the year the unit names, percentiles as 0-100.
Estimates outside [0, 1] are legitimate (prediction plus noise): clipped for show only, by `as_percentile`.
"""

import math
import re
from collections.abc import Sequence

import numpy as np

NO_VALUE = "no value published"
NO_STANDARD_ERROR = "no standard error published"


def is_missing(value: float | None) -> bool:
    """True for None and NaN: suppressed, or not in the file."""
    return value is None or math.isnan(float(value))


def ordinal(number: int) -> str:
    """31 -> "31st", 12 -> "12th"."""
    suffix = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"


def as_percentile(rank: float | None) -> str:
    """Rank 0-1 as an ordinal percentile: 0.338 -> "34th"."""
    if is_missing(rank):
        return NO_VALUE
    return ordinal(int(_half_up(min(max(float(rank), 0.0), 1.0) * 100)))


def as_share_words(share: float | None) -> str:
    """Share 0-1 for prose: 0.352 -> "35 in 100"; small shares in thousands so that none reads as zero."""
    if is_missing(share):
        return NO_VALUE
    if 0 < float(share) < 0.01:
        return f"{max(1, int(_half_up(float(share) * 1000)))} in 1,000"
    return f"{int(_half_up(float(share) * 100))} in 100"


def in_prose_together(values: Sequence[float], unit: str) -> list[str]:
    """Estimates of one sentence, shares all in hundreds or, where one is under 1 in 100, all in thousands."""
    if unit == "share" and any(0 < float(value) < 0.01 for value in values if not is_missing(value)):
        return [NO_VALUE if is_missing(v) else f"{_thousands(float(v))} in 1,000" for v in values]
    return [in_prose(value, unit) for value in values]


def _thousands(share: float) -> str:
    return f"{max(1, int(_half_up(share * 1000))) if share > 0 else int(_half_up(share * 1000)):,}"


def as_percent(share: float | None) -> str:
    """Share 0-1 for tables: 0.352 -> "35.2%"."""
    return NO_VALUE if is_missing(share) else f"{_true_minus(f'{float(share) * 100:.1f}')}%"


def as_money(dollars: float | None) -> str:
    """Whole dollars for tables: 22043.4 -> "$22,043"."""
    if is_missing(dollars):
        return NO_VALUE
    whole = int(_half_up(abs(float(dollars))))
    return f"{'−' if float(dollars) < 0 and whole else ''}${whole:,}"


def as_money_about(dollars: float | None) -> str:
    """Dollars for prose, to the nearest hundred: 22043.4 -> "$22,000"."""
    return NO_VALUE if is_missing(dollars) else as_money(_half_up(float(dollars) / 100) * 100)


def as_ranks(rank: float | None) -> str:
    """A difference or standard error of ranks in percentile points: 0.0031 -> "0.3", -0.041 -> "−4.1"."""
    return NO_VALUE if is_missing(rank) else _true_minus(f"{float(rank) * 100:.1f}")


def as_error(error: float | None, unit: str) -> str:
    """A standard error one digit finer than its estimate: 0.0013 of a rank -> "0.13", of a share "0.13%"."""
    if is_missing(error):
        return NO_STANDARD_ERROR
    if unit in ("rank", "share"):
        return f"{float(error) * 100:.2f}{'%' if unit == 'share' else ''}"
    return as_value(error, unit)


def as_count(number: float | None) -> str:
    """Children, tracts: 1234.4 -> "1,234"."""
    return NO_VALUE if is_missing(number) else _true_minus(f"{int(_half_up(float(number))):,}")


def as_value(value: float | None, unit: str) -> str:
    """One estimate in its unit, as a table shows it."""
    if is_missing(value):
        return NO_VALUE
    if unit == "rank":
        return as_ranks(value)
    if unit == "share":
        return as_percent(value)
    if unit.startswith("usd"):
        return as_money(value)
    return as_index(value) if unit == "index" else as_count(value)


def as_index(value: float | None) -> str:
    """A correlation or an index without unit, with a true minus: -0.312 -> "−0.31"; 0.0012 -> "0.001"."""
    if is_missing(value):
        return NO_VALUE
    return _true_minus(f"{float(value):.{3 if 0 < abs(value) < 0.005 else 2}f}")


def as_change(difference: float | None, unit: str) -> str:
    """A difference with its sign, in its unit: "+$1,200", "−3.4 percentiles"; small ones never read 0."""
    if is_missing(difference):
        return ""
    size, sign = abs(float(difference)), "−" if difference < 0 else "+"
    if size == 0:
        return "0"
    if unit in ("rank", "share"):
        word = "percentiles" if unit == "rank" else "points"
        return f"{sign}{size * 100:.1f} {word}" if size >= 0.0005 else f"{sign}under 0.1 {word}"
    if unit.startswith("usd"):
        return f"{sign}{as_money(size)}" if size >= 0.5 else f"{sign}under $1"
    return f"{sign}{np.format_float_positional(float(f'{size:.3g}'), trim='-')}"


def in_prose(value: float | None, unit: str) -> str:
    """One estimate as a sentence says it: "$22,000", "35 in 100", "the 34th percentile"."""
    if is_missing(value):
        return NO_VALUE
    if unit == "rank":
        return f"the {as_percentile(value)} percentile"
    if unit == "share":
        return as_share_words(value)
    if unit.startswith("usd") and abs(float(value)) >= 10_000:
        return as_money_about(value)
    return as_value(value, unit)


def as_tick(value: float, unit: str) -> str:
    """One boundary of a legend, short: $22k, 35%, 0.4."""
    if unit.startswith("usd"):
        if abs(value) >= 1000:
            return f"${value / 1000:.1f}".removesuffix(".0") + "k"
        return f"${value:,.0f}"
    if unit == "rank":
        return f"{value * 100:.1f}".removesuffix(".0")
    if unit == "share":
        return f"{value * 100:.1f}".removesuffix(".0") + "%"
    return f"{value:,.0f}"


def unit_words(unit: str) -> str:
    """The unit in words, for column heads and axes."""
    if match := re.fullmatch(r"usd_(month_)?(\d{4})", unit):
        return f"dollars a month, {match[2]}" if match[1] else f"{match[2]} dollars"
    return {"rank": "percentile, 0–100"}.get(unit, unit.replace("_", " "))


def with_unit(label: str, unit: str) -> str:
    """A column head: "Household income (2015 dollars)"; shares carry their % sign in every cell."""
    return label if unit == "share" else f"{label} ({unit_words(unit)})"


def higher_than(percentile: float | None) -> str:
    """National percentile 0-100 in words: 12.3 -> "higher than 12 in 100 US tracts"."""
    if is_missing(percentile):
        return ""
    if float(percentile) < 1:
        return "higher than fewer than 1 in 100 US tracts"
    return f"higher than {min(99, int(float(percentile)))} in 100 US tracts"


def _true_minus(number: str) -> str:
    """A rounded number with a minus sign instead of a hyphen; what rounds to nothing has none."""
    return number.replace("-", "−") if any(digit in number for digit in "123456789") else number.removeprefix("-")


def _half_up(value: float) -> float:
    return math.floor(value + 0.5)
