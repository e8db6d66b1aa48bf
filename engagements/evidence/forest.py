"""The library as rows beside one another: one table for each outcome and unit, so that nothing else is compared."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.evidence import prose
from engagements.evidence.presenters import PresentedRow, present_row
from engagements.evidence.queries import EvidenceRecord
from engagements.evidence.records import FAMILIES

# (how a unit begins, what it must hold besides, key of its table, what its numbers are); the first that fits.
UNITS = (
    ("dollars", " a year", "dollars_year", gettext_lazy("Change in dollars a year, in each study’s own dollars.")),
    ("dollars", " a quarter", "dollars_quarter", gettext_lazy("Change in dollars a quarter, in the study’s own.")),
    ("percentage points", "", "points", gettext_lazy("Change in percentage points.")),
    ("standard deviations", "", "deviations", gettext_lazy("Change in standard deviations of the score.")),
    ("percent ", "", "percent", gettext_lazy("Change in percent of the level without the program.")),
)
STRENGTH = {
    "rct": (3, gettext_lazy("Randomized")),
    "quasi": (2, gettext_lazy("Comparison")),
    "descriptive": (1, gettext_lazy("Description")),
}


MOST_NOT_YET = 3  # rows that can't be planned with of a table on the page as it opens


@dataclass(frozen=True)
class ForestRow:
    """One finding. `value`, `low`, `high`: in the unit of its table, None where there is no number or no range.

    `likely`: the range in words. `not_planned`: why no plan can calculate with it, "" where one can. `marks`: 1 to 3.
    """

    shown: PresentedRow
    value: float | None
    low: float | None
    high: float | None
    likely: str
    not_planned: str
    marks: int
    strength: str
    is_same: bool = False  # of the program of the row above

    @property
    def words(self) -> str:
        """The row for those who can't see its mark."""
        return f"{self.shown.fields.intervention}: {self.shown.effect}. {self.likely}"


@dataclass(frozen=True)
class ForestTable:
    """Findings of one outcome in one unit, those a plan can calculate with first. `unit`: key of UNITS, or the unit."""

    unit: str
    note: str
    ready: tuple[ForestRow, ...]
    not_yet: tuple[ForestRow, ...]

    @property
    def first_not_yet(self) -> tuple[ForestRow, ...]:
        """The strongest of them, in the order of the table."""
        ranked = sorted(self.not_yet, key=lambda row: _sort_key(row, "strength"))[:MOST_NOT_YET]
        return _mark_same(row for row in self.not_yet if row in ranked)

    @property
    def has_computed(self) -> bool:
        """Whether a range rests on a standard error that was computed from p: it has an asterisk."""
        return any(prose.is_from_p(row.shown.fields) for row in self.rows)

    @property
    def rows(self) -> tuple[ForestRow, ...]:
        return (*self.ready, *self.not_yet)

    @property
    def ends(self) -> tuple[float, ...]:
        """What the axis must hold: no change, every effect, and the ranges of what can be planned with. Any other
        range may leave the chart: one very wide range would press all others flat."""
        ranges = [end for row in self.ready for end in (row.low, row.high) if end is not None]
        return (0.0, *(row.value for row in self.rows if row.value is not None), *ranges)


@dataclass(frozen=True)
class Section:
    """One outcome: its tables, the one with most findings first, then what was found in words only."""

    value: str
    label: str
    count: int
    tables: tuple[ForestTable, ...]
    in_words: tuple[ForestRow, ...]

    @property
    def main(self) -> ForestTable | None:
        return self.tables[0] if self.tables else None

    @property
    def folded(self) -> int:
        """How many findings the page as it opens leaves out."""
        if not self.tables:
            return self.count
        return self.count - len(self.tables[0].ready) - len(self.tables[0].first_not_yet)


def sections(records: Iterable[EvidenceRecord], sort: str = "") -> tuple[Section, ...]:
    """In the order of the outcomes; within a table by `sort`, as the list names it, else as the rows come."""
    rows = sorted((_row(record) for record in records), key=lambda row: _sort_key(row, sort))
    return tuple(
        _section(value, label, those)
        for value, label in FAMILIES
        if (those := [row for row in rows if row.shown.fields.outcome_family == value])
    )


def _sort_key(row: ForestRow, sort: str) -> tuple:
    """What is not known comes last; equal rows stay as they were."""
    fields = row.shown.fields
    if sort == "effect":
        return (row.value is None, -(row.value or 0.0))
    if sort == "cost":
        return (fields.cost_usd is None, fields.cost_usd or 0.0)
    if sort == "strength":
        return (-row.marks, -(fields.sample_size or 0))
    if sort == "city":
        return (not fields.tried_in, fields.tried_in)
    return (fields.outcome.casefold(),) if sort == "outcome" else ()


def _section(value: str, label: str, rows: list[ForestRow]) -> Section:
    by_unit: dict[str, list[ForestRow]] = {}
    for row in rows:
        if row.value is not None:
            by_unit.setdefault(unit_key(row.shown.fields.unit), []).append(row)
    ordered = sorted(by_unit.items(), key=lambda item: -len(item[1]))
    tables = tuple(
        ForestTable(
            key,
            _note(key),
            _mark_same(row for row in those if not row.not_planned),
            _mark_same(row for row in those if row.not_planned),
        )
        for key, those in ordered
    )
    return Section(value, label, len(rows), tables, _mark_same(row for row in rows if row.value is None))


def _mark_same(rows: Iterable[ForestRow]) -> tuple[ForestRow, ...]:
    """Rows of one program under one another: its long name stands once."""
    found: list[ForestRow] = []
    for row in rows:
        above = found[-1].shown.fields.intervention if found else ""
        found.append(replace(row, is_same=row.shown.fields.intervention == above))
    return tuple(found)


def unit_key(unit: str) -> str:
    """ "dollars of 2012 a year for each child" -> "dollars_year"; a unit of its own stays as it is."""
    return next(
        (key for begins, holds, key, _words in UNITS if _plain(unit).startswith(begins) and holds in unit), unit
    )


def _plain(unit: str) -> str:
    """ "per cent of earnings" and "percent of earnings" are one unit."""
    return f"{unit} ".replace("per cent", "percent")


def _note(key: str) -> str:
    said = next((words for _begins, _holds, known, words in UNITS if known == key), None)
    return str(said) if said is not None else _("In %(unit)s.") % {"unit": key}


def _row(record: EvidenceRecord) -> ForestRow:
    fields = record.fields
    found = prose.interval(fields)
    marks, strength = STRENGTH[fields.tier]
    return ForestRow(
        present_row(record),
        fields.effect,
        found.low if found else None,
        found.high if found else None,
        prose.likely_range(fields),
        prose.why_not_planned(fields),
        marks,
        str(strength),
    )
