"""Two-stage least squares with covariates and blocks, the offer as instrument of taking part.

Covariates come in as they are for everybody (not by arm), missing ones filled and flagged as in the adjustment. With
one instrument it is a ratio of what is left of offer, taking part and outcome beside the covariates (R. Frisch and
F. Waugh 1933, Econometrica 1, 387-401). Errors hold where variances differ, with n / (n - k), as linearmodels has it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engagements.pilots.rules.data import Floats, Rows
from engagements.pilots.rules.estimators.covariates import covariates_of
from engagements.pilots.rules.estimators.lin import orthonormal
from engagements.pilots.rules.estimators.means import Difference


@dataclass(frozen=True)
class TwoStages:
    """`f`: squared t of the offer in the regression of taking part, HC2; infinite where everybody followed it."""

    difference: Difference
    f: float


def two_stages(rows: Rows, names: Sequence[str], offered: NDArray[np.bool_]) -> TwoStages:
    """Everybody measured, more people than covariates. A gap of 0 in taking part has F 0 and the value NaN."""
    centered = covariates_of(rows, names, offered).centered
    q, _ = orthonormal(np.column_stack([np.ones(len(rows.outcome)), centered]))

    def beside(values: Floats) -> Floats:
        return np.asarray(values - q @ (q.T @ values))

    offer, took, outcome = (beside(one) for one in (offered.astype(float), rows.took_part, rows.outcome))
    moved = float(offer @ took)
    df = len(outcome) - q.shape[1] - 1
    if moved == 0:
        nothing = np.asarray(np.nan)
        return TwoStages(Difference(nothing, nothing, np.asarray(float(df))), 0.0)
    value = float(offer @ outcome) / moved
    left = outcome - value * took
    error = np.sqrt(float(((offer * left) ** 2).sum()) * len(outcome) / df) / abs(moved)
    return TwoStages(Difference(np.asarray(value), np.asarray(error), np.asarray(float(df))), _f(q, offer, took))


def _f(q: Floats, offer: Floats, took: Floats) -> float:
    length = float(offer @ offer)
    effect = float(offer @ took) / length
    free = np.maximum(1 - (q**2).sum(axis=1) - offer**2 / length, 1e-12)
    variance = float(((offer * (took - effect * offer)) ** 2 / free).sum()) / length**2
    return effect**2 / variance if variance > 1e-24 else float("inf")
