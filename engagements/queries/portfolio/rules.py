"""Red, amber, green, and what is compared with what: rules in words beside the arithmetic. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from engagements.queries.portfolio.figures import Mark

VERY_LATE = 30  # days
MILESTONE_RULE = (
    f"Red: an unfinished milestone is more than {VERY_LATE} days past its due date. Amber: one is past it by less. "
    "Green: none is. No colour: nothing has a due date."
)
NEAR, FAR = Decimal("0.10"), Decimal("0.25")
MONEY_RULE = (
    "Spent against the part of the budget whose time has passed, each budget line spread evenly over its days. "
    "Green: within 10%. Amber: within 25%. Red: further off, above or below. No colour: no budget has begun."
)
TARGET_RULE = (
    "How much of the way from baseline to target is done, against how much of the time had passed when the period of "
    "the value ended. "
    "Green: the target is reached, or at least as far as the time. Amber: at least 80% of that. Red: less. "
    "No colour: baseline or target is missing."
)
RISK_RULE = "Likelihood times severity, each 1 (low) to 3 (high). Red: 6 or 9. Amber: 3 or 4. Green: 1 or 2."
BEHIND = 0.8


def mark_milestones(oldest_late: date | None, today: date, dated: int) -> Mark:
    """`oldest_late`: due date of the unfinished milestone that is latest; `dated`: milestones with a due date."""
    if oldest_late is not None:
        days = (today - oldest_late).days
        words = f"Late by {days} {'day' if days == 1 else 'days'}"
        return Mark("red" if days > VERY_LATE else "amber", words, MILESTONE_RULE)
    return Mark("green", "None late", MILESTONE_RULE) if dated else Mark("none", "Nothing due", MILESTONE_RULE)


def mark_money(spent: Decimal, planned: Decimal) -> Mark:
    """Spent 80 of 100 planned until now is 20% below: amber."""
    if planned <= 0:
        return Mark("none", "No budget so far", MONEY_RULE)
    off = (spent - planned) / planned
    colour = "green" if abs(off) <= NEAR else "amber" if abs(off) <= FAR else "red"
    percent = round(100 * abs(off))
    words = "As planned" if percent == 0 else f"{percent}% {'above' if off > 0 else 'below'} plan"
    return Mark(colour, words, MONEY_RULE)


@dataclass(frozen=True)
class Budget:
    amount: Decimal
    first_on: date
    last_on: date


def budget_within(lines: Iterable[Budget], first: date | None, last: date | None) -> Decimal:
    """Each line by the share of its days in the period, both ends included, to the cent.

    A line of $365 for 2026, until 31 Jan 2026: $31.
    """
    total = Decimal(0)
    for line in lines:
        begin, end = max(line.first_on, first or line.first_on), min(line.last_on, last or line.last_on)
        days = (end - begin).days + 1
        if days > 0:
            total += line.amount * days / ((line.last_on - line.first_on).days + 1)
    return total.quantize(Decimal("0.01"))


def mark_target(
    actual: float,
    baseline: float | None,
    target: float | None,
    begun: date | None,
    due: date | None,
    on: date,
    is_rising: bool = True,
) -> Mark:
    """`on`: the last day of the value's period.

    From 10 (1 Jan) to 20 (31 Dec), 14 at mid-year: 40% of the way in 50% of the time, 80% of it: amber."""
    if baseline is None or target is None or begun is None or due is None:
        return Mark("none", "No baseline or target", TARGET_RULE)
    if baseline == target:
        is_kept = actual >= target if is_rising else actual <= target
        return Mark("green" if is_kept else "red", "Kept" if is_kept else "Not kept", TARGET_RULE)
    way = (actual - baseline) / (target - baseline)
    time = min(max((on - begun).days / (due - begun).days, 0.0), 1.0)
    words = f"{round(100 * way)}% of the way, {round(100 * time)}% of the time"
    if way >= 1 or way >= time - 1e-9:
        return Mark("green", words, TARGET_RULE)
    return Mark("amber" if way >= BEHIND * time - 1e-9 else "red", words, TARGET_RULE)


def mark_risk(likelihood: int, severity: int) -> Mark:
    level = likelihood * severity
    colour = "red" if level >= 6 else "amber" if level >= 3 else "green"
    return Mark(colour, {"red": "High", "amber": "Medium", "green": "Low"}[colour], RISK_RULE)


@dataclass(frozen=True)
class Period:
    first_on: date
    last_on: date
    value: float


def largest_apart(periods: Iterable[Period]) -> tuple[float, tuple[Period, ...]]:
    """The largest sum of periods of which no two overlap: nobody is counted in a quarter and again in its year."""
    rows = sorted(periods, key=lambda row: (row.last_on, row.first_on))
    best: list[tuple[float, tuple[Period, ...]]] = [(0.0, ())]
    for at, row in enumerate(rows):
        before = next((n for n in range(at, 0, -1) if rows[n - 1].last_on < row.first_on), 0)
        with_it = best[before][0] + row.value
        best.append((with_it, (*best[before][1], row)) if with_it > best[-1][0] else best[-1])
    return best[-1]


def groups_that_overlap(areas: dict[int, frozenset[str] | None]) -> list[set[int]]:
    """Keys whose areas (tracts; None: unknown) may hold the same people, directly or through a third.

    An unknown area may hold anybody.
    """
    groups: list[tuple[set[int], set[str], bool]] = []
    for key, area in areas.items():
        keys, tracts, unknown = {key}, set(area or ()), area is None
        apart = []
        for group in groups:
            if unknown or group[2] or group[1] & tracts:
                keys, tracts, unknown = keys | group[0], tracts | group[1], unknown or group[2]
            else:
                apart.append(group)
        groups = [*apart, (keys, tracts, unknown)]
    return [keys for keys, _, _ in groups]
