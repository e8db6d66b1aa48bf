"""What was tested and what came of it, sorted for a reader: one table for each outcome and unit, nulls kept. Pure.

Tests of different outcomes, units or scales never share an axis: a dollar and a percentage point are not compared.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from zlib import crc32

from engagements.results.records import ResultFields
from engagements.verdicts import DESIGNS, NO_CHANGE, REPORTED, VERDICTS, Scale, Shown, Verdict, reported_state

OWN, REPORTED_BY_OTHERS = "pilots", "reported"  # what `WorkFilter.show` may be


@dataclass(frozen=True)
class PilotBehind:
    """The pilot a result came from. `worthwhile` and `detectable` in the result's unit; None: not known."""

    pk: int
    title: str
    worthwhile: float | None = None
    detectable: float | None = None


@dataclass(frozen=True)
class Work:
    """One published result as a row. `plan`: one that the reader may open. `confirmed`: what the city said to it."""

    pk: int
    engagement: int
    engagement_slug: str
    city: str
    city_slug: str
    name: str
    fields: ResultFields
    sentence: str
    confirmed: str
    published_on: date
    is_fictional: bool = False
    plan: int | None = None
    pilot: PilotBehind | None = None

    @property
    def is_own(self) -> bool:
        """It has the portal's own verdict; what others published is quoted, not judged."""
        return bool(self.fields.verdict)

    @cached_property
    def state(self) -> str:
        """Of Verdict, else of Reported: what the filter asks for."""
        fields = self.fields
        return fields.verdict or reported_state(fields.low, fields.high, fields.scale, fields.wanted).value

    @property
    def shown(self) -> Shown:
        if self.is_own:
            return VERDICTS[Verdict(self.fields.verdict)]
        return REPORTED[reported_state(self.fields.low, self.fields.high, self.fields.scale, self.fields.wanted)]

    @property
    def value(self) -> float | None:
        return self.fields.effect

    @property
    def low(self) -> float | None:
        return self.fields.low

    @property
    def high(self) -> float | None:
        return self.fields.high

    @property
    def worthwhile(self) -> float | None:
        """Toward what is wanted: the smallest worthwhile fall of an outcome that should fall is below no change."""
        found = self.pilot.worthwhile if self.pilot else None
        return -found if found is not None and self.fields.wanted == "less" else found

    @property
    def words(self) -> str:
        """The row for those who can't see its mark."""
        return f"{self.city}: {self.sentence}"

    @property
    def outcome_key(self) -> str:
        return plain_key(self.fields.outcome)


@dataclass(frozen=True)
class WorkFilter:
    """Empty: everything. `outcome`: a key of `outcome_key`; `verdict`: of Verdict or Reported; `show`: of OWN,
    REPORTED_BY_OTHERS."""

    words: str = ""
    outcome: str = ""
    city: str = ""
    design: str = ""
    verdict: str = ""
    show: str = ""


@dataclass(frozen=True)
class OutcomeTable:
    """Tests of one outcome in one unit, those with the portal's own verdict first."""

    key: str
    label: str
    unit: str
    scale: str
    own: tuple[Work, ...]
    reported: tuple[Work, ...]

    @cached_property
    def rows(self) -> tuple[Work, ...]:
        return (*self.own, *self.reported)

    @property
    def none(self) -> float:
        """No change on this scale."""
        return NO_CHANGE[Scale(self.scale)]

    @property
    def has_marks(self) -> bool:
        return any(row.value is not None for row in self.rows)

    @cached_property
    def ends(self) -> tuple[float, ...]:
        """What the axis must hold: no change, every effect, and every interval but one far wider than the rest."""
        values = [row.value for row in self.rows if row.value is not None]
        worth = [row.worthwhile for row in self.rows if row.worthwhile is not None and row.value is not None]
        reach = max((abs(one - self.none) for one in (*values, *worth)), default=0.0)
        bounds = [end for row in self.rows for end in (row.low, row.high) if end is not None]
        near = [end for end in bounds if len(values) == 1 or abs(end - self.none) <= MOST_REACH * (reach or 1.0)]
        return (self.none, *values, *worth, *near)


LONGEST_KEY = 80  # letters
MOST_REACH = 6.0  # an interval that ends beyond so many times the largest effect leaves the chart, with an arrow


