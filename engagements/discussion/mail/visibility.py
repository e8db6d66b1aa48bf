"""What a notification may still say to its reader, looked at when the mail is sent."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from engagements.access.discussion import visible_comments, visible_requests, visible_risks, visible_updates
from engagements.access.engagements import visible_engagements, visible_milestones
from engagements.access.plans import visible_indicators, visible_plans
from engagements.discussion.mail.messages import path_of
from engagements.models import Engagement, EngagementRole, Notification, User

_VISIBLE: dict[str, Callable[[User], QuerySet[Any]]] = {
    "comment": visible_comments,
    "expertrequest": visible_requests,
    "indicator": visible_indicators,
    "milestone": visible_milestones,
    "plan": visible_plans,
    "quarterlyupdate": visible_updates,
    "risk": visible_risks,
}


@dataclass(frozen=True)
class VisibleNotification:
    """`line` is what was said then; `city` says with it what is made up; `path` leads to the thing."""

    line: str
    city: str
    path: str


def visible_notification(row: Notification) -> VisibleNotification | None:
    """None for what is gone, archived, or no longer for this person."""
    if row.noun == "engagementrole":
        return _role(row)
    if row.noun == "engagement":
        return _engagement(row)
    if row.noun not in _VISIBLE:
        return None
    thing = _VISIBLE[row.noun](row.user).select_related("engagement__city").filter(pk=row.object_id).first()
    if thing is None:
        return None
    engagement = thing.engagement
    slug = engagement.slug if engagement else None
    return VisibleNotification(row.line, _city(engagement), path_of(row.noun, thing.pk, slug))


def _city(engagement: Engagement | None) -> str:
    if engagement is None:
        return ""
    return f"{engagement.city.name}, demo" if engagement.is_fictional else engagement.city.name


def _engagement(row: Notification) -> VisibleNotification | None:
    """Many of its milestones at once."""
    found = visible_engagements(row.user).select_related("city").filter(pk=row.object_id).first()
    return VisibleNotification(row.line, _city(found), path_of("engagement", found.pk, found.slug)) if found else None


def _role(row: Notification) -> VisibleNotification | None:
    """Only for a person who still holds the role."""
    held = EngagementRole.objects.open().filter(pk=row.object_id, user_id=row.user_id)
    role = held.select_related("engagement__city").first()
    if role is None:
        return None
    if role.engagement is None:
        return VisibleNotification(row.line, "", "/engagements/")
    return VisibleNotification(
        row.line, _city(role.engagement), path_of("engagement", role.engagement.pk, role.engagement.slug)
    )
