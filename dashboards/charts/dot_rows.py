"""Rows of estimates as dots with 95% intervals as lines, in blocks that each have an axis of their own.

Two measures never share an axis: a reader would compare them.
"""

from dataclasses import dataclass
from textwrap import wrap

import plotly.graph_objects as go

from dashboards.charts.distribution import round_ticks
from dashboards.charts.theme import ACCENT, INK, LINE, MUTED, WASH, Notes, escape, new_figure

_LINE = 18  # pixels of each further line of a heading or an axis's title
_ROW, _HEAD, _FOOT = 44, 34, 62  # pixels: a row of two lines, a block's heading, its axis with title and air below
_SMALLEST_SPAN = 5.0  # of an axis of differences, in its units: a small one looks small
_LONGEST_LABEL = 24  # letters that fit there, and under an axis on a phone
_LONGEST_HEADING = 42
_LEFT = 0.5  # share of the width that the words take: they are readable at 390 pixels


@dataclass(frozen=True)
class DotRow:
    """One estimate in the axis's units. `words` stand beside the dot, `note` in small under the label."""

    label: str
    note: str
    value: float
    low: float | None
    high: float | None
    words: str  # beside the dot, away from the reference
    reference: float | None = None  # a thin upright stroke
    reference_words: str = ""
    is_hollow: bool = False  # rests on little
    is_second: bool = False  # the same as the row above, seen otherwise


@dataclass(frozen=True)
class DotBlock:
    heading: str
    axis: str
    rows: tuple[DotRow, ...]
    has_zero: bool = False  # a rule at nought belongs to differences


def draw_dot_rows(blocks: tuple[DotBlock, ...]) -> go.Figure:
    """The blocks under each other; those without rows are left out."""
    figure, notes = new_figure(), Notes()
    blocks = tuple(block for block in blocks if block.rows)
    heads = [_HEAD + _LINE * _more_lines(block.heading, _LONGEST_HEADING) for block in blocks]
    feet = [_FOOT + _LINE * _more_lines(block.axis, _LONGEST_LABEL) for block in blocks]
    heights = [head + _ROW * len(block.rows) + foot for head, block, foot in zip(heads, blocks, feet, strict=True)]
    total, top = sum(heights), 0
    for number, (block, head, height, foot) in enumerate(zip(blocks, heads, heights, feet, strict=True), 1):
        tail = "" if number == 1 else str(number)
        first, last = 1 - (top + head) / total, 1 - (top + height - foot) / total
        _add_axes(figure, block, tail, (last, first))
        notes.add_annotation(
            x=0,
            xref="paper",
            y=first,
            yref="paper",
            yshift=8,
            text=_lines(block.heading, _LONGEST_HEADING, bold=True),
            showarrow=False,
            xanchor="left",
            yanchor="bottom",
            align="left",
            font={"size": 14, "color": INK},
        )
        for index, row in enumerate(block.rows):
            if index and not row.is_second:
                notes.add_shape(
                    type="line",
                    x0=0,
                    x1=1,
                    xref="paper",
                    y0=index - 0.5,
                    y1=index - 0.5,
                    yref=f"y{tail}",
                    layer="below",
                    line={"color": WASH, "width": 1},
                )
            _add_row(figure, notes, row, index, tail)
        top += height
    notes.put_on(figure)
    figure.update_layout(height=max(total, 60), margin={"l": 4, "r": 8, "t": 4, "b": 4})
    return figure


def _lines(text: str, longest: int, *, bold: bool = False) -> str:
    """Words in as many lines as they need on a phone."""
    lines = [escape(line) for line in wrap(text, longest)]
    return "<br>".join(f"<b>{line}</b>" if bold else line for line in lines)


def _more_lines(text: str, longest: int) -> int:
    return max(0, len(wrap(text, longest)) - 1)


