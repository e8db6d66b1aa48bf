"""Sums of entries, net of reversals, for pages that hold the rows already. The database keeps its own totals."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from engagements.money.rules.amounts import CENT
from engagements.money.rules.tracts import split

Quarter = tuple[int, int]  # year, 1 to 4


@dataclass(frozen=True)
class SumEntry:
    """`amount` above 0 in dollars of `price_year`; `reverses` is the key of the entry it reverses. A reversal counts
    on its own day, with a negative amount. `tracts`: GEOID -> share, {} while not placed."""

    key: Hashable
    stage: str
    amount: Decimal
    occurred_on: date
    price_year: int
    funder: Hashable | None = None
    plan: Hashable | None = None
    milestone: Hashable | None = None
    reverses: Hashable | None = None
    tracts: Mapping[str, Decimal] = field(default_factory=dict)
    is_fictional: bool = False

    @property
    def net(self) -> Decimal:
        return self.amount if self.reverses is None else -self.amount


class NoPrices(ValueError):
    """The index has no value for a year; the text says which."""


DIMENSIONS: dict[str, Callable[[SumEntry], Hashable]] = {
    "stage": lambda entry: str(entry.stage),
    "funder": lambda entry: entry.funder,
    "plan": lambda entry: entry.plan,
    "milestone": lambda entry: entry.milestone,
    "price_year": lambda entry: entry.price_year,
    "quarter": lambda entry: quarter(entry.occurred_on),
    "is_fictional": lambda entry: entry.is_fictional,
}


def quarter(day: date) -> Quarter:
    """(2026, 4): of the calendar year."""
    return day.year, (day.month + 2) // 3


def first_day_of(when: Quarter) -> date:
    return date(when[0], 3 * when[1] - 2, 1)


def roll_up(
    entries: Iterable[SumEntry],
    by: tuple[str, ...],
    *,
    prices: Mapping[int, Decimal] | None = None,
    year: int | None = None,
) -> dict[tuple[Hashable, ...], Decimal]:
    """Net dollars by the named dimensions, in their order: of DIMENSIONS, and “tract” (None: not placed).

    As booked, whatever the price year: whole cents, by tract the same total as without. With `prices` (an index by
    year) and `year` in prices of that year, each sum rounded to the cent. Raises NoPrices, and KeyError for what is no
    dimension.
    """
    keys = [None if name == "tract" else DIMENSIONS[name] for name in by]
    total: dict[tuple[Hashable, ...], Decimal] = defaultdict(Decimal)
    for entry in entries:
        factor = Decimal(1) if prices is None else _factor(prices, entry.price_year, year)
        parts = split(entry.net, entry.tracts) if "tract" in by and entry.tracts else {None: entry.net}
        for tract, part in parts.items():
            total[tuple(tract if key is None else key(entry) for key in keys)] += part * factor
    return {key: amount.quantize(CENT) for key, amount in total.items()}


def cumulative(by_quarter: Mapping[Quarter, Decimal]) -> list[tuple[Quarter, Decimal]]:
    """Running totals for every quarter from the first to the last, empty ones too: what a chart over time shows."""
    if not by_quarter:
        return []
    year, part = min(by_quarter)
    found, so_far = [], Decimal(0)
    while (year, part) <= max(by_quarter):
        so_far += by_quarter.get((year, part), Decimal(0))
        found.append(((year, part), so_far))
        year, part = (year, part + 1) if part < 4 else (year + 1, 1)
    return found


def _factor(prices: Mapping[int, Decimal], booked: int, year: int | None) -> Decimal:
    if year is None:
        raise NoPrices("Say the year whose prices to show.")
    for each in (booked, year):
        if each not in prices or prices[each] <= 0:
            raise NoPrices(f"There is no price index for {each}.")
    return prices[year] / prices[booked]
