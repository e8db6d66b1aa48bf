"""Colors and one small template for every figure; figures as plain JSON.

The sequential scale runs from pale yellow-green to deep blue in seven steps of falling lightness,
so it survives gray print and the three common color vision deficiencies.
"""

import html
import json
from typing import Any

import plotly.graph_objects as go

INK, MUTED, LINE, PAPER, WASH = "#1b1f23", "#57606a", "#d0d7de", "#ffffff", "#f6f8fa"
ACCENT = "#0b5cad"
SAMPLE_INK = "#8a3b00"
STEPS = ("#f0f5b8", "#c7e9b4", "#7fcdbb", "#41b6c4", "#1d91c0", "#225ea8", "#0c2c84")
# Beside the US: sand below the middle US tract, blue above it; lightness falls all the way, so gray print works.
BELOW_US = ("#FCF0CE", "#F4DA94", "#E3BC5A", "#C6993C", "#A17731")
ABOVE_US = ("#3D7193", "#215378", "#0C3454")
# Within one city: a hue of neither half, so that dark is not read as above the US.
WITHIN = {3: ("#F1EAF4", "#9E8AAD", "#4A2A66"), 5: ("#F1EAF4", "#C7BAD1", "#9E8AAD", "#745A8A", "#4A2A66")}
# Decreases purple, increases orange: told apart by lightness too, in gray print and by color-blind readers.
DIVERGING = ("#40106b", "#8553a8", "#c4abd6", "#e9edf1", "#fdc88a", "#d97a1a", "#7f3b08")
NO_VALUE_FILL = "#c9ced4"
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

TEMPLATE = go.layout.Template(
    layout={
        "font": {"family": FONT, "size": 14, "color": INK},
        "paper_bgcolor": PAPER,
        "plot_bgcolor": PAPER,
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "hoverlabel": {"bgcolor": PAPER, "bordercolor": INK, "font": {"color": INK, "size": 14}, "align": "left"},
        "xaxis": {"gridcolor": LINE, "zeroline": False, "linecolor": LINE, "fixedrange": True},
        "yaxis": {"gridcolor": LINE, "zeroline": False, "fixedrange": True},
        "showlegend": False,
    }
)


class Notes:
    """Words and rules of a figure, put on it at once: plotly checks all it has again with each one that is added."""

    def __init__(self) -> None:
        self._annotations: list[dict[str, Any]] = []
        self._shapes: list[dict[str, Any]] = []

    def add_annotation(self, **words: Any) -> None:
        self._annotations.append(words)

    def add_shape(self, **rule: Any) -> None:
        self._shapes.append(rule)

    def put_on(self, figure: go.Figure) -> None:
        """Beside those that are there."""
        figure.update_layout(
            annotations=[*figure.layout.annotations, *self._annotations], shapes=[*figure.layout.shapes, *self._shapes]
        )


def new_figure() -> go.Figure:
    """An empty figure with the house template instead of plotly's 6.5 kB one."""
    return go.Figure(layout={"template": TEMPLATE})


def figure_json(figure: go.Figure) -> dict[str, Any]:
    """A figure as plain lists and dicts that `json_script` can encode."""
    plain: dict[str, Any] = json.loads(figure.to_json())
    return plain


def escape(text: str) -> str:
    """Names come from files: keep them from being read as plotly's pseudo-HTML."""
    return html.escape(text, quote=False)
