"""Rows of one estimate each: its name and number in words above, a dot and its 95% interval below."""

from dataclasses import dataclass

import plotly.graph_objects as go

from dashboards.charts.distribution import round_ticks
from dashboards.charts.theme import ACCENT, INK, MUTED, escape, new_figure

ROW, HEADING, LINE_OF_TEXT = 46, 30, 17  # pixels
LONGEST = 46  # characters of name and number that fit one line of a phone


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
    two_lines = any(len(row.name) + len(row.words) > LONGEST for row in rows)
    text = LINE_OF_TEXT * (2 if two_lines else 1)
    depth = 0.0  # pixels from the top, downwards: the upright axis counts in them
    for row in rows:
        if row.heading:
            _write(figure, depth + 12, f"<b>{escape(row.heading)}</b>", INK, 14)
            depth += HEADING
        colour = ACCENT if row.strong else INK
        gap = "<br>" if two_lines else " "
        _write(figure, depth + text / 2, f"{escape(row.name)}{gap}<b>{escape(row.words)}</b>", colour, 13)
        _place(figure, row, depth + text + 8, colour)
        depth += ROW - LINE_OF_TEXT + text
    ends = [end for row in rows for end in (row.value, row.low, row.high) if end is not None]
    ends += [*(span or ()), *([] if reference is None else [reference])]
    low, high = min(ends), max(ends)
    room = (high - low) * 0.04 or 1.0
    if reference is not None:
        figure.add_shape(
            type="line", x0=reference, x1=reference, y0=0, y1=depth, line={"color": MUTED, "width": 1}, layer="below"
        )
    figure.update_xaxes(
        range=[low - room, high + room], tickvals=round_ticks(low - room, high + room),
        title={"text": escape(axis), "font": {"size": 12}},
    )  # fmt: skip
    figure.update_yaxes(visible=False, range=[depth, 0])
    figure.update_layout(height=int(depth) + 60, margin={"l": 8, "r": 12, "t": 4, "b": 48})
    return figure


def _write(figure: go.Figure, y: float, text: str, colour: str, size: int) -> None:
    figure.add_annotation(
        x=0, xref="paper", y=y, text=text, showarrow=False, xanchor="left", yanchor="middle", align="left",
        font={"color": colour, "size": size}, bgcolor="rgba(255,255,255,0.85)",
    )  # fmt: skip


def _place(figure: go.Figure, row: EstimateRow, y: float, colour: str) -> None:
    if row.low is not None and row.high is not None:
        figure.add_scatter(
            x=[row.low, row.high], y=[y, y], mode="lines", line={"color": colour, "width": 2}, hoverinfo="skip",
            name=f"{escape(row.name)}, interval",
        )  # fmt: skip
    figure.add_scatter(
        x=[row.value], y=[y], mode="markers", cliponaxis=False, name=escape(row.name),
        marker={"size": 12 if row.strong else 10, "color": colour},
        hovertemplate=f"{escape(row.name)}: {escape(row.words)}<extra></extra>",
    )  # fmt: skip