def _add_axes(figure: go.Figure, block: DotBlock, tail: str, domain: tuple[float, float]) -> None:
    reach = [n for row in block.rows for n in (row.value, row.low, row.high, row.reference) if n is not None]
    reach += [0.0, _SMALLEST_SPAN] * block.has_zero
    low, high = min(reach), max(reach)
    room = max(1.0, (high - low) * 0.05)
    words = any(row.reference is not None for row in block.rows)  # then they stand on both sides
    span = high - low + 2 * room
    right, low = high + room + span * (0.5 if words else 0.35), low - (span * 0.3 if words else 0.0)
    figure.update_layout(
        {
            f"xaxis{tail}": {
                "anchor": f"y{tail}",
                "domain": [_LEFT, 1],
                "range": [low - room, right],
                "tickvals": round_ticks(low - room, right),
                "title": {"text": _lines(block.axis, _LONGEST_LABEL), "font": {"size": 12}},
                "gridcolor": LINE,
                "zeroline": block.has_zero,
                "zerolinecolor": MUTED,
                "zerolinewidth": 1,
                "fixedrange": True,
            },
            f"yaxis{tail}": {
                "anchor": f"x{tail}",
                "domain": list(domain),
                "range": [len(block.rows) - 0.5, -0.5],
                "visible": False,
                "fixedrange": True,
            },
        }
    )


def _add_row(figure: go.Figure, notes: Notes, row: DotRow, index: int, tail: str) -> None:
    axes = {"xaxis": f"x{tail}", "yaxis": f"y{tail}"}
    color = MUTED if row.is_hollow or row.is_second else ACCENT
    if row.reference is not None:
        figure.add_scatter(
            x=[row.reference, row.reference],
            y=[index - 0.26, index + 0.26],
            mode="lines",
            hoverinfo="skip",
            line={"color": INK, "width": 2},
            name="nation",
            **axes,
        )
    if row.low is not None and row.high is not None:
        figure.add_scatter(
            x=[row.low, row.high],
            y=[index, index],
            mode="lines",
            hoverinfo="skip",
            line={"color": color, "width": 2},
            name=f"{escape(row.label)}, interval",
            **axes,
        )
    note = f"<br>{escape(row.note)}" if row.note else ""
    figure.add_scatter(
        x=[row.value],
        y=[index],
        mode="markers",
        cliponaxis=False,
        name=escape(row.label),
        marker={
            "size": 9 if row.is_second else 11,
            "color": color,
            "symbol": "circle-open" if row.is_hollow or row.is_second else "circle",
        },
        hovertemplate=f"{escape(row.label)}: {escape(row.words)}{note}<extra></extra>",
        **axes,
    )
    ends = [n for n in (row.value, row.low, row.high) if n is not None]
    left = row.reference is not None and row.reference >= row.value
    _add_words(notes, row.words, min(ends) if left else max(ends), left, index, tail, (14, color))
    if row.reference is not None and row.reference_words:
        at = max(row.reference, max(ends)) if left else min(row.reference, min(ends))
        _add_words(notes, row.reference_words, at, not left, index, tail, (12, INK))
    words = _lines(row.label, _LONGEST_LABEL)
    label = f'{words}<br><span style="font-size:12px">{escape(row.note)}</span>'
    notes.add_annotation(
        x=0,
        xref="paper",
        y=index,
        yref=f"y{tail}",
        text=label.removeprefix("<br>") if row.note else words,
        showarrow=False,
        xanchor="left",
        align="left",
        font={"size": 14, "color": MUTED if row.is_second else INK},
    )


def _add_words(notes: Notes, text: str, x: float, left: bool, index: int, tail: str, font: tuple[int, str]) -> None:
    """Words on one side of a point, clear of its mark."""
    notes.add_annotation(
        x=x,
        xref=f"x{tail}",
        y=index,
        yref=f"y{tail}",
        text=escape(text),
        showarrow=False,
        xanchor="right" if left else "left",
        xshift=-8 if left else 8,
        font={"size": font[0], "color": font[1]},
    )
