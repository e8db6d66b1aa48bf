"""The axis of effects: round labels, and always one on no change."""

from math import ceil, floor, log10

from dashboards.charts.marks.axis import Axis

MOST_LABELS, PADDING = 5, 0.06  # of an axis; of its range, on both sides
THOUSAND = 1000


def change_axis(ends: tuple[float, ...], *, is_money: bool = False, is_ratio: bool = False) -> Axis:
    """Labels on 1, 2 or 5 times a power of ten, at most six of them: "−$5k", "0", "+10"; of ratios "0.5", "1".

    `ends`: what it must hold, no change among them. ValueError without any.
    """
    low, high = min(ends), max(ends)
    edge = (high - low or 1.0) * PADDING
    low, high = low - edge, high + edge
    rough = (high - low) / MOST_LABELS
    power = 10.0 ** floor(log10(rough))
    step = next(power * times for times in (1, 2, 5, 10) if power * times >= rough)
    ticks = (step * at for at in range(ceil(low / step), floor(high / step) + 1))
    return Axis(low, high, tuple((at, f"{at:g}" if is_ratio else _label(at, is_money)) for at in ticks))


def _label(value: float, is_money: bool) -> str:
    if not value:
        return "0"
    sign = "−" if value < 0 else "+"
    if not is_money:
        return f"{sign}{abs(value):g}"
    if abs(value) >= THOUSAND:
        return f"{sign}${abs(value) / THOUSAND:g}k"
    return f"{sign}${abs(value):g}"
