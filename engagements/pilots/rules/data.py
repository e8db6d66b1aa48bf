"""What an analysis reads: counts and sums by cell, or one row per person. Arrays of one length, no names of people."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Texts = NDArray[np.object_]


@dataclass(frozen=True)
class Cells:
    """Aggregates: one entry per arm x city x block x cluster x period x subgroup that people were counted in.

    `n`: people measured; `total` and `squares`: sum and sum of squares of the outcome (a share's events, as 0 and 1,
    twice). `assigned`: people drawn into the cell, NaN if not said; `took_part`: of those measured, NaN if not said.
    `arm`, `city`, `block`, `cluster`, `period`, `group`: text, "" where the design has none. Values are as collected:
    0 to 1 for a share; `estimates.scale_of` turns results into the shown unit.
    """

    arm: Texts
    n: Floats
    total: Floats
    squares: Floats
    assigned: Floats
    took_part: Floats
    city: Texts
    block: Texts
    cluster: Texts
    period: Texts
    group: Texts


@dataclass(frozen=True)
class Rows:
    """One entry per person or unit. `outcome`: NaN where it is missing; `took_part`: 0, 1 or NaN."""

    arm: Texts
    outcome: Floats
    took_part: Floats
    city: Texts
    block: Texts
    cluster: Texts
    period: Texts
    group: Texts
    covariates: Mapping[str, Floats] = field(default_factory=dict)


PilotData = Cells | Rows
