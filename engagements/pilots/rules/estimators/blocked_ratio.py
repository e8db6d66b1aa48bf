"""The effect of an offer over the share it brought in, within blocks, from sums: 2SLS with an indicator of each block.

Both parts have the weights of `blocks`. The error is that of two-stage least squares where variances differ, with
n / (n - k): from people's rows and from cells that tell takers apart the digits are the same.
"""

import numpy as np

from engagements.pilots.rules.data import Cells, Floats
from engagements.pilots.rules.estimators.blocks import within_blocks
from engagements.pilots.rules.estimators.means import Difference
from engagements.pilots.rules.estimators.ratio import Ratio
from engagements.pilots.rules.tallies import codes_of, spread_of


def ratio_within_blocks(cells: Cells, comparison: str, treated: str) -> Ratio:
    """`took_part` known in every cell; cells of these two arms only, anybody measured in each.

    Blocks with one arm alone are left out. A gap of 0 in taking part, or no block with both arms, has F 0.
    """
    code, first = codes_of(cells.city, cells.block)
    place = 2 * code + (cells.arm == treated)

    def sums(values: Floats) -> Floats:
        return np.bincount(place, weights=values, minlength=2 * len(first)).reshape(-1, 2).astype(np.float64)

    mixed = (cells.took_part > 0) & (cells.took_part < cells.n)
    crossed = np.where(cells.took_part > 0, cells.total, 0.0)
    n = sums(cells.n)
    both = (n > 0).all(axis=1)
    n, total, squares, took, together = (
        sums(values)[both] for values in (cells.n, cells.total, cells.squares, cells.took_part, crossed)
    )
    nothing = Difference(np.asarray(np.nan), np.asarray(np.nan), np.asarray(np.nan))
    df = float(n.sum() - len(n) - 1)
    if not len(n) or df < 1:
        return Ratio(nothing, 0.0, True)
    moved, effect = within_blocks(n, took, took), within_blocks(n, total, squares)
    if moved.value == 0:
        return Ratio(nothing, 0.0, True)
    value = float(effect.value / moved.value)
    exact = not mixed.any()
    own = _spreads(n, total, squares, took, together if exact else None, value)
    apart = np.stack([-n[:, 1], n[:, 0]], axis=1) / n.sum(axis=1, keepdims=True)
    level = total - value * took
    between = n * (level / n - level.sum(axis=1, keepdims=True) / n.sum(axis=1, keepdims=True)) ** 2
    pull = float((n * apart**2).sum() * moved.value)
    variance = float((apart**2 * (own + between)).sum()) * float(n.sum()) / df / pull**2
    f = float((moved.value / moved.standard_error) ** 2) if moved.standard_error > 1e-12 else float("inf")
    return Ratio(Difference(np.asarray(value), np.asarray(np.sqrt(variance)), np.asarray(df)), f, exact)


def _spreads(n: Floats, total: Floats, squares: Floats, took: Floats, together: Floats | None, value: float) -> Floats:
    """In each block and arm, of outcome less value x took part around its mean; the largest it can be if not known."""
    outcomes, takes = spread_of(n, total, squares), spread_of(n, took, took)
    if together is None:
        return np.asarray((np.sqrt(outcomes) + abs(value) * np.sqrt(takes)) ** 2)
    return np.asarray(np.maximum(outcomes - 2 * value * (together - total * took / n) + value**2 * takes, 0.0))
