"""Seeded draws of what an intervention may gain. The same plan gives the same numbers, in any order of its parts.

The error of a study belongs to the study: interventions that rest on the same library row share its draws, so a
programme entered as two halves is exactly as uncertain as entered once. How much carries over belongs to the place: one
draw says for all interventions of a plan whether this is a place where little or much does. Nobody knows these to be
independent, and taking them as such would make sums look more certain than they are.
"""

import numpy as np

from engagements.plans.arithmetic.effects import Effect
from engagements.plans.arithmetic.streams import draw_normal, draw_uniform, stream
from engagements.plans.arithmetic.transport import Transport

DRAWS = 10_000
SEED = 20190618


def draw_effect(effect: Effect, draws: int, seed: int) -> np.ndarray:
    """(D,) from a normal around the study's value with its standard error, in the effect's unit."""
    return effect.value + effect.error * draw_normal(stream(f"{seed} study {effect.key}"), draws)


def draw_transport(transport: Transport, draws: int, seed: int) -> np.ndarray:
    """(D,) shares k, 0 to 1."""
    return transport.at(draw_uniform(stream(f"{seed} how much carries over"), draws))


def multiply(people: float, effect: np.ndarray, share: np.ndarray) -> np.ndarray:
    """people x e x k. Worked: 140 x 3,477 x .5 = 243,390."""
    return people * effect * share
