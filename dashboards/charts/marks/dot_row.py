"""One row of a dot plot: this place, the US, a city's middle, the shortfall between and the 95% line."""

from dataclasses import dataclass

from dashboards.charts.marks.axis import Axis
from dashboards.charts.marks.elements import drawing, percent, shape

HEIGHT = 28
RADIUS, RING_RADIUS, TICK = 6.0, 4.5, 11.0  # the tick is half its length


@dataclass(frozen=True)
class DotMark:
    """Values in the unit of the axis; None is a mark that is not there.

    `words` say the whole row, with its numbers. `is_this` colors the dot as this place; `is_hollow` draws it as a ring
    (no margin, or resting on little). `ring` is a second, hollow mark: a city's middle, or the value before adjustment.
    `low` and `high` are the ends of the 95% line; past the axis it ends in an arrow. `has_shortfall` fills the track
    between the dot and the US. `us_is_rule` makes the tick as tall as the row, so that rows without space between them
    share one rule. `worth` is a dashed rule as tall as the row: the smallest effect worth having.
    """

    words: str
    value: float | None
    us: float | None = None
    ring: float | None = None
    low: float | None = None
    high: float | None = None
    is_this: bool = True
    is_hollow: bool = False
    has_shortfall: bool = True
    us_is_rule: bool = False
    worth: float | None = None


def draw_dot_row(mark: DotMark, axis: Axis, height: int = HEIGHT) -> str:
    """The row as an `<svg>`; without any value the bare track."""
    middle = height / 2
    parts = [shape("line", "m-axis", x1="0", x2="100%", y1=middle, y2=middle)]
    if mark.has_shortfall and mark.value is not None and mark.us is not None:
        left, right = sorted((axis.share(mark.value), axis.share(mark.us)))
        left, right = max(0.0, left), min(1.0, right)
        if right > left:
            parts.append(shape("rect", "m-short", x=percent(left), y=middle - 3, width=percent(right - left), height=6))
    if mark.us is not None:
        x, reach = axis.at(mark.us), middle if mark.us_is_rule else TICK
        parts.append(shape("line", "m-us", x1=x, x2=x, y1=middle - reach, y2=middle + reach))
    if mark.worth is not None:
        x = axis.at(mark.worth)
        parts.append(shape("line", "m-worth", x1=x, x2=x, y1="0", y2=height, stroke_dasharray="3 3"))
    if mark.low is not None and mark.high is not None:
        parts.append(_range(mark.low, mark.high, axis, middle, "m-range" if mark.is_this else "m-other-range"))
    if mark.ring is not None:
        parts.append(shape("circle", "m-ring", cx=axis.at(mark.ring), cy=middle, r=RING_RADIUS))
    if mark.value is not None:
        whole, hollow = ("m-this", "m-ring m-ring-this") if mark.is_this else ("m-other", "m-ring")
        css = hollow if mark.is_hollow else whole
        parts.append(shape("circle", css, cx=axis.at(mark.value), cy=middle, r=RADIUS))
    return drawing("".join(parts), height, mark.words)


def _range(low: float, high: float, axis: Axis, middle: float, css: str) -> str:
    """The line, and an arrow head at each end that leaves the axis."""
    parts = [shape("line", css, x1=axis.at(low), x2=axis.at(high), y1=middle, y2=middle)]
    if axis.share(low) < 0:
        parts.append(_arrow("0", f"M6,{middle - 5:g}L0,{middle:g}L6,{middle + 5:g}", css))
    if axis.share(high) > 1:
        parts.append(_arrow("100%", f"M-6,{middle - 5:g}L0,{middle:g}L-6,{middle + 5:g}", css))
    return "".join(parts)


def _arrow(x: str, path: str, css: str) -> str:
    # A path knows no percentages: an inner drawing carries it to the end of the track.
    return f'<svg x="{x}" overflow="visible">{shape("path", f"{css} m-arrow", d=path, fill="none")}</svg>'
