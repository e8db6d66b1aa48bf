"""A floor under standard errors, so that one implausibly small error cannot decide a fit alone.

A fit weighs by 1/(S + s^2). An error a million times smaller than its neighbors' makes that weight swamp all others
and the equations singular. No estimate from children can be that sure: such a number is a slip of the file.
"""

import numpy as np
from numpy.typing import NDArray

SHARE_OF_MEDIAN = 0.01  # the smallest error of any rank in the publisher's county file is 1.8% of its median


def floor_standard_errors(standard_errors: NDArray[np.floating]) -> tuple[NDArray[np.floating], NDArray[np.bool_]]:
    """(errors raised to 1% of the median of those above 0, which were raised); both of the shape given.

    NaN, 0 and below stay as they are: they are no known precision and callers leave them out.
    Worked: (1e-12, .02, .02, .03) has the median .02, so the first becomes .0002.
    """
    known = np.isfinite(standard_errors) & (standard_errors > 0)
    if not known.any():
        return standard_errors, np.zeros(standard_errors.shape, bool)
    floor = SHARE_OF_MEDIAN * float(np.median(standard_errors[known]))
    raised = known & (standard_errors < floor)
    return np.where(raised, floor, standard_errors), raised
