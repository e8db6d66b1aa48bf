"""The axis that rows of dots share: it fits the data, has three to five labels and need not start at zero."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import ceil, floor, isfinite

from dashboards.charts.marks.elements import drawing, percent, words_at

HEIGHT = 20
STEPS = (1, 2, 5, 10, 20, 25, 50, 100)
MOST_LABELS = 5
PADDING = 0.06  # of the range, on both sides: dots at its ends are whole


@dataclass(frozen=True)
class Axis:
    """From `low` to `high` in the unit of the values; `ticks` are (value, label), left to right."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...] = ()

    def share(self, value: float) -> float:
        """Where a value lies: 0 at `low`, 1 at `high`; outside the axis less than 0 or more than 1.

        ValueError unless it is finite.
        """
        if not isfinite(value):
            raise ValueError(f"A mark needs a finite value, not {value}.")
        return (value - self.low) / (self.high - self.low)

    def at(self, value: float) -> str:
        """The same as a position, held inside the axis."""
        return percent(min(1.0, max(0.0, self.share(value))))


def ordinal(value: float) -> str:
    """A whole percentile: 41 -> "41st", 12 -> "12th"."""
    whole = round(value)
    if whole % 100 in (11, 12, 13):
        return f"{whole}th"
    ending = {1: "st", 2: "nd", 3: "rd"}.get(whole % 10, "th")
    return f"{whole}{ending}"


def percentile_axis(values: Iterable[float | None]) -> Axis:
    """An axis over percentiles 0-100 with ordinal labels. Without a value: 0 to 100."""
    return fit_axis(values, label=ordinal, lowest=0.0, highest=100.0)


def fit_axis(
    values: Iterable[float | None],
    *,
    label: Callable[[float], str],
    lowest: float | None = None,
    highest: float | None = None,
) -> Axis:
    """The range of the values and a little more, with labels on round numbers.

    The unit must be one in which 1 is a small step (percentiles, percent, dollars), so shares of 0-1 come as percent.
    `lowest` and `highest` are the ends that the unit allows; they are the axis while there is no value.
    """
    known = [value for value in values if value is not None]
    if not known:
        known = [0.0 if lowest is None else lowest, 1.0 if highest is None else highest]
    low, high = min(known), max(known)
    if high - low < 4 * STEPS[0]:  # one value, or values almost alike: not magnified without end
        low, high = low - 2 * STEPS[0], high + 2 * STEPS[0]
    edge = (high - low) * PADDING
    low, high = low - edge, high + edge
    step = next((one for one in STEPS if (high - low) / one <= MOST_LABELS), STEPS[-1])
    while (high - low) / step > MOST_LABELS:  # dollars and other large units
        step *= 10
    ticks = tuple((float(one * step), label(one * step)) for one in range(ceil(low / step), floor(high / step) + 1))
    inside = tuple(
        tick for tick in ticks if (lowest is None or tick[0] >= lowest) and (highest is None or tick[0] <= highest)
    )
    return Axis(low, high, inside)


def draw_axis(axis: Axis) -> str:
    """The labels alone, under the rows of the axis; those who listen hear the values in the rows."""
    return drawing("".join(words_at(label, axis.at(value), 14) for value, label in axis.ticks), HEIGHT, "", "mark")
