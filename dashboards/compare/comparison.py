"""Any set of cities beside one another: the page, the CSV and the API take the same panels from here."""

from dataclasses import dataclass

from atlas.measures import UNITS_ZERO_TO_ONE, is_sensitive
from atlas.queries import cities as city_queries
from atlas.queries import groups as group_queries
from atlas.queries import headlines as headline_queries
from atlas.queries.headlines import MEASURE as HEADLINE_MEASURE
from atlas.queries.live import Generation, live_generation
from atlas.queries.measures import available_measures
from atlas.queries.tracts import place_tracts
from atlas.records.places import CityRecord, MeasureRecord
from dashboards.formatting.shown_dollars import cached_by_dollars
from dashboards.panels import compare, compare_groups
from dashboards.panels.base import Panel
from dashboards.panels.options import UnknownChoice
from dashboards.panels.outcome_choice import why_refused

MOST_CITIES = 40


@dataclass(frozen=True)
class Comparison:
    """The cities chosen, in the order asked for, and their panels."""

    cities: tuple[CityRecord, ...]
    measure: MeasureRecord | None
    panels: tuple[Panel, ...]


def comparable_measures() -> tuple[MeasureRecord, ...]:
    """Outcomes that have a mean: ranks and shares. Incarceration and teenage births are not set side by side."""
    return tuple(
        m
        for m in available_measures("tract")
        if m.group == "outcome" and m.unit in UNITS_ZERO_TO_ONE and not is_sensitive(m.slug)
    )


def read_cities(values: list[str]) -> tuple[CityRecord, ...]:
    """From `?cities=a,b` or a form's `?cities=a&cities=b`. Raises UnknownChoice for a city nobody has."""
    known = {city.slug: city for city in city_queries.cities()}
    wanted = list(dict.fromkeys(slug.strip() for value in values for slug in value.split(",") if slug.strip()))
    for slug in wanted:
        if slug not in known:
            raise UnknownChoice("city", slug, {city.slug: city.name for city in known.values()})
    return tuple(known[slug] for slug in wanted[:MOST_CITIES])


def choose(wanted: str) -> MeasureRecord | None:
    """The measure asked for, else household income rank, else the first there is. Raises UnknownChoice."""
    offered = {m.slug: m for m in comparable_measures()}
    if wanted and wanted not in offered:
        because = why_refused(available_measures("tract"), wanted, "compared")
        raise UnknownChoice("measure", wanted, {m.slug: m.label for m in offered.values()}, because)
    return offered.get(wanted or HEADLINE_MEASURE) or next(iter(offered.values()), None)


def compare_cities(cities: tuple[CityRecord, ...], wanted: str) -> Comparison:
    """Raises UnknownChoice for a measure nobody offers."""
    measure = choose(wanted)
    if measure is None or not cities:
        return Comparison(cities, measure, ())
    return Comparison(cities, measure, _panels(live_generation(), cities, measure))


@cached_by_dollars(maxsize=64)
def _panels(token: Generation, cities: tuple[CityRecord, ...], measure: MeasureRecord) -> tuple[Panel, ...]:
    headlines = headline_queries.headlines(cities, measure.slug)
    tracts = tuple(place_tracts(city, measure.slug) for city in cities)
    beside = {city.slug: group_queries.groups(city) for city in cities}
    groups = compare_groups.build(cities, beside)
    return compare.build_means(cities, headlines, measure), compare.build_spreads(tracts), groups
