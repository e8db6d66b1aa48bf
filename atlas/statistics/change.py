"""Whether a published series moved further between its first and last value than its bounds are wide. Pure.

The rule is the publisher's bounds: two values whose bounds overlap are not told apart. That is cautious: two 95%
intervals that just touch differ by about 2.8 standard errors of one of them, not by 1.96 of the difference.
"""

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["apart", "overlap", "no bounds", "one value", "no value"]


@dataclass(frozen=True)
class Change:
    """First and last shown value of a series (indices into it) and what may be said of the two."""

    first: int | None
    last: int | None
    difference: float | None  # last minus first, in the series' unit
    verdict: Verdict
    broken_at: tuple[int, ...]  # indices from which the publisher's grade differs from the value before


def compare_ends(
    values: tuple[float | None, ...],
    lower: tuple[float | None, ...],
    upper: tuple[float | None, ...],
    quality: tuple[str, ...],
) -> Change:
    """Aligned tuples, oldest first; None is a value not published or not shown.

    Worked: .5823 (.5578 to .6067) then .6606 (.6297 to .6914): +.0783, apart; with .5866 (.5542 to .6190) as the
    last: +.0043, overlap (employment in Detroit 2014, 2023 and 2021).
    """
    published = [(i, value) for i, value in enumerate(values) if value is not None]
    if not published:
        return Change(None, None, None, "no value", ())
    known = [i for i, _ in published]
    (first, first_value), (last, last_value) = published[0], published[-1]
    broken = tuple(b for a, b in zip(known, known[1:], strict=False) if quality[a] != quality[b])
    if first == last:
        return Change(first, last, None, "one value", broken)
    difference = last_value - first_value
    first_low, first_high, last_low, last_high = lower[first], upper[first], lower[last], upper[last]
    if first_low is None or first_high is None or last_low is None or last_high is None:
        return Change(first, last, difference, "no bounds", broken)
    overlap = first_low <= last_high and last_low <= first_high
    return Change(first, last, difference, "overlap" if overlap else "apart", broken)


def unbroken_runs(
    values: tuple[float | None, ...], quality: tuple[str, ...], reasons: tuple[str, ...]
) -> list[list[int]]:
    """Indices that one line may join: it ends where a value is withheld and where the publisher's grade changes.

    A period without a value and without a reason (a year in which the metric wasn't measured) ends no line.
    """
    found: list[list[int]] = []
    joined = False
    for i, value in enumerate(values):
        if value is None:
            joined = joined and not reasons[i]
            continue
        if joined and quality[found[-1][-1]] == quality[i]:
            found[-1].append(i)
        else:
            found.append([i])
        joined = True
    return found
