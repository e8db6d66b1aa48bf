"""Seeded draws of what an intervention may gain. The same plan gives the same numbers, in any order of its parts.

The error of a study belongs to the study: interventions that rest on the same library row share its draws, so a
program entered as two halves is exactly as uncertain as entered once. How much carries over belongs to the place: one
draw says for all interventions of a plan whether this is a place where little or much does. Nobody knows these to be
independent, and taking them as such would make sums look more certain than they are.
"""

import hashlib
import math
from functools import lru_cache
from statistics import NormalDist

import numpy as np

from engagements.plans.arithmetic.effects import Effect
from engagements.plans.arithmetic.transport import Transport

DRAWS = 10_000
SEED = 20190618


def draw_effect(effect: Effect, draws: int, seed: int) -> np.ndarray:
    """(D,) from a normal around the study's value with its standard error, in the effect's unit.

    The effect has a value and a standard error: without them nothing is drawn.
    """
    assert effect.value is not None and effect.error is not None, "only a value with its error can be drawn"
    return effect.value + effect.error * draw_normal(stream(f"{seed} study {effect.key}"), draws)


def draw_transport(transport: Transport, draws: int, seed: int) -> np.ndarray:
    """(D,) shares k, 0 to 1."""
    return transport.at(draw_uniform(stream(f"{seed} how much carries over"), draws))


def multiply(people: float, effect: np.ndarray, share: np.ndarray) -> np.ndarray:
    """people x e x k. Worked: 140 x 3,477 x .5 = 243,390."""
    gains: np.ndarray = people * effect * share
    return gains


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
    part = np.arange(draws) // run  # of the distribution: which slice of `run` neighboring scores
    shuffled = np.lexsort((rng.random(draws), part))
    place = np.empty(draws, int)
    place[shuffled] = np.arange(draws) - part * run  # in which run of draws a score is used
    return _normal_scores(draws)[np.lexsort((rng.random(draws), place))]
