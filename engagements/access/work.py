"""Fetch and check in one step: what somebody may not see answers exactly as what is not there."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import wraps
from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet

from engagements.models import (
    Activity,
    Comment,
    Document,
    Engagement,
    EngagementRole,
    ExpertRequest,
    Initiative,
    Invitation,
    Milestone,
    Plan,
    QuarterlyUpdate,
    Record,
    Risk,
    User,
)
from engagements.permissions import (
    ALL,
    ASK_REQUEST,
    ASSIGNED,
    EDIT_MILESTONE,
    ELSEWHERE,
    MANAGE_ROLES,
    PERMISSIONS,
    SUPERUSER,
    TRIAGE,
    VIEW_OF,
    VIEW_PLAN,
    VIEW_PUBLISHED,
    VIEW_REQUEST,
    VIEW_TEAM,
    VIEW_TEAM_DOCUMENT,
    Role,
    Visibility,
    roles_with,
    roles_with_elsewhere,
)

T = TypeVar("T")


class NotFound(LookupError):
    """Not there, or not for this person: the answer is the same."""


class NotAllowed(PermissionDenied):
    """Somebody sees the thing and may not do this to it; the text says why."""


# Who is looking, and what they hold where: only within `cached_permissions`.
_look: ContextVar[tuple[int, dict[int, frozenset[str]]] | None] = ContextVar("look", default=None)


@contextmanager
def cached_permissions(user: User) -> Iterator[None]:
    """Within it this person's roles are read once: a page is of one moment, and its statements are short ones.

    For reading only; who writes is looked up anew.
    """
    if _seen(user) is not None:
        yield
        return
    token = _look.set((user.pk, permissions_by_engagement(user)))
    try:
        yield
    finally:
        _look.reset(token)


def with_cached_permissions(read: Callable[..., T]) -> Callable[..., T]:
    """For a query whose first argument is the viewer."""

    @wraps(read)
    def looking(user: User, *args, **kwargs) -> T:
        with cached_permissions(user):
            return read(user, *args, **kwargs)

    return looking


def _seen(user: User) -> dict[int, frozenset[str]] | None:
    look = _look.get()
    return look[1] if look and user.pk is not None and look[0] == user.pk else None


def engagements_with(user: User, permission: str, on: date | None = None) -> QuerySet[Engagement]:
    """Engagements in which this person holds the permission, as a subquery: no statement runs here.

    Through a role in it, a role in its initiative, or a role in another engagement of its initiative.
    """
    if not user.is_active or permission not in ALL:
        return Engagement.objects.none()
    seen = _seen(user) if on is None else None
    if seen is not None:
        return Engagement.objects.filter(pk__in=[pk for pk, held in seen.items() if permission in held])
    mine = EngagementRole.objects.open(on).filter(user_id=user.pk)
    here = mine.filter(role__in=roles_with(permission))
    found = Q(pk__in=here.filter(engagement__isnull=False).values("engagement_id"))
    found |= Q(initiative_id__in=here.filter(engagement__isnull=True).values("initiative_id"))
    elsewhere = roles_with_elsewhere(permission)
    if elsewhere:
        found |= Q(initiative_id__in=mine.filter(role__in=elsewhere).values("initiative_id"))
    if user.is_superuser and permission in SUPERUSER:
        return Engagement.objects.all()
    return Engagement.objects.filter(found)


def _those(user: User, permission: str) -> list[int] | QuerySet:
    """Their ids, for `engagement__in`: within a look a plain list, which is quicker to write and to plan."""
    seen = _seen(user)
    if seen is not None and permission in ALL:
        return [pk for pk, held in seen.items() if permission in held]
    return engagements_with(user, permission).values("pk")


def permissions_by_engagement(user: User, engagement_ids=None, on: date | None = None) -> dict[int, frozenset[str]]:
    """What this person may do in each engagement they may see anything of. Two queries whatever their number."""
    if not user.is_active or not user.is_authenticated:
        return {}
    seen = _seen(user) if on is None else None
    if seen is not None:
        return seen if engagement_ids is None else {pk: seen[pk] for pk in engagement_ids if pk in seen}
    held: dict[int, frozenset[str]] = {}
    roles = list(
        EngagementRole.objects.open(on).filter(user_id=user.pk).values_list("role", "engagement_id", "initiative_id")
    )
    engagements = Engagement.objects.values_list("pk", "initiative_id")
    if engagement_ids is not None:
        engagements = engagements.filter(pk__in=engagement_ids)
    elif not user.is_superuser:
        engagements = engagements.filter(initiative_id__in={initiative for *_, initiative in roles})
    for pk, initiative_id in engagements:
        found: frozenset[str] = SUPERUSER if user.is_superuser else frozenset()
        for role, at, within in roles:
            if at == pk or (at is None and within == initiative_id):
                found |= PERMISSIONS[Role(role)]
            elif within == initiative_id:
                found |= ELSEWHERE.get(Role(role), frozenset())
        if found:
            held[pk] = found
    return held


def permissions_in(user: User, engagement_id: int, on: date | None = None) -> frozenset[str]:
    return permissions_by_engagement(user, [engagement_id], on).get(engagement_id, frozenset())


def initiatives_with(user: User, permission: str) -> QuerySet[Initiative]:
    """Initiatives in which a role in the whole initiative gives the permission (the funders' portfolio)."""
    if not user.is_active:
        return Initiative.objects.none()
    if user.is_superuser and permission in SUPERUSER:
        return Initiative.objects.all()
    mine = EngagementRole.objects.open().filter(user_id=user.pk, engagement__isnull=True)
    return Initiative.objects.filter(pk__in=mine.filter(role__in=roles_with(permission)).values("initiative_id"))


def permissions_by_initiative(user: User, initiative_ids) -> dict[int, frozenset[str]]:
    """What roles in a whole initiative give there, for what belongs to none of its engagements. One statement."""
    held: dict[int, frozenset[str]] = {}
    if not user.is_active or not user.is_authenticated:
        return held
    mine = EngagementRole.objects.open().filter(user_id=user.pk, engagement__isnull=True)
    for role, within in mine.filter(initiative_id__in=initiative_ids).values_list("role", "initiative_id"):
        held[within] = held.get(within, frozenset()) | PERMISSIONS[Role(role)]
    return held


def permissions_in_initiative(user: User, initiative_id: int) -> frozenset[str]:
    """As `initiatives_with`, all permissions at once. One statement."""
    held = SUPERUSER if user.is_active and user.is_superuser else frozenset()
    return held | permissions_by_initiative(user, [initiative_id]).get(initiative_id, frozenset())


def people_with(engagement: Engagement, permission: str, on: date | None = None) -> QuerySet[User]:
    """Whoever holds the permission in this engagement: to be told, to own, to be mentioned."""
    within = EngagementRole.objects.open(on).filter(initiative_id=engagement.initiative_id)
    here = Q(role__in=roles_with(permission)) & (Q(engagement_id=engagement.pk) | Q(engagement__isnull=True))
    there = Q(role__in=roles_with_elsewhere(permission))
    return User.objects.filter(is_active=True, pk__in=within.filter(here | there).values("user_id"))


def at_a_level_of(user: User) -> Q:
    """Rows with `engagement` and `visibility` that this person may read."""
    found = Q(pk__in=[])
    for level, permission in VIEW_OF.items():
        found |= Q(visibility=level.value, engagement__in=_those(user, permission))
    return found


def visible_engagements(user: User) -> QuerySet[Engagement]:
    return engagements_with(user, VIEW_PUBLISHED)


def visible_milestones(user: User) -> QuerySet[Milestone]:
    """Archived ones only where one may edit."""
    seen = Q(archived_at=None, engagement__in=_those(user, VIEW_PUBLISHED))
    return Milestone.objects.filter(seen | Q(engagement__in=_those(user, EDIT_MILESTONE)))


def visible_comments(user: User) -> QuerySet[Comment]:
    return Comment.objects.filter(at_a_level_of(user), _attachment_visible(user), archived_at=None)


def visible_documents(user: User) -> QuerySet[Document]:
    """Team documents also need their own permission."""
    team = Q(visibility=Visibility.TEAM.value)
    allowed = Q(engagement__in=_those(user, VIEW_TEAM_DOCUMENT))
    return Document.objects.filter(at_a_level_of(user), ~team | allowed, archived_at=None)


def visible_records(user: User) -> QuerySet[Record]:
    return Record.objects.filter(at_a_level_of(user), archived_at=None)


def visible_risks(user: User) -> QuerySet[Risk]:
    return Risk.objects.filter(at_a_level_of(user), archived_at=None)


def visible_updates(user: User) -> QuerySet[QuarterlyUpdate]:
    """Drafts for the team; for others once something of it was published (and then only `publications`)."""
    seen = Q(engagement__in=_those(user, VIEW_PUBLISHED), published_at__isnull=False)
    team = Q(engagement__in=_those(user, VIEW_TEAM))
    return QuarterlyUpdate.objects.filter(seen | team, archived_at=None)


def visible_requests(user: User) -> QuerySet[ExpertRequest]:
    """The team's; those one asked or has to answer; problems without an engagement for those who sort them out."""
    if not user.is_active:
        return ExpertRequest.objects.none()
    seen = Q(engagement__in=_those(user, VIEW_REQUEST)) | Q(owner_id=user.pk)
    seen |= Q(asked_by_id=user.pk)
    if sorts_problems(user):
        seen |= Q(engagement__isnull=True)
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
        live |= Q(noun=noun) & Exists(visible(user).filter(pk=OuterRef("object_id")))
    live &= ~Q(noun="plan") | Exists(Plan.objects.filter(pk=OuterRef("object_id"), archived_at=None))
    return Activity.objects.filter(at_a_level_of(user), live)


def _attachment_visible(user: User) -> Q:
    """Comments on a request or a draft need sight of it too; those on a plan are about its draft, also later."""
    plans = Q(plan__isnull=True) | Q(engagement__in=_those(user, VIEW_PLAN))
    requests = Q(request__isnull=True) | Q(engagement__in=_those(user, VIEW_REQUEST))
    drafts = Q(update__isnull=True) | Q(update__published_at__isnull=False)
    return plans & requests & (drafts | Q(engagement__in=_those(user, VIEW_TEAM)))


def sorters_of_problems() -> QuerySet[User]:
    """Experts and leads of any initiative."""
    roles = EngagementRole.objects.open().filter(role__in=[role.value for role in TRIAGE])
    return User.objects.filter(is_active=True, pk__in=roles.values("user_id"))


def sorts_problems(user: User) -> bool:
    roles = [role.value for role in TRIAGE]
    return user.is_active and EngagementRole.objects.open().filter(user_id=user.pk, role__in=roles).exists()


def _one(rows: QuerySet[T]) -> T:
    found = rows.first()
    if found is None:
        raise NotFound("There is no such thing here.")
    return found


def _where(user: User, permission: str) -> Q:
    return Q(engagement__in=_those(user, permission))


def engagement_for(user: User, key: int | str, permission: str) -> Engagement:
    """By id or slug. One statement. Raises NotFound."""
    match = Q(pk=key) if isinstance(key, int) else Q(slug=key)
    return _one(engagements_with(user, permission).filter(match).select_related("city", "initiative"))


def milestone_for(user: User, pk: int, permission: str) -> Milestone:
    rows = visible_milestones(user).filter(_where(user, permission), pk=pk)
    return _one(rows.select_related("engagement__city", "owner"))


def comment_for(user: User, pk: int) -> Comment:
    """To change or archive: one's own, or any where one manages roles. Raises NotFound, NotAllowed."""
    found = _one(visible_comments(user).filter(pk=pk))
    if found.author_id != user.pk and MANAGE_ROLES not in permissions_in(user, found.engagement_id):
        raise NotAllowed("A comment is changed by who wrote it.")
    return found


def document_for(user: User, pk: int, permission: str = VIEW_PUBLISHED) -> Document:
    return _one(visible_documents(user).filter(_where(user, permission), pk=pk).select_related("engagement"))


def record_for(user: User, pk: int, permission: str = VIEW_PUBLISHED) -> Record:
    return _one(visible_records(user).filter(_where(user, permission), pk=pk))


def update_for(user: User, pk: int, permission: str = VIEW_PUBLISHED) -> QuarterlyUpdate:
    return _one(
        visible_updates(user)
        .filter(_where(user, permission), pk=pk)
        .select_related("engagement__city", "engagement__initiative")
    )


def role_for(user: User, pk: int) -> EngagementRole:
    """To end it: who manages roles in its engagement or initiative."""
    within = Q(initiative__in=initiatives_with(user, MANAGE_ROLES).values("pk"))
    return _one(EngagementRole.objects.filter(within, pk=pk).select_related("user"))


def invitation_for(user: User, pk: int) -> Invitation:
    """To withdraw it: who manages roles in its initiative."""
    return _one(Invitation.objects.filter(initiative__in=initiatives_with(user, MANAGE_ROLES).values("pk"), pk=pk))


def initiative_for(user: User, key: int | str, permission: str) -> Initiative:
    """By id or slug, through a role in the whole initiative. Raises NotFound."""
    match = Q(pk=key) if isinstance(key, int) else Q(slug=key)
    return _one(initiatives_with(user, permission).filter(match))


def request_for(user: User, pk: int, permission: str = VIEW_REQUEST) -> ExpertRequest:
    """The owner may answer whatever else they may see; the asker may read and take back."""
    found = _one(
        visible_requests(user)
        .filter(pk=pk)
        .select_related("engagement__city", "engagement__initiative", "city", "milestone")
    )
    if permission not in permissions_on_request(user, found):
        raise NotFound("There is no such thing here.")
    return found


def permissions_on_request(user: User, request: ExpertRequest) -> frozenset[str]:
    held = permissions_in(user, request.engagement_id) if request.engagement_id else frozenset()
    if request.owner_id == user.pk:
        held |= ASSIGNED
    if request.asked_by_id == user.pk:
        held |= {VIEW_REQUEST, ASK_REQUEST}
    if request.engagement_id is None and sorts_problems(user):
        held |= ASSIGNED
    return held
