"""Published plans that a tract is part of: by the area as it was published, never by what a draft says now."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, OuterRef, Subquery

from engagements.access.plans import visible_plans
from engagements.models import PlanPublication, User

MOST = 20


@dataclass(frozen=True)
class PlanOfTract:
    """In the words of the last publication; `tracts`: how many the plan has."""

    pk: int
    title: str
    city_slug: str
    city_name: str
    area_name: str
    tracts: int
    is_closed: bool
    published_at: datetime
    is_public: bool
    is_fictional: bool


def plans_of_tract(user: User | AnonymousUser, geoid: str) -> tuple[PlanOfTract, ...]:
    """Those this person may read, strangers what cities made public; newest publication first, MOST at most.

    One statement.
    """
    newest = PlanPublication.objects.filter(plan=OuterRef("plan")).order_by("-number").values("pk")[:1]
    found = (
        PlanPublication.objects.filter(plan__in=visible_plans(user).values("pk"), content__geoids__contains=[geoid])
        .annotate(newest=Subquery(newest))
        .filter(pk=F("newest"))
        .select_related("plan__engagement__city")
        .order_by("-published_at", "-pk")
    )
    return tuple(
        PlanOfTract(
            row.plan_id,
            row.content["title"],
            row.plan.engagement.city.slug,
            row.plan.engagement.city.name,
            row.content.get("area_name", ""),
            len(row.content["geoids"]),
            bool(row.content.get("what_happened")),
            row.published_at,
            row.plan.is_public,
            row.plan.is_fictional,
        )
        for row in found[:MOST]
    )
