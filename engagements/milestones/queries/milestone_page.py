"""One milestone with everything said and done about it, as far as somebody may see it."""

from dataclasses import dataclass
from datetime import date, datetime

from engagements.access.engagements import milestone_for, visible_milestones
from engagements.access.roles import engagements_with, people_with, with_cached_permissions
from engagements.discussion.queries.discussion import CommentRow, DocumentRow, comments, documents
from engagements.milestones.queries.milestones import MilestoneRow, rows_of
from engagements.models import DueDateChange, Milestone, MilestoneDependency, ProgressEntry, User
from engagements.permissions import LOG_PROGRESS, VIEW_PUBLISHED, VIEW_TEAM
from engagements.workflow import MILESTONE, State


@dataclass(frozen=True)
class ProgressRow:
    at: datetime
    by: str
    label: str
    line: str
    note: str
    document_id: int | None


@dataclass(frozen=True)
class SlipRow:
    at: datetime
    by: str
    old: date | None
    new: date
    reason: str
    words: str


@dataclass(frozen=True)
class MilestoneDetail:
    """`progress` and `slips` are empty below the team; `next_states` are the moves the viewer may make.

    `owner_left`: the owner's role in the engagement ended; False where the owner is not shown.
    """

    row: MilestoneRow
    next_states: tuple[State, ...]
    waits_for: tuple[MilestoneRow, ...]
    progress: tuple[ProgressRow, ...]
    slips: tuple[SlipRow, ...]
    comments: tuple[CommentRow, ...]
    documents: tuple[DocumentRow, ...]
    approved_by: str | None
    approved_at: datetime | None
    owner_left: bool


@with_cached_permissions
def milestone_page(user: User, pk: int, *, today: date) -> MilestoneDetail:
    """Raises NotFound."""
    found: Milestone = milestone_for(user, pk, VIEW_PUBLISHED)
    (row,) = rows_of(user, Milestone.objects.filter(pk=pk), today)
    team = VIEW_TEAM in row.permissions
    first = MilestoneDependency.objects.filter(milestone_id=pk).values("needs_id")
    return MilestoneDetail(
        row=row,
        next_states=MILESTONE.next_states(found.status, row.permissions, needs_approval=found.needs_approval),
        waits_for=rows_of(user, visible_milestones(user).filter(pk__in=first), today),
        progress=_progress(pk) if team else (),
        slips=_slips(pk) if team else (),
        comments=comments(user, found.engagement_id, milestone=pk),
        documents=documents(user, found.engagement_id, milestone=pk),
        approved_by=str(found.approved_by) if team and found.approved_by else None,
        approved_at=found.approved_at if team else None,
        owner_left=row.owner_id is not None
        and not people_with(found.engagement, LOG_PROGRESS).filter(pk=row.owner_id).exists(),
    )


def _progress(pk: int) -> tuple[ProgressRow, ...]:
    return tuple(
        ProgressRow(
            entry.at, str(entry.by), MILESTONE.state(entry.status).label, entry.line, entry.note, entry.document_id
        )
        for entry in ProgressEntry.objects.filter(milestone_id=pk).select_related("by")
    )


def _slips(pk: int) -> tuple[SlipRow, ...]:
    return tuple(
        SlipRow(slip.at, str(slip.by), slip.old, slip.new, slip.get_reason_display(), slip.words)
        for slip in DueDateChange.objects.filter(milestone_id=pk).select_related("by")
    )


def unfinished_before(user: User, pk: int) -> tuple[str, ...]:
    """“Title (planned)” of each unfinished milestone this one depends on, for the person who marks it done."""
    first = MilestoneDependency.objects.filter(milestone_id=pk).values("needs_id")
    rows = visible_milestones(user).live().filter(pk__in=first, status__in=MILESTONE.open_values)
    held = rows.filter(engagement__in=engagements_with(user, VIEW_TEAM).values("pk"))
    return tuple(f"{row.title} ({MILESTONE.state(row.status).label.lower()})" for row in held.order_by("due_on", "pk"))
