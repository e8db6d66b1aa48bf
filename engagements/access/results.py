"""Projects, results, searches and requests for a reply, fetched and checked in one query.

Everybody reads what was published of real work; drafts are for the team, invented work for who sees its engagement.
Who sees a result only because it was published reads its last publication, never its row.
"""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet

from engagements.access.errors import first_or_not_found
from engagements.access.roles import in_engagements_with
from engagements.models import Project, ReplyRequest, Result, ResultPublication, SearchRecord, User
from engagements.permissions import EDIT_RESULT, REPLY_RESULT, VIEW_PUBLISHED, VIEW_RESULT

Viewer = User | AnonymousUser
_REAL = Q(engagement__is_fictional=False, is_fictional=False)


def _open_to(user: Viewer) -> Q:
    """What is published: of real work to everybody, of invented work to who sees its engagement."""
    return _REAL | in_engagements_with(user, VIEW_PUBLISHED) if user.is_authenticated else _REAL


def visible_results(user: Viewer) -> QuerySet[Result]:
    """Published, corrected or retracted ones for everybody; drafts too for the team."""
    published = Exists(ResultPublication.objects.filter(result=OuterRef("pk")))
    seen = _open_to(user) & Q(published)
    if user.is_authenticated:
        seen |= in_engagements_with(user, VIEW_RESULT)
    return Result.objects.filter(seen, archived_at=None)


def result_for(user: Viewer, pk: int, permission: str | None = None) -> Result:
    """Without a permission: whatever of it this person may read. Raises NotFound."""
    rows = visible_results(user).filter(pk=pk)
    if permission:
        rows = rows.filter(in_engagements_with(user, permission))
    return first_or_not_found(rows.select_related("engagement__city", "engagement__initiative", "project"))


def visible_projects(user: Viewer) -> QuerySet[Project]:
    """Real ones with a published result or search for everybody; others for who sees the engagement."""
    told = Q(Exists(ResultPublication.objects.filter(result__project=OuterRef("pk"), result__archived_at=None)))
    told |= Q(Exists(SearchRecord.objects.filter(project=OuterRef("pk"), published_at__isnull=False, archived_at=None)))
    seen = _REAL & told
    if user.is_authenticated:
        seen |= in_engagements_with(user, VIEW_PUBLISHED)
    return Project.objects.filter(seen, archived_at=None)


def project_for(user: Viewer, pk: int, permission: str | None = None) -> Project:
    """Raises NotFound."""
    rows = visible_projects(user).filter(pk=pk)
    if permission:
        rows = rows.filter(in_engagements_with(user, permission))
    return first_or_not_found(rows.select_related("engagement__city", "engagement__initiative"))


def visible_searches(user: Viewer) -> QuerySet[SearchRecord]:
    """Published ones for everybody; drafts too for the team."""
    seen = _open_to(user) & Q(published_at__isnull=False)
    if user.is_authenticated:
        seen |= in_engagements_with(user, VIEW_RESULT)
    return SearchRecord.objects.filter(seen, archived_at=None)


def search_for(user: Viewer, pk: int, permission: str | None = None) -> SearchRecord:
    """Raises NotFound."""
    rows = visible_searches(user).filter(pk=pk)
    if permission:
        rows = rows.filter(in_engagements_with(user, permission))
    return first_or_not_found(rows.select_related("engagement__city", "engagement__initiative", "project"))


def visible_reply_requests(user: User) -> QuerySet[ReplyRequest]:
    """For the team, to which the person who is asked belongs: whoever left the city reads and answers no more."""
    seen = in_engagements_with(user, VIEW_RESULT)
    return ReplyRequest.objects.filter(seen, archived_at=None).select_related("organisation")


def reply_request_for(user: User, pk: int) -> ReplyRequest:
    """To read it. Raises NotFound."""
    rows = visible_reply_requests(user).filter(pk=pk)
    return first_or_not_found(
        rows.select_related("engagement__city", "engagement__initiative", "result", "search", "contact", "organisation")
    )


def may_answer_reply(user: User, pk: int) -> bool:
    """Whoever answers for the city, and the team where an organization was asked."""
    return _answerable(user).filter(pk=pk).exists()


def answerable_reply_request_for(user: User, pk: int) -> ReplyRequest:
    """To answer it. Raises NotFound."""
    rows = _answerable(user).filter(pk=pk)
    return first_or_not_found(rows.select_related("engagement__city", "result", "search", "contact", "organisation"))


def _answerable(user: User) -> QuerySet[ReplyRequest]:
    asked = Q(contact__isnull=False) & in_engagements_with(user, REPLY_RESULT)
    passed_on = Q(organisation__isnull=False) & in_engagements_with(user, EDIT_RESULT)
    return visible_reply_requests(user).filter(asked | passed_on)
