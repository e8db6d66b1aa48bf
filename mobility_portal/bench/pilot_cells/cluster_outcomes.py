"""Made-up outcomes of people in clusters, summed by cluster; sizes; and the effect that power is promised for."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from engagements.pilots.rules.estimators.cluster_fit import degrees_of_freedom
from engagements.pilots.rules.estimators.cluster_sums import ClusterSums
from engagements.pilots.rules.estimators.locks import Lock
from engagements.pilots.rules.power.drawn import SMALLEST
from engagements.pilots.rules.power.second_lock import second_lock_factor

ICC = 0.05
MEAN_SIZE = 50
RATE = 0.05  # of the rare outcome
EFFECT_SD = 0.5  # of effects that vary, in SD of one person's outcome
POWER = 0.80
STEPS = 30

Floats = np.ndarray
Draw = Callable[[np.random.Generator, Floats, Floats, Floats | float], Floats]


def draw_sizes(random: np.random.Generator, cv: float, shape: tuple[int, ...]) -> Floats:
    """People per cluster: whole numbers from 2 up."""
    sigma = np.sqrt(np.log(1.0 + cv**2))
    return np.maximum(np.rint(MEAN_SIZE * np.exp(sigma * random.normal(size=shape) - sigma**2 / 2.0)), 2 * SMALLEST)


def continuous(random: np.random.Generator, n: Floats, treated: Floats, effect: Floats | float) -> Floats:
    """Totals of normal outcomes with an SD of 1 and the effect on each treated person."""
    mean = np.sqrt(ICC) * random.normal(size=n.shape) + effect * treated
    return n * mean + np.sqrt(n * (1.0 - ICC)) * random.normal(size=n.shape)


def varying(random: np.random.Generator, n: Floats, treated: Floats, effect: Floats | float) -> Floats:
    return continuous(random, n, treated, effect + EFFECT_SD * random.normal(size=n.shape))


def rare(random: np.random.Generator, n: Floats, treated: Floats, effect: Floats | float) -> Floats:
    """Events; the clusters' shares follow a beta distribution with this mean and ICC."""
    share = random.beta(RATE * (1.0 / ICC - 1.0), (1.0 - RATE) * (1.0 / ICC - 1.0), size=n.shape)
    return random.binomial(n.astype(int), np.clip(share + effect * treated, 0.0, 1.0)).astype(float)


def rare_varying(random: np.random.Generator, n: Floats, treated: Floats, effect: Floats | float) -> Floats:
    share = random.beta(RATE * (1.0 / ICC - 1.0), (1.0 - RATE) * (1.0 / ICC - 1.0), size=n.shape)
    share = np.where(treated, share * 2.0 * random.integers(0, 2, size=n.shape), share)
    return random.binomial(n.astype(int), np.clip(share + effect * treated, 0.0, 1.0)).astype(float)


@dataclass(frozen=True)
class Kind:
    """`variance`: of one person, by how much the share moved (0 for a number)."""

    words: str
    draw: Draw
    has_power: bool
    variance: Callable[[Floats | float], Floats | float]


KINDS = {
    kind.words: kind
    for kind in (
        Kind("continuous", continuous, True, lambda effect: 1.0 + 0.0 * effect),
        Kind("continuous, effects vary", varying, False, lambda effect: 1.0 + 0.0 * effect),
        Kind("rare", rare, True, lambda effect: (RATE + effect) * (1.0 - RATE - effect)),
        Kind("rare, effects vary", rare_varying, False, lambda effect: RATE * (1.0 - RATE)),
    )
}


def promised_effect(sums: ClusterSums, kind: Kind, lock: Lock) -> Floats:
    """The effect that the formula before data says is found 80 times in 100, for each draw's sizes: (R, G) to (R,).

    The formula of `power/designs.py`, for many draws at once; a test holds the two together.
    """
    df = degrees_of_freedom(sums)
    multiple = second_lock_factor(sums, lock) * (stdtrit(df, 1.0 - lock.alpha / 2.0) + stdtrit(df, POWER))
    part = (sums.centered / sums.information) ** 2 * sums.n**2 * (ICC + (1.0 - ICC) / sums.n)
    other, treated = part[..., ~sums.treated].sum(axis=-1), part[..., sums.treated].sum(axis=-1)
    effect = np.zeros(df.shape)
    for _ in range(STEPS):
        reached = np.minimum(effect, 0.5 - RATE)
        effect = multiple * np.sqrt(other * kind.variance(0.0) + treated * kind.variance(reached))
    return effect
