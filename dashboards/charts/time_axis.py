"""Days on an axis of years, with ticks at first days of months that leave each other room."""

from datetime import date
from typing import Any

from dashboards.charts.theme import LINE, MUTED

_STEPS = (1, 3, 6, 12, 24, 60, 120)  # months


def place(day: date) -> float:
    """1 Jul 2026 -> about 2026.496; the same day of two years is one apart but for a leap day."""
    first, after = date(day.year, 1, 1), date(day.year + 1, 1, 1)
    return day.year + (day - first).days / (after - first).days


def month_ticks(first: date, last: date, most: int = 5) -> tuple[list[float], list[str]]:
    """Places and words of at most `most` + 1 months within the days."""
    months = max(1, (last.year - first.year) * 12 + last.month - first.month)
    step = next((step for step in _STEPS if months / step <= most), _STEPS[-1])
    start = first.year * 12 + first.month - 1
    start += -start % step
    days = [date(n // 12, n % 12 + 1, 1) for n in range(start, last.year * 12 + last.month, step)]
    days = [day for day in days if first <= day <= last]
    return [place(day) for day in days], [f"{day:%Y}" if step >= 12 else f"{day:%b}<br>{day:%Y}" for day in days]


def time_axis(first: date, last: date, anchor: str, *, show_ticks: bool = True) -> dict[str, Any]:
    """A plotly x axis over the days, with a little air on both sides."""
    low, high = place(first), place(last)
    room = max((high - low) * 0.03, 0.01)
    values, words = month_ticks(first, last)
    return {
        "anchor": anchor,
        "range": [low - room, high + room],
        "tickvals": values,
        "ticktext": words,
        "showgrid": True,
        "gridcolor": LINE,
        "fixedrange": True,
        "showticklabels": show_ticks,
        "ticks": "outside" if show_ticks else "",
        "tickcolor": LINE,
        "tickfont": {"size": 12, "color": MUTED},
    }


def apart(wanted: list[float], distance: float, low: float, high: float) -> list[float]:
    """Places of labels near `wanted`, none nearer than `distance` to another, within low to high where they fit."""
    order = sorted(range(len(wanted)), key=lambda n: wanted[n])
    placed = [wanted[n] for n in order]
    for n in range(1, len(placed)):
        placed[n] = max(placed[n], placed[n - 1] + distance)
    if placed and placed[-1] > high:
        placed[-1] = high
        for n in range(len(placed) - 2, -1, -1):
            placed[n] = min(placed[n], placed[n + 1] - distance)
    if placed and placed[0] < low:
        placed[0] = low
        for n in range(1, len(placed)):
            placed[n] = max(placed[n], placed[n - 1] + distance)
    found = [0.0] * len(wanted)
    for n, at in zip(order, placed, strict=True):
        found[n] = at
    return found
