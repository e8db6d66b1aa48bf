"""Outcomes of people who were drawn: normal, and earnings of which 4 in 10 are 0 and the rest are skewed."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
EARNINGS_SD = 1.169  # of `earnings`: sqrt(.6 e^(2 x .64) - (.6 e^.32)^2)


def normal(rng: np.random.Generator, shape: tuple[int, ...]) -> Floats:
    return rng.standard_normal(shape)


def earnings(rng: np.random.Generator, shape: tuple[int, ...]) -> Floats:
    """In standard deviations."""
    return np.where(rng.random(shape) < 0.4, 0.0, np.exp(0.8 * rng.standard_normal(shape))) / EARNINGS_SD


KINDS = {"normal": normal, "earnings": earnings}


def vary(rng: np.random.Generator, shape: tuple[int, ...]) -> Floats:
    """Effects of one standard deviation up or down, 0 on average."""
    return rng.choice([-1.0, 1.0], size=shape)
