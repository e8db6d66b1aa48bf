"""Milestones as cards: what a board, a list or a timeline shows of them."""

from collections.abc import Collection, Mapping
from datetime import date

from engagements.base.labels import repeats_label
from engagements.milestones.queries.milestones import MilestoneRow
from engagements.models import Milestone, ProgressEntry
from engagements.permissions import APPROVE_MILESTONE, EDIT_MILESTONE, LOG_PROGRESS, VIEW_TEAM
from engagements.workflow import MILESTONE, State
from engagements.worklist.records import Card

_BY_LABEL = {state.label: state.value for state in MILESTONE.states}
_WITH_NOTE = ("at_risk", "blocked")  # what was logged last says why


def cards_of(rows: Collection[MilestoneRow], *, today: date, covered: Mapping[int, str] | None = None) -> list[Card]:
    """Two statements, whatever their number. `covered`: names of the people the reader stands in for, by id."""
    first = _unfinished_before(rows)
    notes = _last_lines(rows)
    return [_card(row, first, notes, covered or {}, today) for row in rows]


def _card(
    row: MilestoneRow, first: Mapping[int, str], notes: Mapping[int, str], covered: Mapping[int, str], today: date
) -> Card:
    status = _BY_LABEL[row.label]
    return Card(
        column=status,
        title=row.title,
        url=f"/milestones/{row.pk}/",
        cities=(row.city_name,),
        due_on=row.due_on,
        precision=row.precision,
        is_overdue=row.is_overdue,
        days=(row.due_on - today).days if row.due_on else None,
        started_on=row.started_on,
        done_on=row.done_on,
        owner=row.owner,
        owner_id=row.owner_id,
        note=notes.get(row.pk, ""),
        after=next((first[pk] for pk in row.waits_for if pk in first), ""),
        waits_for=row.waits_for,
        picks=((row.pk, row.version),),
        next_states=_next_states(row, status),
        may_edit=EDIT_MILESTONE in row.permissions and not row.is_archived,
        may_log=LOG_PROGRESS in row.permissions and not row.is_archived,
        is_archived=row.is_archived,
        is_fictional=row.is_fictional,
        covering_for=covered.get(row.owner_id or 0, ""),
        label=row.label,
        stage_label=row.stage_label,
        funder_note=row.funder_note,
        repeats=repeats_label(row.repeats, row.repeats_until) if row.is_open else "",
        action=_action(row, status),
    )


def _action(row: MilestoneRow, status: str) -> str:
    """What its button does for the reader: approve, log or nothing."""
    if status == "awaiting_review" and row.needs_approval and APPROVE_MILESTONE in row.permissions:
        return "approve"
    return "log" if row.is_open and LOG_PROGRESS in row.permissions else ""


def _next_states(row: MilestoneRow, status: str) -> tuple[State, ...]:
    if row.is_archived:
        return ()
    return MILESTONE.next_states(status, row.permissions, needs_approval=row.needs_approval)


def _unfinished_before(rows: Collection[MilestoneRow]) -> dict[int, str]:
    """Titles of what is not done yet and holds one of them up. One statement; those of one's own engagements only."""
    wanted = {0, *(pk for row in rows if row.is_open for pk in row.waits_for)}  # never empty: always one statement
    found = Milestone.objects.unfinished().filter(pk__in=wanted)  # dependencies stay within an engagement
    return dict(found.values_list("pk", "title"))


def _last_lines(rows: Collection[MilestoneRow]) -> dict[int, str]:
    """What was logged last on what is at risk or blocked, for the team. One statement."""
    wanted = [0, *(row.pk for row in rows if row.status in _WITH_NOTE and VIEW_TEAM in row.permissions)]
    found = ProgressEntry.objects.filter(milestone__in=wanted).order_by("milestone_id", "-at", "-pk")
    return dict(found.distinct("milestone_id").values_list("milestone_id", "line"))
