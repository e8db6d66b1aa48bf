"""Benchmarked means, slowly: tract by tract, and straight from the publishers' files with pandas."""

from pathlib import Path

import pandas as pd


def slow_benchmark(tracts, published, place):
    """(mean, its standard error). `tracts`: {tract: (county, value, children, error)}, `published`: {county: (value,
    error)}, `place`: {tract: children who count}. Every tract is written as a weight on every estimate.
    """
    total = sum(place.values())
    moved = dict.fromkeys(tracts, 0.0)
    on_published = dict.fromkeys(published, 0.0)
    for name, children in place.items():
        moved[name] += children / total
        county = tracts[name][0]
        on_published[county] += children / total
        whole = sum(n for c, _, n, _ in tracts.values() if c == county)
        for other, (c, _, n, _) in tracts.items():
            if c == county:
                moved[other] -= children / total * n / whole
    value = sum(w * tracts[name][1] for name, w in moved.items())
    value += sum(w * published[county][0] for county, w in on_published.items())
    variance = sum((w * tracts[name][3]) ** 2 for name, w in moved.items())
    variance += sum((w * published[county][1]) ** 2 for county, w in on_published.items())
    return value, variance**0.5


def county_table(folder: Path) -> pd.DataFrame:
    """Published value and standard error of household income by county FIPS."""
    counties = pd.read_csv(folder / "county" / "county_outcomes_simple.csv.gz", encoding="utf-8-sig")
    table = counties.assign(county=counties.state * 1000 + counties.county).set_index("county")
    return table[["kfr_pooled_pooled_p25", "kfr_pooled_pooled_p25_se"]].set_axis(["published", "error"], axis=1)


def benchmarked_mean(tracts: pd.DataFrame, own: list[int], counties: pd.DataFrame) -> tuple[float, float]:
    """(benchmarked mean of the tracts `own`, adjustment in standard errors of the published values); `tracts` by GEOID
    with rank, weight and county."""
    known = tracts.dropna(subset=["rank", "weight"])
    known = known[known.weight > 0]
    weighted = known.assign(product=known["rank"] * known.weight).groupby("county")[["product", "weight"]].sum()
    difference = counties.published - weighted["product"] / weighted.weight
    mine = known.reindex(own).dropna(subset=["rank"])
    share = mine.weight / mine.weight.sum()
    value = (share * (mine["rank"] + mine.county.map(difference))).sum()
    by_county = share.groupby(mine.county).sum()
    adjustment = (by_county * difference.reindex(by_county.index)).sum()
    error = ((by_county * counties.error.reindex(by_county.index)) ** 2).sum() ** 0.5
    return float(value), float(adjustment / error)
