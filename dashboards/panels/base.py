"""A panel answers one question: the web page, the JSON and the CSV all come from the same object."""

from dataclasses import dataclass
from typing import Literal

import plotly.graph_objects as go

from atlas.records import Source
from dashboards import number_words

Kind = Literal["text", "value", "error", "percentile", "share", "count"]
Cell = str | float | int | None


@dataclass(frozen=True)
class Column:
    """One column: `key` heads the CSV, `label` the page; `unit` is the measure grammar's unit or ""."""

    key: str
    label: str
    kind: Kind = "text"
    unit: str = ""

    @property
    def is_number(self) -> bool:
        return self.kind != "text"

    def words(self, cell: Cell) -> str:
        """A cell as the page shows it."""
        if self.kind == "text":
            return "" if cell is None else str(cell)
        if self.kind == "error" and number_words.is_missing(cell):
            return "none published"
        if number_words.is_missing(cell):
            return number_words.NO_VALUE
        if self.kind == "percentile":
            return "fewer than 1" if cell < 1 else str(min(99, int(cell)))
        if self.kind == "share":
            return f"{cell * 100:.0f}%"
        if self.kind == "count":
            return number_words.as_count(cell)
        return number_words.as_value(cell, self.unit)


@dataclass(frozen=True)
class Table:
    """Rows of raw cells under typed columns; numbers are never rounded here."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def in_words(self) -> list[tuple[str, list[tuple[Column, str]]]]:
        """Each row as (GEOID or "", its cells with their columns), ready for a template."""
        keys = [index for index, column in enumerate(self.columns) if column.key == "geoid"]
        return [
            (
                str(row[keys[0]]) if keys else "",
                [(column, column.words(cell)) for column, cell in zip(self.columns, row, strict=True)],
            )
            for row in self.rows
        ]


@dataclass(frozen=True)
class Panel:
    """Question, finding, figure, table, and where every number came from."""

    slug: str
    title: str
    finding: str
    figure: go.Figure | None
    table: Table
    sources: tuple[Source, ...]
    caveats: tuple[str, ...]
    reason: str = ""  # why there is nothing to see, "" when there is
