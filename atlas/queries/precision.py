"""How much larger a mean's standard error is than independent tracts would make it, by the counties published."""

import numpy as np

from atlas import vectors
from atlas.queries.live import live_catalog
from atlas.queries.weights import Weights
from atlas.statistics.inflation import Inflation, measure_inflation
from atlas.statistics.results import NO_STANDARD_ERRORS
from atlas.vectors import Vector

ORLEANS = 22071  # the parish is New Orleans: its published error is a city's


def county_inflation(
    slug: str, tracts: Vector, weights: Weights, geoids: np.ndarray, children: np.ndarray
) -> Inflation:
    """Published county SE / formula SE of the county's tracts, over the counties that `geoids` (n,) lie in.

    `children` (n,) are the place's: a county counts by how many of them lived there. No ratio, with its reason,
    where the tract file has no standard errors or no counts, or the county file not this measure.
    """
    if tracts.standard_error is None:
        return Inflation(None, None, 0, reason=NO_STANDARD_ERRORS)
    if weights.vector is None or weights.model is not None:
        return Inflation(None, None, 0, reason="the tract file has no counts")
    published = live_catalog().find("county", slug)
    if published is None:
        return Inflation(None, None, 0, reason="the county file has no such measure")
    counties, codes = np.unique(geoids // 10**6, return_inverse=True)
    errors = vectors.national(published.release_id, slug).at(counties)[1]
    if errors is None:
        return Inflation(None, None, 0, reason="the county file has no margin of error")
    formula = _formula_errors(tracts, weights, counties)
    share = np.bincount(codes, np.nan_to_num(children), len(counties)).astype(float)
    return measure_inflation(errors.astype(float), formula, share)


def orleans_inflation(slug: str, tracts: Vector, weights: Weights) -> Inflation | None:
    """The same ratio where parish and city are one; None while no tract of it is live."""
    geoids = tracts.geoids[vectors.rows_of_counties(tracts.geoids, [ORLEANS])]
    if not geoids.size:
        return None
    found = county_inflation(slug, tracts, weights, geoids, np.ones(geoids.size))
    return found if found.value is not None else None


def _formula_errors(tracts: Vector, weights: Weights, counties: np.ndarray) -> np.ndarray:
    """SE of each county's mean as if its tracts were independent, NaN where it has none; `counties` (k,) rising."""
    near = vectors.rows_of_counties(tracts.geoids, counties)
    assert tracts.standard_error is not None, "only with standard errors is there a formula"
    values, errors = tracts.value[near], tracts.standard_error[near].astype(float)
    children = weights.at(tracts.geoids[near])
    county_of_tract = tracts.geoids[near] // 10**6
    use = np.isfinite(values) & np.isfinite(errors) & np.isfinite(children) & (children > 0)
    codes = np.searchsorted(counties, county_of_tract[use])
    whole = np.bincount(codes, children[use], len(counties))
    noise = np.bincount(codes, (children[use] * errors[use]) ** 2, len(counties))
    return np.sqrt(np.divide(noise, whole**2, out=np.full(len(counties), np.nan), where=whole > 0))
