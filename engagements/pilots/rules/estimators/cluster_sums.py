"""Sums by cluster, and the least squares of people on the offer and on blocks, which needs nothing else.

Notation, for cluster g in block b: n people, T their summed outcome; d is 1 if treated; D = d less the share of the
block's people who are treated; S = sum of n D^2. The effect is sum(D T) / S: with one block, the difference of means
over people; with blocks, their differences weighted by n1 n0 / (n1 + n0). Every array may have leading axes (many
made-up trials at once); the last axis is clusters.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engagements.pilots.rules.data import Floats

Flags = NDArray[np.bool_]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Between:
    """Ends of an interval, as collected; infinite where a test can rule nothing out."""

    low: float
    high: float


@dataclass(frozen=True)
class ClusterSums:
    """`treated`, `n`, `total`: (..., G), which broadcast; `block`: (G,), numbers from 0 on."""

    treated: Flags
    block: Whole
    n: Floats
    total: Floats

    @cached_property
    def blocks(self) -> tuple[Whole, ...]:
        """Positions of the clusters of each block."""
        return tuple(np.flatnonzero(self.block == number) for number in range(int(self.block.max(initial=-1)) + 1))

    def in_blocks(self, values: Floats) -> Floats:
        """The sum over the cluster's block, at each cluster: (..., G) to (..., G)."""
        if len(self.blocks) == 1:
            return np.broadcast_to(values.sum(axis=-1, keepdims=True), values.shape)
        found = np.empty(values.shape)
        for here in self.blocks:
            found[..., here] = values[..., here].sum(axis=-1, keepdims=True)
        return found

    @cached_property
    def centered(self) -> Floats:
        """D: the offer, less its share among the block's people."""
        offered = self.treated.astype(float)
        return offered - self.in_blocks(self.n * offered) / self.in_blocks(self.n + 0.0 * offered)

    @cached_property
    def information(self) -> Floats:
        """S: (..., 1). Zero where no block has both kinds."""
        return np.asarray((self.n * self.centered**2).sum(axis=-1, keepdims=True))

    @cached_property
    def effect(self) -> Floats:
        """Treated minus untreated, as collected: (...)."""
        return np.asarray((self.centered * self.total).sum(axis=-1) / self.information[..., 0])

    def less(self, effect: float | Floats) -> "ClusterSums":
        """The sums as they would be without an effect of this size on each treated person."""
        return replace(self, total=self.total - np.asarray(effect) * self.n * self.treated)

    def residual_sums(self) -> Floats:
        """Sum of the residuals of each cluster's people when block and offer are fitted."""
        rest = self.less(self.effect[..., None])
        return rest.null_residual_sums()

    def null_residual_sums(self) -> Floats:
        """The same when blocks alone are fitted: the offer is taken to do nothing."""
        people = self.n + 0.0 * self.total
        return np.asarray(self.total - people * self.in_blocks(self.total) / self.in_blocks(people))


def informative(sums: ClusterSums) -> ClusterSums:
    """Without the blocks in which all clusters are of one kind: they say nothing about the offer. No leading axes."""
    kept = [here for here in sums.blocks if 0 < sums.treated[here].sum() < len(here)]
    if len(kept) == len(sums.blocks):
        return sums
    here = np.concatenate(kept) if kept else np.array([], dtype=np.int64)
    number = np.concatenate([np.full(len(one), place) for place, one in enumerate(kept)]) if kept else here
    return ClusterSums(sums.treated[here], number.astype(np.int64), sums.n[here], sums.total[here])
