"""Counts that may leave the portal: those of small groups are summed until no group is small."""

from collections.abc import Mapping
from dataclasses import fields

import numpy as np

from engagements.pilots.rules.data import Cells, PilotData
from engagements.pilots.rules.tallies import KEYS, as_cells, codes_of


def released(data: PilotData, limit: int) -> tuple[Cells | None, bool]:
    """Counts with at least `limit` people in every cell, and whether cells were summed to get there.

    First as they are; else summed to arm, city, block, cluster and period; then to arm and period; then to arm. None
    where an arm itself is small. What was summed cannot be taken apart again: no finer table is ever given.
    """
    cells = as_cells(data)
    if _smallest(cells) >= limit:
        return cells, False
    for kept in (KEYS[:-1], ("arm", "period"), ("arm",)):
        summed = _summed(cells, kept)
        if _smallest(summed) >= limit:
            return summed, True
    return None, True


def released_all(outcomes: Mapping[str, PilotData], limit: int) -> tuple[dict[str, Cells], bool]:
    """Every outcome that may be given."""
    found, was_summed = {}, False
    for key, data in outcomes.items():
        cells, summed = released(data, limit)
        was_summed = was_summed or summed
        if cells is not None:
            found[key] = cells
    return found, was_summed


def _smallest(cells: Cells) -> float:
    """Fewest people of a cell that has anybody."""
    there = cells.n[cells.n > 0]
    return float(there.min()) if len(there) else 0.0


def _summed(cells: Cells, kept: tuple[str, ...]) -> Cells:
    code, first = codes_of(*(getattr(cells, name) for name in kept))
    made = {}
    for one in fields(cells):
        values = getattr(cells, one.name)
        if one.name in KEYS:
            made[one.name] = values[first] if one.name in kept else np.full(len(first), "", dtype=object)
        else:
            made[one.name] = np.bincount(code, weights=values, minlength=len(first))
    return Cells(**made)
