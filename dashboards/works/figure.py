"""The tests of one outcome as a picture that travels alone."""

import plotly.graph_objects as go

from dashboards.charts.dot_rows import DotBlock, DotRow, draw_dot_rows
from dashboards.exports.figure_svg import WIDTH, draw_figure
from dashboards.exports.typeset import typeset
from engagements.pilots.rules.work_words import effect_words, likely_words
from engagements.pilots.rules.works import OutcomeTable

PIXELS_PER_POINT = 2
LIMIT = "What worked in one city may not repeat elsewhere."
MADE_UP = "Made up for demonstration: no city, person or number in it is real"


def title_of(tables: tuple[OutcomeTable, ...]) -> str:
    return f"What works: {tables[0].label}"


def draw_tables(tables: tuple[OutcomeTable, ...]) -> go.Figure:
    """One block for each unit. A row without a number is left out: `said_of` counts them."""
    return draw_dot_rows(
        tuple(
            DotBlock(table.label, table.unit or "no unit", _rows(table), has_zero=table.none == 0.0)
            for table in tables
            if table.has_marks
        )
    )


def _rows(table: OutcomeTable) -> tuple[DotRow, ...]:
    return tuple(
        DotRow(
            f"{row.city}: {row.name}",
            row.shown.label,
            row.value,
            row.low,
            row.high,
            f"{effect_words(row.fields)} ({likely_words(row.fields)})"
            if row.low is not None
            else effect_words(row.fields),
            is_hollow=row.low is None,
        )
        for row in table.rows
        if row.value is not None
    )


def said_of(tables: tuple[OutcomeTable, ...]) -> str:
    """How many tests it shows, and how many have no number."""
    rows = [row for table in tables for row in table.rows]
    bare = sum(row.value is None for row in rows)
    some = f" {bare} more ended without a number." if bare else ""
    return f"{len(rows) - bare} tests with a number; lines are their intervals.{some} {LIMIT}"


def figure_svg(tables: tuple[OutcomeTable, ...]) -> str:
    return draw_figure(draw_tables(tables), title_of(tables), said_of(tables), below=(said_of(tables),))


def figure_png(tables: tuple[OutcomeTable, ...], address: str, *, is_made_up: bool) -> bytes:
    """1520 pixels wide, with the number of tests, the limit and the address on it."""
    data = {
        "width": WIDTH,
        "svg": draw_figure(draw_tables(tables), title_of(tables), said_of(tables)),
        "title": title_of(tables),
        "finding": said_of(tables),
        "sample": MADE_UP if is_made_up else "",
        "dollars": "",
        "sources": sorted(
            {
                f"{row.city}: {row.fields.sources[0].title}"
                for table in tables
                for row in table.rows
                if row.fields.sources
            }
        ),
        "address": address,
    }
    return typeset("picture", data, "png", ppi=72 * PIXELS_PER_POINT)[0]
