"""What changes on a place's page when another measure or view is picked: classes, words and the legend. No geometry."""

from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from atlas.measures import is_sensitive
from atlas.queries.live import Generation, live_generation
from atlas.queries.tract_statistics import tract_statistics
from atlas.records.places import Place
from dashboards.formatting.shown_dollars import cached_by_dollars
from dashboards.panels import where
from dashboards.panels.catalog import chosen_measure, chosen_overlay
from dashboards.panels.content_notices import READ, needs_context
from dashboards.panels.options import Options, UnknownChoice
from dashboards.places.city_map import chosen_tract, map_options, said_values, shown_map, tract_card
from dashboards.places.map_labels import map_key, view_note

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"  # one letter a tract: its place in the list of classes


def map_payload(place: Place, options: Options) -> dict[str, Any] | None:
    """None while no measure or no outline is live. Raises UnknownChoice."""
    measure = chosen_measure(options)
    if measure is None:
        return None
    if needs_context(measure.slug) and options.context != READ:
        return {"measure": measure.slug, "needs_context": True}
    return _payload(live_generation(), place, map_options(options, measure.slug))


@cached_by_dollars(maxsize=64)
def _payload(token: Generation, place: Place, options: Options) -> dict[str, Any] | None:
    shown = shown_map(place, options)
    if shown is None:
        return None
    tracts, known = shown.tracts, tract_statistics(place, options.measure)
    classes = sorted({mark.css for mark in shown.map.tracts})
    words = dict(zip(tracts.geoids, said_values(tracts, known, shown.view), strict=True))
    legend = render_to_string("dashboards/places/_map_legend.html", {"legend": shown.legend})
    return {
        "measure": options.measure,
        "view": shown.view,
        "label": tracts.measure.label,
        "title": shown.map.title,
        "years": shown.map.years,
        "sample": tracts.is_sample,
        "notice": shown.map.notice.rstrip("."),
        "classes": classes,
        "tracts": "".join(_DIGITS[classes.index(mark.css)] for mark in shown.map.tracts),
        "words": [words[mark.geoid] for mark in shown.map.tracts],
        "legend": legend,
        "caption": shown.caption,
        "heading": where.question(tracts.place, tracts.measure),
        "finding": where.describe(tracts, known),
        "is_sensitive": is_sensitive(options.measure),
        "key": [line.words for line in map_key(tracts, known, shown.view, chosen_overlay(place, options))],
        "note": view_note(known, options.view),
        "said": _("Now showing: %(measure)s. %(line)s") % {"measure": tracts.measure.label, "line": shown.legend.line},
    }


def card_html(place: Place, options: Options, geoid: str) -> str | None:
    """The card of one tract as a fragment; None while no measure or no outline is live.

    Raises UnknownChoice for a tract or a measure that is not there.
    """
    measure = chosen_measure(options)
    shown = shown_map(place, map_options(options, measure.slug)) if measure is not None else None
    if shown is None:
        return None
    if not geoid:
        raise UnknownChoice("tract", geoid, {})
    card = tract_card(shown, chosen_tract(shown, geoid))
    return render_to_string("dashboards/places/_tract_card.html", {"card": card, "place": place})
