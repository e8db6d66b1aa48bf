"""The versions of an update: what was published, for its readers; what was written between, for the team."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pghistory.core

from engagements.access.discussion import update_for
from engagements.access.roles import permissions_in
from engagements.models import PublishedUpdate, QuarterlyUpdate, User
from engagements.models.updates import UPDATE_SECTIONS, UPDATE_TEXTS
from engagements.permissions import VIEW_HISTORY
from engagements.reviews.queries import APPROVED, Baseline
from engagements.reviews.rules.changes import ReviewedField


@dataclass(frozen=True)
class UpdateVersion:
    """`key`: “p2” is the second publication, “v7” the words of version 7. `texts` in the order of UPDATE_TEXTS."""

    key: str
    label: str
    at: datetime
    by: str
    texts: tuple[str, ...]


def update_versions(user: User, pk: int) -> tuple[UpdateVersion, ...]:
    """Newest first. Raises NotFound."""
    found = update_for(user, pk)
    published = PublishedUpdate.objects.filter(update=found).select_related("approved_by")
    rows = [
        UpdateVersion(
            f"p{row.number}", f"Published, number {row.number}", row.published_at, str(row.approved_by), _texts(row)
        )
        for row in published
    ]
    if VIEW_HISTORY in permissions_in(user, found.engagement_id):
        rows += _written(found)
    return tuple(sorted(rows, key=lambda row: (row.at, row.key), reverse=True))


def update_content(row: QuarterlyUpdate | PublishedUpdate) -> tuple[ReviewedField, ...]:
    """Its words as a reviewer reads them."""
    return tuple(ReviewedField(name, name, label, getattr(row, name), True) for name, label in UPDATE_SECTIONS)


def published_baseline(update: QuarterlyUpdate) -> Baseline | None:
    """What was published last. One statement."""
    last = update.publications.select_related("approved_by").first()
    if last is None:
        return None
    return Baseline(APPROVED, "Published", last.published_at, str(last.approved_by), update_content(last))


def _written(update: QuarterlyUpdate) -> list[UpdateVersion]:
    """Every change of words, not of status."""
    (events,) = pghistory.core.event_models(tracks_model=QuarterlyUpdate)
    rows: list[UpdateVersion] = []
    # A model made when the portal starts: no type checker knows its fields.
    found: list[Any] = list(events._default_manager.filter(pgh_obj_id=update.pk).order_by("pgh_id"))
    names = User.objects.in_bulk({event.pgh_context.get("user") for event in found if event.pgh_context} - {None})
    for event in found:
        if rows and rows[-1].texts == _texts(event):
            continue
        who = names.get((event.pgh_context or {}).get("user"))
        label = f"Draft, version {event.version}"
        rows.append(
            UpdateVersion(f"v{event.version}", label, event.pgh_created_at, str(who or "The portal"), _texts(event))
        )
    return rows


def _texts(row: Any) -> tuple[str, ...]:
    return tuple(getattr(row, name) for name in UPDATE_TEXTS)
