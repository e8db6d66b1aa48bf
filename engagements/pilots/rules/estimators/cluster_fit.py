"""Standard error and degrees of freedom of an effect between clusters: CR2 with Satterthwaite's df, in closed form.

Bell and McCaffrey (2002), Pustejovsky and Tipton (2018), with the working model of independent people of one variance.
Block and offer are the same for everybody in a cluster, so that the general formula, which takes a matrix root for
each cluster, becomes sums over clusters: the cluster's leverage is h = n (D^2 / S + 1 / N_b) and

    variance = sum of (D / S)^2 e^2 / (1 - h),   e = sum of the cluster's residuals.

CR1, which divides by G - 1, is not here: it finds effects that do not exist in 7 to 30 of 100 trials.
"""

from dataclasses import dataclass

import numpy as np

from engagements.pilots.rules.data import Floats
from engagements.pilots.rules.estimators.cluster_sums import ClusterSums

# A leverage this near to 1 leaves no residual to learn from.
ALONE = 1e-10


@dataclass(frozen=True)
class ClusterFit:
    """As collected, (...): `effect`; `standard_error` by CR2; `df`. NaN where a cluster decides alone."""

    effect: Floats
    standard_error: Floats
    df: Floats


def fit(sums: ClusterSums) -> ClusterFit:
    """Worked: six clusters of 2 people, totals 2 4 6 untreated and 6 8 10 treated: effect 2, SE sqrt(2/3), df 4."""
    weight, room = _weights(sums)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = (weight**2 * sums.residual_sums() ** 2 / room).sum(axis=-1)
    return ClusterFit(sums.effect, np.sqrt(variance), degrees_of_freedom(sums))


def degrees_of_freedom(sums: ClusterSums) -> Floats:
    """Satterthwaite's df. Needs sizes, blocks and who is treated, no outcomes: it is known before data."""
    weight, room = _weights(sums)
    people = sums.n + 0.0 * sums.centered
    size = sums.in_blocks(people)
    offer, information = sums.centered, sums.information
    with np.errstate(divide="ignore", invalid="ignore"):
        adjusted = weight**2 * people**2 / room  # u: two clusters share u_g u_h B_gh^2
        own = offer**2 / information + 1.0 / size  # B_gg
        within = sums.in_blocks(adjusted * offer) ** 2 * 2.0 / (information * size)
        within = within + (sums.in_blocks(adjusted) / size) ** 2
        # Each block's sums stand at each of its clusters: count them once.
        shared = (within / _clusters_in_block(sums)).sum(axis=-1)
        shared = shared + ((adjusted * offer**2).sum(axis=-1) / information[..., 0]) ** 2
        off_diagonal = shared - (adjusted**2 * own**2).sum(axis=-1)
        diagonal = ((weight**2 * people) ** 2).sum(axis=-1)
        return np.asarray(1.0 / information[..., 0] ** 2 / (diagonal + off_diagonal))


def _weights(sums: ClusterSums) -> tuple[Floats, Floats]:
    """D / S, and 1 - h, at each cluster; NaN as room where h is 1 and the cluster counts."""
    weight = sums.centered / sums.information
    people = sums.n + 0.0 * sums.centered
    room = 1.0 - people * (sums.centered**2 / sums.information + 1.0 / sums.in_blocks(people))
    return weight, np.where(room > ALONE, room, np.where(weight == 0.0, 1.0, np.nan))


def _clusters_in_block(sums: ClusterSums) -> Floats:
    return np.bincount(sums.block)[sums.block].astype(float)
