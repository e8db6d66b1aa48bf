"""Rows of one estimate each: its name and number in words on the left, a dot and its 95% interval beside them."""

from dataclasses import dataclass
from textwrap import wrap

import plotly.graph_objects as go

from dashboards.charts.distribution import round_ticks
from dashboards.charts.theme import ACCENT, INK, MUTED, escape, new_figure

ROW, HEADING, LINE_OF_TEXT = 30, 30, 17  # pixels: a row beside its words at least, a heading, a line of words
LONGEST = 24  # letters that fit the column of words on a phone
LEFT = 0.53  # share of the width that the words take, so that no interval runs through them


@dataclass(frozen=True)
class EstimateRow:
    """`value` and bounds are on the axis's scale; without bounds only the dot is drawn."""

    name: str
    words: str  # the number and its uncertainty, as prose
    value: float
    low: float | None = None
    high: float | None = None
    strong: bool = False  # the place's own
    heading: str = ""  # above this row, where a group of rows begins


def draw_estimate_rows(
    rows: list[EstimateRow], *, axis: str, reference: float | None = None, span: tuple[float, float] | None = None
) -> go.Figure:
    """`axis` says what the dots measure, `reference` is a thin upright rule, `span` the least the axis covers."""
    figure = new_figure()
    if not rows:
        return figure
    depth = 0.0  # pixels from the top, downwards: the upright axis counts in them
    for row in rows:
        if row.heading:
            lines = wrap(row.heading, 2 * LONGEST)
            _write(figure, depth + 12 + LINE_OF_TEXT * (len(lines) - 1) / 2, _bold(lines), INK, 14)
            depth += HEADING + LINE_OF_TEXT * (len(lines) - 1)
        color = ACCENT if row.strong else INK
        names, words = wrap(row.name, LONGEST), wrap(row.words, LONGEST)
        height = max(ROW, LINE_OF_TEXT * (len(names) + len(words)) + 10)
        text = "<br>".join([*(escape(line) for line in names), _bold(words)])
        _write(figure, depth + height / 2, text, color, 13)
        _place(figure, row, depth + height / 2, color)
        depth += height
    ends = [end for row in rows for end in (row.value, row.low, row.high) if end is not None]
    ends += [*(span or ()), *([] if reference is None else [reference])]
    low, high = min(ends), max(ends)
    room = (high - low) * 0.04 or 1.0
    if reference is not None:
        figure.add_shape(
            type="line", x0=reference, x1=reference, y0=0, y1=depth, line={"color": MUTED, "width": 1}, layer="below"
        )
    figure.update_xaxes(
        domain=[LEFT, 1],
        range=[low - room, high + room],
        tickvals=round_ticks(low - room, high + room, 4),
        title={"text": "<br>".join(escape(line) for line in wrap(axis, 30)), "font": {"size": 12}},
    )
    figure.update_yaxes(visible=False, range=[depth, 0])
    figure.update_layout(height=int(depth) + 76, margin={"l": 4, "r": 12, "t": 4, "b": 64})
    return figure


def _bold(lines: list[str]) -> str:
    return "<br>".join(f"<b>{escape(line)}</b>" for line in lines)


def _write(figure: go.Figure, y: float, text: str, color: str, size: int) -> None:
    figure.add_annotation(
        x=0,
        xref="paper",
        y=y,
        text=text,
        showarrow=False,
        xanchor="left",
        yanchor="middle",
        align="left",
        font={"color": color, "size": size},
    )


def _place(figure: go.Figure, row: EstimateRow, y: float, color: str) -> None:
    if row.low is not None and row.high is not None:
        figure.add_scatter(
            x=[row.low, row.high],
            y=[y, y],
            mode="lines",
            line={"color": color, "width": 2},
            hoverinfo="skip",
            name=f"{escape(row.name)}, interval",
        )
    figure.add_scatter(
        x=[row.value],
        y=[y],
        mode="markers",
        cliponaxis=False,
        name=escape(row.name),
        marker={"size": 12 if row.strong else 10, "color": color},
        hovertemplate=f"{escape(row.name)}: {escape(row.words)}<extra></extra>",
    )
