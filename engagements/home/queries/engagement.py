"""The page of an engagement, and the list of them."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from engagements import permissions
from engagements.access.engagements import engagement_for
from engagements.access.roles import with_cached_permissions
from engagements.base.queries.engagements import EngagementRow, engagements
from engagements.discussion.queries.discussion import CommentRow, DocumentRow, RecordRow, comments, documents, records
from engagements.discussion.queries.requests import RequestRow, requests
from engagements.discussion.queries.updates import UpdateRow, updates
from engagements.home.queries.activity import ActivityRow, activity
from engagements.milestones.queries.milestones import SHOWN_LATE, SHOWN_NEXT, MilestoneRow, milestones_around
from engagements.models import Engagement, LedgerTotal, Participation, Partnership, User
from engagements.models.discussion import ABOUT
from engagements.people.queries.team import TeamMember, team
from engagements.permissions import VIEW_MONEY, VIEW_PUBLISHED
from engagements.results.queries.published import ProjectRow, initiative_record
from engagements.workflow import PARTICIPATION, State

EACH_SIDE = 15  # milestones before and after today on an engagement's page
LATEST = 4  # of each other thing there


@dataclass(frozen=True)
class StatusRow:
    status: str
    label: str
    began_on: date
    precision: str
    source: str


@dataclass(frozen=True)
class PartnerRow:
    organisation: str
    kind_label: str
    part: str
    source: str
    is_fictional: bool


@dataclass(frozen=True)
class EngagementPage:
    """One engagement as the viewer may see it. `projects`: what was tried, each with what is published of it.

    `milestones` are the 30 due nearest to today, `overdue` the five oldest, `next_due` three; `row` counts all.
    `has_money`: the viewer sees money, and some is in the ledger.
    """

    row: EngagementRow
    place_name: str
    project_source: str
    projects: tuple[ProjectRow, ...]
    starts_on: date | None
    ends_on: date | None
    needs_approval: bool
    statuses: tuple[StatusRow, ...]
    next_statuses: tuple[State, ...]
    team: tuple[TeamMember, ...]
    partners: tuple[PartnerRow, ...]
    next_due: tuple[MilestoneRow, ...]
    overdue: tuple[MilestoneRow, ...]
    milestones: tuple[MilestoneRow, ...]
    updates: tuple[UpdateRow, ...]
    records: tuple[RecordRow, ...]
    documents: tuple[DocumentRow, ...]
    comments: tuple[CommentRow, ...]
    requests: tuple[RequestRow, ...]
    activity: tuple[ActivityRow, ...]
    writable_levels: tuple[str, ...]
    has_money: bool

    @property
    def differing(self) -> tuple[tuple[str, str], ...]:
        """(what was measured, how its sources differ)."""
        results = (result for project in self.projects for result in project.results)
        return tuple((one.fields.outcome, one.fields.conflict) for one in results if one.fields.conflict)

    @property
    def partners_by_part(self) -> tuple[PartnerRow, ...]:
        """Funders, advisers and others, each part together and A to Z."""
        return tuple(sorted(self.partners, key=lambda partner: (partner.part, partner.organisation)))


@with_cached_permissions
def engagement_page(user: User, key: int | str, *, today: date) -> EngagementPage:
    """Raises NotFound. The same number of statements whatever there is in it."""
    found = engagement_for(user, key, VIEW_PUBLISHED)
    (row,) = engagements(user, today=today, pk=found.pk)
    held, only = row.permissions, (found.pk,)
    near = milestones_around(user, found.pk, today=today, each_side=EACH_SIDE)
    upcoming = tuple(m for m in near if m.is_open and not m.is_overdue)
    past, ahead = (
        [m for m in near if m.due_on and m.due_on < today],
        [m for m in near if not m.due_on or m.due_on >= today],
    )
    last = row.status or PARTICIPATION.first
    return EngagementPage(
        row=row,
        place_name=f"{found.city.name}, {found.city.state_name}",
        project_source=found.project_source,
        projects=tuple(one for one in initiative_record(found.initiative_id).rows if one.engagement_slug == found.slug),
        starts_on=found.starts_on,
        ends_on=found.ends_on,
        needs_approval=found.needs_approval,
        statuses=_statuses(found.pk),
        next_statuses=PARTICIPATION.next_states(last, held),
        team=team(user, found.pk),
        partners=_partners(found),
        next_due=upcoming[:SHOWN_NEXT],
        overdue=tuple(m for m in near if m.is_overdue)[:SHOWN_LATE],
        milestones=(*past[-EACH_SIDE:], *ahead[:EACH_SIDE]),
        updates=updates(user, engagements=only, limit=LATEST),
        records=records(user, found.pk, limit=LATEST),
        documents=documents(user, found.pk, limit=LATEST),
        comments=comments(user, found.pk, **dict.fromkeys(ABOUT), limit=LATEST),
        requests=requests(user, today=today, engagements=only, limit=LATEST),
        activity=activity(user, engagements=only, limit=LATEST),
        writable_levels=tuple(level.value for level in permissions.writable_levels(held)),
        has_money=VIEW_MONEY in held and LedgerTotal.objects.filter(engagement=found).exists(),
    )


def _statuses(pk: int) -> tuple[StatusRow, ...]:
    return tuple(
        StatusRow(row.status, row.get_status_display(), row.began_on, row.precision, row.source)
        for row in Participation.objects.filter(engagement_id=pk)
    )


def _partners(engagement: Engagement) -> tuple[PartnerRow, ...]:
    """Of the engagement first, then of the whole initiative."""
    found = Partnership.objects.filter(
        Q(engagement=engagement) | Q(engagement=None, initiative_id=engagement.initiative_id)
    ).select_related("organisation")
    return tuple(
        PartnerRow(row.organisation.name, row.organisation.get_kind_display(), row.part, row.source, row.is_fictional)
        for row in sorted(found, key=lambda row: (row.engagement_id is None, row.organisation.name))
    )
