"""Sums of a ledger and the rule of commitments the slow way: in whole cents, one dimension and one day at a time."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

COVERED = ("allocated", "obligated", "disbursed", "spent")


def total_cents(entries, **wanted) -> int:
    """Net cents of the entries whose attributes are as wanted; `quarter` as (year, 1-4)."""
    found = 0
    for entry in entries:
        for name, value in wanted.items():
            if name == "quarter":
                first_month = 3 * value[1] - 2
                if entry.occurred_on.year != value[0] or entry.occurred_on.month not in range(
                    first_month, first_month + 3
                ):
                    break
            elif getattr(entry, name) != value:
                break
        else:
            cents = int(entry.amount * 100)
            found += cents if entry.reverses is None else -cents
    return found


def tract_cents(entries, tract) -> Fraction:
    """Exact, unrounded: what the shares of this tract make. None: what is not placed."""
    found = Fraction(0)
    for entry in entries:
        sign = 1 if entry.reverses is None else -1
        if tract is None and not entry.tracts:
            found += sign * Fraction(entry.amount) * 100
        elif tract in entry.tracts:
            share = Fraction(entry.tracts[tract]) / sum(Fraction(each) for each in entry.tracts.values())
            found += sign * Fraction(entry.amount) * 100 * share
    return found


def uncovered(movements) -> list[tuple]:
    """(day, stage) where more is allocated, obligated, disbursed or spent by the end of the day than committed."""
    if not movements:
        return []
    day, last = min(m.on for m in movements), max(m.on for m in movements)
    found = []
    while day <= last:
        until = [m for m in movements if m.on <= day]
        for stage in COVERED:
            if sum(m.amount for m in until if m.stage == stage) > sum(
                m.amount for m in until if m.stage == "committed"
            ):
                found.append((day, stage))
        day += timedelta(days=1)
    return found


@dataclass(frozen=True)
class Row:
    """An entry as the database has it; `reverses` is the number of what it takes back."""

    stage: str
    amount: Decimal
    occurred_on: date
    funder: int
    is_fictional: bool
    reverses: int | None
    tracts: dict[str, float]
