"""Means of a place's tracts benchmarked to the published values of its counties."""

from dataclasses import dataclass

import numpy as np

from atlas import vectors
from atlas.queries.live import Catalog, LiveMeasure, live_catalog
from atlas.queries.measures import TractVector
from atlas.queries.weights import Weights
from atlas.records.places import any_sample
from atlas.statistics.benchmark import Benchmark, CountyDifference, CountyTracts, benchmark, compare_counties
from atlas.statistics.results import Estimate

NO_COUNTY_VALUE = "no county has a published value of this measure in the files loaded here"
OTHER_ORIGIN = "the tracts are synthetic sample data and the county file is not, or the other way round"


@dataclass(frozen=True)
class CountyValues:
    """The live county file's values of one measure; without `held`, `reason` says why there are none to use."""

    held: LiveMeasure | None
    reason: str = ""

    def at(self, counties: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
        """(values, standard errors or None) of these counties (k,), NaN where nothing is published."""
        assert self.held is not None, self.reason
        values, errors = vectors.national(self.held.release_id, self.held.slug).at(counties)
        return _as_published(values), None if errors is None else _as_published(errors)


def county_values(live: Catalog, ranks: TractVector) -> CountyValues:
    """What the tracts of `ranks` can be held against: the same measure of the county file, generated or not alike."""
    held = live.find("county", ranks.measure.slug)
    if held is None:
        return CountyValues(None, NO_COUNTY_VALUE)
    if held.source.is_sample != any_sample(ranks.sources):
        return CountyValues(None, OTHER_ORIGIN)
    return CountyValues(held)


def place_benchmark(
    ranks: TractVector, weights: Weights, codes: np.ndarray, children: np.ndarray, mean: Estimate, ratio: float = 1.0
) -> Benchmark:
    """Of the place whose tracts `codes` (n,) count with `children` (n,) each; `mean` is their plain mean."""
    known = county_values(live_catalog(), ranks)
    if known.held is None or mean.value is None or weights.vector is None:
        nothing = Estimate(None, None, mean.n, mean.unit, reason=mean.reason if mean.value is None else known.reason)
        return Benchmark(nothing, (), None, None, False)
    tracts, counties = _county_tracts(ranks, weights, codes, children)
    return benchmark(mean, tracts, compare_counties(tracts, counties, *known.at(counties)), ratio)


def _county_tracts(
    ranks: TractVector, weights: Weights, codes: np.ndarray, children: np.ndarray
) -> tuple[CountyTracts, np.ndarray]:
    """Every tract of the counties of `codes`, and those counties, rising."""
    counties = np.unique(codes // 10**6)
    vector = ranks.vector
    near = vectors.rows_of_counties(vector.geoids, counties)
    geoids = vector.geoids[near]
    order = np.argsort(codes)
    found, position = vectors.locate(codes[order], geoids)
    inside = np.where(found, children[order][position], 0.0)
    errors = None if vector.standard_error is None else vector.standard_error[near]
    held = CountyTracts(geoids // 10**6, vector.value[near], weights.at(geoids), inside, errors)
    return held, counties


def main_difference(found: Benchmark) -> CountyDifference | None:
    """That of the county most of the place's children lived in."""
    return found.counties[0] if found.counties else None


def _as_published(values: np.ndarray) -> np.ndarray:
    """Stored float32 as the decimal the publisher printed."""
    texts = map(str, values.astype("f4"))
    return np.where(np.isfinite(values), np.array([float(text) for text in texts], np.float64), np.nan)
