"""Comments, documents, records, risks, updates, requests and the activity on them, fetched and checked in one query."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from engagements.access.errors import NotAllowed, NotFound, first_or_not_found
from engagements.access.roles import (
    engagement_ids_with,
    holds_wherever_anything,
    in_engagements_with,
    may_triage,
    permissions_in,
)
from engagements.models import (
    Activity,
    Comment,
    Document,
    ExpertRequest,
    Plan,
    QuarterlyUpdate,
    Record,
    RecordPlace,
    Risk,
    User,
)
from engagements.permissions import (
    ASK_REQUEST,
    ASSIGNED,
    MANAGE_ROLES,
    VIEW_OF,
    VIEW_PLAN,
    VIEW_PUBLISHED,
    VIEW_REQUEST,
    VIEW_RESULT,
    VIEW_TEAM,
    VIEW_TEAM_DOCUMENT,
    Visibility,
)


def with_readable_visibility(user: User) -> Q:
    """Rows with `engagement` and `visibility` that this person may read."""
    found = Q(pk__in=[])
    for within, levels in _levels_by_place(user):
        found |= Q(engagement__in=within, visibility__in=levels)
    return found


def _levels_by_place(user: User) -> list[tuple[Any, list[str]]]:
    """Engagements, and which levels this person reads in all of them.

    Who reads all levels in the same engagements, as most people do, costs one condition in place of three.
    """
    found: list[tuple[Any, list[str]]] = []
    for level, permission in VIEW_OF.items():
        within = engagement_ids_with(user, permission)
        known = next((levels for place, levels in found if isinstance(within, list) and place == within), None)
        if known is None:
            found.append((within, [level.value]))
        else:
            known.append(level.value)
    return found


def visible_comments(user: User) -> QuerySet[Comment]:
    return Comment.objects.filter(with_readable_visibility(user), _attachment_visible(user), archived_at=None)


def visible_documents(user: User) -> QuerySet[Document]:
    """Team documents also need their own permission."""
    found = Document.objects.filter(with_readable_visibility(user), archived_at=None)
    if holds_wherever_anything(user, VIEW_TEAM_DOCUMENT):
        return found
    team = Q(visibility=Visibility.TEAM.value)
    return found.filter(~team | in_engagements_with(user, VIEW_TEAM_DOCUMENT))


def visible_records(user: User) -> QuerySet[Record]:
    """Of an engagement, and of every other one the record is about: one's rights in any one of them suffice."""
    elsewhere = Q(pk__in=[])
    for within, levels in _levels_by_place(user):
        places = RecordPlace.objects.filter(engagement__in=within, record=OuterRef("pk"))
        elsewhere |= Q(visibility__in=levels) & Q(Exists(places))
    return Record.objects.filter(with_readable_visibility(user) | elsewhere, archived_at=None)


def visible_risks(user: User) -> QuerySet[Risk]:
    return Risk.objects.filter(with_readable_visibility(user), archived_at=None)


def visible_updates(user: User) -> QuerySet[QuarterlyUpdate]:
    """Drafts for the team; for others once something of it was published (and then only `publications`)."""
    seen = in_engagements_with(user, VIEW_PUBLISHED) & Q(published_at__isnull=False)
    team = in_engagements_with(user, VIEW_TEAM)
    return QuarterlyUpdate.objects.filter(seen | team, archived_at=None)


def visible_requests(user: User) -> QuerySet[ExpertRequest]:
    """The team's; of no engagement those one asked or has to answer, and all of these for those who sort them out.

    Who left an engagement reads nothing of it any more, also not what they asked there.
    """
    if not user.is_active:
        return ExpertRequest.objects.none()
    of_none = Q(engagement__isnull=True)
    seen = in_engagements_with(user, VIEW_REQUEST) | of_none & (Q(owner_id=user.pk) | Q(asked_by_id=user.pk))
    if may_triage(user):
        seen |= of_none
    return ExpertRequest.objects.filter(seen, archived_at=None)


