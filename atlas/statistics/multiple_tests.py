"""p of several tests read together: Holm (1979), Scandinavian Journal of Statistics 6, 65-70."""

from collections.abc import Sequence


def holm(p: Sequence[float | None]) -> list[float | None]:
    """Each p adjusted for all that are known; under .05 all together are false with a chance of at most 5%.

    None stays None and counts as no test.
    Worked: .01, .04, .03 give .03, .06, .06 (3 x .01; 2 x .03; at least as much as the one before).
    """
    known = sorted((value, at) for at, value in enumerate(p) if value is not None)
    adjusted: list[float | None] = [None] * len(p)
    largest = 0.0
    for position, (value, at) in enumerate(known):
        largest = max(largest, min(1.0, (len(known) - position) * value))
        adjusted[at] = largest
    return adjusted
