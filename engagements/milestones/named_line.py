"""A few milestones on one line, each with its name and day: positions only, the template writes the SVG."""

from dataclasses import dataclass
from datetime import date
from functools import partial
from textwrap import wrap

from engagements.base.labels import day_label
from engagements.milestones.queries.milestones import MilestoneRow
from engagements.workflow import MILESTONE_DONE_LABELS

MOST = 9  # names on one line; with more the lanes of stages are clearer
WIDTH = 1200
EDGE = 20  # px left free at both ends
LETTER = 7.2  # px, a wide one of the label's font
LINE = 17  # px from one line of a label to the next
LONGEST = 22  # letters in a line of a label
LINES = 3
GAP = 14  # px between labels, and between a label and its mark


@dataclass(frozen=True)
class LabelLine:
    y: int
    text: str


@dataclass(frozen=True)
class NamedMark:
    """`x`, `y` of the mark; `lines` of the name and then the day, from `text_x` on (`ends`: up to it)."""

    pk: int
    x: int
    kind: str
    name: str
    title: str
    day: str
    text_x: int
    ends: bool
    lines: tuple[LabelLine, ...]
    stem: tuple[int, int] | None


@dataclass(frozen=True)
class NamedLine:
    """`today` None: not between the first and the last."""

    width: int
    height: int
    axis: int
    first_x: int
    last_x: int
    today: int | None
    marks: tuple[NamedMark, ...]

    @property
    def today_top(self) -> int:
        return self.axis - GAP

    @property
    def today_foot(self) -> int:
        return self.axis + GAP


@dataclass
class _Row:
    """Labels beside one another: `end` is where the last one ends."""

    above: bool
    level: int
    end: float = -1.0


def lay_out_names(rows: tuple[MilestoneRow, ...], *, today: date) -> NamedLine | None:
    """None where none has a day, or more have one than can be named. Labels go above and below in turn; one that would
    lie on its neighbor goes a row further out."""
    dated = sorted((row for row in rows if row.day), key=lambda row: (row.day, row.pk))
    if not dated or len(dated) > MOST:
        return None
    first, last = dated[0].day, dated[-1].day
    assert first and last
    if 0 < (first - today).days < 92:
        first = today
    if 0 < (today - last).days < 92:
        last = today
    span = max((last - first).days, 1)
    most = WIDTH - 2 * EDGE

    def place(day: date) -> int:
        return EDGE + round((day - first).days / span * most) if last != first else WIDTH // 2

    slots = [_Row(above=not n % 2, level=n // 2) for n in range(2 * MOST)]
    placed = []
    for row in dated:
        assert row.day
        words = wrap(row.title, LONGEST, max_lines=LINES, placeholder="…")
        day = day_label(row.day, row.precision)
        width = LETTER * max(len(part) for part in (*words, day))
        x = place(row.day)
        ends = x + width > WIDTH
        left = x - width if ends else x - 8
        slot = next(slot for slot in slots if left > slot.end)
        slot.end = left + width + GAP
        slots.sort(key=partial(_side_first, was_above=slot.above))
        placed.append((row, x, words, day, ends, slot.above, slot.level))
    tall = (LINES + 1) * LINE + GAP
    deepest = {side: max((p[6] + 1 for p in placed if p[5] is side), default=0) for side in (True, False)}
    axis = deepest[True] * tall + GAP
    marks = tuple(
        NamedMark(
            pk=row.pk,
            x=x,
            kind=kind_of(row),
            name=row.title,
            title=f"{row.title}, {day}: {row.label}{', late' if row.is_overdue else ''}",
            day=day,
            text_x=min(x + 8, WIDTH) if ends else max(x - 8, 0),
            ends=ends,
            lines=_lines(words, day, axis, above, level, tall),
            stem=_stem(axis, above, level, tall),
        )
        for row, x, words, day, ends, above, level in placed
    )
    return NamedLine(
        width=WIDTH,
        height=axis + deepest[False] * tall + GAP,
        axis=axis,
        first_x=place(first),
        last_x=place(last),
        today=place(today) if first <= today <= last else None,
        marks=marks,
    )


def _side_first(slot: _Row, *, was_above: bool) -> tuple[int, bool]:
    """Near rows first, and of those the other side, so that neighbors share a side only where both have room."""
    return slot.level, slot.above is was_above


def _lines(words: list[str], day: str, axis: int, above: bool, level: int, tall: int) -> tuple[LabelLine, ...]:
    texts = [*words, day]
    if above:
        last = axis - GAP - 8 - level * tall
        begin = last - (len(texts) - 1) * LINE
    else:
        begin = axis + GAP + 20 + level * tall
    return tuple(LabelLine(begin + n * LINE, text) for n, text in enumerate(texts))


def _stem(axis: int, above: bool, level: int, tall: int) -> tuple[int, int] | None:
    """From the mark to a label that is not in the first row."""
    if not level:
        return None
    reach = level * tall + 4
    return (axis - 10, axis - reach) if above else (axis + 10, axis + reach)


def kind_of(row: MilestoneRow) -> str:
    """Which of the four marks it has: done, late, open, closed."""
    if row.is_overdue:
        return "late"
    if row.is_open:
        return "open"
    return "done" if row.label in MILESTONE_DONE_LABELS else "closed"
