"""The ways between the pages of one engagement: the same on each of them, as far as the viewer's role goes."""

from django import template
from django.urls import reverse

from engagements.access.roles import permissions_in
from engagements.permissions import VIEW_MONEY, VIEW_PUBLISHED

register = template.Library()

# Key, words, name of the address, what one must hold.
_TABS = (
    ("engagement", "Engagement", "engagement", VIEW_PUBLISHED),
    ("results", "Results", "results", VIEW_PUBLISHED),
    ("milestones", "Milestones", "engagement_milestones", VIEW_PUBLISHED),
    ("plans", "Plans", "plans", VIEW_PUBLISHED),
    ("money", "Money", "money", VIEW_MONEY),
    ("indicators", "Indicators", "indicators", VIEW_PUBLISHED),
    ("risks", "Risks", "risks", VIEW_PUBLISHED),
    ("timeline", "Timeline", "engagement_timeline", VIEW_PUBLISHED),
    ("history", "History", "engagement_history", VIEW_PUBLISHED),
)


@register.inclusion_tag("engagements/base/_engagement_tabs.html", takes_context=True)
def engagement_tabs(context, pk: int, slug: str, city_slug: str, city_name: str, here: str) -> dict:
    """`here`: the key of the page one is on. Within `cached_permissions` no statement runs."""
    held = permissions_in(context["request"].user, pk)
    return {
        "city_name": city_name,
        "city": reverse("city", args=[city_slug]),
        "tabs": [(reverse(name, args=[slug]), words, key == here) for key, words, name, need in _TABS if need in held],
    }
