"""How many of a block go to each arm: the registered shares exactly, and what is left over by one random number."""

from collections.abc import Sequence
from math import floor

from engagements.pilots.rules.drawing.stream import Stream

_ROUNDING = 1e-9


def arm_sizes(count: int, weights: Sequence[int], stream: Stream) -> list[int]:
    """Sizes that sum to `count`. Each arm gets the whole part of its share; those left over are spread so that every
    arm's expected size is its share exactly: the remainders are laid end to end, and the marks u, u + 1, u + 2 ... of
    one random number u fall on the arms that get one more.

    Worked: 10 units by 1:1 give 5 and 5; 11 give 5 and 6 or 6 and 5, each with probability one half; 10 by 2:1 give
    7 and 3 with probability two thirds, else 6 and 4.
    """
    whole = sum(weights)
    exact = [count * weight / whole for weight in weights]
    sizes = [floor(size + _ROUNDING) for size in exact]
    left = count - sum(sizes)
    mark = stream.fraction()  # also where nothing is left over, so that each block uses the same amount of numbers
    reached = 0.0
    for place, size in enumerate(exact):
        reached += max(0.0, size - sizes[place])
        if left > 0 and (mark < reached - _ROUNDING or place == len(exact) - 1):
            sizes[place] += 1
            left -= 1
            mark += 1.0
    return sizes
