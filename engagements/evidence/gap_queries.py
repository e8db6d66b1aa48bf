"""What the portal measured in a city for each gap, with the nation's value where the data have one."""

from dataclasses import dataclass
from datetime import date
from math import hypot

from atlas import measures
from atlas.formatting.ranges import join_ends
from atlas.metrics.catalog import describe_metric
from atlas.queries import cities as city_queries
from atlas.queries.headlines import NotAveraged, headline
from atlas.queries.observations import many_series
from atlas.records.places import CityRecord, Headline, Reference, Series, Source
from engagements.evidence.gaps import ATLAS, GAPS, HIGHER, NATION, Gap, GapMeasure
from engagements.evidence.prose import Z95, reading

NO_NATION = "The source’s file has no value for the nation."
SHOWN = 0.005  # of a rank or share: less than half a percentile is no difference on the page
NO_ERROR = "Without standard errors nothing says how much of the difference is noise."


@dataclass(frozen=True)
class GapReading:
    """One number of the city. `city_text` and `nation_text` are the numbers in words; `nation_text` is "" without one.

    `is_behind`: on the worse side of the nation by more than the noise, or by anything where no noise is known;
    None where there is no nation. `about`: what is shown with it: bounds, noise, why there is no nation.
    """

    label: str
    city_text: str
    when: str
    nation_text: str
    is_behind: bool | None
    about: str
    population: str
    source: Source


@dataclass(frozen=True)
class CityGap:
    """`reason` says why there are no readings, "" when there are."""

    gap: Gap
    readings: tuple[GapReading, ...]
    reason: str

    @property
    def is_behind(self) -> bool:
        return any(one.is_behind for one in self.readings)


def find_city(slug: str) -> CityRecord | None:
    return city_queries.city(slug)


def city_gaps(city: CityRecord, codes: tuple[str, ...] = ()) -> tuple[CityGap, ...]:
    """Every gap, or those of `codes`, in the order of GAPS. At most eight statements once means are remembered."""
    wanted = [gap for gap in GAPS if not codes or gap.code in codes]
    slugs = tuple((m.slug, "") for gap in wanted for m in gap.measures if m.catalogue != ATLAS)
    series = many_series("place", city.place_geoid, slugs) if slugs else {}
    return tuple(_gap(city, gap, series) for gap in wanted)


def is_behind_nation(city_value: float, nation: float, measure: GapMeasure, errors: tuple[float | None, ...]) -> bool:
    """Worse than the nation by more than 1.96 standard errors of the difference, or, where one of the two is not
    known, by what the page shows. Of ranks and shares, 0-1."""
    worse_by = nation - city_value if measure.better == HIGHER else city_value - nation
    known = [error for error in errors if error is not None]
    if len(known) < len(errors):
        return worse_by > SHOWN
    return worse_by > Z95 * hypot(*known)


def gap_behind(found: Headline) -> str:
    """Code of the gap whose measure this mean is, when the city is behind the nation by it; else ""."""
    for gap in GAPS:
        for measure in gap.measures:
            if (measure.catalogue, measure.slug) == (ATLAS, found.measure) and _of_headline(found, measure)[0]:
                return gap.code
    return ""


def _of_headline(found: Headline, measure: GapMeasure) -> tuple[bool | None, Reference | None]:
    """Whether the city is behind, and the nation's mean by the same weights; None without one."""
    nation = next((r for r in found.references if r.kind == NATION and r.value is not None), None)
    if nation is None or nation.value is None or found.value is None:
        return None, None
    return is_behind_nation(found.value, nation.value, measure, (found.standard_error, nation.standard_error)), nation


def _gap(city: CityRecord, gap: Gap, series: dict[tuple[str, str], Series]) -> CityGap:
    if not gap.measures:
        return CityGap(gap, (), "No data set in this portal shows it for cities.")
    found = [
        _of_atlas(city, each) if each.catalogue == ATLAS else _of_context(series.get((each.slug, "")))
        for each in gap.measures
    ]
    readings = tuple(one for one in found if one is not None)
    return CityGap(gap, readings, "" if readings else f"It has not been imported for {city.name} yet.")


def _of_atlas(city: CityRecord, measure: GapMeasure) -> GapReading | None:
    try:
        found = headline(city, measure.slug)
    except NotAveraged:
        return None
    if found.value is None or not found.sources:
        return None
    words = measures.describe(measure.slug)
    behind, nation = _of_headline(found, measure)
    about = _noise(found, nation) if nation else NO_NATION
    nation_text = reading(nation.value, words.unit) if nation and nation.value is not None else ""
    return GapReading(
        words.label,
        reading(found.value, words.unit),
        "outcomes of 2014–15",
        nation_text,
        behind,
        about,
        words.population,
        found.sources[0],
    )


def _noise(found: Headline, nation: Reference) -> str:
    here, there = found.standard_error, nation.standard_error
    if here is None or there is None:
        return NO_ERROR
    return f"Standard error {here * 100:.2f} here and {there * 100:.2f} in the nation."


def _of_context(series: Series | None) -> GapReading | None:
    """The newest value that is shown, with the publisher's bounds."""
    if series is None:
        return None
    shown = [(n, value) for n, value in enumerate(series.values) if value is not None]
    if not shown:
        return None
    at, newest = shown[-1]
    unit = series.metric.unit
    low, high = series.lower[at], series.upper[at]
    bounds = ""
    if low is not None and high is not None:
        bounds = f"The source’s margin of error: {join_ends(reading(low, unit), reading(high, unit))}. "
    if series.quality[at]:
        bounds += f"Graded {series.quality[at]}. "
    return GapReading(
        series.metric.label,
        reading(newest, unit),
        _when(series.periods[at]),
        "",
        None,
        bounds + NO_NATION,
        describe_metric(series.metric.slug).description,
        series.source,
    )


def _when(period: date | None) -> str:
    return str(period.year) if period else ""
