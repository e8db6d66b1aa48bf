"""How a city's finance table is read, saved under a name."""

from datetime import datetime

from engagements.access.engagements import engagement_for
from engagements.access.money import mapping_for
from engagements.base.audited_transaction import add_activity, audited_transaction
from engagements.base.editing import change, lock, validate
from engagements.models import Engagement, LedgerMapping, User
from engagements.money.rules.mapping import Mapping
from engagements.permissions import EDIT_MONEY


def save_mapping(
    *, engagement: int | str, name: str, source_system: str, mapping: Mapping, by: User, now: datetime
) -> LedgerMapping:
    """A mapping of the same name gets a new version; the old ones stay in the history. Raises NotFound,
    ValidationError by field."""
    within = engagement_for(by, engagement, EDIT_MONEY)
    with audited_transaction(by, "mapping saved"):
        Engagement.objects.select_for_update().get(pk=within.pk)  # a second click finds what the first made
        wanted = {"source_system": source_system.strip(), "columns": mapping.to_json(), "saved_by": by}
        known = LedgerMapping.objects.filter(engagement=within, name=name.strip(), archived_at=None).first()
        if known:
            row = lock(known)
            if change(row, wanted, None):
                add_activity(by=by, now=now, verb="changed", thing=row, engagement_id=within.pk)
            return row
        row = LedgerMapping(engagement=within, name=name.strip(), **wanted)
        validate(row, {"name", "source_system"})
        row.save(force_insert=True)
        add_activity(
            by=by, now=now, verb="added", thing=row, engagement_id=within.pk, line="mapping of a finance table"
        )
    return row


def archive_mapping(*, mapping: int, by: User, now: datetime) -> LedgerMapping:
    """Raises NotFound, Conflict, ValidationError."""
    seen = mapping_for(by, mapping)
    with audited_transaction(by, "no longer used"):
        row = lock(seen)
        change(row, {"archived_at": now, "archived_by": by}, None)
        add_activity(by=by, now=now, verb="archived", thing=row, engagement_id=row.engagement_id)
    return row
