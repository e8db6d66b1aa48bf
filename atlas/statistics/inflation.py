"""Standard errors of city means, raised where a county's published error shows the formula's to be too small.

The formula takes tracts as independent; children who lived in several tracts make them correlated. Where a file
publishes a county's own standard error, its ratio to the formula's over the county's tracts measures that.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from atlas.statistics.results import Estimate


@dataclass(frozen=True)
class Inflation:
    """ratio = published / formula SE of the same mean; None with a reason when it can't be computed."""

    value: float | None
    standard_error: None  # one ratio of two known errors; nothing says how well each is known
    n: int  # counties used
    unit: str = "ratio"
    reason: str = ""

    @property
    def applies(self) -> bool:
        """Only a ratio above 1 is used: a smaller one is no reason to call a mean more certain."""
        return self.value is not None and self.value > 1

    @property
    def sentence(self) -> str:
        if self.value is None:
            return f"Standard errors treat tracts as independent: {self.reason}."
        where = "the county" if self.n == 1 else f"the {self.n} counties"
        said = f"the published standard error of {where} is {self.value:.2f} times what independent tracts would give"
        if self.applies:
            return f"Standard errors are multiplied by {self.value:.2f}: {said}."
        return f"Standard errors are left as they are: {said}."


def measure_inflation(
    published_errors: NDArray[np.floating],
    formula_errors: NDArray[np.floating],
    weights: NDArray[np.floating] | None = None,
) -> Inflation:
    """Ratio over the counties a city lies in, each array (counties,), NaN = not known.

    With several counties: SE of the weighted mean of county values by either error,
    sqrt(sum w^2 published^2 / sum w^2 formula^2), w = the city's children there (equal when not given).
    Worked: published .0030, formula .0024 give 1.25.
    """
    w = np.ones(len(published_errors)) if weights is None else weights.astype(float)
    use = np.isfinite(published_errors) & np.isfinite(formula_errors) & (formula_errors > 0) & (w > 0)
    if not use.any():
        return Inflation(None, None, 0, reason="no county has both a published standard error and one by the formula")
    published, formula = (w[use] * errors[use] for errors in (published_errors, formula_errors))
    return Inflation(float(np.sqrt(np.sum(published**2) / np.sum(formula**2))), None, int(use.sum()))


def inflate(estimate: Estimate, inflation: Inflation) -> Estimate:
    """The estimate with its standard error multiplied by the ratio, only when that is above 1.

    An interval the estimate brought along would be wrong afterward and is refused with ValueError; so is a
    second inflation.
    """
    if not inflation.applies or inflation.value is None or estimate.standard_error is None:
        return estimate
    if estimate.interval is not None or estimate.inflation is not None:
        raise ValueError("only a plain mean's standard error is inflated, and only once")
    return replace(estimate, standard_error=estimate.standard_error * inflation.value, inflation=inflation.value)