def visible_activity(user: User) -> QuerySet[Activity]:
    """Of comments, documents, records and risks only while the thing itself is there for this person.

    A line is never rewritten, whatever became of the thing: its level then says nothing about who may read it now.
    """
    things = {
        "comment": visible_comments,
        "document": visible_documents,
        "record": visible_records,
        "risk": visible_risks,
    }
    live = ~Q(noun__in=list(things))
    for noun, visible in things.items():
        live |= Q(noun=noun) & Q(Exists(visible(user).filter(pk=OuterRef("object_id"))))
    live &= ~Q(noun="plan") | Q(Exists(Plan.objects.filter(pk=OuterRef("object_id"), archived_at=None)))
    return Activity.objects.filter(with_readable_visibility(user), live)


def _attachment_visible(user: User) -> Q:
    """Comments on a request or a draft need sight of it too; on plans and results they are about drafts, also later.

    Of rows this person may read otherwise: what they may everywhere is not asked again.
    """
    found = Q()
    for about, permission in ((Q(plan__isnull=True), VIEW_PLAN), (Q(request__isnull=True), VIEW_REQUEST),
                              (Q(update__isnull=True) | Q(update__published_at__isnull=False), VIEW_TEAM),
                              (Q(result__isnull=True), VIEW_RESULT)):  # fmt: skip
        if not holds_wherever_anything(user, permission):
            found &= about | in_engagements_with(user, permission)
    return found


def comment_for(user: User, pk: int) -> Comment:
    """To change or archive: one's own, or any where one manages roles. Raises NotFound, NotAllowed."""
    found = first_or_not_found(visible_comments(user).filter(pk=pk))
    if found.author_id != user.pk and MANAGE_ROLES not in permissions_in(user, found.engagement_id):
        raise NotAllowed("A comment is changed by who wrote it.")
    return found


def document_for(user: User, pk: int, permission: str = VIEW_PUBLISHED) -> Document:
    """Raises NotFound."""
    return first_or_not_found(
        visible_documents(user).filter(in_engagements_with(user, permission), pk=pk).select_related("engagement")
    )


def record_for(user: User, pk: int, permission: str = VIEW_PUBLISHED) -> Record:
    """Raises NotFound."""
    return first_or_not_found(visible_records(user).filter(in_engagements_with(user, permission), pk=pk))


def update_for(user: User, pk: int, permission: str = VIEW_PUBLISHED) -> QuarterlyUpdate:
    """Raises NotFound."""
    return first_or_not_found(
        visible_updates(user)
        .filter(in_engagements_with(user, permission), pk=pk)
        .select_related("engagement__city", "engagement__initiative")
    )


def request_for(user: User, pk: int, permission: str = VIEW_REQUEST) -> ExpertRequest:
    """The owner may answer wherever they read it; the person who asked may read and close it. Raises NotFound."""
    found = first_or_not_found(
        visible_requests(user)
        .filter(pk=pk)
        .select_related("engagement__city", "engagement__initiative", "city", "milestone")
    )
    if permission not in permissions_on_request(user, found):
        raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
    return found


def permissions_on_request(user: User, request: ExpertRequest) -> frozenset[str]:
    held = permissions_in(user, request.engagement_id) if request.engagement_id else frozenset()
    if request.owner_id == user.pk:
        held |= ASSIGNED
    if request.asked_by_id == user.pk:
        held |= {VIEW_REQUEST, ASK_REQUEST}
    if request.engagement_id is None and may_triage(user):
        held |= ASSIGNED
    return held


def risk_for(user: User, pk: int, permission: str = VIEW_PUBLISHED) -> Risk:
    """Raises NotFound."""
    return first_or_not_found(
        visible_risks(user)
        .filter(in_engagements_with(user, permission), pk=pk)
        .select_related("engagement__city", "owner")
    )
