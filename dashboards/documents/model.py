"""A report as it is before it becomes a file: words, raw numbers and what kind each is. Every writer reads this one."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Literal

import plotly.graph_objects as go

from atlas.formatting.dates import format_day, format_instant

# text; mark: a color and words, "Red: 45 days late"; usd: dollars; count: whole; number: any, its unit beside it;
# share: 0-1, shown in percent; percentile: rank 0-1, shown 0-100; error: standard error of one; date: a day.
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
    """`is_summed`: the column has a total. `weight`: how wide beside the others. Not `in_print`: in the sheet alone.

    `missing`: what a sheet says where there is no number, and why.
    """

    label: str
    kind: Kind = "text"
    is_summed: bool = False
    weight: float = 1.0
    in_print: bool = True
    missing: str = ""


@dataclass(frozen=True)
class Grid:
    """A table of raw values. Not `in_print`: only a sheet holds it, the words stand elsewhere.

    `finding`: what it shows in one sentence, the title of its slides. `left_out`: rows that only the workbook holds;
    `is_one_slide`: slides leave out more, so that it takes one.
    """

    name: str
    heads: tuple[GridColumn, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    in_print: bool = True
    finding: str = ""
    left_out: int = 0
    is_one_slide: bool = False

    @property
    def has_totals(self) -> bool:
        return bool(self.rows) and any(head.is_summed for head in self.heads)

    def totals(self) -> tuple[Decimal | None, ...]:
        """Sum of each summed column, None for the others; cells without a number add nothing, and only such cells make
        no sum: 0 would say that somebody knows.
        """
        return tuple(self._total(at) if head.is_summed else None for at, head in enumerate(self.heads))

    def total_label(self) -> str:
        """Heads the row of totals; says where a sum leaves out rows that have no number."""
        summed = [[row[at] is None for row in self.rows] for at, head in enumerate(self.heads) if head.is_summed]
        return "Total of what is known" if any(any(none) and not all(none) for none in summed) else "Total"

    def _total(self, at: int) -> Decimal | None:
        known = [Decimal(str(row[at])) for row in self.rows if row[at] is not None]
        return sum(known, Decimal(0)) if known else None


@dataclass(frozen=True)
class Bars:
    """Bars from nought: each series has a value, or None, for each category. `title`: what they show, as a finding.

    The first series is what the chart is about; the others are quiet.
    """

    categories: tuple[str, ...]
    series: tuple[tuple[str, tuple[float | None, ...]], ...]
    unit: str
    said: str
    title: str = ""
    is_over_time: bool = False  # then the bars stand upright, from left to right
    colors: tuple[str, ...] = ()  # of the series: then they are parts of one bar a category, one behind the other


@dataclass(frozen=True)
class TallyRow:
    """`lines`: what the count is of, in full; `names`: in short. `shade`: 0 where most is known, 3 where least."""

    label: str
    count: int
    lines: tuple[str, ...]
    names: tuple[str, ...]
    shade: int = 0


@dataclass(frozen=True)
class Tally:
    """How many there are of each kind, most is known of the first. `unit`: what is counted."""

    rows: tuple[TallyRow, ...]
    unit: str
    said: str


@dataclass(frozen=True)
class DotValue:
    """In the unit of its chart; without bounds only the dot is drawn.

    `reference`: the same number of another place, `is_this`: what the document is about, `is_hollow`: rests on little.
    """

    label: str
    value: float
    low: float | None
    high: float | None
    words: str
    reference: float | None = None
    is_this: bool = False
    is_hollow: bool = False


@dataclass(frozen=True)
class Rule:
    """An upright line that values are held against."""

    value: float
    label: str


@dataclass(frozen=True)
class Dots:
    """Rows of estimates on one axis, all of one unit. `title`: what they show, as a finding."""

    rows: tuple[DotValue, ...]
    unit: str
    said: str
    title: str = ""
    rule: Rule | None = None
    reference_name: str = ""  # whose the references are
    name: str = ""  # whose the rows are, for a legend
    has_zero: bool = False  # differences: the axis reaches nought and a small one looks small
    below: tuple[str, ...] = ()  # words inside its picture on paper, such as birth years


@dataclass(frozen=True)
class Moment:
    """A published value and its bounds; `day` is the first of its period. `is_hollow`: weak or provisional."""

    day: date
    value: float
    low: float | None = None
    high: float | None = None
    is_hollow: bool = False


@dataclass(frozen=True)
class Course:
    """One quantity over time. Each run is joined by a line; between runs the line is broken, for a reason `said` gives.

    `unit`: a key of `atlas.metrics.labels.UNITS`; values as published (shares 0-1).
    """

    name: str
    runs: tuple[tuple[Moment, ...], ...]
    unit: str
    unit_words: str
    period: Literal["year", "month", "week"]
    first_words: str
    last_words: str
    said: str
    title: str = ""


@dataclass(frozen=True)
class Curve:
    """Shares of several wholes over one quantity; the last line is what the chart is about. Shares are 0-1."""

    lines: tuple[tuple[str, tuple[tuple[float, float], ...]], ...]
    unit: str  # of the quantity: the measure grammar's, ranks and shares as 0-100
    unit_words: str
    share_words: str
    said: str
    rules: tuple[Rule, ...] = ()
    title: str = ""


Chart = Bars | Dots | Course | Curve


@dataclass(frozen=True)
class Picture:
    """A drawing as SVG, `width` x `height` pixels, in words for those who do not see it."""

    svg: str
    width: float
    height: float
    alt: str


@dataclass(frozen=True)
class Drawing:
    """A figure that writers draw at their own size. `geometry`: of its map; `below`: words inside the picture."""

    figure: go.Figure
    title: str
    said: str
    geometry: dict[str, Any] | None = None
    below: tuple[str, ...] = ()


@dataclass(frozen=True)
class Paragraph:
    """What somebody wrote, `label` before it on its line; `head` begins a part of its own."""

    text: str
    label: str = ""
    head: str = ""


@dataclass(frozen=True)
class Section:
    """`banner` stands above everything of it where what it says is not published work, for example invented work.

    `finding`: what it says in one sentence, the title of its slides; `foot`: source and vintage of what it shows.
    A section with charts and a picture shows the picture on paper and the charts on slides. `is_together`: chart and
    its table share a slide.
    """

    title: str
    said: str = ""
    finding: str = ""
    numbers: tuple[KeyNumber, ...] = ()
    charts: tuple[Chart, ...] = ()
    picture: Picture | Drawing | None = None
    grids: tuple[Grid, ...] = ()
    paragraphs: tuple[Paragraph, ...] = ()
    notes: tuple[str, ...] = ()
    banner: str = ""
    foot: str = ""
    is_together: bool = False

    @property
    def is_bare(self) -> bool:
        """Whether all it has is a sentence: that something is not recorded, for example."""
        has_rows = any(grid.rows for grid in self.grids)
        return not (self.numbers or self.charts or self.picture or self.paragraphs or has_rows)


@dataclass(frozen=True)
class Document:
    """`address` is where it lives on the portal, `as_of` what was known, `facts` what it was made of (name, words),
    `numbers` those of the first page, `tally` in their place where the answer is a count, `sources` where numbers come
    from."""

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
    tally: Tally | None = None
    is_one_page: bool = False  # on paper: one page, its sections side by side; two where a map needs the first
    is_as_of_day: bool = False  # made from what was public that day, at no moment of a person's asking

    @property
    def as_of_label(self) -> str:
        if self.is_as_of_day:
            return f"Made on {self.as_of_day}"
        return f"As it was known on {format_instant(self.as_of.astimezone(UTC))}"

    @property
    def short_address(self) -> str:
        """Without choices: for the foot of a page."""
        return self.address.split("?")[0]

    @property
    def as_of_day(self) -> str:
        return format_day(self.as_of.astimezone(UTC))

    @property
    def grids(self) -> tuple[tuple[Section, Grid], ...]:
        return tuple((section, grid) for section in self.sections for grid in section.grids)
