"""Two-stage least squares with covariates and blocks, the offer as instrument of taking part (linearmodels).

Covariates come in as they are for everybody (not by arm); missing ones filled and flagged as in the adjustment. Errors
hold where variances differ, with the small-sample factor n / (n - k).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engagements.pilots.rules.data import Floats, Rows
from engagements.pilots.rules.estimators.covariates import covariates_of


def two_stages(rows: Rows, names: Sequence[str], offered: NDArray[np.bool_]) -> tuple[float, float, float]:
    """Value, standard error and degrees of freedom of the effect on those who took part. Everybody measured."""
    from linearmodels.iv import IV2SLS

    controls = _controls(rows, names, offered)
    model = IV2SLS(rows.outcome, controls, rows.took_part[:, None], offered.astype(float)[:, None])
    fit = model.fit(cov_type="robust", debiased=True)
    return float(fit.params.iloc[-1]), float(fit.std_errors.iloc[-1]), float(fit.df_resid)


def first_stage(rows: Rows, names: Sequence[str], offered: NDArray[np.bool_]) -> float:
    """Squared t of the offer in the regression of taking part on offer and controls, HC2 errors; 0 without any gap."""
    design = np.column_stack([_controls(rows, names, offered), offered.astype(float)])
    q, r = np.linalg.qr(design)
    left = rows.took_part - q @ (q.T @ rows.took_part)
    last = q[:, -1] / r[-1, -1]
    effect = float(last @ rows.took_part)
    free = np.maximum(1 - (q**2).sum(axis=1), 1e-12)
    variance = float((last**2 * left**2 / free).sum())
    if effect == 0:
        return 0.0
    return effect**2 / variance if variance > 0 else float("inf")


def _controls(rows: Rows, names: Sequence[str], offered: NDArray[np.bool_]) -> Floats:
    found = covariates_of(rows, names, offered)
    return np.column_stack([np.ones(len(rows.outcome)), found.centered])
