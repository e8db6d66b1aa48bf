"""Anchors of the entries of /methods/, which panels link to."""

COHORTS, NOISE, BOUNDARY, CITY_MEAN = "cohorts", "noise", "boundary", "city-mean"
STANDARD_ERROR, WEIGHTS, DOLLARS, PERCENTILES = "standard-error", "weights", "dollars", "percentiles"
RELIABILITY, TIERS, SHRINKAGE, RANK_SETS = "reliability", "tiers", "shrinkage", "rank-sets"
GAPS, DISPERSION, CORRELATIONS, RENT = "gaps", "dispersion", "correlations", "rent"
CHILDREN, SEGREGATION, MORAN, AREAS, CHANGING = "children", "segregation", "moran", "areas", "changing"
NOT_DONE, COUNTY_ADJUSTMENT, SIDES = "not-done", "county-adjustment", "us-middle"
VERDICT_RULE, PILOT_DOLLARS = "verdict-rule", "dollars-by-evidence"
