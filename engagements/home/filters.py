"""What the address of a history asks for; what can't be read asks for nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from engagements.base.labels import NOUNS
from engagements.base.views.read_input import read_number

PORTAL = "portal"  # what no person did


@dataclass(frozen=True)
class HistoryFilters:
    """`who`: id of a person, 0 for the portal, None for everybody. Days are the reader's own, both included."""

    noun: str = ""
    who: int | None = None
    first: date | None = None
    last: date | None = None

    @property
    def since(self) -> datetime | None:
        return _start_of(self.first) if self.first else None

    @property
    def until(self) -> datetime | None:
        return _start_of(self.last + timedelta(days=1)) if self.last else None

    @property
    def is_any(self) -> bool:
        return bool(self.noun or self.first or self.last) or self.who is not None


def read_history_filters(given: Mapping[str, str]) -> HistoryFilters:
    noun, who = given.get("noun", ""), given.get("who", "")
    return HistoryFilters(
        noun=noun if noun in NOUNS else "",
        who=0 if who == PORTAL else (read_number(who) or None),
        first=_day(given.get("from", "")),
        last=_day(given.get("to", "")),
    )


def _day(words: str) -> date | None:
    try:
        found = date.fromisoformat(words)
    except ValueError:
        return None
    return found if 1900 < found.year < 2200 else None


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
