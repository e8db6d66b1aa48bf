"""How alike the groups were before the program. Shown, never deciding: some imbalance by chance is expected.

The test of all covariates together is that of B. B. Hansen and J. Bowers (2008), Statistical Science 23, 219-236: the
covariance of the differences is the one that the draw itself gives, within blocks.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

from engagements.pilots.rules.data import Floats, Rows, Texts
from engagements.pilots.rules.estimates import Balance, BalanceRow
from engagements.pilots.rules.tallies import codes_of, part_of


def balance_of(rows: Rows, comparison: str, treated: str) -> Balance | None:
    """Everybody drawn into these two arms, measured or not; None without covariates."""
    part = part_of(rows, (rows.arm == comparison) | (rows.arm == treated))
    if not part.covariates:
        return None
    return balance(part.covariates, part.arm == treated, part.city, part.block)


def balance(covariates: Mapping[str, Floats], is_treated: NDArray[np.bool_], *blocks: Texts) -> Balance:
    """One row per covariate, in SDs of both arms together, and the p of all at once; missing values are left out of a
    row and filled with the mean in the test. Worked: means 1 and 2, each arm's variance 1 -> standardized 1.
    """
    rows = tuple(_row(name, values, is_treated) for name, values in covariates.items())
    block = codes_of(*blocks)[0] if blocks else np.zeros(len(is_treated), dtype=np.int64)
    return Balance(rows, _omnibus(covariates, is_treated, block))


def _row(name: str, values: Floats, is_treated: NDArray[np.bool_]) -> BalanceRow:
    known = np.isfinite(values)
    ours, theirs = values[known & is_treated], values[known & ~is_treated]
    missing = 100 * float((~known).mean()) if len(values) else 0.0
    if min(len(ours), len(theirs)) < 2:
        means = [float(one.mean()) if len(one) else float("nan") for one in (ours, theirs)]
        return BalanceRow(name, means[0], means[1], None, missing)
    spread = float(np.sqrt((ours.var(ddof=1) + theirs.var(ddof=1)) / 2))
    gap = float(ours.mean() - theirs.mean())
    return BalanceRow(name, float(ours.mean()), float(theirs.mean()), gap / spread if spread > 0 else None, missing)


def _omnibus(covariates: Mapping[str, Floats], is_treated: NDArray[np.bool_], block: NDArray[np.int64]) -> float | None:
    """Sum over blocks of treated less expected covariates, against its covariance under the draw."""
    columns = [
        np.where(np.isfinite(values), values, values[np.isfinite(values)].mean())
        for values in covariates.values()
        if np.isfinite(values).any()
    ]
    if not columns:
        return None
    matrix = np.column_stack(columns)
    spread = matrix.std(axis=0)
    matrix = (matrix - matrix.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    total, covariance = np.zeros(matrix.shape[1]), np.zeros((matrix.shape[1],) * 2)
    for number in range(int(block.max(initial=-1)) + 1):
        here = block == number
        people, treated = int(here.sum()), int(is_treated[here].sum())
        if people < 2 or treated in (0, people):
            continue
        centered = matrix[here] - matrix[here].mean(axis=0)
        total += centered[is_treated[here]].sum(axis=0)
        covariance += treated * (people - treated) / (people * (people - 1)) * centered.T @ centered
    rank = int(np.linalg.matrix_rank(covariance, hermitian=True))
    if rank == 0:
        return None
    return float(chdtrc(rank, total @ np.linalg.pinv(covariance, hermitian=True) @ total))
