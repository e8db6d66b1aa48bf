"""Money by stage, one bar a stage with a part for each funder, and how it added up quarter by quarter. Pure.

The stages are never stacked on one another: the same dollar passes through them one after the other.
"""

from dataclasses import dataclass
from textwrap import wrap
from typing import Any

import plotly.graph_objects as go

from atlas.formatting.money import format_whole_dollars
from dashboards.charts.theme import (
    ABOVE_US,
    ACCENT,
    ACCENT_DEEP,
    BAND,
    INK,
    LINE,
    MIDDLE,
    MUTED,
    OTHERS,
    PAPER,
    QUIET,
    escape,
    new_figure,
)

NO_ENTRY = "no entry"
# Told apart by lightness too: dark, middle, light, and once more with an edge.
SHADES = (ACCENT, MIDDLE, BAND, QUIET, OTHERS, "#ECEEF0")
_ROW, _LONGEST = 88, 46
# Of the running totals: committed, allocated, obligated, disbursed, spent.
LINES = (INK, OTHERS, MIDDLE, ABOVE_US[0], ACCENT_DEEP)


@dataclass(frozen=True)
class StageBar:
    """`parts`: net dollars by funder, in one order for all bars, None without an entry. `definition` stands under the
    label."""

    label: str
    definition: str
    parts: tuple[float | None, ...]

    @property
    def total(self) -> float | None:
        """None without any entry: 0 would say that somebody knows."""
        known = [part for part in self.parts if part is not None]
        return sum(known) if known else None


def draw_stages(bars: tuple[StageBar, ...], funders: tuple[str, ...], price_note: str) -> go.Figure:
    """Label, definition and total above each bar; its parts from left to right in the order of `funders`."""
    totals = [bar.total or 0.0 for bar in bars]
    most = max(totals, default=0) or 1.0
    traces = [
        {
            "type": "bar",
            "orientation": "h",
            "x": [bar.parts[number] for bar in bars],
            "y": list(range(len(bars))),
            "name": escape(funder),
            "width": 0.22,
            "marker": {"color": SHADES[number % len(SHADES)], "line": {"color": PAPER, "width": 1}},
            "customdata": [format_whole_dollars(bar.parts[number], missing=NO_ENTRY) for bar in bars],
            "hovertemplate": f"{escape(funder)}: %{{customdata}}<extra></extra>",
        }
        for number, funder in enumerate(funders)
    ]
    return new_figure(
        traces,
        annotations=[_above(index, bar) for index, bar in enumerate(bars)],
        height=_ROW * len(bars) + 110,
        barmode="relative",
        showlegend=len(funders) > 1,
        legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "traceorder": "normal", "font": {"size": 13}},
        margin={"l": 8, "r": 12, "t": 44, "b": 56},
        xaxis={
            "range": [min([0.0, *totals]), most * 1.02],
            "gridcolor": LINE,
            "tickprefix": "$",
            "tickformat": "~s",
            "nticks": 5,
            "tickfont": {"size": 12, "color": MUTED},
            "title": {"text": escape(price_note), "font": {"size": 12, "color": MUTED}},
            "fixedrange": True,
        },
        yaxis={"range": [len(bars) - 0.8, -0.85], "visible": False, "fixedrange": True},
    )


def _above(index: int, bar: StageBar) -> dict[str, Any]:
    """The words over a bar."""
    words = "<br>".join(escape(line) for line in wrap(bar.definition, _LONGEST))
    return {
        "x": 0,
        "xref": "paper",
        "y": index,
        "yshift": 13,
        "xanchor": "left",
        "yanchor": "bottom",
        "align": "left",
        "showarrow": False,
        "text": (
            f"<b>{escape(bar.label)}</b>  {format_whole_dollars(bar.total, missing=NO_ENTRY)}<br><span "
            f'style="font-size:12px">{words}</span>'
        ),
        "font": {"size": 14, "color": INK},
    }


@dataclass(frozen=True)
class StageLine:
    """Running totals of one stage at the end of each quarter, None before its first entry."""

    label: str
    values: tuple[float | None, ...]


def draw_running(quarters: tuple[str, ...], lines: tuple[StageLine, ...], price_note: str) -> go.Figure:
    """A line for each stage with money in it, named at its end."""
    shown = [line for line in lines if any(line.values)]
    places = _apart([line.values[-1] or 0.0 for line in shown])
    traces = [
        {
            "type": "scatter",
            "x": list(range(len(quarters))),
            "y": list(line.values),
            "mode": "lines+markers",
            "name": escape(line.label),
            "line": {"color": color, "width": 2},
            "marker": {"size": 6, "color": color},
            "customdata": [
                f"{quarter}: {format_whole_dollars(value, missing=NO_ENTRY)}"
                for quarter, value in zip(quarters, line.values, strict=True)
            ],
            "hovertemplate": f"{escape(line.label)}, %{{customdata}}<extra></extra>",
        }
        for number, line in enumerate(shown)
        for color in (LINES[number % len(LINES)],)
    ]
    names = [
        {
            "x": len(quarters) - 1,
            "y": places[number],
            "xshift": 10,
            "xanchor": "left",
            "showarrow": False,
            "text": escape(line.label),
            "font": {"size": 13, "color": INK},
        }
        for number, line in enumerate(shown)
    ]
    step = 1 + (len(quarters) - 1) // 5
    ticks = [n for n in range(len(quarters)) if (len(quarters) - 1 - n) % step == 0]
    return new_figure(
        traces,
        annotations=names,
        height=300,
        margin={"l": 60, "r": 90, "t": 12, "b": 56},
        xaxis={
            "range": [-0.3, len(quarters) - 0.7],
            "tickvals": ticks,
            "ticktext": [quarters[n] for n in ticks],
            "showgrid": False,
            "tickfont": {"size": 12, "color": MUTED},
            "title": {"text": escape(price_note), "font": {"size": 12, "color": MUTED}},
            "fixedrange": True,
        },
        yaxis={
            "tickprefix": "$",
            "tickformat": "~s",
            "nticks": 5,
            "gridcolor": LINE,
            "rangemode": "tozero",
            "tickfont": {"size": 12, "color": MUTED},
            "fixedrange": True,
        },
    )


def _apart(values: list[float]) -> list[float]:
    """Heights of the names: in order, and none upon another."""
    gap = (max(values, default=0) or 1) * 0.075
    placed, last = {}, None
    for index in sorted(range(len(values)), key=lambda at: values[at]):
        last = values[index] if last is None else max(values[index], last + gap)
        placed[index] = last
    return [placed[index] for index in range(len(values))]
