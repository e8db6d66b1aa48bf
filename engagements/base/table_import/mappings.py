"""How a table is read, saved under a name: one list for every kind."""

from datetime import datetime

from engagements.access.engagements import engagement_for
from engagements.access.imports import PERMISSION_OF, mapping_for
from engagements.base.audited_transaction import add_activity, audited_transaction
from engagements.base.editing import change, lock, validate
from engagements.base.tables.mapping import Mapping
from engagements.models import Engagement, TableKind, TableMapping, User


def saved_mappings(within: Engagement, kind: str) -> tuple[TableMapping, ...]:
    """By name. One statement."""
    return tuple(TableMapping.objects.filter(engagement=within, kind=kind, archived_at=None))


def save_mapping(
    *, engagement: int | str, name: str, source_system: str, mapping: Mapping, by: User, now: datetime
) -> TableMapping:
    """A mapping of the same name gets a new version; the old ones stay in the history. Raises NotFound,
    ValidationError by field."""
    kind = TableKind(mapping.of.subject)
    within = engagement_for(by, engagement, PERMISSION_OF[kind])
    with audited_transaction(by, "mapping saved"):
        Engagement.objects.select_for_update().get(pk=within.pk)  # a second click finds what the first made
        wanted = {"source_system": source_system.strip(), "columns": mapping.to_json(), "saved_by": by}
        named = TableMapping.objects.filter(engagement=within, kind=kind, name=name.strip(), archived_at=None)
        if known := named.first():
            row = lock(known)
            if change(row, wanted, None):
                add_activity(by=by, now=now, verb="changed", thing=row, engagement_id=within.pk)
            return row
        row = TableMapping(engagement=within, kind=kind, name=name.strip(), **wanted)
        validate(row, {"name", "source_system"})
        row.save(force_insert=True)
        line = f"columns of {kind.label.lower()}"
        add_activity(by=by, now=now, verb="added", thing=row, engagement_id=within.pk, line=line)
    return row


def archive_mapping(*, mapping: int, by: User, now: datetime) -> TableMapping:
    """Raises NotFound, Conflict, ValidationError."""
    seen = mapping_for(by, mapping)
    with audited_transaction(by, "no longer used"):
        row = lock(seen)
        change(row, {"archived_at": now, "archived_by": by}, None)
        add_activity(by=by, now=now, verb="archived", thing=row, engagement_id=row.engagement_id)
    return row
