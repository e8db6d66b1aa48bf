"""A place's mean beside its references and other cities: estimates as dots, 95% intervals as lines where they exist."""

from dataclasses import dataclass
from textwrap import wrap

import plotly.graph_objects as go

from atlas.formatting.percentiles import format_percentile, format_points
from atlas.records.places import ComparedCity, Headline, Reference
from atlas.statistics.intervals import Z95
from dashboards.charts.distribution import round_ticks
from dashboards.charts.theme import ACCENT, INK, LINE, MUTED, Notes, escape, new_figure
from dashboards.formatting.outcomes import reference_name

_TALL, _LOW = 1.0, 0.6  # height of a row with a second line, and of one of a single line
_PIXELS = 46
_BASIS = {"published": "published", "benchmarked": "adjusted to its county", "raw": "average of its tracts"}
_LETTERS, _LINE = 22, 17  # letters of a line beside the axis on a phone; pixels of a line


@dataclass(frozen=True)
class _Row:
    name: str
    how: str
    value: float
    error: float | None
    color: str
    height: float = _TALL

    @property
    def lines(self) -> list[str]:
        return wrap(self.name, _LETTERS)


def draw_comparison(city_name: str, headline: Headline, others: tuple[ComparedCity, ...] = ()) -> go.Figure:
    """One row per place, the place itself first; x is the national percentile 0-100. No value, no row."""
    figure, notes = new_figure(), Notes()
    rows = [*_references(city_name, headline), *_others(others)]
    if not rows or headline.value is None:
        return figure
    known = [row.value * 100 for row in rows]
    low = min(min(known), *(row.value * 100 - _half(row) for row in rows))
    high = max(max(known), *(row.value * 100 + _half(row) for row in rows))
    at, depth = [], 0.0
    for row in rows:
        at.append(depth + row.height / 2)
        depth += row.height
    notes.add_shape(
        type="line",
        x0=headline.value * 100,
        x1=headline.value * 100,
        y0=at[0],
        y1=depth,
        layer="below",
        line={"color": ACCENT, "width": 1, "dash": "dot"},
    )
    for index, (row, y) in enumerate(zip(rows, at, strict=True)):
        _add_row(figure, notes, row, y, index == 0)
    if others and len(rows) > len(others):
        y = depth - sum(row.height for row in rows[-len(others) :])
        notes.add_shape(
            type="line", x0=0, x1=1, xref="paper", y0=y, y1=y, layer="below", line={"color": LINE, "width": 1}
        )
    notes.put_on(figure)
    room = max(2.0, (high - low) * 0.1)
    right = high + room + (high - low + 2 * room) * 0.15  # the last dot's own label needs a place
    figure.update_xaxes(
        domain=[0.44, 1],
        range=[low - room, right],
        tickvals=round_ticks(low - room, right),
        title={"text": "percentile of US<br>household income", "font": {"size": 12}},
    )
    figure.update_yaxes(visible=False, range=[depth, 0])
    figure.update_layout(height=76 + round(_PIXELS * depth), margin={"l": 4, "r": 8, "t": 4, "b": 60})
    return figure


def _references(city_name: str, headline: Headline) -> list[_Row]:
    rows: list[tuple[str, str, Headline | Reference, str]] = [
        (city_name, _BASIS[headline.basis] + _mark(headline), headline, ACCENT)
    ]
    for reference in headline.references:
        name, color = reference_name(reference), INK if reference.is_published else MUTED
        rows.append((name, _mark(reference).removeprefix(", "), reference, color))
    return [
        _Row(name, how, number.value, number.standard_error, color, _height(name, how))
        for name, how, number, color in rows
        if number.value is not None
    ]


def _height(name: str, how: str) -> float:
    return max(_TALL, (_LINE * (len(wrap(name, _LETTERS)) + bool(how)) + 8) / _PIXELS)


def _others(others: tuple[ComparedCity, ...]) -> list[_Row]:
    return [
        _Row(one.name + _mark(one.headline), "", one.headline.value, one.headline.standard_error, MUTED, _LOW)
        for one in others
        if one.headline.value is not None
    ]


def _half(row: _Row) -> float:
    return 0.0 if row.error is None else Z95 * row.error * 100


def _add_row(figure: go.Figure, notes: Notes, row: _Row, y: float, is_first: bool) -> None:
    x, half, name = row.value * 100, _half(row), escape(row.name)
    small = row.height < _TALL
    uncertainty = "no standard error" if row.error is None else f"95% interval ± {format_points(Z95 * row.error)}"
    if half:
        figure.add_scatter(
            x=[x - half, x + half],
            y=[y, y],
            mode="lines",
            line={"color": row.color, "width": 2},
            hoverinfo="skip",
            name=f"{name}, interval",
        )
    how = f" ({escape(row.how)})" if row.how else ""
    figure.add_scatter(
        x=[x],
        y=[y],
        mode="markers",
        cliponaxis=False,
        name=name,
        marker={"size": 13 if is_first else 8 if small else 10, "color": row.color, "symbol": "circle"},
        hovertemplate=f"{name}{how}: {format_points(row.value)}<br>{uncertainty}<extra></extra>",
    )
    notes.add_annotation(
        x=x + half,
        y=y,
        text=format_percentile(row.value),
        showarrow=False,
        xanchor="left",
        xshift=9,
        font={"color": row.color, "size": 16 if is_first else 13 if small else 14},
    )
    lines = "<br>".join(escape(line) for line in row.lines)
    label = f"<b>{lines}</b>" if is_first else lines
    second = "" if small or not row.how else f'<br><span style="font-size:12px">{escape(row.how)}</span>'
    notes.add_annotation(
        x=0,
        xref="paper",
        y=y,
        text=label + second,
        showarrow=False,
        xanchor="left",
        align="left",
        font={"color": row.color if not small else INK, "size": 14 if is_first else 13},
    )


def _mark(number: Headline | Reference) -> str:
    """Each row says for itself what it is: a published county may stand beside a generated city."""
    return ", sample" if number.is_sample else ""