@lru_cache(maxsize=4096)
def plain_key(text: str) -> str:
    """ "Kept the first appointment!" -> "kept-the-first-appointment": what an address names an outcome by.

    Words without a Latin letter get a key of their own.
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(
        one if one.isascii() and one.isalnum() else " " for one in plain if not unicodedata.combining(one)
    )
    key = "-".join(letters.split())[:LONGEST_KEY].strip("-")
    return key or f"outcome-{crc32(text.encode()):08x}"


def choose(rows: Iterable[Work], where: WorkFilter) -> tuple[Work, ...]:
    """Those that fit all of the filter, in their order."""
    return tuple(row for row in rows if _fits(row, where))


def _fits(row: Work, where: WorkFilter) -> bool:
    fields = row.fields
    asked = (
        (where.outcome, row.outcome_key),
        (where.city, row.city_slug),
        (where.design, fields.design),
        (where.verdict, row.state),
        (where.show, OWN if row.is_own else REPORTED_BY_OTHERS),
    )
    if any(wanted and wanted != held for wanted, held in asked):
        return False
    if not where.words:
        return True
    said = " ".join((row.city, row.name, fields.outcome, fields.tried, row.sentence)).casefold()
    return all(word in said for word in where.words.casefold().split())


def arrange(rows: Iterable[Work], sort: str = "") -> tuple[Work, ...]:
    """By `sort`; what is not known comes last, equal rows stay by verdict, city and age.

    effect: largest in the direction that is wanted first; strength: randomized first, then most people; cost: least
    each; newest: published last.
    """
    listed = sorted(rows, key=lambda row: (_VERDICT_ORDER[row.state], row.city, row.pk))
    if sort == "effect":
        return tuple(sorted(listed, key=lambda row: (row.value is None, -_wanted_size(row))))
    if sort == "strength":
        return tuple(sorted(listed, key=_weakness))
    if sort == "cost":
        return tuple(sorted(listed, key=lambda row: (row.fields.cost_usd is None, row.fields.cost_usd or 0.0)))
    if sort == "newest":
        return tuple(sorted(listed, key=lambda row: row.published_on, reverse=True))
    return tuple(sorted(listed, key=lambda row: row.city)) if sort == "city" else tuple(listed)


def _weakness(row: Work) -> tuple[int, int]:
    return _DESIGN_ORDER[row.fields.design], -(row.fields.participants or 0)


def _wanted_size(row: Work) -> float:
    """The effect as a distance from no change, plus where it is wanted; 0 without one."""
    if row.value is None:
        return 0.0
    size = row.value - NO_CHANGE[Scale(row.fields.scale)]
    return -size if row.fields.wanted == "less" else size


_DESIGN_ORDER = {each.value: at for at, each in enumerate(DESIGNS)}
_VERDICT_ORDER = {each.value: at for at, each in enumerate((*VERDICTS, *REPORTED))}


def outcome_tables(rows: Iterable[Work]) -> tuple[OutcomeTable, ...]:
    """In the order given within a table; outcomes with most of the portal's own verdicts first.

    A row without a unit (stopped, refused, in words) stands with the outcome's first unit, where it has one.
    """
    by_outcome: dict[str, list[Work]] = {}
    for row in rows:
        by_outcome.setdefault(row.outcome_key, []).append(row)
    tables = [table for key, those in by_outcome.items() for table in _of_outcome(key, those)]
    return tuple(sorted(tables, key=lambda table: (-len(table.own), -len(table.reported), table.label.casefold())))


def _of_outcome(key: str, rows: list[Work]) -> list[OutcomeTable]:
    units: dict[tuple[str, str], list[Work]] = {}
    for row in rows:
        if row.fields.unit:
            units.setdefault((_plain_unit(row.fields.unit), row.fields.scale), []).append(row)
    if bare := [row for row in rows if not row.fields.unit]:
        first = next(iter(units), ("", bare[0].fields.scale))
        place = {id(row): at for at, row in enumerate(rows)}
        units[first] = sorted([*units.get(first, []), *bare], key=lambda row: place[id(row)])
    return [
        OutcomeTable(
            key,
            those[0].fields.outcome,
            next((row.fields.unit for row in those if row.fields.unit), ""),
            scale,
            tuple(row for row in those if row.is_own),
            tuple(row for row in those if not row.is_own),
        )
        for (_unit, scale), those in units.items()
    ]


def _plain_unit(unit: str) -> str:
    """ "Percentage points", "points" and "in 100" are one unit."""
    plain = " ".join(unit.casefold().split()).rstrip(".")
    return "points" if plain in _POINTS else plain


_POINTS = frozenset({"points", "percentage points", "percentage point", "in 100", "in 100 people", "of 100"})
