"""Draws of all tracts' true values together, for what depends on many of them at once (their spread)."""

import numpy as np
from numpy.typing import NDArray

from atlas.statistics.signal_posterior import SignalPosterior


def draw_true_values(
    values: NDArray[np.floating],
    standard_errors: NDArray[np.floating],
    x: NDArray[np.floating],
    posterior: SignalPosterior,
    *,
    draws: int = 1000,
    seed: int = 20100401,
) -> NDArray[np.floating]:
    """(draws, n) from the joint posterior: first S, then the coefficients, then each tract.

    The same numbers meet the same tract in whatever order tracts are given (but for exact ties).
    """
    order = np.lexsort((standard_errors, values))
    y, s, x = values[order], standard_errors[order], x[order]
    rng = np.random.default_rng(seed)
    at = rng.choice(len(posterior.variance), size=draws, p=posterior.probability)
    roots = np.linalg.cholesky(posterior.beta_covariance)[at]
    beta = posterior.beta[at] + np.einsum("dij,dj->di", roots, rng.standard_normal((draws, x.shape[1])))
    own = posterior.variance[at, None] / (posterior.variance[at, None] + s**2)
    fitted = beta @ x.T
    drawn = fitted + own * (y - fitted) + np.sqrt(own) * s * rng.standard_normal((draws, len(y)))
    back: NDArray[np.floating] = np.empty_like(drawn)
    back[:, order] = drawn
    return back
