"""A list of tracts with what their outcomes are drawn from."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class CountyDesign:
    """Design levels of one county; ranks and shares 0-1, counts in children."""

    fips: str
    cz: int
    czname: str
    kfr: float  # pooled, parents at p25
    kfr_by_race: tuple[float, float, float]  # white, black, hisp
    mix: tuple[float, float, float, float]  # white, black, hisp, other
    children: float  # below the national median of parents, all tracts together


@dataclass(frozen=True)
class TractList:
    """Tracts sorted by GEOID; arrays are aligned with `codes`."""

    counties: tuple[CountyDesign, ...]
    county: np.ndarray  # index into counties
    codes: np.ndarray  # int, the 6-digit tract code
    x: np.ndarray  # position, in tract diameters
    y: np.ndarray
    populated: np.ndarray  # False: water, no children

    def __len__(self) -> int:
        return len(self.codes)

    def geoids(self) -> list[str]:
        """11-digit GEOIDs."""
        return [
            f"{self.counties[c].fips}{code:06d}"
            for c, code in zip(self.county.tolist(), self.codes.tolist(), strict=True)
        ]

    def id_text(self) -> list[str]:
        """state,county,tract,cz,czname as the publisher writes them: integers without leading zeros."""
        fronts = [(f"{int(c.fips[:2])},{int(c.fips[2:])},", f",{c.cz},{c.czname}") for c in self.counties]
        return [
            f"{fronts[c][0]}{code}{fronts[c][1]}"
            for c, code in zip(self.county.tolist(), self.codes.tolist(), strict=True)
        ]


def tract_codes(count: int) -> np.ndarray:
    """`count` valid, increasing 6-digit codes: every seventh tract is split into .01 and .02."""
    number = np.arange(count)
    base = number - number // 7
    suffix = np.where(number % 7 == 5, 1, np.where(number % 7 == 6, 2, 0))
    return (base + 1 - (suffix == 2)) * 100 + suffix
