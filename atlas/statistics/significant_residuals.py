"""Which tracts lie clearly off a line: one test each, false discoveries held to 5%."""

import math

import numpy as np
from numpy.typing import NDArray

from atlas.statistics.association import Line
from atlas.statistics.tiers import FALSE_DISCOVERY_RATE


def find_significant_residuals(line: Line) -> NDArray[np.floating]:
    """1 clearly above the line, -1 clearly below, 0 not told from it, NaN without a residual and its error; (n,).

    Two-sided tests of residual / its standard error, Benjamini-Hochberg at 5%: a marked tract's 95% interval
    always leaves out 0, the reverse does not hold.
    """
    found = np.full(len(line.residual), np.nan)
    tested = np.isfinite(line.residual) & np.isfinite(line.residual_error) & (line.residual_error > 0)
    if not tested.any():
        return found
    # Imported here: statsmodels takes most of a second, and most pages test nothing.
    from statsmodels.stats.multitest import multipletests

    z = line.residual[tested] / line.residual_error[tested]
    p = np.array([math.erfc(abs(score) / math.sqrt(2)) for score in z])
    clear = multipletests(p, alpha=FALSE_DISCOVERY_RATE, method="fdr_bh")[0]
    found[tested] = np.where(clear, np.sign(z), 0)
    return found
