"""Two kinds of groups compared by how much each changed: the difference, its CR2 error and what came before.

Every group gives one number, its mean after minus its mean before: its periods need not be independent.
"""

from dataclasses import dataclass

import numpy as np

from engagements.pilots.rules.data import Floats
from engagements.pilots.rules.estimators.panel import Flags


@dataclass(frozen=True)
class Difference:
    """`value`: mean of the treated minus mean of the others. Broadcasts over leading axes of the numbers."""

    value: Floats
    error: Floats
    df: float


def difference_of_means(numbers: Floats, treated: Flags) -> Difference:
    """CR2 with one number per group, which is HC2: variances s1^2/n1 + s0^2/n0 with n - 1 below.

    `numbers`: (..., groups). Satterthwaite df of Bell and McCaffrey (2002) under equal variances,
    (1/n1 + 1/n0)^2 / (1/(n1^2 (n1-1)) + 1/(n0^2 (n0-1))): known before any outcome. Worked: 3 and 3 -> 4; 3 and 17 ->
    2.76.
    NaN errors and df where one kind has a single group.
    """
    n1, n0 = int(treated.sum()), int((~treated).sum())
    one, none = numbers[..., treated], numbers[..., ~treated]
    value = one.mean(axis=-1) - none.mean(axis=-1)
    if min(n1, n0) < 2:
        return Difference(value, np.full(value.shape, np.nan), np.nan)
    error = np.sqrt(one.var(axis=-1, ddof=1) / n1 + none.var(axis=-1, ddof=1) / n0)
    df = (1 / n1 + 1 / n0) ** 2 / (1 / (n1**2 * (n1 - 1)) + 1 / (n0**2 * (n0 - 1)))
    return Difference(value, error, df)


def changes_of(means: Floats, first: int) -> Floats:
    """Mean after less mean before. `means`: (..., periods); `first`: position of the first period with the program."""
    after: Floats = means[..., first:].mean(axis=-1)
    before: Floats = means[..., :first].mean(axis=-1)
    return after - before


def since_last_before(means: Floats, first: int) -> Floats:
    """Every period less the last one before the program: the numbers that an event study compares."""
    return means - means[..., first - 1 : first]


def earlier_changes_p(means: Floats, treated: Flags, first: int) -> tuple[Floats, int, int]:
    """Joint test that both kinds of groups moved alike before the program: p, and the F's two df.

    `means`: (..., groups, periods). The differences of all earlier periods against the last one together, by
    Hotelling's T-squared with the pooled covariance: T2 (G - q - 1) / (q (G - 2)) is F(q, G - q - 1). Compared with
    F(q, G - 1) of the Wald statistic it keeps its size when groups are few (the bench shows both). Where there are too
    many earlier periods for that, neighboring periods are first averaged into at most (G - 2) / 3 spans.
    """
    from scipy import stats

    groups = treated.size
    spans = max(1, min(first - 1, (groups - 2) // 3))
    pieces = [piece.mean(axis=-1) for piece in np.array_split(means[..., :first], spans + 1, axis=-1)]
    numbers = np.stack([piece - pieces[-1] for piece in pieces[:-1]], axis=-1)  # (..., groups, spans)
    one, none = numbers[..., treated, :], numbers[..., ~treated, :]
    n1, n0 = one.shape[-2], none.shape[-2]
    gap = one.mean(axis=-2) - none.mean(axis=-2)
    rest = np.concatenate([one - one.mean(axis=-2, keepdims=True), none - none.mean(axis=-2, keepdims=True)], axis=-2)
    pooled = np.swapaxes(rest, -1, -2) @ rest / (groups - 2) * (1 / n1 + 1 / n0)
    strength = np.einsum("...i,...ij,...j->...", gap, np.linalg.pinv(pooled, hermitian=True), gap)
    below = groups - spans - 1
    p: Floats = stats.f.sf(strength * below / (spans * (groups - 2)), spans, below)
    return p, spans, below
