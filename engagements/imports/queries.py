"""Imports of an engagement, newest first."""

from dataclasses import dataclass
from datetime import datetime

from engagements.access.imports import visible_imports
from engagements.models import Engagement, User

MOST = 50


@dataclass(frozen=True)
class ImportLine:
    pk: int
    kind: str
    kind_label: str
    state: str
    state_label: str
    source_system: str
    added: int
    changed: int
    by: str
    at: datetime
    undone_at: datetime | None
    undone_by: str


def imports_of(user: User, within: Engagement) -> tuple[ImportLine, ...]:
    """Of the kinds this person may import; MOST of them. One statement and the roles."""
    rows = visible_imports(user).filter(engagement=within).select_related("by", "undone_by")
    rows = rows.exclude(state__in=["checking", "checked", "stopped"])
    return tuple(
        ImportLine(
            row.pk,
            row.kind,
            row.get_kind_display(),
            row.state,
            row.get_state_display(),
            row.source_system,
            row.added,
            row.changed,
            str(row.by),
            row.at,
            row.undone_at,
            str(row.undone_by) if row.undone_by else "",
        )
        for row in rows[:MOST]
    )
