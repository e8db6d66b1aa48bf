"""A number with its range, or the reason why there is none."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

RANGE_NOT_AVAILABLE = "no range: the study did not report a margin of error"


@dataclass(frozen=True)
class Quantity:
    """value, low, high and standard_error are in `unit`; low and high bound 95 in 100 draws.

    draws: how many draws the range rests on, 0 where none were needed. `reason` is never empty when the value or a
    bound is missing: it says why. A low without a high is a lower bound only.
    """

    value: float | None
    unit: str
    low: float | None = None
    high: float | None = None
    standard_error: float | None = None
    draws: int = 0
    reason: str = ""

    def __post_init__(self) -> None:
        if not self.reason and (self.value is None or self.low is None or self.high is None):
            raise ValueError("a quantity without a value or a range says why")

    @property
    def is_estimate(self) -> bool:
        """Rests on a study or on draws; otherwise it is planned or counted."""
        return self.draws > 0 or self.standard_error is not None or self.reason == RANGE_NOT_AVAILABLE

    @property
    def has_range(self) -> bool:
        return self.low is not None and self.high is not None

    @property
    def is_lower_bound(self) -> bool:
        return self.low is not None and self.high is None


def no_quantity(unit: str, reason: str) -> Quantity:
    return Quantity(None, unit, reason=reason)


def certain(value: float, unit: str, reason: str) -> Quantity:
    """A number that is planned or counted; `reason` says why it has no range."""
    return Quantity(float(value), unit, reason=reason)


def from_draws(draws: np.ndarray, unit: str, *, value: float | None = None) -> Quantity:
    """Mean (or the exact `value` where it is known), standard deviation and 2.5th and 97.5th percentile of (D,)."""
    low, high = np.quantile(draws, [0.025, 0.975])
    mean = float(draws.mean()) if value is None else float(value)
    return Quantity(mean, unit, float(low), float(high), float(draws.std()), len(draws))


def join_with_and(parts: Sequence[str]) -> str:
    """a, b and c."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
