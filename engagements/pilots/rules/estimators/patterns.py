"""Plus and minus signs for clusters, and draws of the treated within blocks: all of them, or a fixed sample."""

from functools import lru_cache
from itertools import combinations
from math import comb, prod

import numpy as np
from numpy.random import PCG64, Generator

from engagements.pilots.rules.data import Floats
from engagements.pilots.rules.estimators.cluster_sums import ClusterSums, Flags

ALL_SIGNS_UP_TO = 12  # clusters: 4,096 patterns
ALL_DRAWS_UP_TO = 20_000
SAMPLED = 9_999  # beside the observed pattern, which always counts
SEED = 20_261_130  # fixed, so that everybody finds the same p


def all_signs(clusters: int) -> Floats:
    """Half of the 2^G patterns of +1 and -1, (2^(G-1), G), all + first: each mirror image has the same |t|."""
    codes = np.arange(2 ** (clusters - 1))[:, None]
    return np.asarray(1.0 - 2.0 * ((codes >> np.arange(clusters)) & 1), dtype=np.float64)


def sampled_signs(clusters: int) -> Floats:
    """The observed pattern (all +) and 9,999 drawn ones: (10,000, G)."""
    drawn = Generator(PCG64(SEED)).integers(0, 2, size=(SAMPLED, clusters))
    return np.vstack([np.ones(clusters), 1.0 - 2.0 * drawn])


def count_draws(sums: ClusterSums) -> int:
    """How many ways the draw had to choose the treated clusters of each block. Worked: 3 of 6 gives 20."""
    return prod(comb(len(here), int(sums.treated[here].sum())) for here in sums.blocks)


def has_mirror(sums: ClusterSums) -> bool:
    """Whether the draw could have swapped all treated and untreated: half of the clusters in every block."""
    return all(2 * int(sums.treated[here].sum()) == len(here) for here in sums.blocks)


def draws_of(sums: ClusterSums) -> tuple[Flags, bool]:
    """Who could have been treated, (P, G), and whether these are all draws (else: the observed one and a sample).

    Not to be written to: analyses of one pilot share it.
    """
    return _draws(tuple(sums.treated.tolist()), tuple(sums.block.tolist()))


@lru_cache(maxsize=4)
def _draws(treated: tuple[bool, ...], block: tuple[int, ...]) -> tuple[Flags, bool]:
    sums = ClusterSums(
        np.array(treated, dtype=np.bool_), np.array(block, dtype=np.int64), np.ones(len(block)), np.zeros(len(block))
    )
    is_all = count_draws(sums) <= ALL_DRAWS_UP_TO
    found = _all_draws(sums) if is_all else _sampled_draws(sums)
    found.setflags(write=False)
    return found, is_all


def _sampled_draws(sums: ClusterSums) -> Flags:
    ranks = Generator(PCG64(SEED)).random((SAMPLED, len(sums.block)))
    found = np.zeros(ranks.shape, dtype=np.bool_)
    for here in sums.blocks:
        order = ranks[:, here].argsort(axis=1).argsort(axis=1)
        found[:, here] = order < int(sums.treated[here].sum())
    return np.vstack([sums.treated[None, :], found])


def _all_draws(sums: ClusterSums) -> Flags:
    found = np.zeros((1, len(sums.block)), dtype=np.bool_)
    for here in sums.blocks:
        chosen = np.array(list(combinations(here, int(sums.treated[here].sum()))), dtype=np.int64)
        block = np.zeros((len(chosen), len(sums.block)), dtype=np.bool_)
        np.put_along_axis(block, chosen, True, axis=1)
        found = (found[:, None, :] | block[None, :, :]).reshape(-1, len(sums.block))
    return found
