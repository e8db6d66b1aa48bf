"""A city's headline straight from the publishers' files with pandas: no line of the portal's own code."""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd


def tract_table(folder: Path) -> pd.DataFrame:
    """One row per tract: rank, children under 18, mean income 2000, county."""
    national = folder / "atlas" / "national"
    collapse = pd.read_csv(national / "tract_collapse.csv.gz")
    income = pd.read_csv(national / "tract_covariates_hhinc_mean2000.csv.gz")
    kfr = pd.read_csv(national / "tract_kfr_rP_gP_p25.csv.gz", encoding="utf-8-sig")
    for frame in (collapse, income):
        frame["geoid"] = frame.state * 10**9 + frame.county * 10**6 + frame.tract
    usd = pd.read_csv(folder / "atlas" / "pctile_kfr.csv", header=None)[1].to_numpy()
    kfr["rank"] = np.interp(kfr.iloc[:, -1], usd[9:], np.arange(9, 101) / 100)
    table = kfr.rename(columns={"tract": "geoid"})[["geoid", "rank"]]
    table = table.merge(collapse[["geoid", "kid_pooled_n"]], how="outer", on="geoid")
    table = table.merge(income[["geoid", "hhinc_mean2000"]], how="left", on="geoid")
    return table.assign(county=table.geoid // 10**6)


def add_weights(table: pd.DataFrame, folder: Path) -> pd.DataFrame:
    """Children under 18 x share below the median, the share a logit in log income fitted to the county counts."""
    counties = pd.read_csv(folder / "county" / "county_outcomes_simple.csv.gz", encoding="utf-8-sig")
    counts = counties.assign(county=counties.state * 1000 + counties.county).set_index("county").pooled_pooled_count
    use = table[(table.kid_pooled_n > 0) & (table.hhinc_mean2000 > 0)].copy()
    log_income = np.log(use.hhinc_mean2000 / 50_000)
    children = use.groupby("county").kid_pooled_n.sum()
    known = counts.reindex(children.index).notna()

    def residuals(beta):
        low = use.kid_pooled_n / (1 + np.exp(-(beta[0] + beta[1] * log_income)))
        fitted = low.groupby(use.county).sum() / children
        return (np.sqrt(children) * (counts.reindex(children.index) / children - fitted))[known].to_numpy()

    beta, step = np.array([0.0, -2.0]), 1e-6
    for _ in range(25):  # Gauss-Newton with slopes by small differences
        here = residuals(beta)
        slopes = np.column_stack([(residuals(beta + step * unit) - here) / step for unit in np.eye(2)])
        beta = beta - np.linalg.lstsq(slopes, here, rcond=None)[0]
    share = 1 / (1 + np.exp(-(beta[0] + beta[1] * np.log(table.hhinc_mean2000 / 50_000))))
    return table.assign(weight=table.kid_pooled_n * share)


@cache
def weighted_table(folder: Path) -> pd.DataFrame:
    """Both together, worked out once for all modules; nobody writes into it."""
    return add_weights(tract_table(folder), folder)


def mean_rank(table: pd.DataFrame) -> float:
    known = table.dropna(subset=["rank", "weight"])
    return float((known["rank"] * known.weight).sum() / known.weight.sum())
