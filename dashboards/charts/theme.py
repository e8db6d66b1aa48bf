"""Colors and one small template for every figure; figures as plain JSON.

The values are those of static/css/tokens.css: a test compares them. Every scale falls in lightness all the way, so it
survives gray print and the three common color vision deficiencies.
"""

import html
import json
from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

INK, MUTED, LINE, PAPER, WASH = "#16222E", "#52606D", "#D9D5CC", "#FFFFFF", "#F7F4EE"
ACCENT, ACCENT_DEEP, ACCENT_WASH = "#0B5480", "#083D5E", "#E6F0F6"  # this place, and what one can press
OTHERS = "#7F8B97"  # marks of everything that is not this place; too pale for text
SHORTFALL, BAND = "#BDD9E9", "#DBE8F0"  # from a value to the US; the margin around a line
MIDDLE, PALE = "#7CA9C4", "#9DBBCC"  # tints of the accent: a second series; a mark that rests on little
GRAY = "#B9C4CE"  # a third series, and what is told apart from nothing
UNTESTED = "#CBC3AE"  # dollars for what nobody means to test: recorded, and told apart from what is being tested
DONE_WASH = "#E4F2E9"  # behind what is large enough to be worth having
DONE, WARN, LATE, QUIET = "#1A6B3C", "#835300", "#A3261B", "#3E4A55"  # always with an icon and a word
SAMPLE_INK = WARN
# Amounts, and shares of one: the hue that is kept for comparisons within a place.
STEPS = ("#F1EAF4", "#D5CADD", "#BAAAC6", "#9E8AAD", "#826A96", "#664A7E", "#4A2A66")
# Beside the US: sand below the middle US tract, blue above it; lightness falls all the way, so gray print works.
BELOW_US = ("#FCF0CE", "#F4DA94", "#E3BC5A", "#C6993C", "#A17731")
ABOVE_US = ("#3D7193", "#215378", "#0C3454")
# Within one city: a hue of neither half, so that dark is not read as above the US.
WITHIN = {3: ("#F1EAF4", "#9E8AAD", "#4A2A66"), 5: ("#F1EAF4", "#C7BAD1", "#9E8AAD", "#745A8A", "#4A2A66")}
# Decreases sand, increases blue, as below and above the US; the two ends differ in lightness, so gray print tells them.
DIVERGING = ("#A17731", "#C6993C", "#F4DA94", "#ECEEF0", PALE, "#3D7193", "#0C3454")
# Groups side by side in one chart, neighbors far apart in lightness.
SERIES = (ACCENT, PALE, INK, "#C6993C", MUTED, "#9E8AAD", "#4A2A66", "#A17731")
NO_VALUE_FILL = "#C9CED4"
# The name of the pages' own subset first, then that of the file which documents embed.
FONT = "'Portal Sans', 'Source Sans Pro', 'Sans before', Arial, sans-serif"

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


def new_figure(traces: Sequence[dict[str, Any]] = (), **layout: Any) -> go.Figure:
    """A figure with the house template instead of plotly's 6.5 kB one; empty, or with all of it given at once.

    Plotly checks what it is given at once in a fifth of the time it takes piece by piece.
    """
    return go.Figure(data=list(traces), layout={"template": TEMPLATE, **layout})


def figure_json(figure: go.Figure) -> dict[str, Any]:
    """A figure as plain lists and dicts that `json_script` can encode."""
    plain: dict[str, Any] = json.loads(figure.to_json())
    return plain


def escape(text: str) -> str:
    """Names come from files: keep them from being read as plotly's pseudo-HTML."""
    return html.escape(text, quote=False)
