"""What changes on a place's page when another measure or view is picked: no names, no geometry."""

from dataclasses import asdict, replace
from functools import lru_cache
from typing import Any

from atlas.queries.live import Generation, live_generation
from atlas.queries.tract_statistics import tract_statistics
from atlas.queries.tracts import place_tracts
from atlas.records.places import SAMPLE_NOTICE, Place, Source
from dashboards.charts.theme import figure_json
from dashboards.charts.tract_hover import hover_recipe
from dashboards.charts.tract_map import map_values
from dashboards.panels import where
from dashboards.panels.base import Table
from dashboards.panels.catalog import chosen_measure, chosen_overlay, own_options, panel, panel_or_failure
from dashboards.panels.content_notices import READ, context_of, needs_context
from dashboards.panels.options import Options
from dashboards.places.map_labels import map_key, view_choices, view_note

STATIC_COLUMNS = frozenset({"neighborhood", "geoid", "share_in_city"})


def map_payload(place: Place, options: Options) -> dict[str, Any] | None:
    """None while no measure is live. Raises UnknownChoice."""
    measure = chosen_measure(options)
    if measure is None:
        return None
    if needs_context(measure.slug) and options.context != READ:
        return {"measure": measure.slug, "needs_context": True}
    wanted = own_options("where", options)  # one payload per map, whatever else the address says
    return _payload(live_generation(), place, replace(wanted, measure=measure.slug))


@lru_cache(maxsize=64)
def _payload(token: Generation, place: Place, options: Options) -> dict[str, Any]:
    tracts = place_tracts(place, options.measure)
    known, overlay = tract_statistics(place, options.measure), chosen_overlay(place, options)
    drawn = where.view_shown(known, options.view)
    here, beside = panel(place, "where", options), panel_or_failure(place, "distribution", options)
    measure = tracts.measure
    return {
        "measure": measure.slug,
        "title": here.title,
        "label": measure.label,
        "population": measure.population,
        "finding": here.finding,
        "lead": here.lead,
        "rest": here.rest,
        "sample": here.is_sample,
        "notice": SAMPLE_NOTICE if here.is_sample else "",
        "caveats": list(here.caveats),
        "sources": [source_line(source) for source in here.sources],
        "view": drawn,
        "views": [asdict(choice) for choice in view_choices(known, drawn)],
        "view_note": view_note(known, options.view),
        "context": asdict(context) if (context := context_of(options.measure)) else None,
        "key": [asdict(line) for line in map_key(tracts, known, drawn, overlay)],
        "map": map_values(tracts, known, drawn),
        "hover": asdict(hover_recipe(tracts, known, overlay)),
        "table": table_payload(here.table, skip=STATIC_COLUMNS),
        "distribution": {
            "finding": beside.finding or beside.reason,
            "figure": figure_json(beside.figure) if beside.figure else None,
            "table": table_payload(beside.table),
        },
    }


def table_payload(table: Table, skip: frozenset[str] = frozenset()) -> dict[str, Any]:
    """A table as the page's script needs it: caption, column keys and labels, and cells in words.

    Columns in `skip` do not change with the measure: their keys stay, their cells stay at home.
    """
    kept = [index for index, column in enumerate(table.columns) if column.key not in skip]
    return {
        "caption": table.caption,
        "keys": [column.key for column in table.columns],
        "numbers": [column.is_number for column in table.columns],
        "labels": [column.label for column in table.columns],
        "moving": kept,
        "cells": [[table.columns[index].format(row[index]) for index in kept] for row in table.rows],
    }


def source_line(source: Source) -> str:
    """One source in one line."""
    sample = f"{SAMPLE_NOTICE}, not published figures: " if source.is_sample else ""
    return f"{sample}{source.publisher}, {source.title}; {source.vintage}. {source.citation}. {source.licence}."
