"""What each page shows, composed from queries and panels; no request, no HTML."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.http import QueryDict

from atlas.formatting.percentiles import format_percentile, format_points
from atlas.formatting.ranges import join_ends
from atlas.measures import is_sensitive
from atlas.queries import cities as city_queries
from atlas.queries import headlines as headline_queries
from atlas.queries.live import live_sources
from atlas.queries.measures import available_measures
from atlas.records.places import CityRecord, Headline, MeasureRecord, Place, Source, sample_share
from atlas.statistics.intervals import Z95
from dashboards.charts.us_map import NARROW, WIDE, MapDot, draw_us_map
from dashboards.formatting.benchmarks import HOW_ADJUSTED, adjustment_note
from dashboards.formatting.estimates import format_difference
from dashboards.panels import headline
from dashboards.panels.catalog import KINDS, NOT_BY_TRACT, chosen_measure, chosen_outcome
from dashboards.panels.content_notices import READ, context_of, needs_context
from dashboards.panels.options import Options
from dashboards.panels.outcome_choice import offer_outcomes
from dashboards.panels.panel_view import PanelView, panel_view
from dashboards.places.map_page import tier_counts, where_page
from dashboards.places.place_sections import place_sections
from engagements.discussion.queries.notes import local_notes
from engagements.evidence.gap_queries import gap_behind
from engagements.people.queries.cities import ParticipationRecord, participations


@dataclass(frozen=True)
class CityRow:
    """One city of the home page."""

    city: CityRecord
    headline: Headline | None
    participation: ParticipationRecord | None

    @property
    def interval(self) -> str:
        """The 95% interval of the mean in percentiles: "30.1 to 30.8"; "" without a standard error."""
        found = self.headline
        if found is None or found.value is None or found.standard_error is None:
            return ""
        half = Z95 * found.standard_error
        return join_ends(format_points(found.value - half), format_points(found.value + half))

    @property
    def before(self) -> str:
        """The mean of its tracts before adjustment: "31.1"; "" without one."""
        return "" if self.headline is None else format_points(self.headline.raw_value, missing="")

    @property
    def moved(self) -> str:
        """ "−0.85 (5.1 standard errors)", or "none" and why."""
        found = self.headline
        if found is None or found.adjustment is None:
            return "none"
        in_errors = found.adjustment_in_errors
        times = "" if in_errors is None else f" ({abs(in_errors):.1f} standard errors)"
        return f"{format_difference(found.adjustment, 'rank')}{times}"


def home_rows() -> tuple[CityRow, ...]:
    """Every city with its headline, when there is one."""
    cities = city_queries.cities()
    headlines = headline_queries.headlines(cities)
    statuses = participations()
    return tuple(CityRow(city, headlines.get(city.slug), statuses.get(city.slug)) for city in cities)


def sources_of(rows: tuple[CityRow, ...]) -> tuple[Source, ...]:
    """Sources of the numbers on the home page, each once; of everything live while there are none."""
    shown = {s.release_id: s for row in rows if row.headline for s in row.headline.sources}
    return tuple(shown.values()) or live_sources()


def sample_of(rows: tuple[CityRow, ...]) -> str:
    """How much of the numbers on the home page was generated: "none", "some" or "all"."""
    shown = (row.headline for row in rows if row.headline and row.headline.value is not None)
    return sample_share(headline.is_sample for headline in shown)


def missing_errors(rows: tuple[CityRow, ...]) -> tuple[str, ...]:
    """Why cities have no standard error, each reason once."""
    shown = [row.headline for row in rows if row.headline and row.headline.standard_error is None]
    return tuple(dict.fromkeys(reason for found in shown if (reason := headline.uncertainty(found))))


def adjustment_reasons(rows: tuple[CityRow, ...]) -> tuple[str, ...]:
    """What the adjustment is, and why cities have none, each reason once; nothing while no city has a mean."""
    shown = [row.headline for row in rows if row.headline and row.headline.value is not None]
    why = dict.fromkeys(found.basis_reason for found in shown if found.basis_reason)
    return (*([HOW_ADJUSTED.rstrip(".")] if shown else []), *(f"Not adjusted: {reason}" for reason in why))


def home_maps(rows: tuple[CityRow, ...]) -> tuple[str, str]:
    """The same map twice, drawn for a desk and for a phone."""
    is_mixed = len({row.headline.is_sample for row in rows if row.headline and row.headline.value is not None}) > 1
    dots = tuple(_dot(row, is_mixed) for row in rows)
    return _draw(dots, WIDE), _draw(dots, NARROW)


def _dot(row: CityRow, is_mixed: bool) -> MapDot:
    """A city without a value has no number; what was generated has a star where other numbers were not."""
    city, found, address = row.city, row.headline, f"/cities/{row.city.slug}/"
    if found is None or found.value is None:
        return MapDot(city.name, "", city.longitude, city.latitude, address, False)
    number = format_percentile(found.value) + "*" * (is_mixed and found.is_sample)
    return MapDot(city.name, number, city.longitude, city.latitude, address, found.is_sample)


@lru_cache(maxsize=8)
def _draw(dots: tuple[MapDot, ...], size) -> str:
    return draw_us_map(list(dots), size)


LAID_OUT = ("headline", "where", "distribution")  # these have places of their own on the page; the rest follow in order


def place_page(place: Place, options: Options, params: QueryDict) -> dict[str, Any]:
    """Everything the page of a city or an area shows; `params` are the address's, which other views repeat.

    Raises UnknownChoice when something chosen is not there.
    """
    found = headline_queries.headline(place, weighting=options.weights)
    measure = chosen_measure(options)
    waits = measure is not None and needs_context(measure.slug) and options.context != READ
    shown = _shown_on("city", place, options, measure if not waits else None)
    return {
        "shows_sample": _sample_in(place, shown),
        "place": place,
        "options": options,
        "participation": participations().get(place.slug) if place.kind == "city" else None,
        "notes": local_notes(place.slug) if place.kind == "city" else (),
        **headline_details(place, options),
        "tried_elsewhere": gap_behind(found) if place.kind == "city" else "",
        "measure": measure,
        # Without its panel the map has no frame: the page says why in its place.
        "where": where_page(place, options, measure, params) if measure and not _failed(shown, "where") else None,
        "has_analysis": any(kind.page == "analysis" for kind in KINDS.values()),
        **place_sections(place, options, found, shown),
    }


def headline_details(place: Place, options: Options) -> dict[str, Any]:
    """What stands beside the headline's chart on its own page."""
    found = headline_queries.headline(place, weighting=options.weights)
    return {
        "headline": found,
        "uncertainty": headline.uncertainty(found),
        "adjustment": adjustment_note(place.name, found),
        "coverage": headline.nearly(found.coverage) if found.coverage is not None else "",
        "other_weighting": _other_weighting(place, options, found),
        "tiers": tier_counts(place, found.measure) if found.value is not None else None,
    }


