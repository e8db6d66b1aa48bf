"""How strong the comparison of started and waiting groups would be under each order of starts.

The comparison is least squares of outcomes on "has started", with an effect of each period (in each block, where there
are some) and a slope on the groups' earlier mean in each period. Its t-like form - the covariance of outcomes with the
adjusted indicator, over the indicator's length - is what orders are ranked by: it puts orders that are easy and hard to
tell from the earlier mean on one footing, and it makes the inverted test a single interval.
"""

import numpy as np

from engagements.pilots.rules.data import Floats
from engagements.pilots.rules.estimators.assignments import reassign
from engagements.pilots.rules.estimators.permuted import TIE, Permuted, invert
from engagements.pilots.rules.estimators.starts import Whole


def count_orders(
    outcomes: Floats, starts: Whole, blocks: tuple[str, ...], earlier: Floats | None = None, alpha: float = 0.05
) -> Permuted:
    """`outcomes`: groups x periods, numbered from 0 as `starts` are; `earlier`: one mean per group, before any start.

    The program must differ between groups of one block in some period.
    """
    basis = adjustment(blocks, earlier)
    orders = reassign(starts, blocks)
    values, slopes = _strengths(orders.starts, outcomes, starts, basis)
    (value,), (slope,) = _strengths(starts[None, :], outcomes, starts, basis)
    return invert(float(value), float(slope), values, slopes, orders.exact, alpha)


def group_error(outcomes: Floats, program: Floats, leverage: Floats) -> Floats:
    """Standard error of the comparison by the spread of groups, whose periods may hang together in any way.

    `outcomes`, `program`: (..., groups, periods), both with means and the earlier mean taken out; `leverage`: (...,
    groups), each group's share in what was taken out. A sandwich over groups, with residuals made larger by what the
    fit took from them, as CR2 does. It does not assume that the effect is the same for all, which the counting of
    orders does; where effects vary that alone rejects 6 to 8 of 100, and both together at most 5.5.
    """
    total = (program**2).sum(axis=(-2, -1))
    effect = (program * outcomes).sum(axis=(-2, -1)) / total
    parts = (program * (outcomes - effect[..., None, None] * program)).sum(axis=-1)
    return np.asarray(np.sqrt((parts**2 / _kept(program, leverage)).sum(axis=-1)) / total)


def group_df(program: Floats, shares: Floats) -> Floats:
    """Degrees of freedom of that error (Satterthwaite, if all cells had one variance): known before any outcome.

    `shares`: (..., groups, groups), the projection on what was taken out, whose diagonal is the leverage. Few groups
    that started carry few, however many wait. Worked, one period: 3 and 3 -> 4; 3 and 17 -> 2.77.
    """
    own = (program**2).sum(axis=-1)
    both = shares * (program @ np.swapaxes(program, -1, -2))
    both = both + own[..., :, None] * own[..., None, :] / own.sum(axis=-1)[..., None, None]
    left = own[..., :, None] * np.eye(own.shape[-1]) - both  # products of what the groups add to the error
    kept = np.sqrt(_kept(program, np.diagonal(shares, axis1=-2, axis2=-1)))
    left = left / (kept[..., :, None] * kept[..., None, :])
    trace = np.trace(left, axis1=-2, axis2=-1)
    return np.asarray(trace**2 / (left**2).sum(axis=(-2, -1)))


def _kept(program: Floats, leverage: Floats) -> Floats:
    """Of each group, the share of its residuals' variance that the fit left."""
    own = (program**2).sum(axis=-1)
    left: Floats = np.maximum((1 - own / own.sum(axis=-1, keepdims=True)) * (1 - leverage), TIE)
    return left


def adjustment(blocks: tuple[str, ...], earlier: Floats | None) -> Floats:
    """Orthonormal columns (groups x blocks, and one more) to take out: means of blocks, and the earlier mean."""
    labels = np.array(blocks)
    columns = [(labels == block).astype(float) for block in sorted(set(blocks))]
    basis = np.column_stack([column / np.linalg.norm(column) for column in columns])
    if earlier is None:
        return basis
    rest = earlier - basis @ (basis.T @ earlier)
    length = float(np.linalg.norm(rest))
    if length <= 1e-9 * float(np.linalg.norm(earlier)):
        return basis
    return np.column_stack([basis, rest / length])


def _strengths(orders: Whole, outcomes: Floats, starts: Whole, basis: Floats) -> tuple[Floats, Floats]:
    """For each order the statistic of the outcomes, and of the observed indicator. Period by period, to save memory."""
    periods = range(outcomes.shape[1])
    value, slope, square = np.zeros(len(orders)), np.zeros(len(orders)), np.zeros(len(orders))
    for period in periods:
        program = (orders <= period).astype(float)
        both = np.column_stack([outcomes[:, period], (starts <= period).astype(float)])
        both -= basis @ (basis.T @ both)
        found = program @ both
        value += found[:, 0]
        slope += found[:, 1]
        square += program.sum(axis=1) - ((program @ basis) ** 2).sum(axis=1)
    length = np.sqrt(np.maximum(square, 0.0))
    known = length > 1e-9
    safe = np.where(known, length, 1.0)
    return np.where(known, value / safe, 0.0), np.where(known, slope / safe, 0.0)
