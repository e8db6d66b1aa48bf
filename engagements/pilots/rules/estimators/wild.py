"""The wild cluster bootstrap of an effect between clusters: no effect imposed, each cluster's residuals flipped.

Cameron, Gelbach and Miller (2008). Up to 12 clusters all 2^G patterns of signs are counted, the observed one and its
mirror image among them: with 6 clusters the smallest possible p is 2/64 = .03125. More clusters: 9,999 drawn patterns,
p = (1 + as extreme) / 10,000. t divides by the clusters' residual sums; a constant factor cancels. Webb's six-point
weights are not offered: with 6 clusters they reject up to 9 of 100 true nulls.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engagements.pilots.rules.data import Floats
from engagements.pilots.rules.estimators.cluster_sums import Between, ClusterSums, Whole
from engagements.pilots.rules.estimators.patterns import ALL_SIGNS_UP_TO, SAMPLED, all_signs, sampled_signs

TIE = 1e-9  # t values this near to each other, relatively, are the same
SEARCH_STEPS = 40


def is_exact(clusters: int) -> bool:
    return clusters <= ALL_SIGNS_UP_TO


def patterns_for(clusters: int) -> Floats:
    return all_signs(clusters) if is_exact(clusters) else sampled_signs(clusters)


def attainable(clusters: int) -> float:
    """The smallest p that this test can give. Worked: 6 clusters 2/64, 10 clusters 2/1024."""
    return 2.0 ** -(clusters - 1) if is_exact(clusters) else 1.0 / (SAMPLED + 1)


def p_value(sums: ClusterSums, signs: Floats | None = None) -> Floats:
    """Two-sided p of no effect, (...): the share of patterns whose |t| is at least the observed one."""
    signs = patterns_for(len(sums.block)) if signs is None else signs
    t = np.abs(t_values(sums, signs))
    return np.asarray((t >= t[..., :1] * (1.0 - TIE)).mean(axis=-1))


@dataclass(frozen=True)
class Scores:
    """Sums over each cluster's people, (..., G), of D (the regressor less its mean in the block) and of the residuals u
    without an effect: `residual` u, `score` D u, `offer` D, `square` D^2; `n` people."""

    block: Whole
    n: Floats
    residual: Floats
    score: Floats
    offer: Floats
    square: Floats


def t_values(sums: ClusterSums, signs: Floats) -> Floats:
    """t of each pattern of signs (P, G), the first that of the data, up to one constant: (..., P)."""
    offer, rest = sums.centered, sums.null_residual_sums()
    people = sums.n + 0.0 * offer
    return t_of_scores(Scores(sums.block, people, rest, offer * rest, people * offer, people * offer**2), signs)


def t_of_scores(sums: Scores, signs: Floats) -> Floats:
    """The same for any regressor, which may differ within clusters. 0 / 0 is 0: nothing happened.

    A pattern flips u by cluster. It moves the block's mean by M and the effect by b, and leaves each cluster a score of
    sign x score - M x offer - b x square, of which the squares are added.
    """
    effect = _signed(sums.score, signs) / sums.square.sum(axis=-1)[..., None]
    spread = (sums.score**2).sum(axis=-1)[..., None] - 2.0 * effect * _signed(sums.score * sums.square, signs)
    for number in range(int(sums.block.max()) + 1):
        here = np.flatnonzero(sums.block == number)
        offer, square = sums.offer[..., here], sums.square[..., here]
        mean = _signed(sums.residual[..., here], signs[:, here]) / sums.n[..., here].sum(axis=-1)[..., None]
        spread = spread - 2.0 * mean * _signed(sums.score[..., here] * offer, signs[:, here])
        for factor, parts in ((mean**2, offer**2), (2.0 * mean * effect, offer * square), (effect**2, square**2)):
            spread = spread + factor * parts.sum(axis=-1)[..., None]
    nothing = 1e-13 * (sums.score**2).sum(axis=-1)[..., None]
    with np.errstate(divide="ignore", invalid="ignore"):
        t = effect / np.sqrt(np.where(spread > nothing, spread, 0.0))
    return np.where(effect == 0.0, 0.0, t)


def interval(sums: ClusterSums, alpha: float, step: float, signs: Floats | None = None) -> Between:
    """Effects that the test does not reject at `alpha`, found by halving outwards from the estimate.

    `step`: a first guess at the half width, such as two standard errors. Infinite where `alpha` is out of reach. Where
    p rises again farther out, the first effect rejected ends the search.
    """
    signs = patterns_for(len(sums.block)) if signs is None else signs
    if attainable(len(sums.block)) >= alpha:
        return Between(-np.inf, np.inf)
    estimate = float(sums.effect)

    def is_kept(effect: float) -> bool:
        return bool(p_value(sums.less(effect), signs) >= alpha)

    return Between(*(_edge(is_kept, estimate, side * step) for side in (-1.0, 1.0)))


def _edge(is_kept: Callable[[float], bool], inside: float, step: float) -> float:
    outside = inside + step
    for _ in range(60):
        if not is_kept(outside):
            break
        inside, outside = outside, outside + 2.0 * (outside - inside)
    else:
        return float(np.copysign(np.inf, step))
    for _ in range(SEARCH_STEPS):
        middle = 0.5 * (inside + outside)
        inside, outside = (middle, outside) if is_kept(middle) else (inside, middle)
        if abs(outside - inside) <= 1e-7 * abs(step):
            break
    return outside


def _signed(values: Floats, signs: Floats) -> Floats:
    """Sums of `values` (..., G) with each pattern's signs (P, G): (..., P)."""
    return np.asarray(values @ signs.T)
