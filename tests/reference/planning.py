"""Planning arithmetic written again, slowly: closed forms, integrals on a grid, sets of areas by trying all."""

import itertools
import math
from statistics import NormalDist

import numpy as np

Z = 1.959964


def fixed_gain(offered: float, take_up: float, share: float, effect: float, error: float) -> tuple[float, float, float]:
    """(gain, SE, 95% lower) with the share that carries over taken as known: what the portal never prints."""
    scale = offered * take_up * share
    return scale * effect, scale * error, scale * effect - Z * scale * error


def people_counted(offered: int, take_up: float, estimand: str, study_take_up: float | None = None) -> float | None:
    """How many times the study's effect is counted, person by person; None: nobody can say.

    Of an offer the study's mean over all offered hides what one who took part gained: effect / the study's take-up.
    Only those who take part here gain it.
    """
    if estimand == "itt" and study_take_up is None:
        return None
    worth = 1.0 if estimand == "tot" else 1 / study_take_up
    total = 0.0
    for _ in range(offered):
        total += take_up * worth
    return total


def gain_below(amount: float, people: float, effect: float, error: float, low: float, high: float) -> float:
    """P(people x e x k <= amount), e normal, k uniform from low to high: mean over a fine grid of k."""
    steps = 20_000
    total = 0.0
    for at in range(steps):
        k = low + (high - low) * (at + 0.5) / steps
        total += NormalDist(people * effect * k, people * error * k).cdf(amount)
    return total / steps


def gain_quantile(probability: float, people: float, effect: float, error: float, low: float, high: float) -> float:
    """The amount not exceeded with this probability, by halving."""
    reach = people * (abs(effect) + 6 * error)
    below, above = -reach, reach
    for _ in range(40):
        middle = (below + above) / 2
        if gain_below(middle, people, effect, error, low, high) < probability:
            below = middle
        else:
            above = middle
    return (below + above) / 2


def fieller(cost: float, gain: float, error: float) -> tuple[float, float | None]:
    """95% limits of cost / gain, the cost known exactly (Fieller 1954); None: no upper limit.

    The ratio r is inside when |cost - r gain| <= Z r SE, so 1/r lies within (gain -/+ Z SE) / cost.
    """
    low, high = (gain - Z * error) / cost, (gain + Z * error) / cost
    return 1 / high, (1 / low if low > 0 else None)


def lifetime_sum(ages, wages, survival, discount: float, growth: float) -> float:
    f = 1 / (1 + discount - growth)
    total = 0.0
    for age, wage, alive in zip(ages, wages, survival, strict=True):
        total += alive * f**age * wage
    return total


def rule_set(
    need: list[float], children: list[float], cost: float | None, budget: float | None, most: int | None
) -> set[int]:
    """The rule of areas for one draw, tract by tract."""
    left, taken = budget, set()
    key = (lambda j: need[j]) if budget is not None else (lambda j: need[j] * children[j])
    for j in sorted(range(len(need)), key=lambda j: (-key(j), -children[j], j)):
        if need[j] * children[j] <= 0 or (most is not None and len(taken) >= most):
            continue
        if budget is not None:
            if children[j] * cost > left * (1 + 1e-12) + 1e-9:
                continue
            left -= children[j] * cost
        taken.add(j)
    return taken


def most_need_served(need, children, cost: float | None, budget: float | None, most: int | None) -> float:
    """The best of all sets within the limits: 2^J of them."""
    best = 0.0
    for size in range(len(need) + 1):
        if most is not None and size > most:
            break
        for tracts in itertools.combinations(range(len(need)), size):
            if budget is None or sum(children[j] for j in tracts) * cost <= budget:
                best = max(best, sum(need[j] * children[j] for j in tracts))
    return best


def triangular_quantile(p: float, low: float, mode: float, high: float) -> float:
    """By halving its distribution function."""
    below, above = low, high
    for _ in range(60):
        x = (below + above) / 2
        if x < mode:
            f = (x - low) ** 2 / ((high - low) * (mode - low))
        else:
            f = 1 - (high - x) ** 2 / ((high - low) * (high - mode)) if mode < high else 1.0
        below, above = (x, above) if f < p else (below, x)
    return (below + above) / 2


def rank_correlation(a: np.ndarray, b: np.ndarray) -> float:
    ranks = [np.argsort(np.argsort(x)) for x in (a, b)]
    return float(np.corrcoef(*ranks)[0, 1])


def close(a: float, b: float, within: float) -> bool:
    return math.isclose(a, b, rel_tol=within)
