"""Lin's adjustment: covariates centered on everybody's mean and interacted with the arm, HC2 or HC3 errors.

W. Lin (2013), Annals of Applied Statistics 7, 295-318. Because every covariate is interacted, it is one regression in
each arm, and the effect is the difference of what both predict at everybody's mean. That is how it is computed here:
two small sums instead of one large. Degrees of freedom: Bell and McCaffrey's within each arm, joined as
Welch does; without covariates it is Welch's test exactly.
"""

import numpy as np

from engagements.pilots.rules.data import Floats
from engagements.pilots.rules.estimators.means import Difference, satterthwaite


def adjusted(
    outcome: Floats, centered: Floats, other_outcome: Floats, other_centered: Floats, *, hc3: bool
) -> Difference:
    """First arm less the other. Outcomes (..., people), covariates (..., people, k), full rank with a constant."""
    ours, our_variance, our_df = _at_mean(outcome, centered, hc3)
    theirs, their_variance, their_df = _at_mean(other_outcome, other_centered, hc3)
    variances = np.stack([their_variance, our_variance], axis=-1)
    dfs = np.stack([their_df, our_df], axis=-1)
    return Difference(ours - theirs, np.sqrt(variances.sum(axis=-1)), satterthwaite(variances, dfs))


def _at_mean(outcome: Floats, centered: Floats, hc3: bool) -> tuple[Floats, Floats, Floats]:
    """Prediction at 0 of one arm's regression, its variance and the df of that variance."""
    q, first = orthonormal(np.concatenate([np.ones((*outcome.shape, 1)), centered], axis=-1))
    weight = (q @ first[..., None])[..., 0]  # the prediction is sum weight * outcome
    left = outcome - (q @ (np.swapaxes(q, -1, -2) @ outcome[..., None]))[..., 0]
    leverage = (q**2).sum(axis=-1)
    free = np.maximum(1 - leverage, 1e-12)
    each = weight**2 / free ** (2 if hc3 else 1)
    expected = (each * free).sum(axis=-1)
    cross = np.swapaxes(q, -1, -2) @ (each[..., None] * q)
    spread = (each**2 * (1 - 2 * leverage)).sum(axis=-1) + (cross**2).sum(axis=(-2, -1))
    return (weight * outcome).sum(axis=-1), (each * left**2).sum(axis=-1), expected**2 / spread


def orthonormal(design: Floats) -> tuple[Floats, Floats]:
    """Columns that span the design, and the combination of them whose sum with outcomes is the first coefficient.

    Cholesky's factor of the small cross products, twice: as exact as a QR decomposition of a design whose columns are
    scaled and independent, and many times faster with 100,000 people (Y. Yamamoto and others 2015, ETNA 44, 306-326).
    """
    size = design.shape[-1]
    first = np.zeros((*design.shape[:-2], size))
    first[..., 0] = 1.0
    for _ in range(2):
        upper = np.swapaxes(np.linalg.cholesky(np.swapaxes(design, -1, -2) @ design), -1, -2)
        inverse = np.linalg.inv(upper)
        design = design @ inverse
        first = (np.swapaxes(inverse, -1, -2) @ first[..., None])[..., 0]
    return design, first
