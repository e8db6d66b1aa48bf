"""Rows of a finance table as entries for the ledger, by a saved mapping, with what is wrong in each row."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from atlas.formatting.money import format_dollars
from engagements import limits
from engagements.base.tables.cells import read_date, read_whole
from engagements.base.tables.mapping import Mapping
from engagements.base.tables.table import Row, Table
from engagements.money.rules.amounts import read_amount
from engagements.money.rules.checks import Problem
from engagements.money.rules.mapping import label
from engagements.money.rules.stages import Stage, read_stage
from engagements.money.rules.tracts import read_tracts

MAX_TEXT = {
    "payee": limits.NAME,
    "funder": limits.NAME,
    "payee_address": limits.POSTAL_ADDRESS,
    "external_id": limits.EXTERNAL_ID,
    "reverses": limits.EXTERNAL_ID,
    "description": limits.SENTENCE,
}
# A day with a time after it, as databases print days: 2026-11-23 00:00:00.000
_MIDNIGHT = re.compile(r"(.*\d)[T ]0{1,2}:00(?::00(?:\.0+)?)?(?: ?AM)?", re.ASCII)


@dataclass(frozen=True)
class ReadEntry:
    """One row. `amount` above 0, also of a reversal: then `reverses` is the number of what it takes back, else empty.
    `funder`, `plan`, `project`, `milestone` as the table has them. `tracts`: GEOID -> share, {} when there are none."""

    line: int
    stage: Stage
    amount: Decimal
    occurred_on: date
    price_year: int
    funder: str
    payee: str = ""
    payee_address: str = ""
    external_id: str = ""
    reverses: str = ""
    description: str = ""
    plan: str = ""
    project: str = ""
    milestone: str = ""
    tracts: tuple[tuple[str, Decimal], ...] = ()

    @property
    def likeness(self) -> tuple:
        """Two rows with the same may be one entry booked twice."""
        payee = " ".join(self.payee.casefold().split())
        return self.stage, self.amount, self.occurred_on, payee, " ".join(self.funder.casefold().split()), self.is_back

    @property
    def is_back(self) -> bool:
        return bool(self.reverses)


@dataclass(frozen=True)
class ReadRows:
    """`entries` of rows without problems. `problems`: line -> (field, sentence)s. `alike`: line -> the sentence a
    person has to answer with a tick before the row is kept."""

    entries: tuple[ReadEntry, ...]
    problems: dict[int, tuple[Problem, ...]]
    alike: dict[int, str]


def read_ledger(table: Table, mapping: Mapping) -> ReadRows:
    """Raises TableRefused when the mapping names a column that the table doesn't have."""
    mapping.check_header(table)
    entries: list[ReadEntry] = []
    problems: dict[int, list[Problem]] = defaultdict(list)
    for row in table.rows:
        entry, found = _read_row(table, row, mapping)
        if found:
            problems[row.line] += found
        if entry:
            entries.append(entry)
    for line, problem in _same_number(entries):
        problems[line].append(problem)
    good = tuple(entry for entry in entries if entry.line not in problems)
    return ReadRows(good, {line: tuple(found) for line, found in problems.items()}, _alike(good))


def _read_row(table: Table, row: Row, mapping: Mapping) -> tuple[ReadEntry | None, list[Problem]]:
    cell = mapping.cells_of(table, row)
    problems: list[Problem] = []

    def read(name: str, how: Callable, *more):
        try:
            return how(cell.get(name, ""), *more)
        except ValueError as wrong:
            problems.append((name, str(wrong)))
            return None

    stage = read("stage", read_stage)
    amount = read("amount", read_amount, mapping.options["decimal_mark"])
    occurred_on = read("occurred_on", _read_day, mapping.options["date_order"])
    price_year = read("price_year", read_whole) if cell.get("price_year") else occurred_on and occurred_on.year
    tracts = read("tracts", read_tracts) or {}
    if not cell.get("funder"):
        problems.append(("funder", "There is no funder."))
    for name, most in MAX_TEXT.items():
        if len(cell.get(name, "")) > most:
            problems.append((name, f"{label(name)} has more than {most} characters."))
    if amount is not None:
        problems += _sign_problems(amount, cell, mapping)
    if problems:
        return None, problems
    return ReadEntry(
        row.line,
        stage,
        abs(amount),
        occurred_on,
        price_year,
        tracts=tuple(tracts.items()),
        **{name: cell.get(name, "") for name in (*MAX_TEXT, "plan", "project", "milestone")},
    ), []


def _read_day(text: str, order: str) -> date:
    if not text:
        raise ValueError("There is no date.")
    found = _MIDNIGHT.fullmatch(text)
    return read_date(found[1] if found else text, order)


def _sign_problems(amount: Decimal, cell: dict[str, str], mapping: Mapping) -> Iterable[Problem]:
    names_another = cell.get("reverses", "")
    if amount == 0:
        yield "amount", "The amount is 0: there is nothing to book."
    elif amount < 0 and mapping.options["negatives"] == "refused":
        yield "amount", f"{format_dollars(amount)} is negative, which the mapping calls a mistake."
    elif amount < 0 and not names_another:
        yield (
            "reverses",
            f"{format_dollars(amount)} takes something back: give the number of the entry it reverses in the "
            "column for it.",
        )
    elif amount > 0 and names_another:
        yield "amount", f"This row reverses {names_another[:40]}, so its amount is negative: −{format_dollars(amount)}."
    elif names_another and names_another == cell.get("external_id", ""):
        yield "reverses", "A row can't reverse itself."


def _same_number(entries: list[ReadEntry]) -> Iterable[tuple[int, Problem]]:
    """One entry has one number, and is taken back once."""
    for name, words in (
        ("external_id", "Line {line} has the same number, {number}. Keep one of them."),
        ("reverses", "Line {line} reverses {number} already."),
    ):
        first: dict[str, int] = {}
        for entry in entries:
            number = getattr(entry, name)
            if number and first.setdefault(number, entry.line) != entry.line:
                yield entry.line, (name, words.format(line=first[number], number=number[:40]))


def _alike(entries: tuple[ReadEntry, ...]) -> dict[int, str]:
    first: dict[tuple, int] = {}
    found: dict[int, str] = {}
    for entry in entries:
        line = first.setdefault(entry.likeness, entry.line)
        if line != entry.line:
            found[entry.line] = (
                f"Same stage, amount, date, payee and funder as line {line}. If it is another entry, tick that it is."
            )
    return found
