"""What stays of an import: its entry in the list of imports, and the keys by which the tool's rows are known again."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from engagements.base.audited_transaction import add_activity
from engagements.base.table_import.results import ImportResult
from engagements.models import Engagement, ImportKey, TableImport, TableKind, User


def keep_import(
    within: Engagement,
    kind: TableKind,
    source_system: str,
    result: ImportResult,
    *,
    by: User,
    now: datetime,
    line: str = "",
) -> TableImport:
    """Inside the transaction of its rows: the import with what it wrote, so that it can be undone, and its line in the
    feed."""
    row = TableImport.objects.create(
        engagement=within,
        kind=kind,
        state=TableImport.State.KEPT,
        source_system=source_system,
        rows_done=len(result.rows),
        rows_total=len(result.rows),
        added=result.count("add") + result.count("reverse"),
        changed=result.count("change"),
        written=[list(each) for row in result.rows for each in row.written],
        by=by,
        at=now,
    )
    line = line or f"{row.added:,} added, {row.changed:,} changed" + (
        f", from {source_system}" if source_system else ""
    )
    add_activity(by=by, now=now, verb="imported", thing=row, engagement_id=within.pk, line=line)
    return row


def keys_of(within: Engagement, kind: TableKind, source_system: str, keys: Iterable[str]) -> dict[str, int]:
    """key -> id of the row it stands for. One statement."""
    wanted = [key for key in keys if key]
    found = ImportKey.objects.filter(engagement=within, kind=kind, source_system=source_system, key__in=wanted)
    return dict(found.values_list("key", "object_id"))


def keep_keys(
    within: Engagement, kind: TableKind, source_system: str, ids: Mapping[str, int], known: Mapping[str, int]
) -> None:
    """The keys that are new. One statement, none where there are none."""
    ImportKey.objects.bulk_create(
        ImportKey(engagement=within, kind=kind, source_system=source_system, key=key, object_id=pk)
        for key, pk in ids.items()
        if key not in known
    )
