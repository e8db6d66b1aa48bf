"""All orders in which groups could have started, or a random part of them where there are too many to count."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from engagements.pilots.rules.estimators.starts import Whole

COUNTED = 10_000  # more than this many orders are drawn, not counted
DRAWS = 9_999  # with the observed one 10,000: p in steps of .0001
FEWEST, MOST_NUMBERS = 199, 5_000_000  # draws, and draws times groups: fewer draws where groups are very many
SEED = 20_261_130  # fixed, so that everybody who computes it again gets the same digits


@dataclass(frozen=True)
class Assignments:
    """`starts`: assignments x groups. `exact`: all of them, the observed one among them; else draws, without it."""

    starts: Whole
    exact: bool


def reassign(starts: Whole, blocks: Sequence[str], draws: int = DRAWS) -> Assignments:
    """The same starts given to other groups of the same block, as the draw could have. Worked: 3 of 6 start -> 20."""
    of_block = [np.flatnonzero(np.array(blocks) == block) for block in sorted(set(blocks))]
    if sum(log_orders(starts[members]) for members in of_block) <= math.log(COUNTED) + 1e-9:
        found = np.array([_join(parts, of_block, starts) for parts in product(*(_all(starts[m]) for m in of_block))])
        return Assignments(found, True)
    rng = np.random.Generator(np.random.PCG64(SEED))
    drawn = np.tile(starts, (max(FEWEST, min(draws, MOST_NUMBERS // starts.size)), 1))
    for members in of_block:
        drawn[:, members] = rng.permuted(drawn[:, members], axis=1)
    return Assignments(drawn, False)


def log_orders(starts: Whole) -> float:
    """Logarithm of how many different orders these starts have: log 20 = log(6!/(3! 3!)) for three of each of two."""
    return math.lgamma(starts.size + 1) - sum(math.lgamma(n + 1) for n in Counter(starts.tolist()).values())


def _all(starts: Whole) -> list[tuple[int, ...]]:
    return list(_distinct(sorted(Counter(starts.tolist()).items())))


def _distinct(left: list[tuple[int, int]]) -> Iterator[tuple[int, ...]]:
    """Every different order of values, given as (value, how often it is left)."""
    if not left:
        yield ()
        return
    for index, (value, count) in enumerate(left):
        rest = [*left[:index], *([(value, count - 1)] if count > 1 else []), *left[index + 1 :]]
        for tail in _distinct(rest):
            yield (value, *tail)


def _join(parts: Sequence[tuple[int, ...]], of_block: Sequence[Whole], starts: Whole) -> Whole:
    joined = starts.copy()
    for members, part in zip(of_block, parts, strict=True):
        joined[members] = part
    return joined
