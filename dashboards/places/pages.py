"""What each page shows, composed from queries and panels; no request, no HTML."""

from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict

from atlas.measures import is_sensitive
from atlas.queries import headlines as headline_queries
from atlas.queries.measures import available_measures
from atlas.records.places import Headline, MeasureRecord, Place, sample_share
from dashboards.formatting.benchmarks import adjustment_note
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
from engagements.people.queries.cities import participations
from engagements.results.queries.published import record_of_engagement


def place_page(place: Place, options: Options, params: QueryDict) -> dict[str, Any]:
    """Everything the page of a city or an area shows; `params` are the address's, which other views repeat.

    Raises UnknownChoice when something chosen is not there.
    """
    found = headline_queries.headline(place, weighting=options.weights)
    measure = chosen_measure(options)
    waits = measure is not None and needs_context(measure.slug) and options.context != READ
    shown = _shown_on("city", place, options, measure if not waits else None)
    participation = participations().get(place.slug) if place.kind == "city" else None
    return {
        "shows_sample": _sample_in(place, shown),
        "place": place,
        "options": options,
        "participation": participation,
        "done": record_of_engagement(participation.engagement) if participation else (),
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
