"""Seeded draws of what an intervention may gain. The same plan gives the same numbers, in any order of its parts.

The error of a study belongs to the study: interventions that rest on the same library row share its draws, so a
programme entered as two halves is exactly as uncertain as entered once. How much carries over belongs to the place: one
draw says for all interventions of a plan whether this is a place where little or much does. Nobody knows these to be
independent, and taking them as such would make sums look more certain than they are.
"""

import hashlib

import numpy as np

from engagements.planning.effects import Effect
from engagements.planning.interventions import Intervention

DRAWS = 10_000
_PLACE = "how much carries over"


def stream(words: str) -> np.random.Generator:
    """Random numbers that depend on these words and on nothing else."""
    return np.random.default_rng(np.frombuffer(hashlib.sha256(words.encode()).digest(), dtype=np.uint32))


def draw_effect(effect: Effect, draws: int) -> np.ndarray:
    """(D,) from a normal around the study's value with its standard error, in the effect's unit."""
    return effect.value + effect.error * stream(f"study {effect.key}").standard_normal(draws)


def draw_transport(intervention: Intervention, draws: int) -> np.ndarray:
    """(D,) shares k, 0 to 1; evenly spread probabilities, so that D draws fill the distribution."""
    rng = stream(_PLACE)
    uniform = (rng.permutation(draws) + rng.random(draws)) / draws
    return intervention.transport.at(uniform)


def multiply(people: float, effect: np.ndarray, share: np.ndarray) -> np.ndarray:
    """people x e x k. Worked: 140 x 3,477 x .5 = 243,390."""
    return people * effect * share
