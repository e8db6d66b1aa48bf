"""What the prior mean of a tract may depend on: a constant, the log of its standard error, few covariates.

Log SE is there because precision depends on the place: small tracts differ from large ones in their true
outcomes too (Chen 2023, "precision dependence"). A covariate of race is refused: used for targeting it would
pull tracts down for who lives there.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

TRACTS_PER_COVARIATE = 15
RACE_WORDS = frozenset("white black hisp hispanic asian natam aian race nonwhite minority".split())


class InvalidRegressors(ValueError):
    """These covariates can't or may not be used; the message says why."""


@dataclass(frozen=True)
class Regressors:
    """How a matrix of regressors is built: made once from the tracts of the fit, used for any tract.

    Columns: constant, log SE (left out where all are equal), then the covariates, all centered and scaled
    to standard deviation 1 over the tracts of the fit.
    """

    names: tuple[str, ...]  # of the columns, "constant" first
    centre: NDArray[np.floating] = field(repr=False)
    scale: NDArray[np.floating] = field(repr=False)

    def matrix(
        self, standard_errors: NDArray[np.floating], covariates: Mapping[str, NDArray[np.floating]] | None = None
    ) -> NDArray[np.floating]:
        """X, shape (n, columns). NaN where a standard error or a covariate is missing."""
        columns = _columns(standard_errors, covariates or {})
        picked = [(columns[name] - c) / d for name, c, d in zip(self.names[1:], self.centre, self.scale, strict=True)]
        return np.column_stack([np.ones(len(standard_errors)), *picked])


def build_regressors(
    standard_errors: NDArray[np.floating], covariates: Mapping[str, NDArray[np.floating]] | None = None
) -> Regressors:
    """Regressors for tracts with these standard errors (n,), each above 0; covariates {name: (n,)}.

    Raises InvalidRegressors with more than one covariate per 15 tracts, with a covariate of race, or one that
    does not vary or repeats the others.
    """
    covariates = covariates or {}
    allowed = len(standard_errors) // TRACTS_PER_COVARIATE
    if len(covariates) > allowed:
        raise InvalidRegressors(
            f"{len(covariates)} covariates for {len(standard_errors)} tracts: at most one per "
            f"{TRACTS_PER_COVARIATE} tracts ({allowed} here)"
        )
    for name in covariates:
        if RACE_WORDS & set(re.findall("[a-z]+", name.lower())):
            raise InvalidRegressors(f"{name} describes race: no tract's estimate is moved for who lives there")
    columns = {name: column for name, column in _columns(standard_errors, covariates).items() if np.ptp(column) > 1e-9}
    for name in covariates:
        if name not in columns:
            raise InvalidRegressors(f"{name} does not vary over these tracts")
    names = list(columns)
    centre = np.array([columns[name].mean() for name in names])
    scale = np.array([columns[name].std() for name in names])
    regressors = Regressors(("constant", *names), centre, scale)
    if np.linalg.matrix_rank(regressors.matrix(standard_errors, covariates), tol=1e-6) < len(names) + 1:
        raise InvalidRegressors("the covariates repeat each other or the standard errors")
    return regressors


def _columns(
    standard_errors: NDArray[np.floating], covariates: Mapping[str, NDArray[np.floating]]
) -> dict[str, NDArray[np.floating]]:
    with np.errstate(invalid="ignore", divide="ignore"):
        log_error = np.log(standard_errors.astype(float))
    return {"log SE": log_error} | {name: np.asarray(column, float) for name, column in covariates.items()}
