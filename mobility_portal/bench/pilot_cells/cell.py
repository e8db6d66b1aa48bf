"""One row of the table of simulations."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# At the front of `design`: shown beside what is offered, to compare, and judged by nobody.
NOT_OFFERED = "not offered: "


@dataclass(frozen=True)
class Cell:
    """Percent of draws. `false_positives`: with an effect of 0 on average, an interval beyond 0 on which a verdict may
    rest; `coverage`: of the true effect by the intervals of answers that are not held back; `power`: at the effect
    that should be found in 80 of 100. `held_back`: answers that may say no more than "cannot tell".

    `draws` 0: exact, by summing over all outcomes. None: not asked here.
    """

    design: str
    setting: str
    draws: int
    false_positives: float | None
    coverage: float | None = None
    power: float | None = None
    held_back: float = 0.0


def percent(hits: NDArray[np.bool_]) -> float:
    return 100 * float(np.mean(hits))


def beyond_zero(low: NDArray[np.floating], high: NDArray[np.floating]) -> NDArray[np.bool_]:
    return (low > 0) | (high < 0)
