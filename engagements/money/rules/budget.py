"""Budget against what was spent: each dollar is compared with one budget, the one that says most about it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

Key = tuple[int | None, int | None]  # plan, funder; None: any


@dataclass(frozen=True)
class BudgetAmount:
    """Of whole quarters: `starts_on` is the first day of one, `ends_on` the last of one."""

    plan: int | None
    funder: int | None
    amount: Decimal
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class QuarterSpending:
    """Spent, net of reversals, in the quarter that begins on `quarter`."""

    plan: int | None
    funder: int | None
    quarter: date
    spent: Decimal


@dataclass(frozen=True)
class BudgetComparison:
    """All lines of one plan and funder together: lines that differ in name only are not told apart by the ledger."""

    plan: int | None
    funder: int | None
    budget: Decimal
    spent: Decimal | None  # None: no spending is entered for these quarters, which is not $0

    @property
    def left(self) -> Decimal | None:
        """Below 0: more was spent than budgeted."""
        return None if self.spent is None else self.budget - self.spent

    @property
    def share(self) -> Decimal | None:
        return self.spent / self.budget if self.budget and self.spent is not None else None


def compare(
    lines: Iterable[BudgetAmount], cells: Iterable[QuarterSpending]
) -> tuple[tuple[BudgetComparison, ...], Decimal | None]:
    """(comparisons, what was spent outside every budget, None where nothing was entered). Their spent and the rest
    make all that was spent.

    A quarter's spending goes to the lines that cover it and name its plan and funder; else its plan; else its funder;
    else those that name neither.
    """
    known = tuple(lines)
    budget: dict[Key, Decimal] = defaultdict(Decimal)
    for line in known:
        budget[line.plan, line.funder] += line.amount
    spent: dict[Key, Decimal] = defaultdict(Decimal)
    outside: Decimal | None = None
    for cell in cells:
        fitting = [line for line in known if _covers(line, cell)]
        if fitting:
            best = max(fitting, key=lambda line: (line.plan is not None, line.funder is not None))
            spent[best.plan, best.funder] += cell.spent
        else:
            outside = (outside or Decimal(0)) + cell.spent
    return tuple(BudgetComparison(*key, amount, spent.get(key)) for key, amount in budget.items()), outside


def _covers(line: BudgetAmount, cell: QuarterSpending) -> bool:
    fits = line.plan in (None, cell.plan) and line.funder in (None, cell.funder)
    return fits and line.starts_on <= cell.quarter <= line.ends_on
