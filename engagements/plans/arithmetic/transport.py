"""How much of a study's effect carries over to another place and time: always a distribution, never one number."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from engagements.limits import find_share_problem
from engagements.plans.arithmetic.refusals import PlanningRefused, as_floats, check_number, check_text

Kind = Literal["unknown", "range", "triangular", "same"]
LABELS = {
    "unknown": "Not known: anything from none to all of it",
    "range": "Within a range, each value as likely as the next",
    "triangular": "Within a range, one value most likely",
    "same": "Same people, same program: most likely all of it",
}
_CONSTANT = (
    "Nobody knows exactly how much of a study's effect carries over. Give a range, such as 0.3 to 0.8, not one value."
)


@dataclass(frozen=True)
class Transport:
    """The share k of the study's effect, 0 to 1. Build with `unknown()`, `within()`, `around()` or `same()`.

    reason: why the planner expects this; needed for all but "unknown". Raises PlanningRefused.
    """

    kind: Kind = "unknown"
    low: float = 0.0
    high: float = 1.0
    mode: float | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        as_floats(self, "low", "high", "mode")
        if self.kind not in LABELS:
            raise PlanningRefused("transport", "Choose how much of the effect carries over from the list.")
        ends = [("low", self.low), ("high", self.high)] + ([("mode", self.mode)] if self.mode is not None else [])
        for name, value in ends:
            share = check_number(f"transport_{name}", value, "The share that carries over")
            if not 0 <= share <= 1:
                raise PlanningRefused(
                    f"transport_{name}",
                    "The share that carries over goes from 0 (none of the effect) to 1 (all of it).",
                )
            if sentence := find_share_problem(share):
                raise PlanningRefused(f"transport_{name}", sentence)
        if self.low == self.high:
            raise PlanningRefused("transport_high", _CONSTANT)
        if self.low > self.high:
            raise PlanningRefused("transport_high", "The range ends below where it starts: swap the two values.")
        if self.kind == "unknown" and (self.low, self.high, self.mode) != (0.0, 1.0, None):
            raise PlanningRefused("transport", "“Not known” goes from 0 to 1. Choose a range to narrow it.")
        if (self.mode is None) != (self.kind in ("unknown", "range")):
            raise PlanningRefused("transport_mode", "One value most likely: give that value, and only for that choice.")
        if self.mode is not None and not self.low <= self.mode <= self.high:
            raise PlanningRefused("transport_mode", "The most likely share must lie between the two ends.")
        if self.kind == "same" and (self.mode, self.high) != (1.0, 1.0):
            raise PlanningRefused("transport_mode", "Same people, same program: all of it (1) is most likely.")
        if self.kind != "unknown":
            check_text(
                "transport_reason",
                self.reason,
                "Write why you expect this much of the effect here: who was studied, who will be served, what differs.",
            )

    @property
    def label(self) -> str:
        return LABELS[self.kind]

    @property
    def mean(self) -> float:
        ends = (self.low, self.high) if self.mode is None else (self.low, self.mode, self.high)
        return sum(ends) / len(ends)

    @property
    def explanation(self) -> str:
        """One sentence of what is assumed."""
        if self.kind == "unknown":
            return (
                "Nobody knows how much of the study's effect carries over here, so every share from none to all of it "
                "counts as equally likely."
            )
        likely = "each share as likely as the next" if self.mode is None else f"{self.mode:.0%} most likely"
        return (
            f"The planner expects {self.low:.0%} to {self.high:.0%} of the study's effect here, {likely}. "
            f"Reason given: {self.reason.strip().rstrip('.')}."
        )

    def at(self, uniform: np.ndarray) -> np.ndarray:
        """Shares k at probabilities (D,) in [0, 1): the inverse of the distribution function."""
        width = self.high - self.low
        if self.mode is None:
            return self.low + width * uniform
        turn = (self.mode - self.low) / width
        rising = self.low + np.sqrt(uniform * width * (self.mode - self.low))
        falling = self.high - np.sqrt((1 - uniform) * width * (self.high - self.mode))
        return np.where(uniform < turn, rising, falling)


def unknown() -> Transport:
    return Transport()


def within(low: float, high: float, *, reason: str) -> Transport:
    return Transport("range", low, high, None, reason)


def around(low: float, mode: float, high: float, *, reason: str) -> Transport:
    return Transport("triangular", low, high, mode, reason)


def same(*, reason: str, low: float = 0.5) -> Transport:
    """From `low` (the planner's choice) to all of the effect, which is most likely: even a copy is no original."""
    return Transport("same", low, 1.0, 1.0, reason)
