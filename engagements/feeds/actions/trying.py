"""A look at what a feed would read, before anything is kept."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from engagements.feeds.actions.mapped import map_answer
from engagements.feeds.actions.reading import Source, read_source
from engagements.feeds.actions.secrets import reveal
from engagements.feeds.rules.answers import AnswerTable, FeedProblem
from engagements.feeds.rules.mapping import Mapped
from engagements.feeds.rules.requests import PUSH
from engagements.models import Feed, FeedSecret

FIRST_ROWS, FIRST_COLUMNS = 5, 12


@dataclass(frozen=True)
class Trial:
    """`mapped` None where the columns are not chosen yet or nothing could be read: `problem` says why."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
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
    except KeyError:
        return Trial(table.columns, _first_rows(table, shown), None, _("Choose the columns of date and value."))
    return Trial(table.columns, _first_rows(table, shown), mapped)


_HINTS = {
    "date": ("date", "day", "month", "period", "week", "quarter", "year"),
    "value": ("value", "count", "total", "number", "amount", "rate", "share"),
}


def guess_columns(table: AnswerTable) -> dict[str, str]:
    """By name, for date and value only: a person sees the first rows and says what is right."""
    found: dict[str, str] = {}
    for name, hints in _HINTS.items():
        for hint in hints:
            here = [c for c in table.columns if hint in c.casefold() and c not in found.values()]
            if here:
                found[name] = here[0]
                break
    return found


def _first_rows(table: AnswerTable, shown: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    return tuple(
        tuple("" if row.get(name) is None else str(row[name])[:60] for name in shown) for row in table.rows[:FIRST_ROWS]
    )
