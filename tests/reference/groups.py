"""Levels and gaps by race straight from the publishers' files with pandas: no line of the portal's own code."""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd


@cache
def group_table(folder: Path, race: str) -> pd.DataFrame:
    """One row per tract by GEOID: rank 0-1 of a race's children and their modeled low-income number."""
    national = folder / "atlas" / "national"
    collapse = pd.read_csv(national / "tract_collapse.csv.gz")
    income = pd.read_csv(national / "tract_covariates_hhinc_mean2000.csv.gz")
    for frame in (collapse, income):
        frame["geoid"] = frame.state * 10**9 + frame.county * 10**6 + frame.tract
    table = collapse.merge(income[["geoid", "hhinc_mean2000"]], how="left", on="geoid").set_index("geoid")
    children = table[f"kid_{race}_n"]
    low = children * _share_below_median(children, table.hhinc_mean2000, _counts(folder, race))
    return pd.DataFrame({"rank": table[f"kir_{race}_p25"] / 100, "weight": low})


def _counts(folder: Path, race: str) -> pd.Series:
    counties = pd.read_csv(folder / "county" / "county_outcomes_simple.csv.gz", encoding="utf-8-sig")
    return counties.assign(county=counties.state * 1000 + counties.county).set_index("county")[f"{race}_pooled_count"]


def _share_below_median(children: pd.Series, income: pd.Series, counts: pd.Series) -> pd.Series:
    """A logit in log income whose county sums come closest to the published counts, by plain grid refinement."""
    use = (children > 0) & (income > 0)
    kids, log_income = children[use], np.log(income[use] / 50_000)
    county = pd.Series(kids.index // 10**6, index=kids.index)
    whole = kids.groupby(county).sum()
    target = (counts.reindex(whole.index) / whole).dropna()
    weight = whole.reindex(target.index)

    def loss(constant: float, slope: float) -> float:
        low = kids / (1 + np.exp(-(constant + slope * log_income)))
        fitted = (low.groupby(county).sum() / whole).reindex(target.index)
        return float((weight * (target - fitted) ** 2).sum())

    best, step = (0.0, -2.0), 1.0
    while step > 1e-5:
        near = [(best[0] + i * step, best[1] + j * step) for i in (-1, 0, 1) for j in (-1, 0, 1)]
        found = min(near, key=lambda at: loss(*at))
        best, step = found, step if found != best else step / 2
    return 1 / (1 + np.exp(-(best[0] + best[1] * np.log(income / 50_000))))


def level(table: pd.DataFrame) -> float:
    known = table.dropna()
    return float((known["rank"] * known.weight).sum() / known.weight.sum())


def common_gap(first: pd.DataFrame, second: pd.DataFrame) -> tuple[float, float]:
    """(gap at the second group's weights over tracts with both, share of its children kept)."""
    both = first["rank"].notna() & second["rank"].notna() & second.weight.notna()
    weight = second.weight[both]
    gap = ((first["rank"] - second["rank"])[both] * weight).sum() / weight.sum()
    return float(gap), float(weight.sum() / second.weight.sum())
