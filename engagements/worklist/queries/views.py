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
    found = WorkView.objects.filter(seen, user_id=user.pk).select_related("engagement").order_by("name", "pk")
    return tuple(WorkViewRow(row.pk, row.name, _url(row)) for row in found)


def _url(row: WorkView) -> str:
    path = reverse(row.place, args=[row.engagement.slug] if row.engagement else [])
    return f"{path}?{row.query}" if row.query else path
