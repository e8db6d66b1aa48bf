"""Estimates in the unit their measure names. Pure text from floats; nothing is rounded before it gets here.

Ranks and shares come in as 0-1, money as dollars of the year the unit names, national percentiles as 0-100.
"""

import re
from collections.abc import Sequence

import numpy as np

from atlas.formatting.counts import format_count, format_index, format_p
from atlas.formatting.money import format_axis_dollars, format_dollars_to_hundred, format_whole_dollars
from atlas.formatting.percentiles import format_percentile, format_points
from atlas.formatting.rounding import NO_VALUE, is_missing, round_half_up, true_minus
from atlas.formatting.shares import format_percent, format_share_in_words, format_thousandths
from atlas.shown_labels import UNCONFIRMED, is_confirmed
from dashboards.formatting.shown_dollars import INCOME_UNIT, in_shown_dollars, shown_dollars

FRACTIONAL = ("number", "hours", "minutes", "percent")  # two decimals where the numbers are small
NO_STANDARD_ERROR = "no margin of error in the file loaded here"


def format_in_prose_together(values: Sequence[float | None], unit: str) -> list[str]:
    """Estimates of one sentence, shares all in hundreds or, where one is under 1 in 100, all in thousands."""
    if unit == "share" and any(0 < float(v) < 0.01 for v in values if v is not None):
        return [NO_VALUE if v is None or is_missing(v) else f"{format_thousandths(float(v))} in 1,000" for v in values]
    return [format_in_prose(value, unit) for value in values]


def format_standard_error(error: float | None, unit: str) -> str:
    """A standard error one digit finer than its estimate: 0.0013 of a rank -> "0.13", of a share "0.13%"."""
    unit = unit.removesuffix(UNCONFIRMED)
    if error is None or is_missing(error):
        return NO_STANDARD_ERROR
    if unit in ("rank", "share"):
        return f"{float(error) * 100:.2f}{'%' if unit == 'share' else ''}"
    return format_estimate(error, unit)


def format_estimate(value: float | None, unit: str) -> str:
    """One estimate in its unit, as a table shows it."""
    unit = unit.removesuffix(UNCONFIRMED)
    if value is None or is_missing(value):
        return NO_VALUE
    if unit == "rank":
        return format_points(value)
    if unit == "share":
        return format_percent(value)
    if unit.startswith("usd"):
        return format_whole_dollars(in_shown_dollars(value, unit))
    if unit == "p":
        return format_p(value)
    return format_index(value) if unit == "index" or unit in FRACTIONAL and abs(value) < 100 else format_count(value)


def format_change(difference: float | None, unit: str) -> str:
    """A difference with its sign, in its unit: "+$1,200", "−3.4 percentiles"; small ones never read 0."""
    unit = unit.removesuffix(UNCONFIRMED)
    if difference is None or is_missing(difference):
        return ""
    size, sign = abs(in_shown_dollars(float(difference), unit)), "−" if difference < 0 else "+"
    if size == 0:
        return "0"
    if unit in ("rank", "share"):
        word = "percentiles" if unit == "rank" else "points"
        return f"{sign}{size * 100:.1f} {word}" if size >= 0.0005 else f"{sign}under 0.1 {word}"
    if unit.startswith("usd"):
        return f"{sign}{format_whole_dollars(size)}" if size >= 0.5 else f"{sign}under $1"
    return f"{sign}{np.format_float_positional(float(f'{size:.3g}'), trim='-')}"


def format_difference(difference: float | None, unit: str) -> str:
    """A difference with its sign, as fine as a standard error: -0.0085 of a rank -> "−0.85", 2.13 of "ratio" -> "+2.1".

    What rounds to nothing has no sign.
    """
    if difference is None or is_missing(difference):
        return NO_VALUE
    digits, scale = (1, 1) if unit == "ratio" else (2, 100)
    size = f"{abs(float(difference)) * scale:.{digits}f}"
    sign = "" if float(size) == 0 else "−" if difference < 0 else "+"
    return f"{sign}{size}{'%' if unit == 'share' else ''}"


def format_in_prose(value: float | None, unit: str) -> str:
    """One estimate as a sentence says it: "$22,000", "35 in 100", "the 34th percentile"."""
    unit = unit.removesuffix(UNCONFIRMED)
    if value is None or is_missing(value):
        return NO_VALUE
    if unit == "rank":
        return f"the {format_percentile(value)} percentile"
    if unit == "share":
        return format_share_in_words(value)
    if unit.startswith("usd") and abs(amount := in_shown_dollars(float(value), unit)) >= 10_000:
        return format_dollars_to_hundred(amount)
    return format_estimate(value, unit)


def format_tick(value: float, unit: str) -> str:
    """One boundary of a legend, short: $22k, 35%, 0.4."""
    unit = unit.removesuffix(UNCONFIRMED)
    if unit.startswith("usd"):
        value = in_shown_dollars(value, unit)
        return format_axis_dollars(round_half_up(value / 100) * 100 if abs(value) >= 1000 else round_half_up(value))
    if unit in ("rank", "share"):
        short = true_minus(f"{value * 100:.1f}").removesuffix(".0")
        return f"{short}%" if unit == "share" else short
    return format_count(value)


def format_income(usd: float | None) -> str:
    """An income of 2015 to the hundred, in the dollars shown. Worked: 21013 -> "$21,000", or "$29,700" of 2026."""
    return format_dollars_to_hundred(None if usd is None else in_shown_dollars(usd))


def unit_label(unit: str) -> str:
    """The unit in words, for column heads and axes; one that nobody confirmed says so."""
    if not is_confirmed(unit):
        guess = unit.removesuffix(UNCONFIRMED)
        return f"{'dollars' if guess == 'usd' else unit_label(guess)}, unit not confirmed"
    if unit == INCOME_UNIT:
        return shown_dollars().words
    if match := re.fullmatch(r"usd_(month_)?(\d{4})", unit):
        return f"dollars a month, {match[2]}" if match[1] else f"{match[2]} dollars"
    return {"rank": "percentile, 0–100"}.get(unit, unit.replace("_", " "))


def label_with_unit(label: str, unit: str) -> str:
    """A column head: "Household income (2015 dollars)"; shares carry their % sign in every cell."""
    return label if unit == "share" else f"{label} ({unit_label(unit)})"
