"""Typed results: a number never travels without its uncertainty or the reason for none."""

from dataclasses import dataclass

from atlas.statistics.intervals import Z95, Interval


@dataclass(frozen=True)
class Estimate:
    """value and standard_error in `unit`; n = areas used; coverage = weight used / weight of all areas, 0-1."""

    value: float | None
    standard_error: float | None
    n: int
    unit: str
    coverage: float | None = None
    reason: str = ""  # why a value or its uncertainty is missing
    inflation: float | None = None  # factor the standard error was multiplied by, None when by none
    coverage_reason: str = ""  # why coverage is not known, where it should be
    interval: Interval | None = None  # 95% interval where it is not value +/- z x SE (shares, variances)

    @property
    def known_value(self) -> float:
        """The value, for who has made sure that there is one."""
        assert self.value is not None, self.reason
        return self.value


NO_STANDARD_ERRORS = "the file loaded here has no margin of error"


def missing_estimate(n: int, unit: str, reason: str) -> Estimate:
    """No number, and why."""
    return Estimate(None, None, n, unit, reason=reason)


def interval95(estimate: Estimate) -> Interval | None:
    """The estimate's own 95% interval, else value +/- 1.959964 SE; None without a standard error.

    Worked: .3655 with SE .00726149 gives .351268 to .379732 (methods 2.1, oracle A).
    """
    if estimate.interval is not None:
        return estimate.interval
    if estimate.value is None or estimate.standard_error is None:
        return None
    half = Z95 * estimate.standard_error
    return Interval(estimate.value - half, estimate.value + half)
