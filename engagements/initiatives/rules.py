"""What a new initiative must be before anything of it is written. Pure."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from atlas.formatting.dates import format_day
from atlas.formatting.money import format_whole_dollars
from engagements import limits

MOST_CITIES = 60
MOST_FUNDERS = 20
FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True)
class InitiativeFields:
    """What an initiative says of itself. `pledge`: US dollars as announced, None where none was."""

    name: str
    source: str
    starts_on: date | None
    ends_on: date | None
    pledge: Decimal | None = None
    pledge_on: date | None = None
    pledge_source: str = ""


def find_problems(fields: InitiativeFields, *, today: date) -> dict[str, str]:
    """A sentence by field, for everything that can be told without looking anything up; {} when all is well."""
    found: dict[str, str] = {}
    if not fields.name.strip():
        found["name"] = "Give it a name."
    elif len(fields.name) > limits.INITIATIVE_NAME:
        found["name"] = f"A name has at most {limits.INITIATIVE_NAME} characters."
    if not fields.source.strip():
        found["source"] = "Say where this was announced: a link, or a document and its date."
    days = {"starts_on": fields.starts_on, "ends_on": fields.ends_on, "pledge_on": fields.pledge_on}
    for name, day in days.items():
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            found[name] = f"The year {day.year} is not within {FIRST_YEAR} to {LAST_YEAR}."
    if fields.starts_on and fields.ends_on and fields.ends_on < fields.starts_on:
        found["ends_on"] = f"It starts on {format_day(fields.starts_on)}: this is before it."
    return _pledge_problems(fields, today) | found


def _pledge_problems(fields: InitiativeFields, today: date) -> dict[str, str]:
    if fields.pledge is None:
        return {"pledge": "Give the amount that was announced on that day."} if fields.pledge_on else {}
    found: dict[str, str] = {}
    if not 0 < fields.pledge <= limits.MOST_USD:
        found["pledge"] = f"A pledge is above $0 and at most {format_whole_dollars(limits.MOST_USD)}."
    if fields.pledge_on is None:
        found["pledge_on"] = "Say when it was announced."
    elif fields.pledge_on > today:
        found["pledge_on"] = f"Today is {format_day(today)}: what is announced later is no pledge yet."
    elif fields.ends_on and fields.pledge_on > fields.ends_on:
        found["pledge_on"] = f"The initiative ends on {format_day(fields.ends_on)}: this is after it."
    if not fields.pledge_source.strip():
        found["pledge_source"] = "Say where the pledge was announced."
    return found


def find_city_problem(places: Collection[str]) -> str:
    """A sentence about the seven-digit codes of its places, "" when they can be its cities."""
    if not places:
        return "Name at least one city."
    if len(places) > MOST_CITIES:
        return f"At most {MOST_CITIES} cities at once."
    if len(set(places)) < len(places):
        return "A city takes part once."
    return ""


def split_funders(text: str) -> tuple[str, ...]:
    """Names as typed, one a line or parted by semicolons; each once.

    Commas stay: "Ford Foundation, New York" is one funder.
    """
    names = (" ".join(name.split()) for name in text.replace(";", "\n").splitlines())
    return tuple(dict.fromkeys(name for name in names if name))


def find_funder_problem(names: Collection[str]) -> str:
    if len(names) > MOST_FUNDERS:
        return f"At most {MOST_FUNDERS} funders."
    long = next((name for name in names if len(name) > limits.NAME), "")
    return f"A funder's name has at most {limits.NAME} characters: “{long[:40]}…”" if long else ""


_WORDS = {"": 1, "thousand": 10**3, "k": 10**3, "million": 10**6, "m": 10**6, "billion": 10**9, "bn": 10**9}
_DOLLARS = re.compile(r"\$?\s*(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d{1,13}(?:\.\d{1,6})?)\s*(?P<word>[a-z]*)")


def read_dollars(text: str) -> Decimal:
    """ "12 million", "$12,000,000" and "12000000.50" as US dollars with cents.

    Raises ValueError for what is no amount, a part of a cent among it.
    """
    found = _DOLLARS.fullmatch(" ".join(text.split()).casefold())
    if found is None or found["word"] not in _WORDS:
        raise ValueError("not an amount")
    amount = Decimal(found["number"].replace(",", "")) * _WORDS[found["word"]]
    if amount != amount.quantize(Decimal("0.01")):
        raise ValueError("a part of a cent")
    return amount.quantize(Decimal("0.01"))
