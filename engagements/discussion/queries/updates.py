"""Quarterly updates: the working version for the team, the published words for everybody who may read."""

from dataclasses import dataclass
from datetime import datetime

from engagements.access.discussion import visible_updates
from engagements.access.roles import permissions_by_engagement, with_cached_permissions
from engagements.models import PublishedUpdate, QuarterlyUpdate, User
from engagements.permissions import VIEW_TEAM
from engagements.workflow import UPDATE, State


@dataclass(frozen=True)
class UpdateRow:
    """For the team the working words; for others those of the last publication. `number` 0: not published yet."""

    pk: int
    version: int
    engagement_id: int
    engagement_slug: str
    city_slug: str
    city_name: str
    year: int
    quarter: int
    label: str
    status: str | None
    next_states: tuple[State, ...]
    what_we_did: str
    what_we_learned: str
    what_we_changed: str
    what_we_need: str
    written_by: str | None
    reviewed_by: str | None
    approved_by: str | None
    published_at: datetime | None
    number: int
    is_fictional: bool


@with_cached_permissions
def updates(
    user: User, *, engagements: tuple[int, ...] = (), pk: int | None = None, limit: int | None = None, offset: int = 0
) -> tuple[UpdateRow, ...]:
    """Newest quarter first. Four statements."""
    found = (
        visible_updates(user)
        .select_related("engagement__city", "written_by", "reviewed_by", "approved_by")
        .prefetch_related("publications__approved_by")
    )
    if engagements:
        found = found.filter(engagement_id__in=engagements)
    if pk is not None:
        found = found.filter(pk=pk)
    rows = list(found[offset : None if limit is None else offset + limit])
    held = permissions_by_engagement(user, {row.engagement_id for row in rows})
    return tuple(_row(row, held.get(row.engagement_id, frozenset())) for row in rows)


def _row(row: QuarterlyUpdate, held: frozenset[str]) -> UpdateRow:
    team = VIEW_TEAM in held
    published = next(iter(row.publications.all()), None)
    words: QuarterlyUpdate | PublishedUpdate = row
    approver = row.approved_by
    if not team:
        assert published is not None, "others see an update only once it was published"
        words, approver = published, published.approved_by
    state = UPDATE.state(row.status)
    return UpdateRow(
        pk=row.pk,
        version=row.version,
        engagement_id=row.engagement_id,
        engagement_slug=row.engagement.slug,
        city_slug=row.engagement.city.slug,
        city_name=row.engagement.city.name,
        year=row.year,
        quarter=row.quarter,
        label=state.label if team else "Published",
        status=row.status if team else None,
        next_states=UPDATE.next_states(row.status, held) if team else (),
        what_we_did=words.what_we_did,
        what_we_learned=words.what_we_learned,
        what_we_changed=words.what_we_changed,
        what_we_need=words.what_we_need,
        written_by=str(row.written_by) if team else None,
        reviewed_by=str(row.reviewed_by) if team and row.reviewed_by else None,
        approved_by=str(approver) if approver else None,
        published_at=published.published_at if published else None,
        number=published.number if published else 0,
        is_fictional=row.is_fictional,
    )
