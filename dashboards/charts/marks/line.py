"""A small line chart: a value over time with its shaded margin, the first and the last period below."""

from dataclasses import dataclass

from dashboards.charts.marks.elements import drawing, percent, shape, words_at

HEIGHT, PLOT = 104, 80  # pixels: the whole drawing, and the part above its base line
LEFT, RIGHT = 0.024, 0.976  # of the width: the dots at both ends are whole
TOP, BOTTOM = 8.0, 72.0  # pixels: highest and lowest value
DENSE = 24  # points; with more of them only the last has a dot


@dataclass(frozen=True)
class LinePoint:
    """`at`: days or years on any scale, rising. `starts_anew`: no line joins it to the point before."""

    at: float
    value: float
    low: float | None = None  # the margin, in the unit of the value
    high: float | None = None
    starts_anew: bool = False


@dataclass(frozen=True)
class LineMark:
    """`words` say the whole chart, with its numbers; `first` and `last` are the periods under its ends.

    `rule` is a dashed line to hold the values against. `y_range` is (low, high) where charts in a row share one;
    otherwise the chart fits its own values, so that its slope can't be compared.
    """

    words: str
    points: tuple[LinePoint, ...]
    first: str
    last: str
    rule: float | None = None
    y_range: tuple[float, float] | None = None


def shared_range(marks: tuple[LineMark, ...]) -> tuple[float, float] | None:
    """The y range that holds every chart of a row; None while none has a point."""
    ends = [own_range(mark) for mark in marks if mark.points]
    return (min(low for low, _ in ends), max(high for _, high in ends)) if ends else None


def own_range(mark: LineMark) -> tuple[float, float]:
    """The lowest and highest of values, margins and rule."""
    found = [end for point in mark.points for end in (point.value, point.low, point.high) if end is not None]
    found += [] if mark.rule is None else [mark.rule]
    low, high = min(found), max(found)
    return (low - 0.5, high + 0.5) if low == high else (low, high)


def draw_line(mark: LineMark) -> str:
    """The chart as an `<svg>`; without a point an empty string, for a chart of nothing would look like a zero."""
    if not mark.points:
        return ""
    low, high = mark.y_range or own_range(mark)
    start, end = mark.points[0].at, mark.points[-1].at

    def x(point: LinePoint) -> float:
        return LEFT + (RIGHT - LEFT) * ((point.at - start) / (end - start) if end > start else 0.5)

    def y(value: float) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * min(1.0, max(0.0, (value - low) / (high - low))), 1)

    bands, lines = [], []
    for run in _runs(mark.points):
        sure = [(x(p), y(p.low), y(p.high)) for p in run if p.low is not None and p.high is not None]
        if len(sure) > 1:
            around = [(at, top) for at, _, top in sure] + [(at, bottom) for at, bottom, _ in reversed(sure)]
            bands.append(shape("path", "m-band", d=f"M{_path(around)}Z"))
        if len(run) > 1:
            way = _path([(x(p), y(p.value)) for p in run])
            lines.append(shape("path", "m-line", d=f"M{way}", fill="none", vector_effect="non-scaling-stroke"))
    # The line stretches with its cell: its own coordinates are 1000 wide, its dots stand in percent above it.
    stretched = (
        f'<svg viewBox="0 0 1000 {PLOT}" preserveAspectRatio="none" width="100%" height="{PLOT}">'
        f"{''.join(bands)}{''.join(lines)}</svg>"
    )
    parts = [shape("line", "m-axis", x1="0", x2="100%", y1=PLOT, y2=PLOT)]
    if mark.rule is not None:
        height = y(mark.rule)
        parts.append(shape("line", "m-rule", x1="0", x2="100%", y1=height, y2=height, stroke_dasharray="3 3"))
    parts.append(stretched)
    last = len(mark.points) - 1
    for number, point in enumerate(mark.points):
        is_end = number in (0, last)
        if number == last or len(mark.points) <= DENSE:
            parts.append(shape("circle", "m-this", cx=percent(x(point)), cy=y(point.value), r=5.0 if is_end else 3.0))
    if start == end:
        parts.append(words_at(mark.last, "50%", PLOT + 17))
    else:
        parts += [words_at(mark.first, "0", PLOT + 17, "start"), words_at(mark.last, "100%", PLOT + 17, "end")]
    return drawing("".join(parts), HEIGHT, mark.words, "mark mark-line")


def _runs(points: tuple[LinePoint, ...]) -> list[list[LinePoint]]:
    runs: list[list[LinePoint]] = []
    for point in points:
        if point.starts_anew or not runs:
            runs.append([])
        runs[-1].append(point)
    return runs


def _path(points: list[tuple[float, float]]) -> str:
    return "L".join(f"{round(at * 1000, 1):g},{height:g}" for at, height in points)
