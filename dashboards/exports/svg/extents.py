"""Which axes a figure has, how far each reaches, and where they stand in the picture."""

from dashboards.exports.svg.plotly_values import Plain, UnknownFigurePart, as_list
from dashboards.exports.svg.scales import Axis, kind_of

PAD = 0.05  # of the data's span, on each side, as plotly leaves


def build_axes(traces: list[Plain], layout: Plain, plot: tuple[float, float, float, float]) -> dict[str, Axis]:
    """Every axis by its short name ("x", "y2"), with range and pixels. `plot` is left, top, width, height."""
    used = {trace.get(f"{letter}axis", letter) for trace in traces for letter in "xy"}
    axes = {name: _new_axis(name, traces, layout) for name in sorted(used)}
    for axis in axes.values():
        _set_range(axis, traces, layout)
    for axis in axes.values():
        _share_range(axis, axes)
    for axis in axes.values():
        _set_pixels(axis, axes, plot)
    return axes


def option_name(name: str) -> str:
    """ "y2" -> "yaxis2"."""
    return f"{name[0]}axis{name[1:]}"


def domain_of(axis: Axis, axes: dict[str, Axis]) -> tuple[float, float]:
    """Share of the plot the axis spans; an axis that overlays another has the other's."""
    over = axis.options.get("overlaying")
    own = axis.options.get("domain")
    if own is None and over and over != "free" and over in axes:
        return domain_of(axes[over], axes)
    return (float(own[0]), float(own[1])) if own else (0.0, 1.0)


def points_on(axis: Axis, trace: Plain) -> list:
    """The trace's values along this axis; rows numbered where it gives none."""
    own, other = trace.get(axis.letter), trace.get("y" if axis.letter == "x" else "x") or []
    return own if own is not None else list(range(len(other)))


def _new_axis(name: str, traces: list[Plain], layout: Plain) -> Axis:
    options = layout[option_name(name)]
    axis = Axis(name, options, "linear")
    values = [value for trace in _traces_on(axis, traces) for value in points_on(axis, trace)]
    axis.kind = kind_of(options, values)
    if axis.kind == "category":
        given = [str(value) for value in options.get("categoryarray") or []]
        order = options.get("categoryorder", "array" if given else "trace")
        if order not in ("trace", "array"):
            raise UnknownFigurePart(f"Axis {name}: categories in the order {order!r} are not drawn.")
        axis.categories = list(dict.fromkeys([*given, *[str(value) for value in values if value is not None]]))
    return axis


def _traces_on(axis: Axis, traces: list[Plain]) -> list[Plain]:
    return [trace for trace in traces if trace.get(f"{axis.letter}axis", axis.letter) == axis.name]


def _set_range(axis: Axis, traces: list[Plain], layout: Plain) -> None:
    given = axis.options.get("range") or [None, None]
    if None in given:
        axis.low, axis.high = _auto_range(axis, _traces_on(axis, traces), layout)
    if given[0] is not None:
        axis.low = axis.from_option(given[0])
    if given[1] is not None:
        axis.high = axis.from_option(given[1])
    if axis.options.get("autorange") == "reversed" and None in given:
        axis.low, axis.high = axis.high, axis.low


def _auto_range(axis: Axis, traces: list[Plain], layout: Plain) -> tuple[float, float]:
    if axis.kind == "category":
        return -0.5, max(len(axis.categories), 1) - 0.5
    found: list[float] = []
    from_zero, padded = axis.options.get("rangemode") == "tozero", axis.letter == "y"
    for trace in traces:
        mode = trace.get("mode", "lines+markers")
        bars = trace.get("type") == "bar"
        along = (axis.letter == "x") == (trace.get("orientation") == "h")  # the axis that shows a bar's length
        from_zero |= (bars and along) or trace.get("fill") == f"tozero{axis.letter}"
        padded |= "markers" in mode or "text" in mode or bars
        found += _bar_ends(axis, trace, traces, layout) if bars and along else _reach(axis, trace, bars and not along)
    for shape in layout.get("shapes") or []:
        if shape.get(f"{axis.letter}ref", axis.letter) == axis.name:
            ends = (shape.get(f"{axis.letter}{index}") for index in (0, 1))
            found += [number for end in ends if (number := axis.to_number(end)) is not None]
    if not found:
        return (0.0, 1.0)
    low, high = min(found), max(found)
    if low == high:
        low, high = low - 1, high + 1
    pad = (high - low) * PAD if padded else 0.0
    if from_zero and low >= 0:
        return 0.0, high + pad
    return (low - pad, 0.0) if from_zero and high <= 0 else (low - pad, high + pad)


