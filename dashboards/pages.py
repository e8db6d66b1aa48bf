"""What each page shows, composed from queries and panels; no request, no HTML."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from atlas import queries
from atlas.measures import is_sensitive
from atlas.records import SAMPLE_NOTICE, CityRecord, Headline, MeasureRecord, Source, sample_share
from dashboards.charts.theme import figure_json
from dashboards.charts.tract_map import map_values
from dashboards.charts.us_map import NARROW, WIDE, MapDot, draw_us_map
from dashboards.number_words import as_percentile
from dashboards.panels import distribution, headline, where
from dashboards.panels.base import Panel, Table
from engagements.queries import ParticipationRecord, participations

DEFAULT_MEASURE = "kfr_pooled_pooled_p25_usd_2015"
GROUPS = (
    ("outcome", "Outcomes of children who grew up here"),
    ("characteristic", "Neighbourhood characteristics"),
    ("count", "Counts"),
)
HISTOGRAM_BINS = 30
STATIC_COLUMNS = frozenset({"neighbourhood", "geoid", "share_in_city"})


class UnknownMeasure(LookupError):
    """A measure nobody has; carries those there are, for the page that says so."""

    def __init__(self, wanted: str, known: tuple[str, ...]):
        super().__init__(f"There is no measure {wanted}. There are: {', '.join(known) or 'none imported yet'}.")


@dataclass(frozen=True)
class CityRow:
    """One city of the home page."""

    city: CityRecord
    headline: Headline | None
    participation: ParticipationRecord | None


@dataclass(frozen=True)
class MeasurePanels:
    """One measure of one city: map and distribution from the same values."""

    where: Panel
    distribution: Panel
    values: dict[str, Any]


def choose_measure(measures: tuple[MeasureRecord, ...], wanted: str | None) -> MeasureRecord | None:
    """The wanted measure, the default when none is named, None when there is no such measure."""
    if wanted:
        return next((measure for measure in measures if measure.slug == wanted), None)
    proper = [measure for measure in measures if not is_sensitive(measure.slug)]
    first = [measure for measure in proper if measure.slug == DEFAULT_MEASURE]
    outcomes = [measure for measure in proper if measure.group == "outcome"]
    return next(iter(first + outcomes + proper), None)


def group_measures(measures: tuple[MeasureRecord, ...]) -> list[tuple[str, list[MeasureRecord]]]:
    """Measures under the words of their group, empty groups left out."""
    grouped = [(words, [measure for measure in measures if measure.group == key]) for key, words in GROUPS]
    return [(words, members) for words, members in grouped if members]


def home_rows() -> tuple[CityRow, ...]:
    """Every city with its headline, when there is one."""
    cities = queries.cities()
    headlines = queries.headlines(cities)
    statuses = participations()
    return tuple(CityRow(city, headlines.get(city.slug), statuses.get(city.slug)) for city in cities)


def sources_of(rows: tuple[CityRow, ...]) -> tuple[Source, ...]:
    """Sources of the numbers on the home page, each once; of everything live while there are none."""
    shown = {s.release_id: s for row in rows if row.headline for s in row.headline.sources}
    return tuple(shown.values()) or queries.live_sources()


def sample_of(rows: tuple[CityRow, ...]) -> str:
    """How much of the numbers on the home page was generated: "none", "some" or "all"."""
    shown = (row.headline for row in rows if row.headline and row.headline.value is not None)
    return sample_share(headline.is_sample for headline in shown)


def missing_errors(rows: tuple[CityRow, ...]) -> tuple[str, ...]:
    """Why cities have no standard error, each reason once."""
    shown = [row.headline for row in rows if row.headline and row.headline.standard_error is None]
    return tuple(dict.fromkeys(reason for found in shown if (reason := headline.uncertainty(found))))


def home_maps(rows: tuple[CityRow, ...]) -> tuple[str, str]:
    """The same map twice, drawn for a desk and for a phone."""
    shown = [row for row in rows if row.headline and row.headline.value is not None]
    mixed = len({row.headline.is_sample for row in shown}) > 1
    dots = tuple(
        MapDot(
            row.city.name,
            (as_percentile(row.headline.value) + "*" * (mixed and row.headline.is_sample)) if row in shown else "",
            row.city.longitude,
            row.city.latitude,
            f"/cities/{row.city.slug}/",
            row in shown and row.headline.is_sample,
        )
        for row in rows
    )
    return _draw(dots, WIDE), _draw(dots, NARROW)


def measure_panels(city: CityRecord, measure: MeasureRecord) -> MeasurePanels:
    """Map, distribution and the values-only payload of one measure; kept until something is flipped."""
    return _measure_panels(queries.live_token(), city, measure)


@lru_cache(maxsize=64)
def _measure_panels(token: queries.Token, city: CityRecord, measure: MeasureRecord) -> MeasurePanels:
    tracts = queries.city_tracts(city, measure.slug)
    edges, shares = queries.national_histogram(measure.slug, bins=HISTOGRAM_BINS)
    here, beside = where.build(tracts), distribution.build(tracts, edges, shares)
    values: dict[str, Any] = {
        "measure": measure.slug,
        "title": here.title,
        "label": measure.label,
        "population": measure.population,
        "finding": here.finding,
        "sample": here.is_sample,
        "notice": SAMPLE_NOTICE if here.is_sample else "",
        "caveats": list(here.caveats),
        "sources": [source_line(source) for source in here.sources],
        "map": map_values(tracts),
        "table": table_words(here.table, skip=STATIC_COLUMNS),
        "distribution": {
            "finding": beside.finding or beside.reason,
            "figure": figure_json(beside.figure) if beside.figure else None,
            "table": table_words(beside.table),
        },
    }
    return MeasurePanels(here, beside, values)


def table_words(table: Table, skip: frozenset[str] = frozenset()) -> dict[str, Any]:
    """A table as the page's script needs it: caption, column keys and labels, and cells in words.

    Columns in `skip` do not change with the measure: their keys stay, their cells stay at home.
    """
    kept = [index for index, column in enumerate(table.columns) if column.key not in skip]
    return {
        "caption": table.caption,
        "keys": [column.key for column in table.columns],
        "labels": [column.label for column in table.columns],
        "moving": kept,
        "cells": [[table.columns[index].words(row[index]) for index in kept] for row in table.rows],
    }


def source_line(source: Source) -> str:
    """One source in one line."""
    sample = f"{SAMPLE_NOTICE}, not published figures: " if source.is_sample else ""
    return f"{sample}{source.publisher}, {source.title}; {source.vintage}. {source.citation}. {source.licence}."


def headline_panel(city: CityRecord) -> tuple[Headline, Panel]:
    """The city's headline and the panel that shows it."""
    return _headline_panel(queries.live_token(), city)


