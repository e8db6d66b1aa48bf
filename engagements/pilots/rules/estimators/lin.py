"""Lin's adjustment: covariates centered on everybody's mean and interacted with the arm, HC2 or HC3 errors.

W. Lin (2013), Annals of Applied Statistics 7, 295-318. Because every covariate is interacted, it is one regression in
each arm, and the effect is the difference of what both predict at everybody's mean. That is how it is computed here:
two small decompositions instead of one large. Degrees of freedom: Bell and McCaffrey's within each arm, joined as
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
    design = np.concatenate([np.ones((*outcome.shape, 1)), centered], axis=-1)
    q, r = np.linalg.qr(design)
    first = np.zeros((*r.shape[:-2], r.shape[-1], 1))
    first[..., 0, 0] = 1.0
    weight = (q @ np.linalg.solve(np.swapaxes(r, -1, -2), first))[..., 0]  # the prediction is sum weight * outcome
    left = outcome - (q @ (np.swapaxes(q, -1, -2) @ outcome[..., None]))[..., 0]
    leverage = (q**2).sum(axis=-1)
    free = np.maximum(1 - leverage, 1e-12)
    each = weight**2 / free ** (2 if hc3 else 1)
    expected = (each * free).sum(axis=-1)
    cross = np.swapaxes(q, -1, -2) @ (each[..., None] * q)
    spread = (each**2 * (1 - 2 * leverage)).sum(axis=-1) + (cross**2).sum(axis=(-2, -1))
    return (weight * outcome).sum(axis=-1), (each * left**2).sum(axis=-1), expected**2 / spread
