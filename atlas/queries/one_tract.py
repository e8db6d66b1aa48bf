"""One tract: where it lies, and every measure of it beside the tracts of its city and of the nation."""

import numpy as np

from atlas.measures import UnknownMeasure, count_slugs, describe, is_sensitive
from atlas.models import City, CityTract, Tract
from atlas.queries.live import live_catalog
from atlas.queries.measures import available_measures, tract_vector
from atlas.queries.members import city_members
from atlas.queries.tracts import national_middle
from atlas.records.places import CityTractShare, MeasureRecord, TractRecord, TractValue
from atlas.sources.us_outline import county_names
from atlas.statistics.intervals import Z95
from atlas.statistics.overlay import MIN_SHARE
from atlas.vectors import Vector, national, published

LISTED_STATS = ("p25", "mean", "")


def find_tract(geoid: str) -> TractRecord | None:
    """A tract of the 2010 list with the cities it lies in, None when nobody knows it. Three queries."""
    row = Tract.objects.filter(geoid=geoid, vintage=2010).first()
    if row is None or (row.is_sample and not sample_is_live()):
        return None
    names = dict(City.objects.values_list("slug", "name"))
    within = tuple(
        CityTractShare(slug, names[slug], share, belongs)
        for slug, share, belongs in CityTract.objects.filter(geoid=geoid, vintage=2010, share__gte=MIN_SHARE)
        .order_by("-share")
        .values_list("city__slug", "share", "belongs")
    )
    county = county_names().get(geoid[:5], f"county {geoid[:5]}")
    return TractRecord(geoid, row.name, county, within, row.is_sample)


def sample_is_live() -> bool:
    """Whether generated tract estimates answer now: only then are the sample's tracts anybody's."""
    return any(m.level == "tract" and m.source.is_sample for m in live_catalog().measures)


def listed_measures() -> tuple[MeasureRecord, ...]:
    """What a tract's page lists: everybody's outcomes at the 25th percentile or over all parents, then the
    headline outcome by race and gender, then characteristics. Incarceration and teenage births only where asked for."""
    return tuple(m for m in available_measures("tract") if _is_listed(m))


def _is_listed(measure: MeasureRecord) -> bool:
    if measure.group == "characteristic":
        return True
    # A rank worked out from published dollars says the same as the dollars, on the same row of the same scale.
    if measure.group != "outcome" or measure.derived_from or is_sensitive(measure.slug):
        return False
    try:
        words = describe(measure.slug)
    except UnknownMeasure:
        return False
    everybody = words.race == "pooled" and words.gender == "pooled"
    return words.stat in LISTED_STATS and (everybody or (words.outcome in ("kfr", "kir") and words.stat == "p25"))


def tract_values(geoid: str, city: str | None) -> tuple[TractValue, ...]:
    """Every listed measure of a tract; percentiles compare with all US tracts that have a value, each counting once.

    `city` is the slug whose middle tract stands beside it, None for a tract outside every city.
    """
    own = city_members(city).own if city else np.empty(0, np.int64)
    code = np.array([int(geoid)])
    return tuple(_value(measure, code, own) for measure in listed_measures())


def _value(measure: MeasureRecord, code: np.ndarray, own: np.ndarray) -> TractValue:
    found = tract_vector(measure.slug)
    assert found is not None, "a listed measure is live"
    vector = found.vector
    values, errors = vector.at(code)
    value = published(values[0])
    error = published(errors[0]) if errors is not None else None
    mine = vector.at(own)[0]
    known = mine[np.isfinite(mine)].astype(float)
    middle = float(np.median(known)) if known.size else None
    ends = (None, None) if value is None or error is None else (value - Z95 * error, value + Z95 * error)
    return TractValue(
        measure=measure,
        value=value,
        standard_error=error,
        children=_children(measure.slug, code),
        percentile=_percentile(vector, value),
        low_percentile=_percentile(vector, ends[0]),
        high_percentile=_percentile(vector, ends[1]),
        city_middle=middle,
        city_percentile=_percentile(vector, middle),
        national_middle=national_middle(measure.slug),
        reason=_reason(vector, code, value),
        sources=found.sources,
    )


def _percentile(vector: Vector, value: float | None) -> float | None:
    """Mid-rank 0-100 among US tracts with a value: share below plus half of those equal."""
    if value is None:
        return None
    reference = vector.value
    known = np.count_nonzero(np.isfinite(reference))
    at = np.float32(value)
    below, equal = np.count_nonzero(reference < at), np.count_nonzero(reference == at)
    return 100.0 * (below + equal / 2) / known if known else None


def _reason(vector: Vector, code: np.ndarray, value: float | None) -> str:
    if value is not None:
        return ""
    return "not published (too few children, or not estimated)" if code[0] in vector.geoids else "not in the file"


def _children(slug: str, code: np.ndarray) -> float | None:
    live = live_catalog()
    held = live.find("tract", slug)
    beside = live.find_in_release_of(held, count_slugs(slug)) if held else None
    return published(national(beside.release_id, beside.slug).at(code)[0][0]) if beside else None
