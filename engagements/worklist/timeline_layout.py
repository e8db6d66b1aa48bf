"""Tasks as bars on an axis of days, a lane for each city: positions only, the template writes the SVG."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from engagements.base.labels import day_label
from engagements.worklist.records import Card

WIDTH = 1200  # px, as everything here
LEFT = 156  # names of cities
RIGHT = 16
TOP = 44  # months
ROW = 34
BAR = 16
LETTER = 6.6  # of a label
GAP = 10
LONGEST_LANE = 20  # letters of its name
BEFORE = timedelta(days=60)  # what began or was due earlier is cut at the edge
AHEAD = timedelta(days=400)
USUAL = timedelta(days=14)  # a bar of what has not begun

KINDS = {
    "planned": "quiet",
    "in_progress": "now",
    "awaiting_review": "now",
    "at_risk": "warn",
    "blocked": "late",
    "done": "done",
    "cancelled": "quiet",
}


@dataclass(frozen=True)
class Bar:
    """`late`: (x, width) of the dashed part from the due day to today. `text_x` is the label's end where `ends`."""

    x: int
    width: int
    y: int
    kind: str
    title: str
    day: str
    url: str
    text_x: int
    ends: bool
    late: tuple[int, int] | None


@dataclass(frozen=True)
class Lane:
    """`y` of the line above it."""

    y: int
    label: str


@dataclass(frozen=True)
class Tick:
    x: int
    label: str


@dataclass(frozen=True)
class Drawing:
    """`links`: paths from the end of what comes first to the begin of what waits for it. `kinds`: drawn ones."""

    width: int
    height: int
    today: int
    ticks: tuple[Tick, ...]
    lanes: tuple[Lane, ...]
    bars: tuple[Bar, ...]
    links: tuple[str, ...]
    kinds: frozenset[str]
    first: date
    last: date


def lay_out(cards: Sequence[Card], *, today: date, by_stage: bool = False) -> Drawing | None:
    """None when nothing has a day. `by_stage`: a lane for each stage, where all are of one city.

    Cards keep their order within a lane; lanes are in the order of their first card.
    """
    dated = [card for card in cards if _end(card)]
    if not dated:
        return None
    spans = _spans(dated)
    first, last = _axis(spans.values(), today)
    days = (last - first).days

    def place(day: date) -> int:
        return LEFT + round((min(max(day, first), last) - first).days / days * (WIDTH - LEFT - RIGHT))

    lanes: list[Lane] = []
    bars: list[Bar] = []
    at: dict[int, Bar] = {}
    y = TOP
    for label, here in _by_lane(dated, by_stage):
        lanes.append(Lane(y, label))
        for card in here:
            bar = _bar(card, spans[id(card)], place, y + (ROW - BAR) // 2, today)
            bars.append(bar)
            at |= {pk: bar for pk, _ in card.picks}
            y += ROW
        y += 8
    return Drawing(
        width=WIDTH,
        height=y,
        today=place(today),
        ticks=_ticks(first, last, place),
        lanes=tuple(lanes),
        bars=tuple(bars),
        links=tuple(_links(dated, at)),
        kinds=frozenset({bar.kind for bar in bars} | ({"overdue"} if any(bar.late for bar in bars) else set())),
        first=first,
        last=last,
    )


def _end(card: Card) -> date | None:
    return card.done_on or card.due_on


def _spans(cards: Sequence[Card]) -> dict[int, tuple[date, date]]:
    """First and last day by `id` of the card. What has not begun begins when what it depends on is due."""
    due = {pk: day for card in cards for pk, _ in card.picks if (day := _end(card))}
    found = {}
    for card in cards:
        end = _end(card)
        assert end is not None, "only dated cards are drawn"
        before = [due[pk] for pk in card.waits_for if pk in due and due[pk] < end]
        begins = card.started_on or (max(before) if before else end - USUAL)
        found[id(card)] = (min(begins, end), end)
    return found


def _axis(spans: Iterable[tuple[date, date]], today: date) -> tuple[date, date]:
    """Whole months with today in them; not the months of years ago, which would leave no room for this one."""
    spans = list(spans)
    earliest = max(min(begin for begin, _ in spans), today - BEFORE)
    latest = min(max(end for _, end in spans), today + AHEAD)
    first = min(earliest, today).replace(day=1)
    last = max(latest, today)
    return first, date(last.year + last.month // 12, last.month % 12 + 1, 1)


def _by_lane(cards: Sequence[Card], by_stage: bool) -> list[tuple[str, list[Card]]]:
    found: dict[str, list[Card]] = {}
    for card in cards:
        found.setdefault(card.stage_label if by_stage else lane_label(card.cities), []).append(card)
    return list(found.items())


def lane_label(cities: Sequence[str]) -> str:
    """Two cities by name, more as a number; what belongs to none has no name."""
    if len(cities) > 2:
        return f"{len(cities)} cities"
    words = " and ".join(cities)
    return words if len(words) <= LONGEST_LANE else f"{words[: LONGEST_LANE - 1].rstrip()}…"


def _bar(card: Card, span: tuple[date, date], place: Callable[[date], int], y: int, today: date) -> Bar:
    x, end = place(span[0]), place(span[1])
    width = max(end - x, 6)
    late = (place(card.due_on), max(place(today) - place(card.due_on), 4)) if card.is_overdue and card.due_on else None
    right = late[0] + late[1] if late else x + width
    day = day_label(_end(card), card.precision).removesuffix(f", {today.year}")
    status = "" if card.column in ("planned", "in_progress") else f", {card.label.lower()}"
    words = f"{card.title} {day}{status}"
    room = WIDTH - right - GAP
    ends = len(words) * LETTER > room and x - LEFT - GAP > room
    text_x = x - GAP if ends else right + GAP
    return Bar(
        x, width, y, KINDS[card.column], _shortened(card.title, max(room, x - LEFT - GAP), day + status), day + status,
        card.url, text_x, ends, late,
    )  # fmt: skip


def _shortened(title: str, room: float, rest: str) -> str:
    most = max(int(room / LETTER) - len(rest) - 2, 12)
    return title if len(title) <= most else f"{title[: most - 1].rstrip()}…"


def _links(cards: Sequence[Card], at: dict[int, Bar]) -> Iterable[str]:
    for card in cards:
        waiting = at.get(card.picks[0][0]) if card.picks else None
        for pk in card.waits_for:
            first = at.get(pk)
            if waiting is None or first is None or first is waiting:
                continue
            x = min(first.x + first.width - 4, max(waiting.x - 8, LEFT))
            down = first.y < waiting.y
            begin = first.y + BAR if down else first.y
            yield f"M{x} {begin}V{waiting.y + BAR // 2}H{waiting.x - 2}"


def _ticks(first: date, last: date, place: Callable[[date], int]) -> tuple[Tick, ...]:
    """First days of months, thinned out to what has room; the year where it begins."""
    months = (last.year - first.year) * 12 + last.month - first.month
    step = next((n for n in (1, 2, 3, 6) if months / n <= 10), 12)
    found = []
    for n in range(0, months, step):
        month = first.month - 1 + n
        day = date(first.year + month // 12, month % 12 + 1, 1)
        with_year = n == 0 or day.month <= step
        found.append(Tick(place(day), f"{day:%B %Y}" if with_year else f"{day:%B}"))
    return tuple(found)
