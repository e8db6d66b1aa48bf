"""The charts of a panel's figure as numbers: what the page draws is what slides draw, point by point.

Figures of dots hold, for each row, a trace with one mark; intervals and references are traces of two points beside it.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import plotly.graph_objects as go

from atlas.formatting.percentiles import format_points
from atlas.formatting.ranges import join_ends
from dashboards.documents.model import Curve, Dots, DotValue, Rule

NATION, NO_DIFFERENCE = "United States", "No difference"
_HOVER = re.compile(r"^(?P<label>.*?): (?P<words>.*?)(?:<br>(?P<note>.*?))?<extra></extra>$", re.DOTALL)
_LINE_NAMES = ("nation",)


@dataclass
class _Row:
    """What the traces at one height of one pair of axes say."""

    label: str
    value: float
    is_hollow: bool
    low: float | None = None
    high: float | None = None
    reference: float | None = None


@dataclass
class _Block:
    heading: str
    unit: str
    has_zero: bool
    rows: dict[float, _Row] = field(default_factory=dict)


def dots_of(figure: go.Figure, said: str, place: str) -> tuple[Dots, ...]:
    """A chart for each pair of axes, their rows from above. `place`: the name of what the panel is about.

    The nation's own row, where there is one, becomes the rule. ValueError where two marks stand in one row.
    """
    blocks: dict[str, _Block] = {}
    for trace in figure.data:
        axis = trace.xaxis or "x"
        block = blocks.setdefault(axis, _block(figure, axis))
        if trace.mode == "markers":
            for x, y in zip(trace.x, trace.y, strict=True):
                if float(y) in block.rows:
                    raise ValueError(
                        f"Two marks stand in the row of {trace.name!r}: which is the estimate is not said."
                    )
                block.rows[float(y)] = _Row(_label(trace), float(x), "open" in str(trace.marker.symbol))
    for trace in figure.data:
        if trace.mode == "lines":
            _add_line(blocks[trace.xaxis or "x"], trace)
    return tuple(_chart(block, said, place) for block in blocks.values() if block.rows)


def _block(figure: go.Figure, axis: str) -> _Block:
    options = figure.layout[f"xaxis{axis[1:]}"]
    upright = figure.layout[f"yaxis{axis[1:]}"]
    top = upright.domain[1] if upright.domain else 1.0
    heads = [
        plain(note.text)
        for note in figure.layout.annotations
        if note.yref == "paper" and note.yanchor == "bottom" and abs(note.y - top) < 1e-9
    ]
    return _Block(heads[0] if heads else "", plain(options.title.text or ""), bool(options.zeroline))


def plain(text: str) -> str:
    """Plotly's marked words as plain ones, on one line."""
    return html.unescape(re.sub(r"<[^>]+>", "", text.replace("<br>", " "))).strip()


def _label(trace: Any) -> str:
    """The row's name; a row that is "the same, seen otherwise" has only its note."""
    name = plain(trace.name or "")
    if name:
        return name
    found = _HOVER.match(trace.hovertemplate or "")
    return plain(found["note"] or found["words"]) if found else ""


def _add_line(block: _Block, trace: Any) -> None:
    """An upright stroke is a reference, a lying line an interval: both belong to the row they stand at."""
    xs, ys = [float(x) for x in trace.x], [float(y) for y in trace.y]
    if ys[0] == ys[-1] and ys[0] in block.rows:
        block.rows[ys[0]].low, block.rows[ys[0]].high = min(xs), max(xs)
    elif trace.name in _LINE_NAMES and xs[0] == xs[-1]:
        middle = (ys[0] + ys[-1]) / 2
        row = min(block.rows, key=lambda at: abs(at - middle))
        block.rows[row].reference = xs[0]


def _chart(block: _Block, said: str, place: str) -> Dots:
    rows = [block.rows[at] for at in sorted(block.rows)]
    nation = next((row for row in rows if row.label.partition(",")[0] == NATION), None)
    shown = [row for row in rows if row is not nation]
    own = [row.label == place for row in shown]
    rule = None if nation is None else Rule(nation.value, f"{NATION} {format_points(nation.value / 100)}")
    values = tuple(
        DotValue(
            row.label,
            row.value,
            row.low,
            row.high,
            _words(row),
            row.reference,
            is_this=is_own or not any(own),
            is_hollow=row.is_hollow,
        )
        for row, is_own in zip(shown, own, strict=True)
    )
    has_references = any(row.reference is not None for row in shown)
    return Dots(
        values,
        block.unit,
        said,
        title=block.heading,
        rule=Rule(0.0, NO_DIFFERENCE) if block.has_zero else rule,
        reference_name=f"Same group, {NATION}" if has_references else "",
        name=block.heading or place,
        has_zero=block.has_zero,
    )


def _words(row: _Row) -> str:
    said = format_points(row.value / 100)
    if row.low is not None and row.high is not None:
        said += f" ({join_ends(format_points(row.low / 100), format_points(row.high / 100))})"
    return said if row.reference is None else f"{said}; US {format_points(row.reference / 100)}"


def curve_of(figure: go.Figure, said: str, unit: str, unit_words: str) -> Curve:
    """The stepped lines of a distribution and the rules of its middles, named by the words beside them."""
    scale = 100.0 if unit == "rank" else 1.0
    lines = tuple(
        (plain(trace.name), tuple((float(x) * scale, float(y)) for x, y in zip(trace.x, trace.y, strict=True)))
        for trace in figure.data
        if trace.mode == "lines"
    )
    rules = tuple(_rules(figure, scale))
    return Curve(lines, unit, unit_words, "share of tracts", said, rules)


def _rules(figure: go.Figure, scale: float) -> Iterator[Rule]:
    """An upright line and the words of its color belong together."""
    for shape in figure.layout.shapes:
        if shape.type == "line" and shape.x0 == shape.x1:
            words = [plain(note.text) for note in figure.layout.annotations if note.font.color == shape.line.color]
            yield Rule(float(shape.x0) * scale, words[0] if words else "")
