"""Several tests read together: Holm for what was registered, Benjamini and Hochberg for what was looked for."""

from collections.abc import Sequence

from atlas.statistics.multiple_tests import holm

__all__ = ["adjust", "benjamini_hochberg", "holm"]


def benjamini_hochberg(p: Sequence[float | None]) -> list[float | None]:
    """p adjusted so that of those under .05 at most 5% are expected to be false (1995, JRSS B 57, 289-300).

    None stays None and counts as no test. Worked: .01, .04, .03 -> .03, .04, .04 (3/1 x .01; the next at most the one
    after).
    """
    known = sorted(((value, at) for at, value in enumerate(p) if value is not None), reverse=True)
    adjusted: list[float | None] = [None] * len(p)
    smallest = 1.0
    for position, (value, at) in enumerate(known):
        smallest = min(smallest, value * len(known) / (len(known) - position))
        adjusted[at] = smallest
    return adjusted


def adjust(p: Sequence[float | None], *, registered: bool) -> list[float | None]:
    """Holm for registered second outcomes and subgroups, Benjamini and Hochberg for exploratory lists."""
    return holm(p) if registered else benjamini_hochberg(p)
