"""Values no file of these publishers can hold: a slip of units or of columns, which a person has to confirm.

Estimates are linear predictions plus noise, so ranks and shares a little outside 0-1 are published and right. A rank
of 7.5 or a standard error of 900 is a percentage, a dollar or a shifted column.
"""

from dataclasses import dataclass

import numpy as np

from atlas.measures import UnknownMeasure, describe
from atlas.sources.base import Column


@dataclass(frozen=True)
class PlausibleRange:
    """Ends in the unit of the measure; a standard error must lie from 0 to `largest_error`."""

    low: float
    high: float
    largest_error: float


_ZERO_TO_ONE = PlausibleRange(-1.0, 2.0, 0.5)  # a share cannot have a standard error above that of a coin
_DOLLARS_A_YEAR = PlausibleRange(-1e6, 1e7, 1e6)


def plausible_range(slug: str) -> PlausibleRange | None:
    """The range of a measure, None where any number may be right (counts, densities, unknown units)."""
    try:
        unit = describe(slug).unit
    except UnknownMeasure:
        return None
    if unit in ("rank", "share"):
        return _ZERO_TO_ONE
    return _DOLLARS_A_YEAR if unit.startswith("usd") else None


def count_implausible(column: Column) -> dict[str, int | float | None]:
    """`implausible_values` and `implausible_errors` with the most extreme of each, for a MeasureChange."""
    limits = plausible_range(column.slug)
    if limits is None:
        return {}
    odd = column.value[(column.value < limits.low) | (column.value > limits.high)]
    errors = column.standard_error
    odd_errors = np.empty(0) if errors is None else errors[(errors < 0) | (errors > limits.largest_error)]
    return {
        "implausible_values": int(odd.size),
        "implausible_value": _furthest(odd),
        "implausible_errors": int(odd_errors.size),
        "implausible_error": _furthest(odd_errors),
    }


def _furthest(found: np.ndarray) -> float | None:
    return float(found[np.argmax(np.abs(found))]) if found.size else None
