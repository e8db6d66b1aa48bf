"""The views of work somebody keeps."""

from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse

from engagements.access.roles import in_engagements_with
from engagements.models import User, WorkView
from engagements.permissions import VIEW_PUBLISHED


@dataclass(frozen=True)
class WorkViewRow:
    """`url`: the page with its filters. Whoever opens it sees what they may see themselves."""

    pk: int
    name: str
    url: str


def work_views(user: User) -> tuple[WorkViewRow, ...]:
    """By name, without those of engagements one no longer sees. One statement."""
    seen = Q(engagement=None) | in_engagements_with(user, VIEW_PUBLISHED)
    found = WorkView.objects.filter(seen, user_id=user.pk).order_by("name", "pk")
    about = found.values_list("pk", "name", "place", "query", "engagement__slug")
    return tuple(WorkViewRow(pk, name, _url(place, query, slug)) for pk, name, place, query, slug in about)


def _url(place: str, query: str, slug: str | None) -> str:
    path = reverse(place, args=[slug] if slug else [])
    return f"{path}?{query}" if query else path
