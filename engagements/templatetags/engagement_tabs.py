"""The ways between the pages of one engagement: the same on each of them, as far as the viewer's role goes."""

from dataclasses import dataclass

from django import template
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from engagements.access.roles import cached_permissions, permissions_in
from engagements.home.queries.tab_counts import tab_counts
from engagements.permissions import VIEW_MONEY, VIEW_PUBLISHED, VIEW_REQUEST

register = template.Library()

# Key, words, name of the address, what one must hold.
_TABS = (
    ("engagement", _("Overview"), "engagement", VIEW_PUBLISHED),
    ("results", _("Results"), "results", VIEW_PUBLISHED),
    ("pilots", _("Pilots"), "pilots", VIEW_PUBLISHED),
    ("milestones", _("Milestones"), "engagement_milestones", VIEW_PUBLISHED),
    ("updates", _("Updates"), "updates", VIEW_PUBLISHED),
    ("people", _("People"), "engagement_people", VIEW_PUBLISHED),
    ("documents", _("Documents"), "documents", VIEW_PUBLISHED),
    ("requests", _("Requests"), "requests", VIEW_REQUEST),
    ("plans", _("Plans"), "plans", VIEW_PUBLISHED),
    ("money", _("Money"), "money", VIEW_MONEY),
    ("indicators", _("Indicators"), "indicators", VIEW_PUBLISHED),
    ("risks", _("Risks"), "risks", VIEW_PUBLISHED),
    ("history", _("History"), "engagement_history", VIEW_PUBLISHED),
)


@dataclass(frozen=True)
class Tab:
    """`count` None: the tab says no number."""

    address: str
    label: str
    is_here: bool
    count: int | None


@register.inclusion_tag("engagements/base/_engagement_tabs.html", takes_context=True)
def engagement_tabs(context, pk: int, slug: str, city_slug: str, city_name: str, here: str) -> dict:
    """`here`: the key of the page one is on, "" for none. One statement, and those that look up the roles."""
    user = context["request"].user
    with cached_permissions(user):
        held = permissions_in(user, pk)
        counts = tab_counts(user, pk)
    tabs = (
        Tab(_address(name, slug), str(label), key == here, getattr(counts, key, None))
        for key, label, name, need in _TABS
        if need in held
    )
    return {"city_name": city_name, "city": reverse("city", args=[city_slug]), "tabs": tuple(tabs)}


def _address(name: str, slug: str) -> str:
    """Requests are one list of all engagements, of which this shows one."""
    return f"{reverse(name)}?engagement={slug}&show=every" if name == "requests" else reverse(name, args=[slug])
