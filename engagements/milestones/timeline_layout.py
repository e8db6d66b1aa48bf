"""Milestones below a common axis, statuses above it: positions only, the template writes the SVG."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from atlas.formatting.dates import format_month
from engagements.base.labels import day_label
from engagements.milestones.queries.milestones import MilestoneRow
from engagements.models import Milestone
from engagements.workflow import MILESTONE_DONE_LABELS

WIDE, NARROW = 1040, 358  # px
ROW = 26  # px between marks that would lie on one another
AXIS = 56
WORD = 80  # px: the longest name of a status


@dataclass(frozen=True)
class TimelineMark:
    x: int
    y: int
    kind: str  # done, late, open, closed
    title: str
    pk: int


@dataclass(frozen=True)
class TimelineLane:
    y: int
    label: str


@dataclass(frozen=True)
class TimelineTick:
    """`ends`: its words stand left of it, because there is no room to its right."""

    x: int
    label: str
    ends: bool = False


@dataclass(frozen=True)
class Timeline:
    """`today` None: outside of the axis. `statuses` lie above the axis."""

    width: int
    height: int
    left: int
    axis: int
    ticks: tuple[TimelineTick, ...]
    today: int | None
    lanes: tuple[TimelineLane, ...]
    marks: tuple[TimelineMark, ...]
    statuses: tuple[TimelineTick, ...]
    first: date
    last: date


def lay_out(rows, statuses=(), *, today: date, width: int) -> Timeline | None:
    """Of dated milestones; None when there is none. One lane a stage, marks on one another are set below."""
    dated = [row for row in rows if row.day]
    if not dated:
        return None
    first, last = _span([row.day for row in dated], today)
    left = 84 if width < 500 else 120
    days = max((last - first).days, 1)

    def place(day: date) -> int:
        return left + round((day - first).days / days * (width - left - 24))

    y, lanes, marks = AXIS + ROW, [], []
    for stage in Milestone.Stage:
        here = [row for row in dated if row.stage == stage.value]
        if not here:
            continue
        lanes.append(TimelineLane(y, stage.label))
        placed, depth = _stack(here, place, y)
        marks += placed
        y += ROW * depth + 6
    return Timeline(
        width=width,
        height=y,
        left=left,
        axis=AXIS,
        ticks=_ticks(first, last, place, width),
        lanes=tuple(lanes),
        today=place(today) if first <= today <= last else None,
        marks=tuple(marks),
        first=first,
        last=last,
        statuses=_spread([_tick(place(s.began_on), s.label, width) for s in statuses if first <= s.began_on <= last]),
    )


def _span(days: list[date], today: date) -> tuple[date, date]:
    """Whole months around the milestones, with today where it is at most three months away."""
    first, last = min(days), max(days)
    if 0 < (first - today).days < 92:
        first = today
    if 0 < (today - last).days < 92:
        last = today
    end = date(last.year + last.month // 12, last.month % 12 + 1, 1)
    return first.replace(day=1), end


def _stack(rows: list[MilestoneRow], place, y: int) -> tuple[list[TimelineMark], int]:
    """Marks of one lane, and how many rows deep they lie: at most four, then they share the last."""
    ends: list[int] = []
    marks = []
    for row in sorted(rows, key=lambda row: (row.day, row.pk)):
        x = place(row.day)
        level = next((n for n, end in enumerate(ends) if x - end >= 16), min(len(ends), 3))
        ends[level : level + 1] = [x]
        title = f"{row.title}, {day_label(row.day, row.precision)}: {row.label}{', late' if row.is_overdue else ''}"
        marks.append(TimelineMark(x, y + ROW * level, kind_of(row), title, row.pk))
    return marks, max(len(ends), 1)


def kind_of(row: MilestoneRow) -> str:
    """Which of the four marks it has: done, late, open, closed."""
    if row.is_overdue:
        return "late"
    if row.is_open:
        return "open"
    return "done" if row.label in MILESTONE_DONE_LABELS else "closed"


def _ticks(first: date, last: date, place, width: int) -> tuple[TimelineTick, ...]:
    """First days of months, thinned out to what has room for its words."""
    months = (last.year - first.year) * 12 + last.month - first.month
    step = next((n for n in (1, 2, 3, 6, 12, 24) if months / n <= width / 90), 60)
    ticks = []
    for n in range(0, months + 1, step):
        month = first.month - 1 + n
        day = date(first.year + month // 12, month % 12 + 1, 1)
        if place(day) < width - 60:  # room for its words
            ticks.append(TimelineTick(place(day), format_month(day)))
    return tuple(ticks)


def _tick(x: int, label: str, width: int) -> TimelineTick:
    return TimelineTick(x, label, ends=x > width - WORD)


def _spread(statuses: list[TimelineTick]) -> tuple[TimelineTick, ...]:
    """Of statuses whose words would lie on one another the last is named."""
    shown: list[TimelineTick] = []
    for status in reversed(statuses):
        if not shown or _begins(shown[-1]) - _begins(status) > WORD:
            shown.append(status)
    return tuple(reversed(shown))


def _begins(tick: TimelineTick) -> int:
    """Where its words begin."""
    return tick.x - WORD if tick.ends else tick.x


def timeline_figures(rows, statuses=()) -> list[tuple[str, Timeline]]:
    """For a desktop and for a phone; empty without dated milestones."""
    today = timezone.localdate()
    drawn = (
        ("wide", lay_out(rows, statuses, today=today, width=WIDE)),
        ("narrow", lay_out(rows, statuses, today=today, width=NARROW)),
    )
    return [(name, figure) for name, figure in drawn if figure]