def sample_of_panel(place: Place, one: PanelView) -> str:
    """How much of a panel's page was generated: "none", "some" or "all"."""
    return _sample_in(place, {one.panel.slug: one})


@dataclass(frozen=True)
class OtherWeighting:
    """The link that counts a place's tracts the other way, and what that changes."""

    query: str
    words: str
    change: str


def _other_weighting(place: Place, options: Options, found: Headline) -> OtherWeighting | None:
    other = "share" if options.weights == "majority" else "majority"
    change = headline.weighting_note(found, headline_queries.headline(place, weighting=other))
    if not change:
        return None
    words = {"share": "Count each tract by its share of area inside", "majority": "Count whole tracts again"}
    return OtherWeighting(replace(options, weights=other).query(), words[other], change)


def analysis_page(place: Place, options: Options) -> dict[str, Any]:
    """The panels behind "More analysis". Raises UnknownChoice."""
    measure = chosen_outcome(options)
    waits = measure is not None and needs_context(measure.slug) and options.context != READ
    shown = _shown_on("analysis", place, options, measure if not waits else None)
    sensitive = measure is not None and is_sensitive(measure.slug)
    opened = replace(options, context=READ)
    return {
        "context": context_of(measure.slug) if measure is not None and sensitive else None,
        "open_address": f"?{opened.query()}" if waits else "",
        "left_out": f"{NOT_BY_TRACT[:1].upper()}{NOT_BY_TRACT[1:]}" if sensitive else "",
        "shows_sample": _sample_in(place, shown),
        "place": place,
        "options": options,
        "measure": measure,
        "offered": offer_outcomes(available_measures("tract"), measure),
        "rest": list(shown.values()),
    }


def _shown_on(page: str, place: Place, options: Options, measure: MeasureRecord | None) -> dict[str, PanelView]:
    """The page's panels; without a measure, or while it waits for its context, those that take none."""
    kinds = [
        kind
        for kind in KINDS.values()
        if kind.page == page
        and (
            "measure" not in kind.takes
            or (measure is not None and (kind.shows_sensitive or not is_sensitive(measure.slug)))
        )
    ]
    shown = {kind.slug: panel_view(place, kind.slug, options) for kind in kinds}
    return {slug: one for slug, one in shown.items() if not KINDS[slug].only_where_loaded or _says_something(one)}


def _says_something(one: PanelView) -> bool:
    return bool(one.panel.table.rows) or one.panel.has_failed


def _failed(shown: dict[str, PanelView], slug: str) -> bool:
    return slug in shown and shown[slug].panel.has_failed


def _sample_in(place: Place, shown: dict[str, PanelView]) -> str:
    """How much of a page was generated; generated outlines are a part even of a page of published numbers."""
    found = sample_share(source.is_sample for one in shown.values() for source in one.panel.sources)
    return "some" if found == "none" and place.geometry_is_sample else found
