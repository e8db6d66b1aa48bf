"""Plug-in pieces of shrinkage: the formula for a known signal variance and the moment equation for it.

The portal shows the integrated version (`shrinkage`); these are its core and its check.
"""

import numpy as np
from numpy.typing import NDArray


def shrink_with_known_variance(
    values: NDArray[np.floating],
    standard_errors: NDArray[np.floating],
    fitted: NDArray[np.floating] | float,
    signal_variance: float,
) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """(posterior means, posterior SDs) when the prior N(fitted, signal_variance) is known; shape (n,).

    lambda = S/(S+s^2); mean = fitted + lambda (y - fitted); SD = sqrt(S s^2/(S+s^2)), 0 when S is 0.
    Worked: oracle A with S=.00268 and fitted=.3655 gives
    (.30850649,.35120052,.39347579,.42875698,.37947842) (methods 2.4).
    """
    own_weight = signal_variance / (signal_variance + standard_errors**2)
    return fitted + own_weight * (values - fitted), np.sqrt(own_weight) * standard_errors


def solve_signal_variance(
    values: NDArray[np.floating], standard_errors: NDArray[np.floating], regressors: NDArray[np.floating] | None = None
) -> float:
    """S of the moment equation sum (y - x b_S)^2/(S+s^2) = J - K (Paule-Mandel; Fay-Herriot with regressors).

    Inputs (J,), (J,), (J, K); without regressors a constant. 0 when the left side is below J - K already at
    S = 0. Raises ValueError with no more tracts than columns. Worked: oracle A gives .0025213623 (methods 2.3).
    """
    x = np.ones((len(values), 1)) if regressors is None else regressors
    freedom: int = len(values) - x.shape[1]
    if freedom < 1:
        raise ValueError("a signal variance needs more tracts than regressors")

    def excess(variance: float) -> float:
        w = 1 / (variance + standard_errors**2)
        beta = np.linalg.solve(x.T @ (x * w[:, None]), x.T @ (w * values))
        return float(np.sum(w * (values - x @ beta) ** 2)) - freedom

    if excess(0.0) <= 0:
        return 0.0
    low, high = 0.0, float(np.var(values)) + float(np.max(standard_errors)) ** 2
    while excess(high) > 0:
        high *= 2
    for _ in range(80):  # falls steadily in S: halving is safe and exact to the last digit
        middle = (low + high) / 2
        low, high = (middle, high) if excess(middle) > 0 else (low, middle)
    return (low + high) / 2
