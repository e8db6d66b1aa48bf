"""Sums that estimators share: rows to cells, and cells to one entry per arm, per block or per cluster.

Everything goes by way of cells, so that rows and the aggregates made of them give the same digits. A variance from
sums loses about 16 - log10(squares / spread) digits: none that matter unless the mean is a million times the SD.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engagements.pilots.rules.data import Cells, Floats, PilotData, Rows, Texts

Whole = NDArray[np.int64]
AnyData = TypeVar("AnyData", bound=Cells | Rows)
KEYS = ("arm", "city", "block", "cluster", "period", "group")
# Squares that differ from total^2 / n by less than this part of themselves are rounding, not variation.
ROUNDING = 1e-12


@dataclass(frozen=True)
class ArmTally:
    """One arm: people measured, sum and sum of squares of the outcome as collected, people drawn, people who took part.

    `assigned` and `took_part` (of those measured) are NaN where a cell of the arm does not say.
    """

    key: str
    n: float
    total: float
    squares: float
    assigned: float
    took_part: float

    @property
    def mean(self) -> float:
        return self.total / self.n if self.n else float("nan")

    @property
    def spread(self) -> float:
        """Sum of squared distances from the mean; exactly 0 where all values are the same."""
        return float(spread_of(self.n, self.total, self.squares))


@dataclass(frozen=True)
class ClusterTally:
    """One entry per cluster with anybody measured, ordered by block and name; `arm`: the index in the arms asked for.

    `in_two_arms`: clusters that stand in more than one of these arms; each of their parts is an entry of its own, so
    whoever takes clusters as drawn must refuse when it is not 0.
    """

    arm: Whole
    block: Texts
    n: Floats
    total: Floats
    squares: Floats
    cluster: Texts
    in_two_arms: int = 0


def spread_of(
    n: float | NDArray[np.floating], total: float | NDArray[np.floating], squares: float | NDArray[np.floating]
) -> Floats:
    """Sum of squared distances from the mean, from sums; 0 where the rest is rounding. Worked: 3, 6, 14 -> 2."""
    counts = np.asarray(n, dtype=float)
    square_sums = np.asarray(squares, dtype=float)
    rest = square_sums - np.asarray(total, dtype=float) ** 2 / np.where(counts > 0, counts, 1.0)
    return np.where(rest > ROUNDING * square_sums, rest, 0.0)


def codes_of(*columns: Texts) -> tuple[Whole, Whole]:
    """Each entry's number among the distinct combinations, by first appearance, and where each first appears."""
    code = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        one, names = pd.factorize(np.asarray(column, dtype=object))
        code = code * max(len(names), 1) + one
        code = pd.factorize(code)[0].astype(np.int64)  # stays small, so that products cannot overflow
    return code, np.unique(code, return_index=True)[1].astype(np.int64)


def _sum_by(code: Whole, values: NDArray[np.floating], size: int) -> Floats:
    return np.bincount(code, weights=values, minlength=size).astype(np.float64)


def cells_of(rows: Rows) -> Cells:
    """Aggregates of rows: a row without an outcome counts in `assigned` alone. Covariates are lost.

    `took_part` of a cell is NaN when it is NaN for anyone measured in it. Repeated people are not looked for here.
    """
    code, first = codes_of(*(getattr(rows, name) for name in KEYS))
    measured = np.isfinite(rows.outcome)
    outcome = np.where(measured, rows.outcome, 0.0)
    size = len(first)

    def add(values: NDArray[np.floating]) -> Floats:
        return _sum_by(code, values, size)

    return Cells(
        n=add(measured.astype(float)),
        total=add(outcome),
        squares=add(outcome**2),
        assigned=add(np.ones(len(code))),
        took_part=add(np.where(measured, rows.took_part, 0.0)),
        **{name: getattr(rows, name)[first] for name in KEYS},
    )


def as_cells(data: PilotData) -> Cells:
    return cells_of(data) if isinstance(data, Rows) else data


def part_of(data: AnyData, keep: NDArray[np.bool_] | Whole) -> AnyData:
    """The entries for which `keep` is true (or whose numbers it holds): a city, a subgroup, two arms."""
    if keep.dtype == np.bool_ and keep.all():
        return data
    part = {one.name: getattr(data, one.name)[keep] for one in fields(data) if one.name != "covariates"}
    if isinstance(data, Rows):
        part["covariates"] = {name: values[keep] for name, values in data.covariates.items()}
    return replace(data, **part)


def blocks_of(data: PilotData) -> Texts:
    """The block of each entry within its city, "" without either: in several cities the city is always a block."""
    pairs = zip(data.city, data.block, strict=True)
    return np.array(["\t".join(one for one in pair if one) for pair in pairs], dtype=object)


def by_arm(data: PilotData, arms: Sequence[str]) -> list[ArmTally]:
    """One tally for each key of `arms`, in their order; an arm without entries has zeros."""
    cells = as_cells(data)
    found = []
    for key in arms:
        here = cells.arm == key
        found.append(
            ArmTally(
                key,
                *(float(getattr(cells, name)[here].sum()) for name in ("n", "total", "squares")),
                *(float(getattr(cells, name)[here].sum()) for name in ("assigned", "took_part")),
            )
        )
    return found


def by_block(data: PilotData, arms: Sequence[str]) -> tuple[Floats, Floats, Floats]:
    """n, totals and squares, each of shape (blocks, arms), blocks by first appearance; zeros where nobody is."""
    cells = as_cells(data)
    index = {key: number for number, key in enumerate(arms)}
    cells = part_of(cells, np.isin(cells.arm, np.array(list(arms), dtype=object)))
    code, first = codes_of(cells.city, cells.block)
    place = len(arms) * code + np.array([index[key] for key in cells.arm], dtype=np.int64)
    size = len(arms) * len(first)
    n, total, squares = (
        _sum_by(place, values, size).reshape(-1, len(arms)) for values in (cells.n, cells.total, cells.squares)
    )
    return n, total, squares


def by_cluster(data: PilotData, arms: Sequence[str]) -> ClusterTally:
    """One entry for each cluster (of a city) in these arms, all periods and subgroups together.

    A cluster whose people stand in several blocks has the first of them: blocks of a cluster draw hold whole clusters.
    """
    cells = as_cells(data)
    cells = part_of(cells, np.isin(cells.arm, np.array(list(arms), dtype=object)) & (cells.n > 0))
    blocks = blocks_of(cells)
    order = np.lexsort((cells.arm.astype(str), cells.cluster.astype(str), blocks.astype(str)))
    cells, blocks = part_of(cells, order), blocks[order]
    code, first = codes_of(cells.city, cells.cluster, cells.arm)
    clusters = codes_of(cells.city, cells.cluster)[1]
    index = {key: number for number, key in enumerate(arms)}
    n, total, squares = (_sum_by(code, values, len(first)) for values in (cells.n, cells.total, cells.squares))
    return ClusterTally(
        arm=np.array([index[key] for key in cells.arm[first]], dtype=np.int64),
        block=blocks[first],
        n=n,
        total=total,
        squares=squares,
        cluster=cells.cluster[first],
        in_two_arms=len(first) - len(clusters),
    )
