"""Published values of a city's main county that only county tables have: trends, credit, site downloads."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from atlas import vectors
from atlas.measures import UnknownMeasure, describe
from atlas.queries.context_series import main_county
from atlas.queries.live import Catalog, Generation, LiveMeasure, live_catalog
from atlas.queries.units import with_unit
from atlas.records.county_values import CountyValue, CountyValues
from atlas.records.places import CityRecord, MeasureRecord
from atlas.sources.us_outline import county_names

LEVEL = "county"


@dataclass(frozen=True)
class _Chosen:
    live: LiveMeasure
    measure: MeasureRecord


def county_values(city: CityRecord, datasets: str) -> CountyValues:
    """Every value that live data sets whose key begins with `datasets` give for the city's main county.

    The middle county is the unweighted median of the file's counties with a value. One query per measure, remembered.
    """
    return _county_values(live_catalog().generation, city, datasets)


@lru_cache(maxsize=64)
def _county_values(generation: Generation, city: CityRecord, datasets: str) -> CountyValues:
    chosen = _chosen(live_catalog(), datasets)
    county = main_county(city) if chosen else ""  # not asked for while no such file is live
    if not county:
        return CountyValues("", "", ())
    name = county_names().get(county, f"county {county}")
    by_release: dict[int, list[_Chosen]] = {}
    for one in chosen:
        by_release.setdefault(one.live.release_id, []).append(one)
    code = np.array([int(county)], dtype=np.int64)
    found = []
    for release, held in by_release.items():
        read = vectors.several(release, tuple(one.live.slug for one in held))
        found += [_value(one.measure, read[one.live.slug], code) for one in held]
    return CountyValues(county, name, tuple(found))


def _chosen(live: Catalog, datasets: str) -> tuple[_Chosen, ...]:
    found = []
    for one in live.measures:
        if one.level != LEVEL or not one.source.dataset.startswith(datasets):
            continue
        try:
            words = with_unit(describe(one.slug), live.units)
        except UnknownMeasure:  # a column stored beside the estimates
            continue
        record = MeasureRecord(
            words.slug,
            words.label,
            words.unit,
            words.group,
            words.population,
            one.source,
            one.has_standard_error,
            words.note,
        )
        found.append(_Chosen(one, record))
    return tuple(found)


def _value(measure: MeasureRecord, vector: vectors.Vector, code: np.ndarray) -> CountyValue:
    value, error = vector.at(code)
    known = vector.value[np.isfinite(vector.value)]
    return CountyValue(
        measure,
        vectors.published(value[0]),
        None if error is None else vectors.published(error[0]),
        float(np.median(known.astype(float))) if known.size else None,
        int(known.size),
    )
