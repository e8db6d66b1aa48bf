"""Draws of the true values of a place's tracts: what is asked of many tracts at once is asked of these."""

from functools import lru_cache

import numpy as np

from atlas.measures import is_sensitive
from atlas.queries.headlines import mean_inputs, place_mean
from atlas.queries.live import Generation, live_catalog
from atlas.queries.members import members
from atlas.queries.outcome_tracts import outcome_tracts
from atlas.records.analysis import TractDraws
from atlas.records.places import Place
from atlas.statistics.benchmark import shifts
from atlas.statistics.draws import draw_true_values
from atlas.statistics.regressors import build_regressors
from atlas.statistics.results import NO_STANDARD_ERRORS
from atlas.statistics.signal_posterior import TooFewTracts, fit_signal_posterior

DRAWS = 2_000
SENSITIVE_REASON = (
    "incarceration and teenage birth are shown as original estimates only, and no place is chosen by them"
)


def tract_draws(place: Place, slug: str) -> TractDraws:
    """Of the tracts that belong to the place and have a value, an error and children; kept until something is flipped.

    The prior (a constant and the log standard error) is learned from every tract of their counties, as for shrunken
    values; each draw is moved by the tract's county, like the place's mean. Raises NoSuchMeasure and NoMean.
    """
    return _draws(live_catalog().generation, place, slug)


@lru_cache(maxsize=8)
def _draws(generation: Generation, place: Place, slug: str) -> TractDraws:
    tracts = outcome_tracts(place, slug)
    reason = tracts.reason or (SENSITIVE_REASON if is_sensitive(slug) else "")
    ground = mean_inputs(slug)
    every_error = ground.ranks.vector.standard_error if ground is not None else None
    if reason or tracts.standard_errors is None or ground is None or every_error is None:
        return TractDraws(tracts, np.zeros(len(tracts.geoids), bool), None, reason or NO_STANDARD_ERRORS)
    chosen = tracts.used & (tracts.standard_errors > 0)
    vector = ground.ranks.vector
    counties = np.unique([int(geoid) // 10**6 for geoid in tracts.geoids])
    near = np.isin(vector.geoids // 10**6, counties)
    y, s = vector.value[near].astype(float), every_error[near].astype(float)
    learn = np.isfinite(y) & np.isfinite(s) & (s > 0)
    try:
        if not chosen.any() or not learn.any():
            raise TooFewTracts("no tract has a value, a standard error and children")
        rule = build_regressors(s[learn])
        posterior = fit_signal_posterior(y[learn], s[learn], rule.matrix(s[learn]))
    except TooFewTracts as error:
        return TractDraws(tracts, np.zeros(len(tracts.geoids), bool), None, str(error))
    errors = tracts.standard_errors[chosen]
    drawn = draw_true_values(tracts.values[chosen], errors, rule.matrix(errors), posterior, draws=DRAWS)
    found = place_mean(members(place), ground)
    if found.basis != "raw":  # they are held against means that are moved likewise
        drawn = drawn + shifts(found.benchmark.counties, np.array([int(g) for g in tracts.geoids])[chosen] // 10**6)
    return TractDraws(tracts, chosen, drawn)
