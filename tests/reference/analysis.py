"""Correlations and segregation straight from the publishers' files with pandas: no line of the portal's own code."""

from pathlib import Path

import numpy as np
import pandas as pd

from tests.reference import headline

CHARACTERISTICS = {  # label of the portal's table: file
    "Poverty rate, 2012–16": "tract_poor_share2016.csv.gz",
    "Families with a single parent, 2012–16": "tract_singleparent_share2016.csv.gz",
    "Residents of colour, 2010": "tract_nonwhite_share2010.csv.gz",
    "Median gross rent, 2012–16": "tract_median_rent2016.csv.gz",
}


def tract_table(folder: Path) -> pd.DataFrame:
    """One row per tract, indexed by GEOID: rank, weight, children by race, characteristics."""
    national = folder / "atlas" / "national"
    table = headline.add_weights(headline.tract_table(folder), folder).set_index("geoid")
    collapse = pd.read_csv(national / "tract_collapse.csv.gz")
    collapse.index = collapse.state * 10**9 + collapse.county * 10**6 + collapse.tract
    table["kid_black_n"], table["kid_white_n"] = collapse.kid_black_n, collapse.kid_white_n
    for label, name in CHARACTERISTICS.items():
        frame = pd.read_csv(national / name, encoding="utf-8-sig")
        table[label] = frame.set_index(frame.columns[0]).iloc[:, -1]
    rent = table["Median gross rent, 2012–16"]
    table["Median gross rent, 2012–16"] = rent.mask(rent.isin([99, 3501]))
    return table


def correlation(table: pd.DataFrame, column: str) -> tuple[float, float, int]:
    """(weighted correlation, HC1 standard error of the standardised slope, tracts) by the textbook's sums."""
    known = table[["rank", "weight", column]].dropna()
    known = known[known.weight > 0]
    w = known.weight / known.weight.sum()
    z = {}
    for name in ("rank", column):
        centred = known[name] - (w * known[name]).sum()
        z[name] = (centred / np.sqrt((w * centred**2).sum())).to_numpy()
    r = float((w * z["rank"] * z[column]).sum())
    x = np.column_stack([np.ones(len(known)), z[column]])
    residual = z["rank"] - r * z[column]
    bread = np.linalg.inv((x * w.to_numpy()[:, None]).T @ x)
    meat = (x * (w.to_numpy() * residual)[:, None]).T @ (x * (w.to_numpy() * residual)[:, None])
    n = len(known)
    return r, float(np.sqrt((bread @ meat @ bread)[1, 1] * n / (n - 2))), n


def segregation(first: pd.Series, second: pd.Series) -> tuple[float, float, float]:
    """(dissimilarity, isolation, Theil's H) in a loop over tracts."""
    known = [(a, b) for a, b in zip(first, second, strict=True) if a == a and b == b and a + b > 0]
    one, two = sum(a for a, _ in known), sum(b for _, b in known)
    apart = sum(abs(a / one - b / two) for a, b in known) / 2
    isolation = sum(a / one * a / (a + b) for a, b in known)

    def entropy(share):
        return -sum(p * np.log(p) for p in (share, 1 - share) if p > 0)

    whole = entropy(one / (one + two))
    theil = sum((a + b) / (one + two) * (whole - entropy(a / (a + b))) / whole for a, b in known)
    return apart, isolation, theil
