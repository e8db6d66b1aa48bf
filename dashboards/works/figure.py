"""The tests of one outcome as a picture that travels alone."""

import plotly.graph_objects as go

from dashboards.charts.estimate_rows import EstimateRow, draw_estimate_rows
from dashboards.exports.figure_svg import WIDTH, draw_figure
from dashboards.exports.typeset import typeset
from engagements.pilots.rules.estimators.counted_units import counted
from engagements.pilots.rules.work_words import effect_words, likely_words
from engagements.pilots.rules.works import OutcomeTable, Work

PIXELS_PER_POINT = 2
LIMIT = "Results in one city may not repeat elsewhere."
MADE_UP = "Demo data: every pilot, person and number in it is made up"


def title_of(table: OutcomeTable) -> str:
    return f"What works: {table.label}"


def draw_table(table: OutcomeTable) -> go.Figure:
    """The outcome's first table with a number: another unit never shares its axis. Rows without a number are left
    out: `said_of` counts them."""
    rows = [
        EstimateRow(f"{row.city}: {row.name}", _words(row), row.value, row.low, row.high, strong=row.is_own)
        for row in table.rows
        if row.value is not None
    ]
    return draw_estimate_rows(rows, axis=table.unit or "no unit", reference=table.none)


def _words(row: Work) -> str:
    """ "Worked: +5.99 percentage points (+2.85 to +9.34)"."""
    likely = likely_words(row.fields)
    return f"{row.shown.label}: {effect_words(row.fields)}" + (f" ({likely})" if likely else "")


def said_of(table: OutcomeTable) -> str:
    """How many tests it shows, and how many have no number."""
    bare = sum(row.value is None for row in table.rows)
    some = f" {bare} more ended without a number." if bare else ""
    drawn = len(table.rows) - bare
    lines = "the line is its likely range" if drawn == 1 else "lines are their likely ranges"
    return f"{counted(drawn, 'test')} with a number; {lines}.{some} {LIMIT}"


def figure_svg(table: OutcomeTable) -> str:
    return draw_figure(draw_table(table), title_of(table), said_of(table), below=(said_of(table),))


def figure_png(table: OutcomeTable, address: str, *, is_made_up: bool) -> bytes:
    """1520 pixels wide, with the number of tests, the limit and the address on it."""
    sources = {f"{row.city}: {row.fields.sources[0].title}" for row in table.rows if row.fields.sources}
    data = {
        "width": WIDTH,
        "svg": draw_figure(draw_table(table), title_of(table), said_of(table)),
        "title": title_of(table),
        "finding": said_of(table),
        "sample": MADE_UP if is_made_up else "",
        "dollars": "",
        "sources": sorted(sources),
        "address": address,
    }
    return typeset("picture", data, "png", ppi=72 * PIXELS_PER_POINT)[0]
