"""Clusters as drawn, or as they will be: what the power of a cluster design is reckoned from."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from engagements.pilots.rules.data import Floats
from engagements.pilots.rules.estimators.cluster_sums import ClusterSums, informative
from engagements.pilots.rules.registration import Registration

SMALLEST = 1.0  # people in a cluster
HALVINGS = 60


@dataclass(frozen=True)
class DrawnCluster:
    """`arm`: key of the arm; `size`: people who will be measured; `block`: of the draw (in several cities with the
    city in it), "" without blocks."""

    arm: str
    size: float
    block: str = ""


def expected_sums(registration: Registration) -> ClusterSums:
    """Before the draw, the clusters of the two arms compared: as many as assumed, sizes spread as `size_cv` says.

    Large and small ones come in both arms. Empty where clusters or people are not assumed. Outcomes of 0, as in
    `sums_of_drawn`, and no object for each cluster: a table of sample sizes asks for it fifty times.
    """
    treated, sizes = _expected(registration)
    return informative(ClusterSums(treated, np.zeros(len(sizes), dtype=np.int64), sizes, np.zeros(len(sizes))))


def _expected(registration: Registration) -> tuple[NDArray[np.bool_], Floats]:
    """Who of them is treated, and their sizes, ascending."""
    assumed = registration.assumptions
    if not assumed.clusters or not assumed.people:
        return np.zeros(0, dtype=np.bool_), np.zeros(0)
    other, treated = clusters_by_arm(registration)
    sizes = np.array(spread_sizes(other + treated, assumed.people / assumed.clusters, assumed.size_cv))
    chosen = np.zeros(len(sizes), dtype=np.bool_)
    # Evenly among the ordered sizes, so that neither arm has all the large ones.
    if treated:
        chosen[((np.arange(treated) + 0.5) * len(sizes) / treated).astype(np.int64)] = True
    return chosen, sizes


def with_planned_sizes(registration: Registration, clusters: Sequence[DrawnCluster]) -> list[DrawnCluster]:
    """Where the list of units names groups alone, it says nothing of their people: then as many as were planned.

    `people` are of all arms, spread in each arm as `size_cv` says. Worked: 12 buildings of 1 and 900 people planned:
    12 of 75. Lists of people, and plans without a number of people, are left as they are.
    """
    assumed = registration.assumptions
    if not assumed.people or any(one.size > SMALLEST for one in clusters):
        return list(clusters)
    found: list[DrawnCluster] = []
    for arm in dict.fromkeys(one.arm for one in clusters):
        own = [one for one in clusters if one.arm == arm]
        sizes = spread_sizes(len(own), assumed.people / len(clusters), assumed.size_cv)
        found += [replace(one, size=size) for one, size in zip(own, sizes, strict=True)]
    return found


def clusters_by_arm(registration: Registration) -> tuple[int, int]:
    """Clusters of the comparison arm and of the primary arm, as assumed; else by the weights of all arms."""
    assumed, arms = registration.assumptions, registration.arms
    clusters, weights = assumed.clusters or 0, sum(arm.weight for arm in arms)
    treated = assumed.treated_clusters
    if treated is None:
        treated = round(clusters * arms[1].weight / weights)
    if len(arms) == 2:
        return max(clusters - treated, 0), treated
    return round(clusters * arms[0].weight / weights), treated


def spread_sizes(clusters: int, mean: float, cv: float) -> list[float]:
    """Ascending: quantiles of a log-normal, stretched until their coefficient of variation is `cv` (which few clusters
    reach only up to the square root of their number less 1). Worked: 4, 50, 0 gives 50 50 50 50."""
    if clusters < 2 or cv <= 0.0:
        return [mean] * clusters
    shape = _shape(clusters, cv)
    return np.maximum(shape * mean / shape.mean(), SMALLEST).tolist()  # type: ignore[no-any-return]


@lru_cache(maxsize=256)
def _shape(clusters: int, cv: float) -> Floats:
    """Sizes up to a factor. Kept: while one types the same numbers of clusters are asked about again and again."""
    points = ndtri((np.arange(clusters) + 0.5) / clusters)
    low, high = 0.0, 8.0
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        sizes = np.exp(middle * points)
        # By sums: 1 + cv^2 = n (sum of squares) / (sum)^2.
        is_too_equal = clusters * float(sizes @ sizes) / float(sizes.sum()) ** 2 - 1.0 < cv * cv
        low, high = (middle, high) if is_too_equal else (low, middle)
    found = np.exp(high * points)
    found.setflags(write=False)
    return np.asarray(found)


def cv_of(sizes: Sequence[float]) -> float:
    """Standard deviation of the sizes (dividing by their number) by their mean. Worked: 25, 75 gives .5."""
    values = np.asarray(sizes, dtype=float)
    return float(values.std() / values.mean()) if len(values) and values.mean() > 0 else 0.0


def sums_of_drawn(registration: Registration, clusters: Sequence[DrawnCluster]) -> ClusterSums:
    """The two arms compared, with outcomes of 0: sizes and the draw are all that standard errors need before data."""
    keys = (registration.arms[0].key, registration.arms[1].key)
    kept = [one for one in clusters if one.arm in keys and one.size > 0]
    _, block = np.unique(np.array([one.block for one in kept], dtype=str), return_inverse=True)
    treated = np.array([one.arm == keys[1] for one in kept], dtype=np.bool_)
    sizes = np.array([one.size for one in kept], dtype=float)
    return informative(ClusterSums(treated, block.astype(np.int64), sizes, np.zeros(len(kept))))
