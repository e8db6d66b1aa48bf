"""What the tracts say about the spread of their true values: the posterior of S around a regression.

Model (Fay-Herriot): y_i ~ N(theta_i, s_i^2), theta_i ~ N(x_i b, S). Flat prior on b and on S (Morris and Tang
2011: the flat S is what makes intervals of few areas cover); b is integrated out exactly, S over a grid. Nothing
is plugged in, so a fit whose best S is 0 still leaves room for S above 0.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from atlas.statistics.intervals import Interval

GRID = 200
SPARE = 4  # tracts beyond the columns that a fit needs: with fewer the posterior of S has no usable mean


class TooFewTracts(ValueError):
    """Too few tracts to learn how much they differ."""


@dataclass(frozen=True)
class SignalPosterior:
    """Posterior of S (unit squared) on a grid and, at each S, of the regression's coefficients."""

    variance: NDArray[np.floating] = field(repr=False)  # S, shape (G,), rising
    probability: NDArray[np.floating] = field(repr=False)  # (G,), sums to 1
    beta: NDArray[np.floating] = field(repr=False)  # (G, K)
    beta_covariance: NDArray[np.floating] = field(repr=False)  # (G, K, K)
    noise_variance: float  # mean of s_i^2
    n: int  # tracts of the fit

    def mean_of(self, quantity: NDArray[np.floating]) -> float:
        """Posterior mean of something known at each S, (G,)."""
        return float(self.probability @ quantity)

    def interval_of(self, quantity: NDArray[np.floating], level: float = 0.95) -> Interval:
        """Equal-tailed interval of something that rises with S, (G,)."""
        middle = np.cumsum(self.probability) - self.probability / 2
        tail = (1 - level) / 2
        low, high = np.interp([tail, 1 - tail], middle, quantity)
        return Interval(float(low), float(high), level)

    @property
    def reliability(self) -> NDArray[np.floating]:
        """S/(S + mean s^2) at each S: the share of the spread around the regression that is no noise."""
        return self.variance / (self.variance + self.noise_variance)


def fit_signal_posterior(
    values: NDArray[np.floating], standard_errors: NDArray[np.floating], x: NDArray[np.floating]
) -> SignalPosterior:
    """Posterior from tracts with a value and a standard error above 0: (J,), (J,), (J, K).

    The grid is laid twice: coarsely over any size S can have, then over where the posterior lives.
    Raises TooFewTracts below K + 4 tracts.
    """
    if len(values) < x.shape[1] + SPARE:
        raise TooFewTracts(f"{len(values)} tracts are too few to learn how much they differ")
    noise = standard_errors**2
    typical = 1 / np.mean(1 / noise)  # harmonic: no larger than the tracts that say most about S
    offset = typical / 50  # the grid is even in log(S + offset): fine near 0, wide far out
    top = np.log(offset + 1e4 * (np.var(values) + noise.max()))
    coarse = np.linspace(np.log(offset), top, 80)
    log_density = _marginal(values, noise, x, np.exp(coarse) - offset)[0] + coarse
    kept = np.flatnonzero(log_density > log_density.max() - 16)
    first, last = max(kept[0] - 1, 0), min(kept[-1] + 1, len(coarse) - 1)
    edges = np.linspace(coarse[first], coarse[last], GRID + 1)
    position = (edges[1:] + edges[:-1]) / 2
    variance = np.exp(position) - offset
    log_density, beta, covariance = _marginal(values, noise, x, variance)
    density = np.exp(log_density + position - np.max(log_density + position))  # + position: flat in S, not in log S
    return SignalPosterior(variance, density / density.sum(), beta, covariance, float(noise.mean()), len(values))


def _marginal(
    values: NDArray[np.floating], noise: NDArray[np.floating], x: NDArray[np.floating], variance: NDArray[np.floating]
) -> tuple[NDArray[np.floating], NDArray[np.floating], NDArray[np.floating]]:
    """Log marginal likelihood (G,) with b integrated out; b's mean (G, K) and covariance (G, K, K) at each S."""
    w = 1 / (np.maximum(variance, 0.0)[:, None] + noise)  # (G, J)
    outer = (x[:, :, None] * x[:, None, :]).reshape(len(x), -1)
    information = (w @ outer).reshape(len(variance), x.shape[1], x.shape[1])
    covariance = np.linalg.inv(information)
    centred = values - values.mean()  # the constant takes it up; squares of deviations lose no digits
    shift = np.zeros(x.shape[1])
    shift[0] = values.mean()
    score = w @ (x * centred[:, None])
    beta = np.einsum("gij,gj->gi", covariance, score)
    misfit = w @ centred**2 - np.einsum("gi,gi->g", score, beta)
    log_density = 0.5 * (np.log(w).sum(axis=1) - np.linalg.slogdet(information)[1] - misfit)
    return log_density, beta + shift, covariance
