"""Reviews of access, their roles, and what is left to answer."""

from dataclasses import dataclass
from datetime import date, datetime

from allauth.mfa.models import Authenticator
from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery

from engagements.access.errors import first_or_not_found
from engagements.access.roles import (
    engagements_with,
    has_permission_anywhere,
    holds_in_an_engagement,
    initiatives_with,
)
from engagements.models import AccessDecision, AccessReview, EngagementRole, User, UserSession
from engagements.permissions import MANAGE_ROLES

MOST = 200


@dataclass(frozen=True)
class RoleToReview:
    """`last_seen_at`: of their last sign-in or use, None for never; `answer`: "" until somebody decided."""

    pk: int
    user_id: int
    name: str
    email: str
    organisation: str
    role_label: str
    began_on: date
    last_seen_at: datetime | None
    has_second_factor: bool
    answer: str
    answer_label: str
    decided_by: str
    decided_at: datetime | None
    why: str
    is_own: bool
    is_fictional: bool


@dataclass(frozen=True)
class ReviewRow:
    """`left`: roles without an answer; `slug`: of the engagement, "" for one of a whole initiative."""

    pk: int
    title: str
    slug: str
    initiative: str
    year: int
    quarter: int
    due_on: date
    closed_at: datetime | None
    left: int
    is_overdue: bool
    is_fictional: bool

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


def managed_reviews(user: User) -> QuerySet[AccessReview]:
    """Those of places where this person gives and ends roles. No statement runs here."""
    of_place = Q(engagement__in=engagements_with(user, MANAGE_ROLES).values("pk"))
    of_initiative = Q(engagement=None, initiative__in=initiatives_with(user, MANAGE_ROLES).values("pk"))
    return AccessReview.objects.filter(of_place | of_initiative)


def review_for(user: User, pk: int) -> AccessReview:
    """To answer it. Raises NotFound."""
    found = managed_reviews(user).filter(pk=pk)
    return first_or_not_found(found.select_related("engagement__city", "initiative", "closed_by"))


def roles_left(review: AccessReview) -> QuerySet[EngagementRole]:
    """Open roles nobody answered yet."""
    answered = AccessDecision.objects.filter(review=review, role=OuterRef("pk"))
    return roles_in(review).filter(~Exists(answered))


def roles_in(review: AccessReview) -> QuerySet[EngagementRole]:
    return (
        EngagementRole.objects.open()
        .listed()
        .filter(initiative_id=review.initiative_id, engagement_id=review.engagement_id)
    )


def roles_to_review(review: AccessReview, *, reader: User) -> tuple[RoleToReview, ...]:
    """Those without an answer first, then by role and name. Four statements."""
    decisions = {
        each.role_id: each for each in AccessDecision.objects.filter(review=review).select_related("decided_by")
    }
    seen = UserSession.objects.filter(user=OuterRef("user_id")).order_by().values("user")
    rows = EngagementRole.objects.filter(Q(pk__in=roles_in(review).values("pk")) | Q(pk__in=list(decisions)))
    found = list(
        rows.select_related("user__organisation").annotate(
            used_at=Subquery(seen.annotate(at=Max("last_seen_at")).values("at"))
        )
    )
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    secured = set(
        Authenticator.objects.filter(user_id__in=[row.user_id for row in found], type__in=kinds).values_list(
            "user_id", flat=True
        )
    )
    shown = [_role(row, decisions.get(row.pk), row.user_id in secured, reader) for row in found]
    return tuple(sorted(shown, key=lambda row: (bool(row.answer), row.role_label, row.name, row.pk)))


def _role(row: EngagementRole, decision: AccessDecision | None, has_second_factor: bool, reader: User) -> RoleToReview:
    known = [at for at in (row.user.last_login, getattr(row, "used_at", None)) if at]
    return RoleToReview(
        pk=row.pk,
        user_id=row.user_id,
        name=str(row.user),
        email=row.user.email,
        organisation=row.user.organisation.name if row.user.organisation else "",
        role_label=row.get_role_display(),
        began_on=row.began_on,
        last_seen_at=max(known) if known else None,
        has_second_factor=has_second_factor,
        answer=decision.answer if decision else "",
        answer_label=decision.get_answer_display() if decision else "",
        decided_by=str(decision.decided_by) if decision else "",
        decided_at=decision.decided_at if decision else None,
        why=decision.why if decision else "",
        is_own=row.user_id == reader.pk,
        is_fictional=row.user.is_fictional,
    )


def review_rows(reviews: QuerySet[AccessReview], *, today: date) -> tuple[ReviewRow, ...]:
    """Open ones first, the soonest due before; at most 200. Three statements."""
    found = list(
        reviews.select_related("engagement__city", "initiative")
        .annotate(is_closed=Q(closed_at__isnull=False))
        .order_by("is_closed", "due_on", "-pk")[:MOST]
    )
    left = _left([row for row in found if row.closed_at is None])
    return tuple(
        ReviewRow(
            pk=row.pk,
            title=row.engagement.city.name if row.engagement else row.initiative.name,
            slug=row.engagement.slug if row.engagement else "",
            initiative=row.initiative.name,
            year=row.year,
            quarter=row.quarter,
            due_on=row.due_on,
            closed_at=row.closed_at,
            left=left.get(row.pk, 0),
            is_overdue=row.closed_at is None and row.due_on < today,
            is_fictional=row.engagement.is_fictional if row.engagement else row.initiative.is_fictional,
        )
        for row in found
    )


def _left(reviews: list[AccessReview]) -> dict[int, int]:
    """Review -> roles nobody answered. Two statements."""
    if not reviews:
        return {}
    held: dict[tuple[int, int | None], set[int]] = {}
    roles = EngagementRole.objects.open().listed().filter(initiative__in={row.initiative_id for row in reviews})
    for pk, initiative_id, engagement_id in roles.values_list("pk", "initiative_id", "engagement_id"):
        held.setdefault((initiative_id, engagement_id), set()).add(pk)
    answered: dict[int, set[int]] = {}
    decisions = AccessDecision.objects.filter(review__in=reviews)
    for review_id, role_id in decisions.values_list("review_id", "role_id"):
        answered.setdefault(review_id, set()).add(role_id)
    return {
        row.pk: len(held.get((row.initiative_id, row.engagement_id), set()) - answered.get(row.pk, set()))
        for row in reviews
    }


def open_reviews_of(user: User, *, today: date) -> tuple[ReviewRow, ...]:
    """What a lead has still to answer; nothing is asked for who gives and ends roles nowhere."""
    manages = has_permission_anywhere(user, MANAGE_ROLES) or holds_in_an_engagement(user, MANAGE_ROLES)
    if not (manages or user.is_superuser):
        return ()
    return review_rows(managed_reviews(user).filter(closed_at=None), today=today)
