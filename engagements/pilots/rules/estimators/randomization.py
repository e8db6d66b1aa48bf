"""The randomization test of an effect between clusters: every draw that the registered scheme could have made.

Exact where nobody is affected. The same number is computed for each possible draw; p is the share of draws, the one
made among them, whose |effect| is at least the observed one (Fisher 1935: 4 of 8 cups, 1/70 for one side).
An effect of the same size on each treated person is taken off to invert the test. Then each draw's number is a
straight line in that size, and each draw rules nothing out between two points: the interval needs no search.
"""

import numpy as np

from engagements.pilots.rules.data import Floats
from engagements.pilots.rules.estimators.cluster_sums import Between, ClusterSums, Flags
from engagements.pilots.rules.estimators.patterns import ALL_DRAWS_UP_TO, SAMPLED, count_draws, has_mirror

TIE = 1e-9


def attainable(sums: ClusterSums) -> float:
    """The smallest two-sided p of the scheme. Worked: 4 of 8 gives 2/70, 3 of 10 1/120, 3 of 6 2/20 = .10."""
    draws = count_draws(sums)
    if draws > ALL_DRAWS_UP_TO:
        return 1.0 / (SAMPLED + 1)
    return (2.0 if has_mirror(sums) else 1.0) / draws


def effects_of(sums: ClusterSums, draws: Flags) -> Floats:
    """The effect as it would be read had the draw been each of `draws` (P, G) and changed nothing: (..., P)."""
    chosen = draws.astype(float).T
    people = sums.n + 0.0 * sums.total
    above = sums.null_residual_sums() @ chosen
    below = people @ chosen  # less n1^2 / n of each block: n1 n0 / n
    for here in sums.blocks:
        offered = people[..., here] @ chosen[here]
        below -= offered * (offered / people[..., here].sum(axis=-1)[..., None])
    return np.asarray(above / below)


def p_value(sums: ClusterSums, draws: Flags, is_one_sided: bool = False) -> Floats:
    """Of no effect for anybody, (...). One-sided: of effects at least as large as the observed one."""
    effects = effects_of(sums, draws)
    seen = sums.effect[..., None]
    slack = TIE * np.abs(effects).max(axis=-1, keepdims=True)
    extreme = effects >= seen - slack if is_one_sided else np.abs(effects) >= np.abs(seen) - slack
    return np.asarray(extreme.mean(axis=-1))


def interval(sums: ClusterSums, draws: Flags, alpha: float) -> Between:
    """Effects, the same for each treated person, that the test does not reject at `alpha`. No leading axes.

    With A a draw's effect and B that of the treated's own share, the draw counts against size t where
    |A - t B| >= |estimate - t|: between (estimate - A) / (1 - B) and (estimate + A) / (1 + B).
    """
    estimate = float(sums.effect)
    by_chance = effects_of(sums, draws)
    own_share = effects_of(
        ClusterSums(sums.treated, sums.block, sums.n, sums.n * sums.treated),
        draws,
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        first = np.where(1.0 - own_share > TIE, (estimate - by_chance) / (1.0 - own_share), np.nan)
        second = np.where(1.0 + own_share > TIE, (estimate + by_chance) / (1.0 + own_share), np.nan)
    # The draw made, and its mirror image, count against every size.
    always = np.isnan(first) | np.isnan(second)
    lows = np.where(always, -np.inf, np.fmin(first, second))
    highs = np.where(always, np.inf, np.fmax(first, second))
    needed = int(np.ceil(alpha * len(lows) * (1.0 - 1e-12))) - 1
    if needed < 0 or needed >= len(lows):
        return Between(-np.inf, np.inf)
    return Between(float(np.sort(lows)[needed]), float(-np.sort(-highs)[needed]))
