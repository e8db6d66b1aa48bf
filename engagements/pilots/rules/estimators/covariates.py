"""Covariates before an adjustment: blocks as indicators, missing values filled, what says nothing dropped."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engagements.pilots.rules.data import Floats, Rows
from engagements.pilots.rules.tallies import codes_of

_NOTHING = 1e-9  # a column this near to a mix of the others, as a part of its length, says nothing of its own


@dataclass(frozen=True)
class Covariates:
    """`centered`: (people, k), each with mean 0 and SD 1 over everybody. `dropped`: names that said nothing more."""

    centered: Floats
    names: tuple[str, ...]
    dropped: tuple[str, ...]
    filled: dict[str, int]  # how many values of each were missing


class NoCovariate(Exception):
    """A registered covariate is not in the data; the text is its name."""


def covariates_of(rows: Rows, names: Sequence[str], is_treated: Floats) -> Covariates:
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
            columns.append((f"{name} missing", (~known).astype(float)))
    block, first = codes_of(rows.city, rows.block)
    columns += [(f"block {number}", (block == number).astype(float)) for number in range(1, len(first))]
    return _independent(columns, is_treated.astype(bool), filled)


def _independent(columns: list[tuple[str, Floats]], is_treated: Floats, filled: dict[str, int]) -> Covariates:
    kept: list[Floats] = []
    names: list[str] = []
    bases: list[list[Floats]] = [[], []]  # of both arms: orthonormal, the constant first
    arms = (~is_treated, is_treated)
    for base, arm in zip(bases, arms, strict=True):
        base.append(np.full(int(arm.sum()), 1 / np.sqrt(max(int(arm.sum()), 1))))
    for name, values in columns:
        centered = values - values.mean()
        spread = centered.std()
        if spread <= _NOTHING * max(float(np.abs(values).max(initial=0.0)), 1e-300):
            continue
        centered = centered / spread
        rests = [_rest(centered[arm], base) for base, arm in zip(bases, arms, strict=True)]
        if min(float(np.linalg.norm(rest)) / np.sqrt(len(rest)) for rest in rests) <= _NOTHING:
            continue
        for base, rest in zip(bases, rests, strict=True):
            base.append(rest / np.linalg.norm(rest))
        kept.append(centered)
        names.append(name)
    matrix = np.column_stack(kept) if kept else np.zeros((len(is_treated), 0))
    return Covariates(matrix, tuple(names), tuple(name for name, _ in columns if name not in names), filled)


def _rest(values: Floats, base: list[Floats]) -> Floats:
    """What is left of a column beside its base; taken out twice, so that rounding leaves nothing behind."""
    for _ in range(2):
        for one in base:
            values = values - (one @ values) * one
    return values
