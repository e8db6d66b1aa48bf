"""What may be said of many indicators together: how many are on track, and people only where nobody counts twice."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from atlas.formatting.dates import format_period

LABELS = ("target reached", "on track", "data overdue", "behind", "late", "no value", "not judged")


@dataclass(frozen=True)
class FamilyCounts:
    """Of one outcome family: how many indicators have which label. Values of unlike units are never added."""

    family: str
    counts: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        return sum(count for _, count in self.counts)

    def of(self, *labels: str) -> int:
        return sum(count for label, count in self.counts if label in labels)


@dataclass(frozen=True)
class ReachedCount:
    """People reached as one indicator counts them in one period.

    `area`: tracts of its plan, None for the whole place. `place` is a city: places don't overlap.
    """

    name: str
    place: str
    unit: str
    value: float
    start: date
    end: date
    is_unduplicated: bool
    area: frozenset[str] | None = None
    indicator: int = 0


@dataclass(frozen=True)
class ReachedTotal:
    """`total` is the sum of `summed`, None where nothing may be summed; `apart`: (count, why it is not in the sum)."""

    unit: str
    total: float | None
    summed: tuple[ReachedCount, ...]
    apart: tuple[tuple[ReachedCount, str], ...]


def count_families(rated: Iterable[tuple[str, str]]) -> tuple[FamilyCounts, ...]:
    """Of (family, label) pairs, by family in the order they come."""
    found: dict[str, Counter[str]] = {}
    for family, label in rated:
        found.setdefault(family, Counter())[label] += 1
    return tuple(
        FamilyCounts(family, tuple((label, counts[label]) for label in LABELS if counts[label]))
        for family, counts in found.items()
    )


def running_totals(rows: Iterable[ReachedCount]) -> tuple[ReachedCount, ...]:
    """Of one indicator: a period that holds all its others is a running total and stands for them.

    Of two such that begin on the same day the later; else all rows stay.
    """
    rows = list(rows)
    if not rows:
        return ()
    widest = max(rows, key=lambda row: (row.end, -row.start.toordinal()))
    if all(widest.start <= row.start and row.end <= widest.end for row in rows):
        return (widest,)
    return tuple(rows)


def add_people(rows: Iterable[ReachedCount]) -> tuple[ReachedTotal, ...]:
    """By unit, people before households: summed only what counts each person once and overlaps nothing else."""
    rows = list(rows)
    made = []
    for unit in sorted({row.unit for row in rows}, key=lambda unit: (unit != "people", unit)):
        here = [row for row in rows if row.unit == unit]
        by_place: dict[str, list[ReachedCount]] = {}  # places don't overlap: each is compared with its own only
        for row in here:
            by_place.setdefault(row.place, []).append(row)
        reasons = [_reason_not_summed(row, by_place[row.place]) for row in here]
        summed = tuple(row for row, why in zip(here, reasons, strict=True) if not why)
        apart = tuple((row, why) for row, why in zip(here, reasons, strict=True) if why)
        made.append(ReachedTotal(unit, sum(row.value for row in summed) if summed else None, summed, apart))
    return tuple(made)


def _reason_not_summed(row: ReachedCount, rows: list[ReachedCount]) -> str:
    """`rows`: those of its unit and place."""
    if not row.is_unduplicated:
        return "it may count the same person more than once"
    for other in rows:
        if other is not row and other.is_unduplicated and _overlap(row, other):
            when = format_period(max(row.start, other.start), min(row.end, other.end))
            if other.indicator == row.indicator and other.name == row.name:
                return f"its periods overlap ({when})"
            where = "the same tracts" if row.area is not None and other.area is not None else f"all of {row.place}"
            return f"it may count people of “{other.name}” again: both cover {where} in {when}"
    return ""


def _overlap(one: ReachedCount, other: ReachedCount) -> bool:
    if one.end < other.start or other.end < one.start:
        return False
    return one.area is None or other.area is None or bool(one.area & other.area)
