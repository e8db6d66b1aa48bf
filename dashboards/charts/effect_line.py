"""One effect on a line: no effect, the smallest effect worth having, what the test could detect, and the interval.

Positions are in percent, so that it stretches without a script; text keeps its size at every width.
"""

from math import isfinite

from dashboards.charts.marks.axis import Axis
from dashboards.charts.marks.change_axis import change_axis
from dashboards.charts.marks.elements import drawing, percent, shape, words_at
from engagements.pilots.rules.effect_line import EffectLine

HEIGHT, TOP, BASE, MIDDLE = 178, 8, 124, 94
_NEAR = 0.16  # of the width: a label so near to an end begins or ends there
_ROOM = 0.42  # of the width: what the words beside a rule need on a phone


def draw_effect_line(line: EffectLine) -> str:
    """The picture as an `<svg>`; an interval without an end runs to the edge."""
    axis = change_axis(line.ends, is_money=line.is_money)
    parts = [*_worth(line, axis), *_frame(line, axis), *_effect(line, axis)]
    return drawing("".join(parts), HEIGHT, line.words, "mark effect-line")


def _worth(line: EffectLine, axis: Axis) -> list[str]:
    if line.worth is None:
        return []
    share = min(1.0, max(0.0, axis.share(line.worth)))
    is_more = line.worth >= 0
    left, width = (share, 1 - share) if is_more else (0.0, share)
    x = percent(share)
    beside = _beside(line.worth_label, x, TOP + 16, is_left=_is_worth_left(line, axis), css="m-text m-worth-text")
    return [
        shape("rect", "m-worth-area", x=percent(left), y=TOP, width=percent(width), height=BASE - TOP),
        shape("line", "m-worth", x1=x, x2=x, y1=TOP, y2=BASE, stroke_dasharray="4 3"),
        beside,
    ]


def _is_worth_left(line: EffectLine, axis: Axis) -> bool:
    """The words stand in the shaded part, unless it is too narrow for them."""
    share = axis.share(line.worth or 0.0)
    return share > 1 - _ROOM if (line.worth or 0.0) >= 0 else share > _ROOM


def _frame(line: EffectLine, axis: Axis) -> list[str]:
    none = axis.at(0.0)
    share = axis.share(0.0)
    is_left = share > 2 * _NEAR and (line.worth is None or not _is_worth_left(line, axis))
    y = TOP + 16 if is_left else TOP + 42  # below the words beside the other rule
    parts = [
        shape("line", "m-axis", x1="0", x2="100%", y1=BASE, y2=BASE),
        shape("line", "m-us", x1=none, x2=none, y1=TOP, y2=BASE),
        _beside(line.no_effect_label, none, y, is_left=is_left or share > 1 - 2 * _NEAR),
    ]
    parts += [words_at(label, axis.at(value), BASE + 19, _anchor(axis.share(value))) for value, label in axis.ticks]
    if line.detectable is not None and isfinite(line.detectable):
        share = axis.share(line.detectable)
        mark = shape("path", "m-detect", d=f"M-5,{BASE + 33}L5,{BASE + 33}L0,{BASE + 25}Z")
        parts.append(f'<svg x="{percent(share)}" overflow="visible">{mark}</svg>')
        parts.append(words_at(line.detectable_label, percent(share), BASE + 49, _anchor(share)))
    return parts


def _effect(line: EffectLine, axis: Axis) -> list[str]:
    low = axis.at(line.low) if isfinite(line.low) else "0"
    high = axis.at(line.high) if isfinite(line.high) else "100%"
    x = axis.at(line.value)
    return [
        shape("line", "m-range m-range-wide", x1=low, x2=high, y1=MIDDLE, y2=MIDDLE),
        shape("circle", "m-this", cx=x, cy=MIDDLE, r=9),
        _label(line, axis),
    ]


def _label(line: EffectLine, axis: Axis) -> str:
    """Over its dot; beside the rule of no effect where it would lie across it and there is room."""
    share, none, y = axis.share(line.value), axis.share(0.0), MIDDLE - 20
    is_left = line.value < 0
    if abs(share - none) < _NEAR and (none > _ROOM if is_left else none < 1 - _ROOM):
        return _beside(line.label, percent(none), y, is_left=is_left, css="m-value")
    return words_at(line.label, percent(share), y, _anchor(share), "m-value")


def _anchor(share: float) -> str:
    if share < _NEAR:
        return "start"
    return "end" if share > 1 - _NEAR else "middle"


def _beside(text: str, x: str, y: float, *, is_left: bool, css: str = "m-text") -> str:
    """At one side of a rule."""
    said = words_at(text, "-8" if is_left else "8", y, "end" if is_left else "start", css)
    return f'<svg x="{x}" overflow="visible">{said}</svg>' if text else ""
