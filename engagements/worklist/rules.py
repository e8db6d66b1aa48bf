"""What a choice of time means, into which group a day falls, and which cards are one task. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum

from engagements.worklist.records import Card, Section

WEEK = timedelta(days=6)  # today and the six days after it


class View(StrEnum):
    BOARD = "board"
    LIST = "list"
    TIMELINE = "timeline"


class Who(StrEnum):
    """Whose work: one's own and what one approves; also one's teams'; all one may see."""

    MINE = "mine"
    TEAM = "team"
    ALL = "all"


class Due(StrEnum):
    OVERDUE = "overdue"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    NEXT_QUARTER = "next-quarter"


def end_of_quarter(day: date, ahead: int = 0) -> date:
    """The last day of the quarter that is so many quarters after that of `day`.

    >>> end_of_quarter(date(2026, 11, 30), 1)
    datetime.date(2027, 3, 31)
    """
    months = 12 * day.year + day.month - 1
    after = months - months % 3 + 3 * (ahead + 1)
    return date(after // 12, after % 12 + 1, 1) - timedelta(days=1)


def latest_due(due: str, today: date) -> date | None:
    """Up to which day something is due that the choice lets through; None: no such limit. What is late stays in."""
    match due:
        case Due.WEEK:
            return today + WEEK
        case Due.MONTH:
            return today + timedelta(days=30)
        case Due.QUARTER:
            return end_of_quarter(today)
        case Due.NEXT_QUARTER:
            return end_of_quarter(today, 1)
    return None


def is_due(card: Card, due: str, today: date) -> bool:
    """Whether a card that no query filtered passes the choice."""
    if due == Due.OVERDUE:
        return card.is_overdue
    latest = latest_due(due, today)
    return latest is None or (card.due_on is not None and card.due_on <= latest)


def same_tasks(cards: Iterable[Card]) -> Iterator[Card]:
    """Cards of different cities with one title, column, owner and day become one that names all of its cities.

    Two of one city stay two: there they are two promises.
    """
    found: dict[tuple[object, ...], list[Card]] = {}
    for card in cards:
        key = (card.title, card.column, card.owner, card.due_on, card.covering_for, card.verb, card.note)
        groups = found.setdefault(key, [])
        for number, one in enumerate(groups):
            if card.picks and one.picks and not set(card.cities) & set(one.cities):
                groups[number] = _joined(one, card)
                break
        else:
            groups.append(card)
    yield from (card for groups in found.values() for card in groups)


def _joined(one: Card, other: Card) -> Card:
    return replace(
        one,
        cities=(*one.cities, *other.cities),
        picks=(*one.picks, *other.picks),
        next_states=tuple(state for state in one.next_states if state in other.next_states),
        may_edit=one.may_edit and other.may_edit,
        may_log=one.may_log and other.may_log,
        is_fictional=one.is_fictional or other.is_fictional,
    )


def by_due(cards: Iterable[Card]) -> list[Card]:
    """The soonest due first; without a date last."""
    return sorted(cards, key=lambda card: (card.due_on is None, card.due_on or date.max, card.title))


def sections_of(cards: Iterable[Card], today: date) -> tuple[Section, ...]:
    """Overdue, what waits for the reader, this week, the months of this year, later years, without a date."""
    found: dict[tuple[str, int, int], list[Card]] = {}
    for card in by_due(cards):
        found.setdefault(_section_key(card, today), []).append(card)
    order = ("overdue", "waiting", "week", "month", "year", "undated")
    keys = sorted(found, key=lambda key: (order.index(key[0]), key[1], key[2]))
    return tuple(Section(kind, date(year, month, 1) if year else None, tuple(found[kind, year, month]))
                 for kind, year, month in keys)  # fmt: skip


def _section_key(card: Card, today: date) -> tuple[str, int, int]:
    due = card.due_on
    if due is None:
        return ("waiting" if card.column == "awaiting_review" else "undated"), 0, 0
    if card.is_overdue:
        return "overdue", 0, 0
    if due <= today + WEEK:
        return "week", 0, 0
    return ("month", due.year, due.month) if due.year == today.year else ("year", due.year, 1)


def initials(name: str) -> str:
    """Of the first and the last word of a name, without what stands in brackets.

    >>> initials("Ada B. Adviser (demo)")
    'AA'
    """
    words = [word for word in name.split("(")[0].split() if word[0].isalnum()]
    return "".join(word[0].upper() for word in (words[:1] + words[1:][-1:]))
