"""Webhooks: one's own; who gives roles in an engagement sees those of it, and may end them."""

from django.db.models import Q, QuerySet

from engagements.access.errors import NotAllowed, first_or_not_found
from engagements.access.roles import in_engagements_with
from engagements.models import User, Webhook
from engagements.permissions import MANAGE_ROLES


def visible_webhooks(user: User) -> QuerySet[Webhook]:
    return Webhook.objects.filter(
        Q(user_id=user.pk) | in_engagements_with(user, MANAGE_ROLES), archived_at=None
    ).select_related("user", "engagement__city")


def webhook_for(user: User, pk: int) -> Webhook:
    """To see and to end. Raises NotFound."""
    return first_or_not_found(visible_webhooks(user).filter(pk=pk))


def own_webhook_for(user: User, pk: int) -> Webhook:
    """To do anything else with. Raises NotFound, NotAllowed."""
    found = webhook_for(user, pk)
    if found.user_id != user.pk:
        raise NotAllowed("A webhook is changed by who made it.")
    return found
