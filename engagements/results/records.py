"""A project, one result of it, a search that found none, and what the city said: as everybody reads and writes them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from engagements.verdicts import Design, Scale, Wanted

Problems = list[tuple[str, str]]  # (field, sentence)
LINK, DOCUMENT, OWN = "link", "document", "own"
SOURCE_KINDS = ((LINK, "Link"), (DOCUMENT, "Document of the engagement"), (OWN, "The portal’s own data"))
REPORTER = "The city"


@dataclass(frozen=True)
class Arm:
    """One group that was compared. `number`: how many people or things in it; `value`: its outcome, in `unit`."""

    name: str
    number: int | None = None
    value: float | None = None
    unit: str = ""


@dataclass(frozen=True)
class Source:
    """Where it stands. `dated` as the source gives it ("June 2019"); `confidence` as quoted; `says` in our words.

    A link has `url`, https only; a document of the engagement its id. A source that was read in a copy has neither, and
    neither has a pilot of the portal, which is only a source beside `own_data`.
    """

    title: str
    kind: str = LINK
    url: str = ""
    document: int | None = None
    publisher: str = ""
    dated: str = ""
    confidence: str = ""
    says: str = ""


@dataclass(frozen=True)
class ProjectFields:
    """What a city tries. `reach_number` counts `reach_unit`: people reached, never an effect."""

    title: str
    tried: str = ""
    partners: str = ""
    status: str = "planned"
    status_words: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    test: str = "none"
    reach_number: int | None = None
    reach_unit: str = ""
    reach_words: str = ""
    money_words: str = ""
    what_happened_next: str = ""
    source: str = ""


@dataclass(frozen=True)
class ResultFields:
    """One finding on one outcome. `effect`, `low`, `high` are in `unit`; `level` is the interval's, in percent.

    `scale`: a ratio's no change is 1. `cost_usd` is in dollars of `cost_price_year`, for each `cost_unit`.
    `project`: its id, None only for what is outside the initiative. `size_in_words`: as the source of the title
    `size_source` words it, never reckoned with. `reported_on` is the first day of what `reported_precision` names:
    day, month or year.
    """

    finding: str
    outcome: str
    tried: str
    design: str = Design.NONE.value
    sources: tuple[Source, ...] = ()
    project: int | None = None
    is_outside: bool = False
    outside_reason: str = ""
    against: str = ""
    design_words: str = ""
    arms: tuple[Arm, ...] = ()
    participants: int | None = None
    reported_by: str = REPORTER
    unit: str = ""
    wanted: str = Wanted.MORE.value
    scale: str = Scale.DIFFERENCE.value
    effect: float | None = None
    low: float | None = None
    high: float | None = None
    level: float | None = None
    no_interval_reason: str = ""
    size_in_words: str = ""
    size_source: str = ""
    reach_number: int | None = None
    reach_unit: str = ""
    reach_words: str = ""
    context: str = ""
    conflict: str = ""
    cost_usd: float | None = None
    cost_price_year: int | None = None
    cost_unit: str = ""
    measured_from: date | None = None
    measured_to: date | None = None
    reported_on: date | None = None
    reported_precision: str = "day"
    authors_conclusion: str = ""
    what_happened_next: str = ""
    own_data: str = ""
    verdict: str = ""

    @property
    def has_size(self) -> bool:
        """Whether it says how large: a number, or words such as “more than 20 times”."""
        return self.effect is not None or bool(self.size_in_words)


@dataclass(frozen=True)
class SearchFields:
    """`searched_on`: the day until which results were looked for; `places`: where."""

    project: int
    searched_by: str
    what: str
    places: str
    searched_on: date


PROJECT_COLUMNS: tuple[str, ...] = tuple(field.name for field in fields(ProjectFields))
RESULT_COLUMNS: tuple[str, ...] = tuple(field.name for field in fields(ResultFields))
SEARCH_COLUMNS: tuple[str, ...] = tuple(field.name for field in fields(SearchFields))
NUMBERS = ("effect", "low", "high", "level")
WHOLE_NUMBERS = ("participants", "reach_number", "cost_price_year")
DATES = ("measured_from", "measured_to", "reported_on")
PARTS = ("arms", "sources")


def plain_parts(parts: tuple[Arm, ...] | tuple[Source, ...]) -> list[dict[str, Any]]:
    """As JSON keeps them."""
    return [asdict(part) for part in parts]


def read_arms(kept: list[Mapping[str, Any]]) -> tuple[Arm, ...]:
    return tuple(Arm(**each) for each in kept)


def read_sources(kept: list[Mapping[str, Any]]) -> tuple[Source, ...]:
    return tuple(Source(**each) for each in kept)


def to_content(result: ResultFields) -> dict[str, Any]:
    """A result as a publication keeps it: plain JSON."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(result).items()}


def from_content(kept: Mapping[str, Any]) -> ResultFields:
    """The reverse; fields that a publication did not have yet keep their defaults."""
    known: dict[str, Any] = {name: value for name, value in kept.items() if name in RESULT_COLUMNS}
    for name in DATES:
        known[name] = date.fromisoformat(known[name]) if known.get(name) else None
    known["arms"], known["sources"] = read_arms(known.get("arms", [])), read_sources(known.get("sources", []))
    return ResultFields(**known)
