"""The publishers' files of one folder as tables, read once: no line of the portal's own code."""

from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from tests.reference import exports, groups, headline

INCOME = "kfr_pooled_pooled_p25_usd_2015"
HALF = 0.5  # of a tract's area: from here on it counts as the city's
TOUCHES = 0.01  # of its area: a tract with less in the city is a sliver along the line


@dataclass(frozen=True, eq=False)
class RawFiles:
    """`tracts` by GEOID: rank 0-1, weight (modeled low-income children), county. `counties` by FIPS, as published.

    `members`: city, geoid, share of the tract's area inside, without slivers. `groups`: rank and weight of each tract
    by race. `income`: GEOID -> 2015 dollars. `dollars` (101,): income at each percentile.
    """

    tracts: pd.DataFrame
    counties: pd.DataFrame
    members: pd.DataFrame
    groups: dict[str, pd.DataFrame]
    income: pd.Series
    dollars: np.ndarray

    @cached_property
    def known(self) -> pd.DataFrame:
        """Tracts with a rank and children."""
        found = self.tracts.dropna(subset=["rank", "weight"])
        return found[found.weight > 0]

    @cached_property
    def of_counties(self) -> pd.DataFrame:
        """By FIPS: children of its tracts, and their mean rank."""
        sums = self.known.assign(product=self.known["rank"] * self.known.weight).groupby("county")
        sums = sums[["product", "weight"]].sum()
        return sums.assign(mean=sums["product"] / sums.weight)

    def own(self, city: str) -> list[int]:
        mine = self.members[(self.members.city == city) & (self.members.share >= HALF)]
        return sorted(mine.geoid)

    def usd(self, rank: float) -> float:
        return float(np.interp(100 * rank, np.arange(101), self.dollars))

    def cities(self) -> list[str]:
        return sorted(self.members.city.unique(), key=name)


def name(city: str) -> str:
    """ "new-orleans" -> "New Orleans"."""
    return city.replace("-", " ").title()


@cache
def read(folder: Path) -> RawFiles:
    counties = pd.read_csv(folder / "county" / "county_outcomes_simple.csv.gz", encoding="utf-8-sig")
    overlay = pd.read_csv(folder / "geo" / "tract_place_overlap_derived.csv")
    overlay = overlay.rename(columns={"share_of_tract_area_in_place": "share"})
    income = exports.raw_values(folder, INCOME)
    return RawFiles(
        headline.weighted_table(folder).set_index("geoid"),
        counties.assign(fips=counties.state * 1000 + counties.county).set_index("fips"),
        overlay.loc[overlay.share >= TOUCHES, ["city", "geoid", "share"]].astype({"geoid": "int64"}),
        {race: groups.group_table(folder, race) for race in ("pooled", "white", "black")},
        income.set_axis(income.index.astype("int64")),
        pd.read_csv(folder / "atlas" / "pctile_kfr.csv", header=None)[1].to_numpy(),
    )
