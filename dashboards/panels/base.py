"""A panel answers one question: the web page, the JSON and the CSV all come from the same object."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

import plotly.graph_objects as go

from atlas.formatting.counts import format_count
from atlas.formatting.rounding import NO_VALUE, is_missing
from atlas.records.places import SAMPLE_NOTICE, Source, any_sample
from dashboards.charts.sample_mark import mark_sample
from dashboards.formatting.estimates import format_difference, format_estimate, format_standard_error
from dashboards.formatting.sentences import split_finding
from dashboards.formatting.shown_dollars import INCOME_UNIT, shown_dollars
from dashboards.formatting.years import years_of

Kind = Literal["text", "date", "yes", "value", "error", "percentile", "share", "count", "estimate", "difference"]
_TEXTS = ("text", "date", "yes")  # ISO days; "yes" or, for no, what else there is to say
Cell = str | float | int | None


@dataclass(frozen=True)
class Column:
    """One column: `key` heads the CSV, `label` the page; `unit` is the measure grammar's unit or ""."""

    key: str
    label: str
    kind: Kind = "text"
    unit: str = ""
    none: str = ""  # words of an empty cell where "not published" would be wrong

    @property
    def is_number(self) -> bool:
        return self.kind not in _TEXTS

    def format(self, cell: Cell) -> str:
        """A cell as the page shows it."""
        if not self.is_number:
            return "" if cell is None else str(cell)
        assert not isinstance(cell, str), f"{self.key} is a column of numbers"
        if cell is None or is_missing(cell):
            return self._words_for_nothing()
        if self.kind == "percentile":
            return "fewer than 1" if cell < 1 else str(min(99, int(cell)))
        if self.kind == "share":
            return f"{cell * 100:.0f}%"
        if self.kind == "count":
            return format_count(cell)
        if self.kind == "error":
            return format_standard_error(cell, self.unit)
        if self.kind == "difference":
            return format_difference(cell, self.unit)
        return format_estimate(cell, self.unit)

    def _words_for_nothing(self) -> str:
        if self.none:
            return self.none
        if self.kind == "error":
            return "none in the file loaded here"
        # Estimates and differences are worked out here, so they are never "published".
        return "none" if self.kind in ("estimate", "difference") else NO_VALUE


def fictional_column(flags: Iterable[bool]) -> tuple[Column, tuple[Cell, ...]]:
    """For `Table.for_files`: of each row whether it is made up. The page says it once, above the table."""
    return Column("fictional", "Made up for demonstration", "yes"), tuple("yes" if flag else "no" for flag in flags)


class Reading(float):
    """A number of a table that mixes units: it knows its own."""

    unit: str

    def __new__(cls, value: float, unit: str):
        made = super().__new__(cls, value)
        made.unit = unit
        return made


@dataclass(frozen=True)
class Table:
    """Rows of raw cells under typed columns; numbers are never rounded here.

    `for_files`: columns that programs need and readers don't, each with its cells in the order of the rows.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    for_files: tuple[tuple[Column, tuple[Cell, ...]], ...] = ()

    def formatted_rows(self) -> list[tuple[str, list[tuple[Column, str]]]]:
        """Each row as (GEOID or "", its cells with their columns), ready for a template."""
        keys = [index for index, column in enumerate(self.columns) if column.key == "geoid"]
        return [
            (
                str(row[keys[0]]) if keys else "",
                [(column, column.format(cell)) for column, cell in zip(self.columns, row, strict=True)],
            )
            for row in self.rows
        ]


@dataclass(frozen=True)
class Panel:
    """Question, finding, figure, table, and where every number came from.

    `caveats` are "How we know": short, at most 170 words.

    With anything generated in it, its figure and its table say so: no panel can forget to.

    `figure` may be given as a function that draws it: it is drawn when someone looks at it, for most readers of a page
    never do. `has_figure` tells without drawing.
    """

    slug: str
    title: str
    finding: str
    figure: go.Figure | None
    table: Table
    sources: tuple[Source, ...]
    caveats: tuple[str, ...]
    reason: str = ""  # why there is nothing to see, "" when there is
    context: tuple[str, ...] = ()  # what to know before reading, which every picture carries
    on_sample_map: bool = False  # its tracts were chosen by generated polygons
    has_failed: bool = False  # it could not be worked out; `reason` says so, the log has the error
    details: tuple[str, ...] = ()  # the arithmetic in this place: Methods and files carry it, "How we know" does not

    @property
    def is_sample(self) -> bool:
        return self.on_sample_map or any_sample(self.sources)

    @property
    def years(self) -> str:
        """ "Children born 1978–83; outcomes of 2014–15": inside every picture of an outcome."""
        return years_of(self.sources, with_incarceration=bool(self.context))

    @property
    def has_incomes(self) -> bool:
        """Whether it has numbers that are read in the dollars shown."""
        if any(column.unit == INCOME_UNIT for column in self.table.columns):
            return True
        cells = (cell for row in self.table.rows for cell in row if isinstance(cell, Reading))
        return any(cell.unit == INCOME_UNIT for cell in cells)

    @property
    def dollars(self) -> str:
        """ "Incomes in August 2026 dollars." inside every picture and slide of incomes, "" of anything else."""
        return f"Incomes in {shown_dollars().words}." if self.has_incomes else ""

    @property
    def lead(self) -> str:
        """The finding's first sentence: the answer."""
        return split_finding(self.finding)[0]

    @property
    def rest(self) -> str:
        """What the finding says after its first sentence, "" for nothing."""
        return split_finding(self.finding)[1]

    @property
    def has_figure(self) -> bool:
        """Whether there is a figure, drawn or not yet."""
        return "figure" not in self.__dict__ or self.figure is not None

    def drawn(self) -> "Panel":
        """Itself, its figure drawn now. Raises what drawing it raises."""
        _ = self.figure
        return self

    def __post_init__(self) -> None:
        if self.is_sample:
            marked = replace(self.table, caption=f"{self.table.caption} ({SAMPLE_NOTICE})")
            object.__setattr__(self, "table", marked)
        if callable(self.figure):
            object.__setattr__(self, "_draw", self.figure)
            object.__delattr__(self, "figure")
        elif self.figure is not None and self.is_sample:
            mark_sample(self.figure)

    def __getattr__(self, name: str) -> Any:
        """The figure, when it is asked for the first time; Python looks here only for what is not set."""
        if name != "figure" or "_draw" not in self.__dict__:
            raise AttributeError(name)
        figure = self.__dict__["_draw"]()
        if self.is_sample:
            mark_sample(figure)
        object.__setattr__(self, "figure", figure)
        return figure
