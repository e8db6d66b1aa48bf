"""Covariates before an adjustment: blocks as indicators, missing values filled, what says nothing dropped."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engagements.pilots.rules.data import Floats, Rows
from engagements.pilots.rules.tallies import codes_of

_CONSTANT = 1e-9  # SD of a column, as a part of its largest value
_NOTHING = 1e-8  # a column with so little of its variance left beside the others says nothing of its own


@dataclass(frozen=True)
class Covariates:
    """`centered`: (people, k), each with mean 0 and SD 1 over everybody. `dropped`: names that said nothing more."""

    centered: Floats
    names: tuple[str, ...]
    dropped: tuple[str, ...]
    filled: dict[str, int]  # how many values of each were missing


class NoCovariate(Exception):
    """A registered covariate is not in the data; the text is its name."""


def covariates_of(rows: Rows, names: Sequence[str], is_treated: NDArray[np.bool_]) -> Covariates:
    """The registered covariates of these rows, and indicators of blocks (but one) where there are several.

    A missing value becomes the mean, and one more column says where (Gerber and Green 2012, section 4.4, as house
    rule). A column is dropped where in one arm it is constant or a mix of the columns before it. Raises NoCovariate.
    """
    columns: list[tuple[str, Floats]] = []
    filled: dict[str, int] = {}
    for name in names:
        if name not in rows.covariates:
            raise NoCovariate(name)
        values = rows.covariates[name]
        known = np.isfinite(values)
        filled[name] = int((~known).sum())
        mean = float(values[known].mean()) if known.any() else 0.0
        columns.append((name, np.where(known, values, mean)))
        if filled[name]:
            columns.append((f"whether {name} is missing", (~known).astype(float)))
    block, first = codes_of(rows.city, rows.block)
    columns += [(f"block {number}", (block == number).astype(float)) for number in range(1, len(first))]
    return _independent(columns, is_treated, filled)


def _independent(
    columns: list[tuple[str, Floats]], is_treated: NDArray[np.bool_], filled: dict[str, int]
) -> Covariates:
    names, scaled = [], []
    for name, values in columns:
        spread = float(values.std())
        if spread > _CONSTANT * max(float(np.abs(values).max(initial=0.0)), 1e-300):
            names.append(name)
            scaled.append((values - values.mean()) / spread)
    matrix = np.column_stack(scaled) if scaled else np.zeros((len(is_treated), 0))
    kept = _pivots([matrix[~is_treated], matrix[is_treated]])
    named = tuple(names[place] for place in kept)
    return Covariates(matrix[:, kept], named, tuple(name for name, _ in columns if name not in named), filled)


def _pivots(arms: list[Floats]) -> list[int]:
    """Columns that in both arms are more than a constant and a mix of the kept ones before: elimination, in order."""
    left = [((arm - arm.mean(axis=0)).T @ (arm - arm.mean(axis=0))) / len(arm) for arm in arms]
    kept = []
    for place in range(arms[0].shape[1]):
        if min(products[place, place] for products in left) <= _NOTHING:
            continue
        for products in left:
            products -= np.outer(products[:, place], products[place]) / products[place, place]
        kept.append(place)
    return kept
