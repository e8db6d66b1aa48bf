"""Which breakdowns of an indicator stay with the team: those that show, or let somebody work out, a group of 1 to 10.

Pure. The line at 11 is that of the federal Centers for Medicare & Medicaid Services ("CMS cell suppression policy"):
no cell of 1 to 10, and no cell from which such a one follows by subtraction. A zero may be shown. A breakdown is shown
or withheld as a whole: what is left of a total minus some shown groups would tell the hidden ones.

A total is never withheld: it says how many, of nobody in particular, and portfolios add the same totals.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from engagements.indicators.rules.units import WHOLE

LINE = 11  # the smallest count that is shown, but for zero
_REST = ""  # what a total leaves beside its groups; a category has a name
_ROUND = 6  # digits: sums of decimals are no whole numbers to the last bit

Counts = Mapping[str, float]  # by what is counted: people or things
Breakdown = tuple[date, date, str]  # first and last day, dimension


@dataclass(frozen=True)
class Cell:
    """One approved value: of everybody where `dimension` and `category` are empty."""

    start: date
    end: date
    dimension: str
    category: str
    counts: Counts
    shown_since: datetime


def is_small(count: float) -> bool:
    """More than nobody, fewer than 11."""
    return 0 < round(count, _ROUND) < LINE


def counts_in(unit: str, value: float, numerator: float | None, denominator: float | None) -> dict[str, float]:
    """What a value tells of how many: itself, or its parts, and those of its whole that it does not count."""
    found = {"value": value} if unit in WHOLE else {}
    if denominator is not None:
        found["denominator"] = denominator
    if unit == "share" and denominator is not None:
        top = value * denominator if numerator is None else numerator
        found |= {"numerator": top, "others": denominator - top}
    return found


def withheld_breakdowns(cells: Iterable[Cell]) -> frozenset[Breakdown]:
    """Of the approved values of one indicator.

    A breakdown is withheld where a group is small, where a total leaves a small rest beside its groups, or where
    it makes a small group of other days known: a half-year minus a quarter. What was shown first stays.
    """
    totals: dict[tuple[date, date], Counts] = {}
    groups: dict[Breakdown, dict[str, Counts]] = {}
    since: dict[Breakdown, datetime] = {}
    for cell in cells:
        if not cell.dimension:
            totals[cell.start, cell.end] = cell.counts
            continue
        key = (cell.start, cell.end, cell.dimension)
        groups.setdefault(key, {})[cell.category] = cell.counts
        since[key] = max(cell.shown_since, since.get(key, cell.shown_since))
    withheld, known = set(), _Known()
    for key in sorted(groups, key=lambda key: (since[key], key[1], key[0], key[2])):
        here = dict(_lines(groups[key], totals.get(key[:2], {})))
        if any(is_small(count) for count in here.values()) or known.tells_small(key, here):
            withheld.add(key)
        else:
            known.add(key, here)
    return frozenset(withheld)


def _lines(groups: Mapping[str, Counts], total: Counts) -> Iterator[tuple[tuple[str, str], float]]:
    """((category, what is counted), count): each group, and what the total leaves beside them."""
    for category, counts in groups.items():
        for what, count in counts.items():
            yield (category, what), count
    for what, count in total.items():
        if all(what in counts for counts in groups.values()):
            yield (_REST, what), count - sum(counts[what] for counts in groups.values())


class _Known:
    """What the shown breakdowns tell of any days.

    A count from one day to another is a step between two points. Where shown steps connect two points, in whatever
    order, the count between them follows by adding and subtracting: each point has its distance from its first one.
    """

    def __init__(self) -> None:
        self._places: dict[tuple[str, str, str], dict[int, tuple[int, float]]] = {}  # point: (which net, distance)

    def tells_small(self, key: Breakdown, lines: Mapping[tuple[str, str], float]) -> bool:
        start, end, dimension = key
        return any(
            is_small(count)
            for line, step in lines.items()
            for count in self._new(self._of(dimension, line), _point(start), _point(end) + 1, step)
        )

    def add(self, key: Breakdown, lines: Mapping[tuple[str, str], float]) -> None:
        start, end, dimension = key
        for line, step in lines.items():
            places, one, other = self._of(dimension, line), _point(start), _point(end) + 1
            net, at = places.setdefault(one, (one, 0.0))
            was, there = places.setdefault(other, (other, 0.0))
            if was != net:
                for point, (which, far) in list(places.items()):
                    if which == was:
                        places[point] = (net, at + step + far - there)

    def _of(self, dimension: str, line: tuple[str, str]) -> dict[int, tuple[int, float]]:
        return self._places.setdefault((dimension, *line), {})

    def _new(self, places: dict[int, tuple[int, float]], one: int, other: int, step: float) -> Iterator[float]:
        """Counts between two points that nothing connected before this step; below zero is no count."""
        net, at = places.get(one, (one, 0.0))
        was, there = places.get(other, (other, 0.0))
        if net == was:
            return
        left = [(point, far) for point, (which, far) in places.items() if which == net] or [(one, 0.0)]
        right = [(point, far) for point, (which, far) in places.items() if which == was] or [(other, 0.0)]
        for point, far in left:
            for goal, beyond in right:
                count = (at - far) + step + (beyond - there)
                yield count if goal > point else -count


def _point(day: date) -> int:
    return day.toordinal()
