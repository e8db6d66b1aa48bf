"""What a notification may still say to its reader, looked at when the mail is sent."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.text import Truncator

from engagements.access.discussion import visible_comments, visible_requests, visible_risks, visible_updates
from engagements.access.engagements import visible_engagements, visible_milestones
from engagements.access.feeds import visible_feeds
from engagements.access.pilots import visible_pilots
from engagements.access.plans import visible_indicators, visible_plans
from engagements.access.results import visible_reply_requests, visible_results
from engagements.access.webhooks import visible_webhooks
from engagements.discussion.mail.messages import path_for_reader, path_of
from engagements.models import Comment, Engagement, EngagementRole, ExpertRequest, Notification, User

_VISIBLE: dict[str, Callable[[User], QuerySet[Any]]] = {
    "comment": visible_comments,
    "expertrequest": visible_requests,
    "feed": visible_feeds,
    "indicator": visible_indicators,
    "milestone": visible_milestones,
    "pilot": visible_pilots,
    "plan": visible_plans,
    "quarterlyupdate": visible_updates,
    "replyrequest": visible_reply_requests,
    "result": visible_results,
    "risk": visible_risks,
    "webhook": visible_webhooks,
}


EXCERPT = 800  # characters of a comment or a question; a mail is to be understood without opening the page


@dataclass(frozen=True)
class VisibleNotification:
    """`line` is what was said then; `city` says with it what is made up; `path` leads to the thing.

    `about`: what a comment is about, "" for what names itself. `excerpt`: how it begins, else the line.
    """

    line: str
    city: str
    path: str
    about: str = ""
    excerpt: str = ""
    is_fictional: bool = False


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
    return VisibleNotification(
        row.line,
        _city(engagement),
        path_for_reader(row.noun, thing.pk, slug),
        about=_about(thing),
        excerpt=_excerpt(thing, row.line),
        is_fictional=bool(engagement and engagement.is_fictional),
    )


def _about(thing: Any) -> str:
    """The milestone, update, plan or request that a comment stands under."""
    if not isinstance(thing, Comment):
        return ""
    return next(
        (str(one) for one in (thing.milestone, thing.update, thing.plan, thing.request, thing.result) if one), ""
    )


def _excerpt(thing: Any, line: str) -> str:
    """Of a comment as it reads now; its line was cut when it was written."""
    if isinstance(thing, Comment):
        return Truncator(thing.body).chars(EXCERPT)
    if isinstance(thing, ExpertRequest) and thing.question.startswith(line.rstrip("…")):
        return Truncator(thing.question).chars(EXCERPT)
    return line


def _city(engagement: Engagement | None) -> str:
    if engagement is None:
        return ""
    return f"{engagement.city.name}, demo" if engagement.is_fictional else engagement.city.name


def _engagement(row: Notification) -> VisibleNotification | None:
    """Many of its milestones at once."""
    found = visible_engagements(row.user).select_related("city").filter(pk=row.object_id).first()
    if found is None:
        return None
    path = path_of("engagement", found.pk, found.slug)
    return VisibleNotification(row.line, _city(found), path, excerpt=row.line, is_fictional=found.is_fictional)


def _role(row: Notification) -> VisibleNotification | None:
    """Only for a person who still holds the role."""
    held = EngagementRole.objects.open().filter(pk=row.object_id, user_id=row.user_id)
    role = held.select_related("engagement__city").first()
    if role is None:
        return None
    if role.engagement is None:
        return VisibleNotification(row.line, "", "/engagements/", excerpt=row.line)
    place = role.engagement
    path = path_of("engagement", place.pk, place.slug)
    return VisibleNotification(row.line, _city(place), path, excerpt=row.line, is_fictional=place.is_fictional)
