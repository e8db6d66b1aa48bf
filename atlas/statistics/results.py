"""Typed results: a number never travels without its uncertainty or the reason for none."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Estimate:
    """value and standard_error in `unit`; n = areas used; coverage = weight used / weight of all areas, 0-1."""

    value: float | None
    standard_error: float | None
    n: int
    unit: str
    coverage: float | None = None
    reason: str = ""


NO_STANDARD_ERRORS = "the publisher's file has no standard errors"
