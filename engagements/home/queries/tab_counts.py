"""How many things wait behind each tab of an engagement, as far as the viewer may see them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, Func, QuerySet, Subquery
from django.db.models.functions import Coalesce

from engagements.access.discussion import visible_documents, visible_requests, visible_updates
from engagements.access.roles import permissions_in, with_cached_permissions
from engagements.models import Engagement, EngagementRole, User
from engagements.permissions import VIEW_PUBLISHED


@dataclass(frozen=True)
class TabCounts:
    """Of one engagement, each as its own page lists them; `people`: each person once, initiative's roles included."""

    updates: int = 0
    people: int = 0
    documents: int = 0
    requests: int = 0


@with_cached_permissions
def tab_counts(user: User, engagement_id: int) -> TabCounts:
    """Nothing for those who see nothing of it. One statement beside those that look up the roles."""
    if VIEW_PUBLISHED not in permissions_in(user, engagement_id):
        return TabCounts()
    within = Engagement.objects.filter(pk=engagement_id)
    initiative = within.values("initiative_id")[:1]
    open_roles = EngagementRole.objects.open().listed()
    here = open_roles.filter(engagement_id=engagement_id) | open_roles.filter(
        engagement=None, initiative_id=Subquery(initiative)
    )
    found = within.values_list(
        _count(visible_updates(user).filter(engagement_id=engagement_id)),
        _count(here, "user_id"),
        _count(visible_documents(user).filter(engagement_id=engagement_id)),
        _count(visible_requests(user).filter(engagement_id=engagement_id)),
    ).first()
    return TabCounts(*(found or ()))


def _count(rows: QuerySet[Any], of: str = "pk") -> Coalesce:
    """Of each different value once."""
    counted = Func(F(of), function="COUNT", template="%(function)s(DISTINCT %(expressions)s)")
    return Coalesce(Subquery(rows.order_by().annotate(n=counted).values("n")), 0)
