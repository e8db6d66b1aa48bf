"""The difference within blocks: least squares with an indicator of each block, HC2 errors, exactly from sums.

With q the share treated of a block of n, the estimate is the mean of the blocks' differences with weights
n q (1 - q): blocks count by how much they tell. Leverages have a closed form, 1/n + t^2/S with t = 1 - q for the
treated, -q for the comparison, S = sum n q (1 - q); so cells are enough. Degrees of freedom: Bell and McCaffrey (2002),
Survey Methodology 28, 169-181, for independent people of equal variance.
"""

import numpy as np

from engagements.pilots.rules.data import Floats
from engagements.pilots.rules.estimators.means import Difference
from engagements.pilots.rules.tallies import spread_of


def within_blocks(n: Floats, total: Floats, squares: Floats) -> Difference:
    """Treated less comparison from sums of shape (..., blocks, 2), comparison first; at least one block has both arms.

    A block with one arm alone counts for nothing. NaN for the error where people are too few to tell noise from blocks
    (a leverage of 1). Worked: two blocks, each with 0 and 2 in the comparison and 1 and 3 treated -> 1.
    """
    people = n.sum(axis=-1, keepdims=True)
    share = n[..., 1:] / np.maximum(people, 1.0)
    apart = np.concatenate([-share, 1 - share], axis=-1)  # treated or not, less the block's mean of it
    information = (n * apart**2).sum(axis=(-2, -1), keepdims=True)
    tells = information[..., 0, 0]
    value = (apart * total).sum(axis=(-2, -1)) / tells
    mean = total / np.maximum(n, 1.0)
    fitted = total.sum(axis=-1, keepdims=True) / np.maximum(people, 1.0) + value[..., None, None] * apart
    left = np.where(n > 0, spread_of(n, total, squares) + n * (mean - fitted) ** 2, 0.0)
    leverage = np.where(n > 0, 1 / np.maximum(people, 1.0) + apart**2 / information, 0.0)
    free = np.where(leverage < 1 - 1e-9, 1 - leverage, np.nan)
    weight = np.where((n > 0) & (apart != 0), apart**2 / information**2 / free, 0.0)  # of each squared residual
    return Difference(value, np.sqrt((weight * left).sum(axis=(-2, -1))), _df(n, people, apart, weight, leverage))


def _df(n: Floats, people: Floats, apart: Floats, weight: Floats, leverage: Floats) -> Floats:
    """(mean of the variance estimate)^2 over half its variance, for equal variances: tr(DM)^2 / tr(DMDM)."""
    tells = (n * apart**2).sum(axis=(-2, -1))
    block = np.maximum(people[..., 0], 1.0)
    plain, once, twice = ((n * weight * apart**power).sum(axis=-1) for power in (0, 1, 2))
    together = (
        (plain**2 / block**2).sum(axis=-1)
        + 2 * (once**2 / block).sum(axis=-1) / tells
        + (twice.sum(axis=-1) / tells) ** 2
    )
    own = (n * weight**2 * (1 - 2 * leverage)).sum(axis=(-2, -1))
    return np.asarray(1 / tells**2 / (together + own))
