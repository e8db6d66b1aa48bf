"""One test beside others of the same outcome: which rows stand there, in what order, and on which axis. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from engagements.pilots.rules.work_words import effect_words, likely_words, measured_words
from engagements.pilots.rules.works import OutcomeTable, Work, arrange, outcome_tables
from engagements.verdicts import NO_CHANGE, Scale, Shown

MOST_ROWS = 12  # beside one test; the rest is a link away


@dataclass(frozen=True)
class BesideRow:
    """`value`, `low`, `high` in the unit of the block; None: no number, no interval. `is_this`: the page's own test."""

    work: Work
    is_this: bool

    @property
    def value(self) -> float | None:
        return self.work.value

    @property
    def low(self) -> float | None:
        return self.work.low

    @property
    def high(self) -> float | None:
        return self.work.high

    @property
    def words(self) -> str:
        return self.work.words

    @property
    def shown(self) -> Shown:
        return self.work.shown

    @property
    def effect(self) -> str:
        return effect_words(self.work.fields)

    @property
    def likely(self) -> str:
        return likely_words(self.work.fields)

    @property
    def measured(self) -> str:
        return measured_words(self.work.fields)


@dataclass(frozen=True)
class Beside:
    """This test first, then the others by verdict and city. `worthwhile`: this test's, as the dashed line of all rows;
    `left_out`: how many more there are. `key`: of the outcome, as the address of all tests names it."""

    key: str
    outcome: str
    unit: str
    scale: str
    rows: tuple[BesideRow, ...]
    worthwhile: float | None
    ends: tuple[float, ...]
    left_out: int

    @property
    def none(self) -> float:
        return NO_CHANGE[Scale(self.scale)]


def beside(this: Work, others: Iterable[Work]) -> Beside | None:
    """None where nothing else was tested on this outcome in this unit: one row alone is no comparison."""
    listed = [this, *(one for one in arrange(others) if one.pk != this.pk)]
    table = next((one for one in outcome_tables(listed) if any(row.pk == this.pk for row in one.rows)), None)
    rest = [row for row in table.rows if row.pk != this.pk] if table else []
    if table is None or not rest:
        return None
    shown = (this, *rest[: MOST_ROWS - 1])
    rows = tuple(BesideRow(row, row.pk == this.pk) for row in shown)
    return Beside(
        table.key,
        this.fields.outcome,
        table.unit,
        table.scale,
        rows,
        this.worthwhile,
        _ends(this, table, shown),
        len(rest) - len(shown) + 1,
    )


def _ends(this: Work, table: OutcomeTable, shown: tuple[Work, ...]) -> tuple[float, ...]:
    """Of the rows that are shown, and always all of this test's interval."""
    part = OutcomeTable(table.key, table.label, table.unit, table.scale, shown, ())
    own = [end for end in (this.low, this.high, this.worthwhile) if end is not None]
    return (*part.ends, *own)
