"""One's own notifications: of what is still there and still for this person, looked at each time."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from engagements.access.discussion import visible_comments, visible_requests, visible_risks, visible_updates
from engagements.access.engagements import visible_engagements, visible_milestones
from engagements.access.errors import first_or_not_found
from engagements.access.feeds import visible_feeds
from engagements.access.pilots import visible_pilots
from engagements.access.plans import visible_indicators, visible_plans
from engagements.access.results import visible_reply_requests, visible_results
from engagements.access.webhooks import visible_webhooks
from engagements.models import EngagementRole, Notification, User

_VISIBLE = {
    "comment": visible_comments,
    "engagement": visible_engagements,
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


def visible_notifications(user: User) -> QuerySet[Notification]:
    """Lines are never rewritten: one whose thing was archived, or is no longer for this person, is not shown.

    A role is told of while it is held; of a noun that is not named here nothing is.
    """
    live = Q(pk__in=[])
    for noun, visible in _VISIBLE.items():
        live |= Q(noun=noun) & Q(Exists(visible(user).filter(pk=OuterRef("object_id"))))
    held = EngagementRole.objects.open().filter(user_id=user.pk, pk=OuterRef("object_id"))
    live |= Q(noun="engagementrole") & Q(Exists(held))
    return Notification.objects.filter(live, user_id=user.pk)


def notification_for(user: User, pk: int) -> Notification:
    """Raises NotFound."""
    return first_or_not_found(visible_notifications(user).filter(pk=pk).select_related("engagement"))
