"""A look at what a feed would read, before anything is kept."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from engagements.feeds.actions.mapped import map_answer
from engagements.feeds.actions.reading import Source, read_source
from engagements.feeds.actions.secrets import reveal
from engagements.feeds.rules.answers import AnswerTable, FeedProblem
from engagements.feeds.rules.mapping import Mapped, read_number
from engagements.feeds.rules.periods import read_day
from engagements.feeds.rules.requests import PUSH
from engagements.models import Feed, FeedSecret

FIRST_ROWS, FIRST_COLUMNS = 5, 12


@dataclass(frozen=True)
class Trial:
    """`rows`: the first ones, each as (column, cell).

    `mapped` None where the columns are not chosen yet or nothing could be read: `problem` says why.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[tuple[str, str], ...], ...]
    mapped: Mapped | None
    problem: str = ""

    @property
    def is_good(self) -> bool:
        return self.mapped is not None and bool(self.mapped.readings)


def try_feed(feed: Feed, secret: str, today: date, kept: FeedSecret | None = None) -> Trial:
    """`feed` may be unsaved; `kept` stands in where no `secret` was typed. Asks the publisher, keeps nothing."""
    if feed.kind == PUSH:
        return Trial((), (), None, _("A program pushes to this feed: there is nothing to ask. Make a key for it."))
    try:
        source = Source(feed.kind, feed.address, feed.query, secret or reveal(kept, feed.address))
        table = read_source(source).table
    except FeedProblem as problem:
        return Trial((), (), None, f"{problem.sentence} {problem.advice}".strip())
    shown = table.columns[:FIRST_COLUMNS]
    if not feed.columns.get("date"):
        feed.columns = guess_columns(table)
    try:
        mapped = map_answer(feed, table, today)
    except FeedProblem as problem:
        return Trial(table.columns, _first_rows(table, shown), None, f"{problem.sentence} {problem.advice}".strip())
    return Trial(table.columns, _first_rows(table, shown), mapped)


_DAYS = ("date", "day", "month", "period", "week", "quarter", "year")
_VALUES = ("value", "count", "total", "number", "amount", "rate", "share")


def guess_columns(table: AnswerTable) -> dict[str, str]:
    """For date and value only, by name and else by what is in them: a person sees the rows and says what is right."""
    day = _first(table.columns, _DAYS) or next((c for c in table.columns if _all(table, c, read_day)), "")
    others = tuple(c for c in table.columns if c != day)
    value = _first(others, _VALUES) or next((c for c in others if _all(table, c, _as_number)), "")
    return {name: column for name, column in (("date", day), ("value", value)) if column}


def _first(columns: tuple[str, ...], hints: tuple[str, ...]) -> str:
    return next((c for hint in hints for c in columns if hint in c.casefold()), "")


def _all(table: AnswerTable, column: str, read: Callable[[object], object]) -> bool:
    cells = [row.get(column) for row in table.rows[:20]]
    return bool(cells) and all(read(cell) is not None for cell in cells)


def _as_number(cell: object) -> float | None:
    try:
        return read_number(cell, "")
    except ValueError:
        return None


def _first_rows(table: AnswerTable, shown: tuple[str, ...]) -> tuple[tuple[tuple[str, str], ...], ...]:
    return tuple(
        tuple((name, "" if row.get(name) is None else str(row[name])[:60]) for name in shown)
        for row in table.rows[:FIRST_ROWS]
    )
