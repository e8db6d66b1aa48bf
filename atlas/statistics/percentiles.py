"""Percentile ranks within a stated reference set."""

import numpy as np
from numpy.typing import NDArray


def midranks(
    values: NDArray[np.floating], reference: NDArray[np.floating], weights: NDArray[np.floating] | None = None
) -> NDArray[np.floating]:
    """Weighted mid-rank 0-1 of each value in `reference`: (w below + half of w equal) / w all; NaN stays NaN.

    Worked: y=(.30,.36,.41,.43,.39,.33,.47,.35) unweighted in itself gives
    (.0625,.4375,.6875,.8125,.5625,.1875,.9375,.3125) (methods 2.5).
    """
    known = np.isfinite(reference)
    ref = reference[known]
    if ref.size == 0:
        return np.full(values.shape, np.nan)
    if weights is None:
        ref = np.sort(ref)
        cumulative = np.arange(ref.size + 1, dtype=float)
    else:
        order = np.argsort(ref, kind="stable")
        ref = ref[order]
        cumulative = np.concatenate([[0.0], np.cumsum(weights[known].astype(float)[order])])
    below = cumulative[np.searchsorted(ref, values, side="left")]
    up_to = cumulative[np.searchsorted(ref, values, side="right")]
    return np.where(np.isfinite(values), (below + up_to) / 2 / cumulative[-1], np.nan)
