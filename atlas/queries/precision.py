"""How much larger a mean's standard error is than independent tracts would make it, by the counties published."""

import numpy as np

from atlas import vectors
from atlas.queries.live import live_catalog
from atlas.queries.weights import Weights
from atlas.statistics.inflation import Inflation, measure_inflation
from atlas.statistics.results import NO_STANDARD_ERRORS
from atlas.statistics.weights import weighted_mean
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
        return Inflation(None, None, 0, reason="the county file has no standard errors")
    formula = np.array([_formula_error(tracts, weights, county) for county in counties])
    share = np.bincount(codes, np.nan_to_num(children), len(counties)).astype(float)
    return measure_inflation(errors.astype(float), formula, share)


def orleans_inflation(slug: str, tracts: Vector, weights: Weights) -> Inflation | None:
    """The same ratio where parish and city are one; None while no tract of it is live."""
    geoids = tracts.geoids[tracts.geoids // 10**6 == ORLEANS]
    if not geoids.size:
        return None
    found = county_inflation(slug, tracts, weights, geoids, np.ones(geoids.size))
    return found if found.value is not None else None


def _formula_error(tracts: Vector, weights: Weights, county: int) -> float:
    """SE of the county's mean as if its tracts were independent, NaN where it has none."""
    inside = tracts.geoids // 10**6 == county
    errors = None if tracts.standard_error is None else tracts.standard_error[inside]
    found = weighted_mean(tracts.value[inside], weights.at(tracts.geoids[inside]), errors).standard_error
    return np.nan if found is None else found
