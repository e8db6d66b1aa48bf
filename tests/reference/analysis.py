"""Correlations and segregation straight from the publishers' files with pandas: no line of the portal's own code."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyproj
import shapely.geometry
from scipy import stats

from tests.reference import headline

CHARACTERISTICS = {  # label of the portal's table: file
    "Poverty rate, 2012–16": "tract_poor_share2016.csv.gz",
    "Families with a single parent, 2012–16": "tract_singleparent_share2016.csv.gz",
    "Residents of color, 2010": "tract_nonwhite_share2010.csv.gz",
    "Median gross rent, 2012–16": "tract_median_rent2016.csv.gz",
}


def tract_table(folder: Path) -> pd.DataFrame:
    """One row per tract, indexed by GEOID: rank, weight, children by race, characteristics."""
    national = folder / "atlas" / "national"
    table = headline.weighted_table(folder).set_index("geoid")
    collapse = pd.read_csv(national / "tract_collapse.csv.gz")
    collapse.index = collapse.state * 10**9 + collapse.county * 10**6 + collapse.tract
    table["kid_black_n"], table["kid_white_n"] = collapse.kid_black_n, collapse.kid_white_n
    for label, name in CHARACTERISTICS.items():
        frame = pd.read_csv(national / name, encoding="utf-8-sig")
        table[label] = frame.set_index(frame.columns[0]).iloc[:, -1]
    rent = table["Median gross rent, 2012–16"]
    table["Median gross rent, 2012–16"] = rent.mask(rent.isin([99, 3501]))
    return table


def correlation(table: pd.DataFrame, column: str, centers: dict[int, tuple[float, float]]) -> dict[str, float]:
    """r, tracts, the number of independent ones they are worth, p: by explicit matrices, class after class."""
    known = table[["rank", "weight", column]].dropna()
    known = known[known.weight > 0]
    w = (known.weight / known.weight.sum()).to_numpy()
    a = np.diag(w) - np.outer(w, w)
    x, y = known["rank"].to_numpy(), known[column].to_numpy()
    r = (x @ a @ y) / np.sqrt((x @ a @ x) * (y @ a @ y))
    at = np.array([centers[geoid] for geoid in known.index])
    n = len(known)
    apart = np.sqrt(((at[:, None] - at[None]) ** 2).sum(axis=2))
    number = int(np.ceil(np.log2(n * (n - 1) / 2) + 1))
    edges = np.linspace(0, apart.max(), number + 1)
    edges[-1] *= 1.001
    alike = []
    for values in (x, y):
        products = np.outer(values - values.mean(), values - values.mean())
        found = np.diag(np.diag(products).mean() * np.ones(n))
        for low, high in zip(edges[:-1], edges[1:], strict=True):
            inside = (apart >= low) & (apart < high) & ~np.eye(n, dtype=bool)
            if inside.any():
                found[inside] = products[inside].mean()
        alike.append(found)

    def worth(one: np.ndarray, other: np.ndarray) -> float:
        return float(1 + np.trace(a @ one) * np.trace(a @ other) / np.trace(a @ one @ a @ other))

    most, seen = worth(np.eye(n), np.eye(n)), worth(*alike)
    effective = most if seen <= 1 else min(most, seen)
    t = r * np.sqrt((effective - 2) / (1 - r**2))
    return {"r": r, "n": n, "effective": effective, "p": 2 * stats.t.sf(abs(t), effective - 2)}


def tract_centers(folder: Path, city: str) -> dict[int, tuple[float, float]]:
    """Centers of a city's tracts on a plane of true areas around their middle, in meters."""
    with open(folder / "geo" / f"tracts_{city}.geojson") as stream:
        features = [f for f in json.load(stream)["features"] if f["geometry"]]
    shapes = {int(_geoid(f["properties"])): shapely.geometry.shape(f["geometry"]) for f in features}
    west, south, east, north = shapely.total_bounds(list(shapes.values()))
    plane = pyproj.Proj(proj="laea", lon_0=(west + east) / 2, lat_0=(south + north) / 2)
    found = {}
    for geoid, shape in shapes.items():
        center = shapely.transform(shape, lambda at: np.column_stack(plane(at[:, 0], at[:, 1]))).centroid
        found[geoid] = (center.x, center.y)
    return found


def _geoid(properties: dict) -> str:
    return next(properties[name] for name in ("GEOID", "GEO_ID", "GEOID10", "geoid") if name in properties)[-11:]


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
