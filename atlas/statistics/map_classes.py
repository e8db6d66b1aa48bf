"""Classes of a map, the same for every city: edges fixed once for a measure, with the middle US tract among them."""

import numpy as np
from numpy.typing import NDArray

# Household income of children from low-income families: 2015 dollars, and ranks by the publisher's crosswalk of 2018.
FIXED: dict[str, tuple[float, ...]] = {
    "kfr_pooled_pooled_p25_usd_2015": (18_000.0, 21_000.0, 24_000.0, 28_000.0, 40_000.0, 50_000.0),
    "kfr_pooled_pooled_p25": (0.275, 0.3042, 0.3331, 0.3714, 0.4806, 0.5591),
}
# What share of US tracts lies below each of these edges; other measures are cut at the same shares.
SHARES = (0.01, 0.035, 0.085, 0.21, 0.78, 0.96)
STEPS_BELOW, STEPS_ABOVE = 5, 3


def national_edges(slug: str, values: NDArray[np.floating]) -> tuple[float, ...]:
    """Up to seven rising edges in the measure's unit, the median of `values` (n,) among them; () without any value.

    `values`: every US tract, NaN = missing. The median is exact, so that colors and counts agree. Fixed edges are used
    where they lie on their own side of it; generated data may have another middle. Edges that coincide stand once.
    """
    known = values[np.isfinite(values)].astype(float)
    if not known.size:
        return ()
    middle = float(np.median(known))
    fixed = FIXED.get(slug, ())
    if not fixed or not fixed[STEPS_BELOW - 2] < middle < fixed[STEPS_BELOW - 1]:
        fixed = _spoken(np.quantile(known, SHARES), middle)
    below = sorted({edge for edge in fixed[: STEPS_BELOW - 1] if edge < middle})
    above = sorted({edge for edge in fixed[STEPS_BELOW - 1 :] if edge > middle})
    return (*below, middle, *above)


def _spoken(edges: NDArray[np.floating], middle: float) -> tuple[float, ...]:
    """In the fewest digits that keep different edges apart and on their side of the middle."""
    wanted = {float(edge) for edge in edges if edge != middle}
    for digits in (2, 3, 4):
        rounded = [float(f"{edge:.{digits}g}") for edge in edges]
        sides = [(new < middle) == (old < middle) for new, old in zip(rounded, edges, strict=True)]
        kept = {new for new, stays in zip(rounded, sides, strict=True) if stays and new != middle}
        if len(kept) == len(wanted):
            return tuple(rounded)
    return tuple(float(edge) for edge in edges)
