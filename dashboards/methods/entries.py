"""What /methods/ says, in order, and the anchors that panels link to (`/methods/#tiers`).

Worked numbers are not here: `method_examples` computes them. Pure data.
"""

from dashboards.methods.texts import city_number, comparisons, one_tract
from dashboards.methods.texts import groups as whom
from dashboards.methods.texts.entry import (
    AREAS,
    BOUNDARY,
    CHANGING,
    CHILDREN,
    CITY_MEAN,
    COHORTS,
    CORRELATIONS,
    DISPERSION,
    DOLLARS,
    GAPS,
    MORAN,
    NOISE,
    NOT_DONE,
    PERCENTILES,
    RANK_SETS,
    RELIABILITY,
    RENT,
    SEGREGATION,
    SHRINKAGE,
    STANDARD_ERROR,
    TIERS,
    WEIGHTS,
    MethodEntry,
)
from dashboards.methods.texts.refused import REFUSED

GROUPS: tuple[tuple[str, tuple[MethodEntry, ...]], ...] = (
    ("What the numbers are", whom.ENTRIES),
    ("The city’s number", city_number.ENTRIES),
    ("One tract", one_tract.ENTRIES),
    ("Groups, places and time", comparisons.ENTRIES),
)
ENTRIES = tuple(entry for _, entries in GROUPS for entry in entries)
ANCHORS = frozenset({*(entry.anchor for entry in ENTRIES), NOT_DONE})

__all__ = [
    "ANCHORS",
    "AREAS",
    "BOUNDARY",
    "CHANGING",
    "CHILDREN",
    "CITY_MEAN",
    "COHORTS",
    "CORRELATIONS",
    "DISPERSION",
    "DOLLARS",
    "ENTRIES",
    "GAPS",
    "GROUPS",
    "MORAN",
    "MethodEntry",
    "NOISE",
    "NOT_DONE",
    "PERCENTILES",
    "RANK_SETS",
    "REFUSED",
    "RELIABILITY",
    "RENT",
    "SEGREGATION",
    "SHRINKAGE",
    "STANDARD_ERROR",
    "TIERS",
    "WEIGHTS",
]
