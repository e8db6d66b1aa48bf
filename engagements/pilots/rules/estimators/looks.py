"""Repeated looks at the data: how much error each look may spend, and at which level its interval is then shown.

Alpha spending: K. Lan and D. DeMets (1983), Biometrika 70, 659-663, with their spending function that is near to
P. O'Brien and T. Fleming's boundary: each tail of .025 has spent 2 - 2 Phi(z / sqrt(t)) at the share t of the final
information, z the normal quantile of 1 - .0125. Boundaries come from numerical integration of the process between the
looks (P. Armitage, C. McPherson, B. Rowe 1969, JRSS A 132, 235-244).

Always valid: the normal mixture (H. Robbins 1970, Annals of Mathematical Statistics 41, 1397-1409; S. Howard and
others 2021, Annals of Statistics 49, 1055-1080): at most 5% ever cross it, however often anybody looks.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.special import ndtr, ndtri

from engagements.pilots.rules.data import Floats
from engagements.pilots.rules.registration import Boundary, Registration

_STEP = 0.02  # of the grid, in standard errors: boundaries to 4 digits
_NARROWEST = 8.21  # information over the mixture's own, at the planned end
_FARTHEST = 7.0  # standard errors: a chance of 3e-12 is as good as none, and a level of 100 percent has no interval
_EDGE = 8.0  # the process is further out with a chance under 1e-15


def spent(share: float, tail: float = 0.025) -> float:
    """Error that one tail has spent at this share of the final information. Worked: 1 -> .025; .5 -> .00153."""
    return float(2 * ndtr(-ndtri(1 - tail / 2) / np.sqrt(share)))


def boundaries(shares: Sequence[float], tail: float = 0.025) -> list[float]:
    """How far out, in standard errors, each look must be. `shares`: ascending, above 0, at most 1.

    Worked: .2, .4, .6, .8, 1 -> 4.8769, 3.3570, 2.6803, 2.2898, 2.0310.
    """
    found: list[float] = []
    density: Floats | None = None
    grid = np.zeros(1)
    before = 0.0
    for share in shares:
        to_spend = spent(share, tail) - (spent(before, tail) if before else 0.0)
        step = np.sqrt(share - before)
        if density is None:
            bound = float(-ndtri(to_spend)) * step
        else:
            bound = _bound(grid, density, step, to_spend)
        new_grid = np.linspace(-bound, bound, 2 * int(np.ceil(bound / (_STEP * step))) + 1)
        density = _carry(grid, density, new_grid, step)
        grid, before = new_grid, share
        found.append(float(bound) / float(np.sqrt(share)))
    return found


def _weights(grid: Floats) -> Floats:
    """Simpson's rule; the grid has an odd number of points."""
    weights = np.ones(len(grid))
    weights[1:-1:2], weights[2:-1:2] = 4.0, 2.0
    return np.asarray(weights * (grid[1] - grid[0]) / 3)


def _carry(grid: Floats, density: Floats | None, new_grid: Floats, step: float) -> Floats:
    """Density at the next look of those not stopped before."""
    if density is None:
        return np.asarray(np.exp(-0.5 * (new_grid / step) ** 2) / (step * np.sqrt(2 * np.pi)))
    kernel = np.exp(-0.5 * ((new_grid[:, None] - grid[None, :]) / step) ** 2) / (step * np.sqrt(2 * np.pi))
    return np.asarray(kernel @ (density * _weights(grid)))


def _bound(grid: Floats, density: Floats, step: float, to_spend: float) -> float:
    """Where the chance to be beyond it, and not stopped before, is what may be spent; by halving."""
    weighted = density * _weights(grid)
    low, high = 0.0, _EDGE
    for _ in range(60):
        middle = (low + high) / 2
        beyond = float(weighted @ ndtr((grid - middle) / step))
        low, high = (middle, high) if beyond > to_spend else (low, middle)
    return (low + high) / 2


def always_valid(share: float, error: float = 0.05) -> float:
    """How far out, in standard errors, the mixture boundary is at this share of the planned information (0 and up).

    Its one free number is chosen so that it is nearly the narrowest at the planned end, for an error of .05.
    Worked: 1 -> 3.0351; .5 -> 3.0787; .1 -> 3.8234.
    """
    ratio = share * _NARROWEST
    return float(np.sqrt((1 + 1 / ratio) * np.log((1 + ratio) / error**2)))


def nominal_level(registration: Registration, share: float, earlier: Sequence[float] = ()) -> float:
    """Percent: the level at which this look's interval is shown, so that all looks together keep the registered error.

    `share`: of the final information (people measured, of those planned); `earlier`: of the looks before, ascending.
    Worked: O'Brien-Fleming, looks at .5 and 1, 95 percent: 99.695 at the first, 95.100 at the second.
    """
    error = 1 - registration.assumptions.level / 100
    if registration.boundary == Boundary.OBRIEN_FLEMING:
        bound = boundaries([*earlier, min(share, 1.0)], error / 2)[-1]
    elif registration.boundary == Boundary.ALWAYS_VALID:
        bound = always_valid(share, error)
    else:
        return registration.assumptions.level
    return 100 * float(1 - 2 * ndtr(-min(bound, _FARTHEST)))


def at_end(registration: Registration) -> Registration:
    """The registration as the methods read it at the planned end, with all that was planned measured: for power.

    Worked: 95 percent without looks; 95.100 with looks of O'Brien and Fleming's kind at .5 and 1; 99.760 always valid.
    """
    if registration.boundary == Boundary.ALWAYS_VALID:
        level = nominal_level(registration, 1.0)
        return replace(registration, assumptions=replace(registration.assumptions, level=level))
    return at_look(registration, len(registration.looks))


def at_look(registration: Registration, number: int) -> Registration:
    """The registration as the methods read it at its look `number` (from 1): every interval at the look's own level."""
    if registration.boundary == Boundary.NONE or not registration.looks:
        return registration
    place = min(max(number, 1), len(registration.looks)) - 1
    level = nominal_level(registration, registration.looks[place], registration.looks[:place])
    return replace(registration, assumptions=replace(registration.assumptions, level=level))
