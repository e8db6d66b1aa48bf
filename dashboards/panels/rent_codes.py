"""Rents that are codes and not rents: "at most $99", "at least $3,501" (the Census Bureau's bottom and top codes)."""

from dataclasses import dataclass

import numpy as np

from atlas.records.analysis import Characteristic

BOTTOM_CODE, TOP_CODE = 99, 3501


@dataclass(frozen=True)
class RentsWithoutTopcodes:
    """`values` (n,) with NaN in place of codes, and how many of each there were."""

    values: np.ndarray
    bottom: int
    top: int

    @property
    def words(self) -> str:
        """ "2 tracts at the bottom code ($99 or less) and 1 at the top code ($3,501 or more) are left out", or ""."""
        parts = []
        if self.bottom:
            parts.append(f"{_tracts(self.bottom)} at the bottom code ($99 or less)")
        if self.top:
            parts.append(f"{_tracts(self.top)} at the top code ($3,501 or more)")
        return f"Left out: {' and '.join(parts)}; a code is no rent." if parts else ""


def drop_topcoded(characteristic: Characteristic) -> RentsWithoutTopcodes:
    """Any other characteristic comes back as it is."""
    values = characteristic.values
    if not characteristic.measure.unit.startswith("usd_month"):
        return RentsWithoutTopcodes(values, 0, 0)
    bottom, top = values == BOTTOM_CODE, values == TOP_CODE
    return RentsWithoutTopcodes(np.where(bottom | top, np.nan, values), int(bottom.sum()), int(top.sum()))


def _tracts(count: int) -> str:
    return "1 tract" if count == 1 else f"{count} tracts"
