"""Seeded random numbers, evenly spread."""

import hashlib
import math
from functools import lru_cache
from statistics import NormalDist

import numpy as np


def stream(words: str) -> np.random.Generator:
    """Random numbers that depend on these words and on nothing else."""
    return np.random.default_rng(np.frombuffer(hashlib.sha256(words.encode()).digest(), dtype=np.uint32))


@lru_cache(maxsize=8)
def _normal_scores(draws: int) -> np.ndarray:
    """(D,) the normal's values at the middles of D equally likely slices, from lowest to highest."""
    inverse = NormalDist().inv_cdf
    scores = np.array([inverse((at + 0.5) / draws) for at in range(draws)])
    scores.flags.writeable = False
    return scores


def draw_uniform(rng: np.random.Generator, draws: int) -> np.ndarray:
    """(D,) in [0, 1), rising, one in each of D equal slices."""
    return (np.arange(draws) + rng.random(draws)) / draws


def draw_normal(rng: np.random.Generator, draws: int) -> np.ndarray:
    """(D,) standard normal, evenly spread by itself and over the rising `draw_uniform` beside it.

    Every run of sqrt(D) draws holds one value of each sqrt(D)th of the distribution: a product of the two then has
    its range placed several times more exactly than by loose draws. Two such columns are independent within the runs.
    """
    run = math.isqrt(draws)
    part = np.arange(draws) // run  # of the distribution: which slice of `run` neighbouring scores
    shuffled = np.lexsort((rng.random(draws), part))
    place = np.empty(draws, int)
    place[shuffled] = np.arange(draws) - part * run  # in which run of draws a score is used
    return _normal_scores(draws)[np.lexsort((rng.random(draws), place))]
