"""The words that a figure of generated numbers carries inside itself, so that a copy of the picture has them too."""

import plotly.graph_objects as go

from atlas.records.places import SAMPLE_NOTICE
from dashboards.charts.theme import SAMPLE_INK, TEMPLATE

_ROOM = 22  # pixels above the drawing


def mark_sample(figure: go.Figure) -> go.Figure:
    """The figure with the words above its drawing, in room made for them: they cover nothing. Changes `figure`.

    On the left: the map's buttons are on the right.
    """
    top = figure.layout.margin.t
    figure.update_layout(margin_t=(TEMPLATE.layout.margin.t if top is None else top) + _ROOM)
    if figure.layout.height is not None:
        figure.update_layout(height=figure.layout.height + _ROOM)
    figure.add_annotation(
        name="sample",
        text=f"<b>{SAMPLE_NOTICE}</b>",
        x=0,
        y=1,
        xref="paper",
        yref="paper",
        xanchor="left",
        yanchor="bottom",
        showarrow=False,
        font={"size": 13, "color": SAMPLE_INK},
    )
    return figure
