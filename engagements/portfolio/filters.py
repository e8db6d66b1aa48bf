"""Which part of a portfolio, and as of when: read from an address and written into one. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import parse_qs, urlencode

from atlas.formatting.dates import format_day, format_quarter
from engagements import limits

_QUARTER = re.compile(r"^(20\d\d)Q([1-4])$")
_SLUG = re.compile(r"^[\w-]{1,110}$")
MOST = 60  # values of one filter


class WrongFilter(ValueError):
    """The address asks for something that cannot be; the text says what and what to write instead."""


@dataclass(frozen=True)
class PortfolioFilter:
    """Empty fields don't filter. Cities and funders by slug, `first` and `last` as “2026Q1”, both included.

    A funder chooses money only: work is that of all. A period chooses money by its day, milestones by their due day,
    values by the end of their period and updates by their quarter.
    """

    cities: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    funders: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    first: str = ""
    last: str = ""

    @property
    def chooses_cities(self) -> bool:
        return bool(self.cities or self.themes or self.statuses)

    @property
    def is_empty(self) -> bool:
        return self == PortfolioFilter()

    @property
    def starts_on(self) -> date | None:
        return quarter_start(self.first) if self.first else None

    @property
    def ends_on(self) -> date | None:
        """The last day of the period."""
        return quarter_end(self.last) if self.last else None

    def pairs(self) -> list[tuple[str, str]]:
        found = [
            (name, value)
            for name, values in (
                ("city", self.cities),
                ("theme", self.themes),
                ("funder", self.funders),
                ("status", self.statuses),
            )
            for value in values
        ]
        return found + [(name, value) for name, value in (("from", self.first), ("to", self.last)) if value]

    def query(self, **more: str) -> str:
        """As in an address, without a question mark; always in the same order."""
        return urlencode(self.pairs() + [(name, value) for name, value in more.items() if value])


PARAMETERS = ("as_of", "city", "theme", "funder", "status", "from", "to")  # what an address of a portfolio takes


def read_filter(params: Mapping[str, list[str]]) -> PortfolioFilter:
    """`params`: all values by name; names it does not know are others' business. Raises WrongFilter."""
    first, last = (_quarter(params.get(name, [""])) for name in ("from", "to"))
    if first and last and first > last:
        raise WrongFilter(f"The period ends ({last}) before it begins ({first}).")
    return PortfolioFilter(
        cities=_slugs(params, "city"),
        themes=_texts(params, "theme"),
        funders=_slugs(params, "funder"),
        statuses=_slugs(params, "status"),
        first=first,
        last=last,
    )


def query_to_keep(query: str) -> str:
    """The filters of an address in their own order, without what are none. Raises WrongFilter, also when they are too
    long to be kept."""
    kept = read_filter(parse_qs(query)).query()
    if len(kept) > limits.FILTER_QUERY:
        raise WrongFilter("These are too many filters to be kept: choose fewer.")
    return kept


def read_as_of(text: str, now: datetime) -> datetime | None:
    """A day (all that was known when it ended, UTC) or a time with its zone; None for nothing written and for today.

    Raises WrongFilter for what is neither, and for the future.
    """
    text = text.strip()
    if not text:
        return None
    try:
        if len(text) == 10:
            day = date.fromisoformat(text)
            found = datetime.combine(day, time.max, UTC)
            if day == now.astimezone(UTC).date():
                return None
        else:
            found = datetime.fromisoformat(text.replace(" ", "+"))  # a plus sign in an address is a space
    except (ValueError, OverflowError):
        raise WrongFilter(f"“{text[:40]}” is no day. Write it as 2026-09-30.") from None
    if found.tzinfo is None:
        raise WrongFilter("A time needs its zone, for example 2026-09-30T12:00:00+00:00. A day alone is enough.")
    if found > now:
        raise WrongFilter(f"{format_day(found)} is in the future: nobody knows what will be known then.")
    return found


def write_as_of(as_of: datetime | None) -> str:
    """As `read_as_of` reads it."""
    if as_of is None:
        return ""
    there = as_of.astimezone(UTC)
    return there.date().isoformat() if there.time() == time.max else there.isoformat()


def quarter_of(day: date) -> str:
    return f"{day.year}Q{(day.month + 2) // 3}"


def quarter_start(quarter: str) -> date:
    found = _QUARTER.match(quarter)
    assert found, quarter
    return date(int(found[1]), 3 * int(found[2]) - 2, 1)


def quarter_end(quarter: str) -> date:
    start = quarter_start(quarter)
    return (start + timedelta(days=95)).replace(day=1) - timedelta(days=1)


def quarter_label(quarter: str) -> str:
    return format_quarter(int(quarter[:4]), int(quarter[5]))


def _quarter(values: list[str]) -> str:
    text = values[-1].strip().upper()
    if text and not _QUARTER.match(text):
        raise WrongFilter(f"“{text[:20]}” is no quarter. Write it as 2026Q1.")
    return text


def _texts(params: Mapping[str, list[str]], name: str) -> tuple[str, ...]:
    found = tuple(sorted({value.strip() for value in params.get(name, []) if value.strip()}))
    if len(found) > MOST or any(len(value) > 110 or not value.isprintable() for value in found):
        raise WrongFilter(f"That cannot be read as a filter: {name}.")
    return found


def _slugs(params: Mapping[str, list[str]], name: str) -> tuple[str, ...]:
    found = _texts(params, name)
    if wrong := next((value for value in found if not _SLUG.match(value)), None):
        raise WrongFilter(f"“{wrong[:40]}” cannot be a {name}.")
    return found
