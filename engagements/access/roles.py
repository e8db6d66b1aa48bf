"""What a person may do where: the permissions that their open roles give."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date
from functools import wraps
from typing import Any, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.utils import timezone

from engagements.models import (
    Engagement,
    EngagementRole,
    Initiative,
    User,
)
from engagements.permissions import (
    ALL,
    ELSEWHERE,
    PERMISSIONS,
    SUPERUSER,
    TRIAGE,
    WHILE_ARCHIVED,
    Role,
    roles_with,
    roles_with_elsewhere,
)

T = TypeVar("T")

HeldRole = tuple[str, int | None, int]  # role, engagement (None: the whole initiative), initiative


@dataclass(frozen=True)
class _Held:
    """What one person holds: open roles, and the permissions they give in each engagement."""

    person: int | None
    roles: frozenset[HeldRole]
    permissions: dict[int, frozenset[str]]

    def with_permission(self, permission: str) -> list[int]:
        return [pk for pk, held in self.permissions.items() if permission in held]


@dataclass(frozen=True)
class HeldRights:
    """All that the functions of `engagements/access/` read of a person before they write a statement.

    Equal rights, equal statements. `person`: id; `permissions`: by engagement; `today`: roles end by the day, in UTC.
    """

    person: int | None
    is_active: bool
    is_superuser: bool
    roles: frozenset[HeldRole]
    permissions: frozenset[tuple[int, frozenset[str]]]
    today: date


# Set only inside `cached_permissions`.
_cache: ContextVar[_Held | None] = ContextVar("permissions", default=None)


@contextmanager
def cached_permissions(user: User | AnonymousUser) -> Iterator[None]:
    """Inside the block this person's roles are read once.

    All of a page then shows one state of them, and its statements stay short. Only for reading: an action looks the
    roles up again.
    """
    if _cached(user) is not None:
        yield
        return
    roles = open_roles(user)
    token = _cache.set(_Held(user.pk, roles, _permissions(user, roles)))
    try:
        yield
    finally:
        _cache.reset(token)


def with_cached_permissions(read: Callable[..., T]) -> Callable[..., T]:
    """Decorator for a query whose first argument is the viewer."""

    @wraps(read)
    def cached_read(user: User | AnonymousUser, *args: Any, **kwargs: Any) -> T:
        with cached_permissions(user):
            return read(user, *args, **kwargs)

    return cached_read


def _cached(user: User | AnonymousUser) -> _Held | None:
    cache = _cache.get()
    return cache if cache and user.pk is not None and cache.person == user.pk else None


def held_rights(user: User | AnonymousUser) -> HeldRights:
    """Only inside `cached_permissions` of this person (RuntimeError): a moment later they might be others."""
    cached = _cached(user)
    if cached is None:
        raise RuntimeError("The rights of a person are told apart inside cached_permissions only.")
    today = timezone.localdate(timezone=UTC)
    permissions = frozenset(cached.permissions.items())
    return HeldRights(cached.person, user.is_active, user.is_superuser, cached.roles, permissions, today)


def open_roles(user: User | AnonymousUser) -> frozenset[HeldRole]:
    """Role, engagement (None: the whole initiative) and initiative of what this person holds today. One statement."""
    if not user.is_active or not user.is_authenticated:
        return frozenset()
    return _open_roles(user)


def _open_roles(user: User | AnonymousUser, on: date | None = None) -> frozenset[HeldRole]:
    held = EngagementRole.objects.open(on).filter(user_id=user.pk)
    return frozenset(held.values_list("role", "engagement_id", "initiative_id"))


def roles_of(user: User | AnonymousUser) -> frozenset[Role]:
    """Every role this person holds anywhere today. One statement."""
    return frozenset(Role(role) for role, *_ in open_roles(user))


def engagements_with(user: User | AnonymousUser, permission: str, on: date | None = None) -> QuerySet[Engagement]:
    """Engagements in which this person holds the permission, as a subquery: no statement runs here.

    Through a role in it, a role in its initiative, or a role in another engagement of its initiative.
    """
    if not user.is_active or permission not in ALL:
        return Engagement.objects.none()
    cached = _cached(user) if on is None else None
    if cached is not None:
        return Engagement.objects.filter(pk__in=cached.with_permission(permission))
    mine = EngagementRole.objects.open(on).filter(user_id=user.pk)
    here = mine.filter(role__in=roles_with(permission))
    found = Q(pk__in=here.filter(engagement__isnull=False).values("engagement_id"))
    found |= Q(initiative_id__in=here.filter(engagement__isnull=True).values("initiative_id"))
    elsewhere = roles_with_elsewhere(permission)
    if elsewhere:
        found |= Q(initiative_id__in=mine.filter(role__in=elsewhere).values("initiative_id"))
    if user.is_superuser and permission in SUPERUSER:
        return Engagement.objects.all()
    rows = Engagement.objects.filter(found)
    return rows if permission in WHILE_ARCHIVED else rows.filter(initiative__archived_at=None)


def holds_in_an_engagement(user: User | AnonymousUser, permission: str) -> bool:
    """Whether there is an engagement in which this person holds it. No statement inside `cached_permissions`."""
    cached = _cached(user)
    if cached is not None:
        return bool(cached.with_permission(permission))
    return engagements_with(user, permission).exists()


def engagement_ids_with(user: User | AnonymousUser, permission: str) -> list[int] | QuerySet[Engagement, Any]:
    """For `engagement__in`. Inside `cached_permissions` a plain list, which is quicker to write and to plan."""
    cached = _cached(user)
    if cached is not None and permission in ALL:
        return cached.with_permission(permission)
    return engagements_with(user, permission).values("pk")


def permissions_by_engagement(
    user: User | AnonymousUser, engagement_ids: Collection[int] | None = None, on: date | None = None
) -> dict[int, frozenset[str]]:
    """What this person may do in each engagement they may see anything of. Two queries whatever their number."""
    if not user.is_active or not user.is_authenticated:
        return {}
    cached = _cached(user) if on is None else None
    if cached is not None:
        held = cached.permissions
        return held if engagement_ids is None else {pk: held[pk] for pk in engagement_ids if pk in held}
    return _permissions(user, _open_roles(user, on), engagement_ids)


def _permissions(
    user: User | AnonymousUser, roles: frozenset[HeldRole], engagement_ids: Collection[int] | None = None
) -> dict[int, frozenset[str]]:
    """What these roles give in each engagement. One statement."""
    if not user.is_active or not user.is_authenticated:
        return {}
    held: dict[int, frozenset[str]] = {}
    equal: dict[frozenset[str], frozenset[str]] = {}  # one set in memory where many engagements give the same
    engagements = Engagement.objects.values_list("pk", "initiative_id", "initiative__archived_at")
    if engagement_ids is not None:
        engagements = engagements.filter(pk__in=engagement_ids)
    elif not user.is_superuser:
        engagements = engagements.filter(initiative_id__in={initiative for *_, initiative in roles})
    for pk, initiative_id, archived_at in engagements:
        given: frozenset[str] = SUPERUSER if user.is_superuser else frozenset()
        for role, at, within in roles:
            if at == pk or (at is None and within == initiative_id):
                given |= PERMISSIONS[Role(role)]
            elif within == initiative_id:
                given |= ELSEWHERE.get(Role(role), frozenset())
        if archived_at is not None:
            given &= WHILE_ARCHIVED
        if given:
            held[pk] = equal.setdefault(given, given)
    return held


def permissions_in(user: User | AnonymousUser, engagement_id: int, on: date | None = None) -> frozenset[str]:
    return permissions_by_engagement(user, [engagement_id], on).get(engagement_id, frozenset())


def initiatives_with(user: User | AnonymousUser, permission: str) -> QuerySet[Initiative]:
    """Initiatives in which a role in the whole initiative gives the permission (the funders' portfolio)."""
    if not user.is_active:
        return Initiative.objects.none()
    if user.is_superuser and permission in SUPERUSER:
        return Initiative.objects.all()
    mine = EngagementRole.objects.open().filter(user_id=user.pk, engagement__isnull=True)
    rows = Initiative.objects.filter(pk__in=mine.filter(role__in=roles_with(permission)).values("initiative_id"))
    return rows if permission in WHILE_ARCHIVED else rows.filter(archived_at=None)


def initiatives_with_somewhere(user: User | AnonymousUser, permission: str) -> QuerySet[Initiative]:
    """Initiatives in which a role gives the permission, in the whole or in any one engagement of it."""
    if not user.is_active:
        return Initiative.objects.none()
    mine = EngagementRole.objects.open().filter(user_id=user.pk, role__in=roles_with(permission))
    return Initiative.objects.filter(pk__in=mine.values("initiative_id"))


def permissions_by_initiative(user: User | AnonymousUser, initiative_ids: Collection[int]) -> dict[int, frozenset[str]]:
    """What roles in a whole initiative give there, for what belongs to none of its engagements. One statement."""
    held: dict[int, frozenset[str]] = {}
    if not user.is_active or not user.is_authenticated:
        return held
    mine = EngagementRole.objects.open().filter(user_id=user.pk, engagement__isnull=True)
    about = ("role", "initiative_id", "initiative__archived_at")
    for role, within, archived_at in mine.filter(initiative_id__in=initiative_ids).values_list(*about):
        given = PERMISSIONS[Role(role)] if archived_at is None else PERMISSIONS[Role(role)] & WHILE_ARCHIVED
        held[within] = held.get(within, frozenset()) | given
    return held


def permissions_in_initiative(user: User | AnonymousUser, initiative_id: int) -> frozenset[str]:
    """As `initiatives_with`, all permissions at once. One statement."""
    held = SUPERUSER if user.is_active and user.is_superuser else frozenset()
    return held | permissions_by_initiative(user, [initiative_id]).get(initiative_id, frozenset())


def people_with(engagement: Engagement, permission: str, on: date | None = None) -> QuerySet[User]:
    """Whoever holds the permission in this engagement: to be notified, to own something, to be mentioned."""
    within = EngagementRole.objects.open(on).filter(initiative_id=engagement.initiative_id)
    if permission not in WHILE_ARCHIVED:
        within = within.filter(initiative__archived_at=None)
    here = Q(role__in=roles_with(permission)) & (Q(engagement_id=engagement.pk) | Q(engagement__isnull=True))
    there = Q(role__in=roles_with_elsewhere(permission))
    return User.objects.filter(is_active=True, pk__in=within.filter(here | there).values("user_id"))


def triage_users() -> QuerySet[User]:
    """Experts and leads of any initiative."""
    roles = EngagementRole.objects.open().filter(role__in=[role.value for role in TRIAGE])
    return User.objects.filter(is_active=True, pk__in=roles.values("user_id"))


def may_triage(user: User | AnonymousUser) -> bool:
    roles = [role.value for role in TRIAGE]
    cached = _cached(user)
    if cached is not None:
        return any(role in roles for role, *_ in cached.roles)
    return user.is_active and EngagementRole.objects.open().filter(user_id=user.pk, role__in=roles).exists()


def holds_wherever_anything(user: User | AnonymousUser, permission: str) -> bool:
    """Whether it is known that this person holds it in every engagement in which they hold anything at all.

    A condition on it says nothing more of rows they may read; False where that would take a statement.
    """
    cached = _cached(user)
    return cached is not None and all(permission in held for held in cached.permissions.values())


def in_engagements_with(user: User | AnonymousUser, permission: str) -> Q:
    """Rows whose `engagement` is one in which this person holds the permission."""
    return Q(engagement__in=engagement_ids_with(user, permission))


def has_permission_anywhere(user: User | AnonymousUser, permission: str) -> bool:
    """Whether a role in any engagement or initiative gives it: the library belongs to no engagement."""
    if not user.is_authenticated or not user.is_active:
        return False
    cached = _cached(user)
    if cached is not None:
        return any(role in roles_with(permission) for role, *_ in cached.roles)
    roles = EngagementRole.objects.open().filter(user_id=user.pk, role__in=roles_with(permission))
    return roles.exists()
