"""Ranks, which come in as 0-1, as percentiles.

Estimates outside [0, 1] are legitimate (prediction plus noise): clipped for show only, by `format_percentile`. Pure.
"""

from atlas.formatting.rounding import NO_VALUE, is_missing, round_half_up, true_minus


def ordinal(number: int) -> str:
    """31 -> "31st", 12 -> "12th"."""
    suffix = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"


def format_percentile(rank: float | None, *, missing: str = NO_VALUE) -> str:
    """Rank 0-1 as an ordinal percentile. Worked: 0.338 -> "34th"."""
    if rank is None or is_missing(rank):
        return missing
    return ordinal(round_half_up(min(max(float(rank), 0.0), 1.0) * 100))


def format_points(rank: float | None, *, missing: str = NO_VALUE) -> str:
    """A rank, a difference or standard error of ranks, 0-1, in percentile points: 0.0031 -> "0.3", -0.041 -> "−4.1"."""
    return missing if rank is None or is_missing(rank) else true_minus(f"{float(rank) * 100:.1f}")
