"""A task as a card of the board, a row of the list or a bar of the timeline. Pure."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from engagements.workflow import State


@dataclass(frozen=True)
class Card:
    """`column`: an internal status, for everybody: labels are the same for all.

    `picks`: (id, version) of each milestone it stands for; empty for another task, which has `url` and `verb`.
    `days`: until it is due, negative afterwards. `owner` None: nobody, or not for this reader. `after`: the first
    unfinished milestone it depends on. `note`: what was logged last, or who waits. `next_states`: moves the reader may
    make. `repeats`: how often, in words.
    """

    column: str
    title: str
    url: str
    cities: tuple[str, ...] = ()
    due_on: date | None = None
    precision: str = "day"
    is_overdue: bool = False
    days: int | None = None
    started_on: date | None = None
    done_on: date | None = None
    owner: str | None = None
    owner_id: int | None = None
    note: str = ""
    after: str = ""
    waits_for: tuple[int, ...] = ()
    picks: tuple[tuple[int, int], ...] = ()
    next_states: tuple[State, ...] = ()
    may_edit: bool = False
    may_log: bool = False
    is_archived: bool = False
    is_fictional: bool = False
    covering_for: str = ""
    repeats: str = ""
    verb: str = ""
    label: str = ""
    stage_label: str = ""
    funder_note: str = ""
    action: str = ""

    @cached_property
    def key(self) -> str:
        """In addresses and ids: the milestones' ids."""
        return "-".join(str(pk) for pk, _ in self.picks)

    @property
    def pick(self) -> str:
        return " ".join(f"{pk}:{version}" for pk, version in self.picks)

    @property
    def next_words(self) -> str:
        """Statuses it may be moved to, each with a blank after it."""
        return "".join(f"{state.value} " for state in self.next_states)

    @property
    def is_soon(self) -> bool:
        """Close enough that the days say more than the date."""
        return self.days is not None and 0 <= self.days <= 14


@dataclass(frozen=True)
class Column:
    """`total` counts all there are; `cards` are the first of them."""

    status: str
    label: str
    cards: tuple[Card, ...]
    total: int

    @property
    def more(self) -> int:
        return max(self.total - sum(len(card.picks) or 1 for card in self.cards), 0)


@dataclass(frozen=True)
class Section:
    """`kind`: overdue, waiting (for the reader, without a day), week, month, year, undated; `begins`: of a month or
    a year.
    """

    kind: str
    begins: date | None
    cards: tuple[Card, ...]


@dataclass(frozen=True)
class WorkCounts:
    """Of all that the filters of whose, city and theme let through, whatever the others say."""

    overdue: int
    overdue_cities: int
    this_week: int
    to_review: int
    in_trouble: int
    done_this_month: int
