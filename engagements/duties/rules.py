"""What comes up again and again and has not been done: which duties there are, whose, and due when. Pure.

Elsewhere three quarters of indicators' owners never update them, and what has an owner is on track twice as often:
that is why these are reminded of and counted first.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

UPDATE_SHOWN_BEFORE = timedelta(days=45)  # an update is due when its quarter ends, and a duty from its middle on
VALUE_SHOWN_BEFORE = timedelta(days=14)
OWNER_WANTED_BEFORE = timedelta(days=14)  # before a milestone is due somebody must own it
RESULT_WITHIN = timedelta(days=90)  # after the work ended, what came of it is recorded, or that nothing was found
SILENT_FOR = timedelta(days=21)  # as on the home page: work without a line for so long has no recent activity


class DutyKind(StrEnum):
    """In the order in which they are counted and shown."""

    UPDATE = "update_not_started"
    INDICATOR = "indicator_value_due"
    RESULT = "result_not_recorded"
    OWNER = "owner_missing"
    SILENT = "never_updated"


@dataclass(frozen=True)
class Duty:
    """`owners`: who is to do it, empty where nobody can. `subjects`: ids of the milestones or the indicator it is
    about; of an update its year and quarter. `name`: of the only subject, "" where there are several."""

    kind: DutyKind
    engagement: int
    owners: tuple[int, ...]
    due_on: date
    subjects: tuple[int, ...]
    name: str = ""

    def is_overdue(self, today: date) -> bool:
        return self.due_on < today


@dataclass(frozen=True)
class EngagementFacts:
    """An engagement at work, or one that ended. `begins_on`: None where nobody says. `team`: roles by person; of leads
    those of the initiative. `written`: quarters with an update that is not archived. `ended_on`: the day it was
    completed, or its last day where that is past. `has_result`: a result of it, or a search that found none, is
    recorded."""

    engagement: int
    begins_on: date | None
    team: Mapping[int, Collection[str]]
    written: frozenset[tuple[int, int]]
    is_at_work: bool = True
    ended_on: date | None = None
    has_result: bool = False


@dataclass(frozen=True)
class MilestoneFacts:
    """Unfinished milestones of an engagement that nobody owns (`owner` None), or those of one owner on which nobody
    ever logged a line though one was to be expected. `pks`: the first due first, with its day; `title`: of one."""

    engagement: int
    owner: int | None
    due_on: date
    pks: tuple[int, ...]
    title: str


@dataclass(frozen=True)
class IndicatorFacts:
    """`due_on`: of its next value, None where nothing says from when on. `is_entered`: a later value waits for its
    approval."""

    pk: int
    engagement: int
    name: str
    owner: int | None
    due_on: date | None
    is_entered: bool


def quarter_of(day: date) -> tuple[int, int]:
    return day.year, (day.month + 2) // 3


def quarter_before(quarter: tuple[int, int]) -> tuple[int, int]:
    year, number = quarter
    return (year - 1, 4) if number == 1 else (year, number - 1)


def quarter_ends(quarter: tuple[int, int]) -> date:
    """Its last day: (2026, 4) -> December 31, 2026."""
    year, number = quarter
    return (date(year + 1, 1, 1) if number == 4 else date(year, 3 * number + 1, 1)) - timedelta(days=1)


def responsible(team: Mapping[int, Collection[str]]) -> tuple[int, ...]:
    """Who does what has no owner of its own: the advisers; without one the city's staff; without them the leads."""
    for role in ("adviser", "city_staff", "lead"):
        if found := tuple(sorted(person for person, roles in team.items() if role in roles)):
            return found
    return ()


def update_duties(facts: EngagementFacts, today: date) -> list[Duty]:
    """Of this quarter and the one before it: an update nobody has started, of a time in which the engagement ran.

    Worked: on November 30, 2026 that of Q4 (due December 31) and, for what began by September, that of Q3.
    """
    if not facts.is_at_work or facts.begins_on is None or facts.begins_on > today:
        return []
    this = quarter_of(today)
    found = []
    for quarter in (quarter_before(this), this):
        due = quarter_ends(quarter)
        if quarter in facts.written or facts.begins_on > due or today < due - UPDATE_SHOWN_BEFORE:
            continue
        found.append(Duty(DutyKind.UPDATE, facts.engagement, responsible(facts.team), due, quarter))
    return found


def result_duties(facts: EngagementFacts, today: date) -> list[Duty]:
    """What came of work that ended, from its last day on: a result, or that none was found."""
    if facts.ended_on is None or facts.ended_on > today or facts.has_result:
        return []
    due = facts.ended_on + RESULT_WITHIN
    return [Duty(DutyKind.RESULT, facts.engagement, responsible(facts.team), due, (facts.engagement,))]


def indicator_duties(facts: Iterable[IndicatorFacts], teams: Mapping[int, EngagementFacts], today: date) -> list[Duty]:
    """A value that is due within two weeks or late, and not entered yet."""
    return [
        Duty(
            DutyKind.INDICATOR,
            each.engagement,
            _owner(each.owner, teams[each.engagement].team),
            each.due_on,
            (each.pk,),
            each.name,
        )
        for each in facts
        if each.due_on is not None and not each.is_entered and each.due_on <= today + VALUE_SHOWN_BEFORE
    ]


def milestone_duties(facts: Iterable[MilestoneFacts], teams: Mapping[int, EngagementFacts]) -> list[Duty]:
    """Milestones without an owner, one duty an engagement; milestones nobody ever logged a line on, one an owner."""
    return [
        Duty(
            DutyKind.OWNER if each.owner is None else DutyKind.SILENT,
            each.engagement,
            _owner(each.owner, teams[each.engagement].team),
            each.due_on,
            each.pks,
            each.title if len(each.pks) == 1 else "",
        )
        for each in facts
    ]


def _owner(owner: int | None, team: Mapping[int, Collection[str]]) -> tuple[int, ...]:
    """Who owns it; where they left the team, who is responsible."""
    return (owner,) if owner is not None and owner in team else responsible(team)


def in_order(duties: Iterable[Duty]) -> tuple[Duty, ...]:
    """The soonest due first; of one day in the order of their kinds."""
    order = list(DutyKind)
    return tuple(sorted(duties, key=lambda duty: (duty.due_on, order.index(duty.kind), duty.engagement, duty.subjects)))


@dataclass(frozen=True)
class DutyCount:
    """How many things of a kind are open: updates, values, milestones (not lines of a list), and how many are late."""

    kind: DutyKind
    open: int
    overdue: int


def count_by_kind(duties: Iterable[Duty], today: date) -> tuple[DutyCount, ...]:
    """Every kind, zeros too, in order. Of grouped milestones all count as late when the first is."""
    found = {kind: [0, 0] for kind in DutyKind}
    for duty in duties:
        number = 1 if duty.kind is DutyKind.UPDATE else len(duty.subjects)
        found[duty.kind][0] += number
        found[duty.kind][1] += number if duty.is_overdue(today) else 0
    return tuple(DutyCount(kind, *numbers) for kind, numbers in found.items())
