"""Trials of whole groups that tests make: people in clusters, treated by cluster, also within blocks."""

from dataclasses import dataclass

import numpy as np

from engagements.pilots.rules.estimators.cluster_sums import ClusterSums


@dataclass(frozen=True)
class ClusterTrial:
    """One entry per person: number of the cluster and of the block, 1 if treated, outcome; and the same summed."""

    cluster: np.ndarray
    block: np.ndarray
    treated: np.ndarray
    outcome: np.ndarray

    @property
    def sums(self) -> ClusterSums:
        count = int(self.cluster.max()) + 1
        first = np.array([np.flatnonzero(self.cluster == number)[0] for number in range(count)])
        n, total = np.bincount(self.cluster), np.bincount(self.cluster, weights=self.outcome)
        return ClusterSums(self.treated[first] == 1, self.block[first], n.astype(float), total)

    @property
    def columns(self) -> np.ndarray:
        """The offer, then one column per block."""
        blocks = [self.block == number for number in range(int(self.block.max()) + 1)]
        return np.column_stack([self.treated, *blocks]).astype(float)


def make_trial(clusters=10, treated=4, blocks=1, effect=0.0, seed=1, unequal=True) -> ClusterTrial:
    """`treated` of the clusters of each block; sizes of 3 to about 60 people; clusters differ by .3 SD."""
    random = np.random.default_rng(seed)
    sizes = random.lognormal(2.8, 0.7, clusters).astype(int) + 3 if unequal else np.full(clusters, 12)
    block = np.arange(clusters) % blocks
    offered = np.zeros(clusters)
    for number in range(blocks):
        offered[random.choice(np.flatnonzero(block == number), treated, replace=False)] = 1.0
    means = 0.3 * random.normal(size=clusters) + 0.2 * block + effect * offered
    cluster = np.repeat(np.arange(clusters), sizes)
    outcome = means[cluster] + random.normal(size=len(cluster))
    return ClusterTrial(cluster, block[cluster], offered[cluster], outcome)


def sums_from(treated, total, n=None, block=None) -> ClusterSums:
    """Sums as lists; 10 people in each cluster and one block unless said."""
    count = len(treated)
    return ClusterSums(
        np.array(treated, dtype=bool),
        np.array(block if block is not None else [0] * count, dtype=np.int64),
        np.array(n if n is not None else [10.0] * count, dtype=float),
        np.array(total, dtype=float),
    )
