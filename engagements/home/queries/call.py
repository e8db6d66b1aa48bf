"""What somebody needs before a call with one city, short enough for one printed page."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from engagements.access.engagements import engagement_for
from engagements.access.roles import with_cached_permissions
from engagements.base.queries.engagements import EngagementRow, engagements
from engagements.discussion.queries.discussion import RecordRow, records
from engagements.discussion.queries.requests import RequestRow, count_requests, requests
from engagements.home.queries.activity import ActivityRow, activity
from engagements.milestones.queries.milestones import MilestoneFilter, MilestoneRow, milestones
from engagements.models import Record, User
from engagements.permissions import VIEW_TEAM

WITHOUT_MEETING = timedelta(days=30)  # what has changed is counted from so long ago where no meeting is recorded
AHEAD = timedelta(days=45)  # until the call after this one
SHOWN = 6  # lines of each list: more would not fit the page


@dataclass(frozen=True)
class CallPage:
    """`since`: day of the last recorded meeting, or 30 days ago where there is none (`last_meeting` None).

    Each list has at most six lines; `changes_more`, `due_more` and `questions_more` count the others. `due`: unfinished
    milestones, overdue or due within 45 days. `open_points`: what calls left open, with
    `questions` at most eight lines.
    """

    row: EngagementRow
    since: date
    last_meeting: RecordRow | None
    changes: tuple[ActivityRow, ...]
    changes_more: bool
    due: tuple[MilestoneRow, ...]
    due_more: int
    questions: tuple[RequestRow, ...]
    questions_more: int
    open_points: tuple[RecordRow, ...]
    decisions: tuple[RecordRow, ...]


@with_cached_permissions
def call_page(user: User, key: int | str, *, today: date) -> CallPage:
    """For those who work on it. Raises NotFound. The same number of statements whatever there is in it."""
    found = engagement_for(user, key, VIEW_TEAM)
    only = (found.pk,)
    (row,) = engagements(user, today=today, pk=found.pk)
    meeting = next(iter(records(user, found.pk, kind=Record.Kind.MEETING, until=today, limit=1)), None)
    since = meeting.on if meeting else today - WITHOUT_MEETING
    changed = activity(user, engagements=only, since=_begin_of(since), limit=SHOWN + 1)
    due = milestones(
        user,
        MilestoneFilter(engagements=only, due_to=today + AHEAD, only_unfinished=True),
        today=today,
        limit=SHOWN,
    )
    open_points = records(user, found.pk, kind=Record.Kind.QUESTION, limit=SHOWN)
    asked = max(SHOWN - len(open_points), 2)
    questions = requests(user, today=today, engagements=only, statuses=("open",), limit=asked)
    return CallPage(
        row=row,
        since=since,
        last_meeting=meeting,
        changes=changed[:SHOWN],
        changes_more=len(changed) > SHOWN,
        due=due.rows,
        due_more=max(due.total - SHOWN, 0),
        questions=questions,
        questions_more=max(count_requests(user, engagements=only, statuses=("open",)) - asked, 0),
        open_points=open_points,
        decisions=records(user, found.pk, kind=Record.Kind.DECISION, limit=SHOWN - 1),
    )


def _begin_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