def _reach(axis: Axis, trace: Plain, across: bool) -> list[float]:
    """Every number the trace reaches along the axis: points, ends of error lines, edges of bars."""
    values = points_on(axis, trace)
    numbers = [axis.to_number(value) for value in values]
    error: Plain = trace.get(f"error_{axis.letter}") or {}
    found = [number for number in numbers if number is not None]
    for number, (below, above) in zip(numbers, error_sizes(error, values), strict=True):
        if number is not None and axis.kind in ("linear", "date"):
            found += [number - below, number + above]
    if across and found and axis.kind != "category":
        gaps = [b - a for a, b in zip(sorted(set(found)), sorted(set(found))[1:], strict=False)]
        width = trace.get("width")
        half = (width if isinstance(width, int | float) else min(gaps, default=1.0)) / 2
        found += [min(found) - half, max(found) + half]
    return found


def _bar_ends(axis: Axis, trace: Plain, traces: list[Plain], layout: Plain) -> list[float]:
    """Where the bars of a trace end: on their bases, or on the bars they are stacked on."""
    lengths = [axis.to_number(value) or 0.0 for value in points_on(axis, trace)]
    if layout.get("barmode") not in ("stack", "relative"):
        bases = as_list(trace.get("base", 0.0), len(lengths))
        return [float(base or 0.0) + length for base, length in zip(bases, lengths, strict=True)] + [
            float(base or 0.0) for base in bases
        ]
    across = "y" if axis.letter == "x" else "x"
    sums: dict[tuple, float] = {}
    for other in traces:
        if other.get("type") == "bar":
            along = other.get(axis.letter) or []
            for position, value in zip(other.get(across) or range(len(along)), along, strict=False):
                length = axis.to_number(value) or 0.0
                sums[(position, length >= 0)] = sums.get((position, length >= 0), 0.0) + length
    return list(sums.values())


def error_sizes(error: Plain, values: list) -> list[tuple[float, float]]:
    """(below, above) for each point; zeros where there is no error line."""
    count = len(values)
    if not error or error.get("visible") is False:
        return [(0.0, 0.0)] * count
    kind = error.get("type") or ("data" if error.get("array") is not None else "constant")
    if kind == "data":
        above = as_list(error.get("array") or [], count)
        below = above if error.get("arrayminus") is None else as_list(error["arrayminus"], count)
    elif kind == "constant":
        above = [error.get("value", 0.0)] * count
        below = [error.get("valueminus", error.get("value", 0.0))] * count
    else:
        raise UnknownFigurePart(f"Error lines of type {kind!r} are not drawn.")
    return [(float(one or 0.0), float(two or 0.0)) for one, two in zip(below, above, strict=True)]


def _share_range(axis: Axis, axes: dict[str, Axis]) -> None:
    """An axis that matches another has the widest range of the two, unless either says its own."""
    other = axes.get(axis.options.get("matches") or "")
    if other is None:
        return
    if other.kind == "category":
        other.categories = list(dict.fromkeys([*other.categories, *axis.categories]))
        axis.categories = other.categories
        if not other.options.get("range"):
            other.low, other.high = -0.5, len(other.categories) - 0.5
    elif not (other.options.get("range") or axis.options.get("range")):
        flipped = other.low > other.high
        ends = [axis.low, axis.high, other.low, other.high]
        other.low, other.high = (max(ends), min(ends)) if flipped else (min(ends), max(ends))
    source, target = (axis, other) if axis.options.get("range") and not other.options.get("range") else (other, axis)
    target.low, target.high = source.low, source.high


def _set_pixels(axis: Axis, axes: dict[str, Axis], plot: tuple[float, float, float, float]) -> None:
    left, top, width, height = plot
    low, high = domain_of(axis, axes)
    if axis.letter == "x":
        axis.start, axis.end = left + low * width, left + high * width
    else:
        axis.start, axis.end = top + height * (1 - low), top + height * (1 - high)
