"""Measures that exist, in words; ranks that can be worked out from published dollars among them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from atlas import vectors
from atlas.measures import OUTCOMES, MeasureDefinition, UnknownMeasure, describe
from atlas.queries.live import Catalog, Generation, LiveMeasure, live_catalog
from atlas.queries.units import with_unit
from atlas.records.places import MeasureRecord, Source
from atlas.sources import rank_to_dollar
from atlas.statistics.crosswalk import Crosswalk
from atlas.vectors import Vector

DOLLAR_SUFFIX = "_usd_2015"
DERIVATION = (
    "each tract's published income turned back into a percentile by the inverse of the source's "
    "percentile-to-dollar crosswalk; $0 means at or below percentile 9"
)
_CROSSWALKS = {"kfr": rank_to_dollar.SLUG}  # outcome: column of the crosswalk that converts it
_GROUP_ORDER = {"outcome": 0, "characteristic": 1, "count": 2}


@dataclass(frozen=True)
class TractVector:
    """A national tract vector with everything that must be said of it."""

    vector: Vector
    measure: MeasureRecord
    sources: tuple[Source, ...]
    at_or_below_zero: np.ndarray | None = None  # bool per tract, for ranks worked out from dollars


def available_measures(level: str = "tract") -> tuple[MeasureRecord, ...]:
    """Every measure live at a level: outcomes first (incarceration and teenage birth last), then the rest."""
    found = live_catalog()
    return _load_available(found.generation, level)


@lru_cache(maxsize=8)
def _load_available(generation: Generation, level: str) -> tuple[MeasureRecord, ...]:
    live = live_catalog()
    records: dict[str, MeasureRecord] = {}
    for slug in {m.slug for m in live.measures if m.level == level}:
        if (published := _published(live.get(level, slug), live.units)) is not None:
            records[slug] = published
    if level == "tract":
        for slug in list(records):
            rank = slug.removesuffix(DOLLAR_SUFFIX)
            if rank != slug and rank not in records and (derived := _derived(live, rank)):
                records[rank] = derived
    return tuple(sorted(records.values(), key=_sort_key))


def measure(slug: str, level: str = "tract") -> MeasureRecord | None:
    return next((m for m in available_measures(level) if m.slug == slug), None)


def _sort_key(record: MeasureRecord) -> tuple[int, bool, int, bool, bool, bool, str]:
    words = describe(record.slug)
    outcomes = list(OUTCOMES)
    return (
        _GROUP_ORDER[record.group],
        bool(words.sensitive_as),
        outcomes.index(words.outcome) if words.outcome in outcomes else len(outcomes),
        words.race != "pooled",
        words.gender != "pooled",
        record.unit != "rank",
        record.slug,
    )


def _published(live: LiveMeasure, units: Mapping[str, str]) -> MeasureRecord | None:
    try:
        words = describe(live.slug)
    except UnknownMeasure:  # an id stored beside the estimates
        return None
    return _record(with_unit(words, units), live.source, live.has_standard_error, words.note)


def _record(words: MeasureDefinition, source: Source, has_se: bool, note: str, derived_from: str = "") -> MeasureRecord:
    return MeasureRecord(
        words.slug, words.label, words.unit, words.group, words.population, source, has_se, note, derived_from
    )


def crosswalk(live: Catalog, outcome: str) -> tuple[Crosswalk, Source] | None:
    """The live crosswalk that converts an outcome's ranks, None when none is live."""
    if outcome not in _CROSSWALKS:
        return None
    found = live.find("percentile", _CROSSWALKS[outcome])
    if found is None:
        return None
    return Crosswalk(vectors.national(found.release_id, found.slug).value.astype(float)), found.source


def _derived(live: Catalog, rank_slug: str) -> MeasureRecord | None:
    words = describe(rank_slug)
    dollars = live.find("tract", rank_slug + DOLLAR_SUFFIX)
    if dollars is None or crosswalk(live, words.outcome) is None:
        return None
    return _record(words, dollars.source, False, f"Worked out: {DERIVATION}.", dollars.slug)


def tract_vector(slug: str) -> TractVector | None:
    """The national vector of a tract measure: published, or ranks worked out from published dollars."""
    return _tract_vector(live_catalog().generation, slug)


@lru_cache(maxsize=64)
def _tract_vector(generation: Generation, slug: str) -> TractVector | None:
    live = live_catalog()
    record = measure(slug)
    if record is None:
        return None
    if not record.derived_from:
        found = live.get("tract", slug)
        return TractVector(vectors.national(found.release_id, slug), record, (found.source,))
    dollars = live.get("tract", record.derived_from)
    conversion = crosswalk(live, describe(slug).outcome)
    assert conversion is not None, "only with a live crosswalk is a measure offered as derived"
    rule, source = conversion
    published = vectors.national(dollars.release_id, dollars.slug)
    ranks, zero = rule.ranks(published.value)
    derived = replace(published, value=ranks.astype(np.float32))
    return TractVector(derived, record, (dollars.source, source), zero)
