"""Where one tract stands on every measure: dot and 95% interval among US tracts, its city's middle tract as a tick."""

from textwrap import wrap

import plotly.graph_objects as go

from atlas.records.places import TractValue
from dashboards.charts.theme import ACCENT, INK, LINE, MUTED, PAPER, escape, new_figure
from dashboards.formatting.estimates import format_estimate

ROW, LINE_OF_TEXT = 46, 17  # pixels: a row with one line of words, and each further line
LONGEST = 44  # letters that fit a phone


def draw_standing(values: tuple[TractValue, ...], city: str) -> go.Figure | None:
    """One row per measure with a value; x is the share of US tracts that lie lower, 0-100. None without any."""
    rows = [value for value in values if value.percentile is not None]
    if not rows:
        return None
    figure = new_figure()
    names = [wrap(row.measure.label, LONGEST) for row in rows]
    ys, depth = [], 0  # pixels from the top, downwards: the upright axis counts in them
    for lines in names:
        depth += ROW + LINE_OF_TEXT * (len(lines) - 1)
        ys.append(depth - 10)
    for y, row in zip(ys, rows, strict=True):
        if row.low_percentile is not None:
            figure.add_scatter(
                x=[row.low_percentile, row.high_percentile],
                y=[y, y],
                mode="lines",
                hoverinfo="skip",
                line={"color": ACCENT, "width": 2},
                name="95% interval",
            )
    known = [(row.city_percentile, y) for y, row in zip(ys, rows, strict=True) if row.city_percentile is not None]
    if known:
        figure.add_scatter(
            x=[x for x, _ in known],
            y=[y for _, y in known],
            mode="markers",
            name=f"middle tract of {escape(city)}",
            marker={"symbol": "line-ns", "size": 11, "line": {"width": 2, "color": INK}},
            hovertemplate="middle tract of " + escape(city) + ": higher than %{x:.0f} in 100 US tracts<extra></extra>",
        )
    figure.add_scatter(
        x=[row.percentile for row in rows],
        y=ys,
        mode="markers",
        name="this tract",
        marker={"size": 10, "color": ACCENT},
        customdata=[f"{escape(row.measure.label)}: {format_estimate(row.value, row.measure.unit)}" for row in rows],
        hovertemplate="%{customdata}<br>higher than %{x:.0f} in 100 US tracts<extra></extra>",
    )
    for y, lines in zip(ys, names, strict=True):
        figure.add_annotation(
            x=0,
            y=y,
            yshift=8,
            yanchor="bottom",
            text="<br>".join(escape(line) for line in lines),
            showarrow=False,
            xanchor="left",
            align="left",
            font={"size": 13, "color": MUTED},
            bgcolor=PAPER,
            borderpad=1,
        )
    figure.add_shape(type="line", x0=50, x1=50, y0=0, y1=depth, line={"color": LINE, "width": 1}, layer="below")
    key = _key(city if known else "", any(row.low_percentile is not None for row in rows))
    figure.add_annotation(
        x=0,
        xref="paper",
        y=1,
        yref="paper",
        yshift=58,
        yanchor="bottom",
        text="<br>".join(key),
        showarrow=False,
        xanchor="left",
        align="left",
        font={"size": 13, "color": INK},
    )
    figure.update_xaxes(
        range=[-2, 102],
        tickvals=[0, 25, 50, 75, 100],
        side="top",
        title={"text": "of 100 US tracts, how many are lower", "font": {"size": 12}},
    )
    figure.update_yaxes(visible=False, range=[depth, 0])
    top = 64 + LINE_OF_TEXT * len(key)
    figure.update_layout(height=top + depth + 8, margin={"l": 8, "r": 8, "t": top, "b": 8})
    return figure


def _key(city: str, has_intervals: bool) -> list[str]:
    """The marks in words, a line for each that is drawn."""
    line = "with its 95% interval" if has_intervals else ""
    said = [f'<span style="color:{ACCENT}">●</span> this tract {line}'.rstrip()]
    if city:
        first, *others = wrap(f"middle tract of {city}", LONGEST)
        said += [f"<b>|</b> {escape(first)}", *(escape(one) for one in others)]
    return said
