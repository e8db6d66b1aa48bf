"""A report as it is before it becomes a file: words, raw numbers and what kind each is. Every writer reads this one."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Literal

from atlas.formatting.dates import format_day

# text; mark: a color and words, "Red: 45 days late"; usd: dollars; count: whole; number: any, its unit beside it;
# share: 0-1, shown in per cent; percentile: rank 0-1, shown 0-100; error: standard error of one; date: a day.
Kind = Literal["text", "mark", "usd", "count", "number", "share", "percentile", "error", "date"]
Cell = str | Decimal | int | float | date | None


@dataclass(frozen=True)
class KeyNumber:
    """One number of a strip: what it is, the number in words, and what belongs beside it in small."""

    label: str
    number: str
    small: str


@dataclass(frozen=True)
class GridColumn:
    """`is_summed`: the column has a total. `weight`: how wide beside the others. Not `in_print`: in the sheet alone."""

    label: str
    kind: Kind = "text"
    is_summed: bool = False
    weight: float = 1.0
    in_print: bool = True


@dataclass(frozen=True)
class Grid:
    """A table of raw values. Not `in_print`: only a sheet holds it, the words stand elsewhere."""

    name: str
    heads: tuple[GridColumn, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    in_print: bool = True

    @property
    def has_totals(self) -> bool:
        return bool(self.rows) and any(head.is_summed for head in self.heads)

    def totals(self) -> tuple[Decimal | None, ...]:
        """Sum of each summed column, None for the others; cells without a number add nothing."""
        return tuple(
            sum((Decimal(str(row[at])) for row in self.rows if row[at] is not None), Decimal(0))
            if head.is_summed
            else None
            for at, head in enumerate(self.heads)
        )


@dataclass(frozen=True)
class Bars:
    """Clustered bars: each series has a value, or None, for each category."""

    categories: tuple[str, ...]
    series: tuple[tuple[str, tuple[float | None, ...]], ...]
    unit: str
    said: str


@dataclass(frozen=True)
class DotValue:
    """In the unit of its chart; without bounds only the dot is drawn."""

    label: str
    value: float
    low: float | None
    high: float | None
    words: str


@dataclass(frozen=True)
class Dots:
    rows: tuple[DotValue, ...]
    unit: str
    said: str


@dataclass(frozen=True)
class Picture:
    """A drawing as SVG, `width` x `height` pixels, in words for those who do not see it."""

    svg: str
    width: float
    height: float
    alt: str


@dataclass(frozen=True)
class Paragraph:
    """What somebody wrote, `label` before it on its line; `head` begins a part of its own."""

    text: str
    label: str = ""
    head: str = ""


@dataclass(frozen=True)
class Section:
    """`banner` stands above everything of it where what it says is not published work, for example invented work."""

    title: str
    said: str = ""
    numbers: tuple[KeyNumber, ...] = ()
    chart: Bars | Dots | None = None
    picture: Picture | None = None
    grids: tuple[Grid, ...] = ()
    paragraphs: tuple[Paragraph, ...] = ()
    notes: tuple[str, ...] = ()
    banner: str = ""


@dataclass(frozen=True)
class Document:
    """`address` is where it lives on the portal, `as_of` what was known, `facts` what it was made of (name, words),
    `numbers` those of the first page, `sources` where numbers come from."""

    title: str
    lede: str
    publisher: str
    address: str
    as_of: datetime
    numbers: tuple[KeyNumber, ...]
    sections: tuple[Section, ...]
    facts: tuple[tuple[str, str], ...] = ()
    sources: tuple[str, ...] = ()
    banner: str = ""

    @property
    def as_of_label(self) -> str:
        return f"As it was known on {format_day(self.as_of.astimezone(UTC))}, {self.as_of.astimezone(UTC):%H:%M} UTC"

    @property
    def grids(self) -> tuple[tuple[Section, Grid], ...]:
        return tuple((section, grid) for section in self.sections for grid in section.grids)