@lru_cache(maxsize=64)
def _headline_panel(token: queries.Token, city: CityRecord) -> tuple[Headline, Panel]:
    found = queries.headline(city)
    return found, headline.build(city, found)


@lru_cache(maxsize=128)
def _figure(token: queries.Token, city: CityRecord, slug: str, measure: MeasureRecord | None) -> dict[str, Any] | None:
    panel = _headline_panel(token, city)[1] if measure is None else _measure_panels(token, city, measure).where
    return figure_json(panel.figure) if panel.figure else None


@lru_cache(maxsize=8)
def _draw(dots: tuple[MapDot, ...], size) -> str:
    return draw_us_map(list(dots), size)


def accepts(header: str, encoding: str) -> bool:
    """Whether an Accept-Encoding header allows `encoding` ("br;q=0" does not)."""
    for part in header.split(","):
        name, _, quality = part.strip().partition(";")
        if name.strip().lower() == encoding:
            return quality.replace(" ", "").lower() not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def city_page(city: CityRecord, wanted: str | None) -> dict[str, Any]:
    """Everything the city template shows; UnknownMeasure when the wanted one is not there."""
    token = queries.live_token()
    found, panel = _headline_panel(token, city)
    measures = queries.available_measures("tract")
    measure = choose_measure(measures, wanted)
    if measure is None and wanted:
        raise UnknownMeasure(wanted, tuple(known.slug for known in measures))
    panels = _measure_panels(token, city, measure) if measure else None
    return {
        "shows_sample": _city_sample(city, panel, panels),
        "city": city,
        "participation": participations().get(city.slug),
        "headline": found,
        "headline_panel": panel,
        "headline_figure": _figure(token, city, "headline", None),
        "uncertainty": headline.uncertainty(found),
        "check": headline.check(found),
        "coverage": headline.nearly(found.coverage) if found.coverage is not None else "",
        "published": next((r for r in found.references if r.is_published and r.value is not None), None),
        "nation": next((r for r in found.references if r.kind == "nation" and r.value is not None), None),
        "measure": measure,
        "groups": group_measures(measures),
        "panels": panels,
        "map_figure": _figure(token, city, "where", measure) if measure and city.has_geometry else None,
        "distribution_figure": panels.values["distribution"]["figure"] if panels else None,
    }


def _city_sample(city: CityRecord, panel: Panel, panels: MeasurePanels | None) -> str:
    """How much of a city page was generated; generated outlines are a part even of a page of published numbers."""
    shown = panel.sources + (panels.where.sources if panels else ())
    found = sample_share(source.is_sample for source in shown)
    return "some" if found == "none" and city.geometry_is_sample else found
