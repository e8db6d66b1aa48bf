"""What stays of an import: its entry in the list of imports, and the keys by which the tool's rows are known again."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from uuid import UUID

from engagements.base.audited_transaction import add_activity
from engagements.base.quotas import spend_rows
from engagements.base.table_import.results import ImportResult
from engagements.base.table_import.transactions import commit_rows
from engagements.models import Engagement, ImportKey, TableImport, TableKind, User

_run: ContextVar[TableImport | None] = ContextVar("table_import", default=None)
_step: ContextVar[Callable[[], None] | None] = ContextVar("table_import_step", default=None)


@contextmanager
def in_the_worker(run: TableImport, step: Callable[[], None]) -> Iterator[None]:
    """What is kept inside the block is kept as `run`; `step` is called for every row that was looked at."""
    tokens = _run.set(run), _step.set(step)
    try:
        yield
    finally:
        _run.reset(tokens[0])
        _step.reset(tokens[1])


def note_row() -> None:
    """One more row was looked at: the page of a long import says how far it is."""
    if step := _step.get():
        step()


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
    feed. Raises QuotaReached where they are more than the engagement may import today."""
    row = _run.get() or TableImport(engagement=within, kind=kind, source_system=source_system, by=by)
    row.state, row.at, row.packed, row.result = TableImport.State.KEPT, now, "", {}
    row.rows_done = row.rows_total = len(result.rows)
    row.added, row.changed = result.count("add") + result.count("reverse"), result.count("change")
    row.written = [list(each) for done in result.rows for each in done.written]
    spend_rows(within.pk, row.added + row.changed, now=now)
    row.save()
    line = line or f"{row.added:,} added, {row.changed:,} changed" + (
        f", from {source_system}" if source_system else ""
    )
    add_activity(by=by, now=now, verb="imported", thing=row, engagement_id=within.pk, line=line)
    return row


def commit_import(
    within: Engagement,
    kind: TableKind,
    write_rows: Callable[[], ImportResult],
    *,
    source_system: str,
    fingerprint: str,
    by: User,
    now: datetime,
    submission: UUID | None,
    tell: Callable[[], None] = lambda: None,
) -> ImportResult | None:
    """`commit_rows` of a table of one engagement, kept in its list of imports. `tell` runs when the rows stay."""

    def write_alone() -> ImportResult:
        Engagement.objects.select_for_update().get(pk=within.pk)  # two imports of one engagement follow one another
        return write_rows()

    def done(result: ImportResult) -> TableImport:
        tell()
        return keep_import(within, kind, source_system, result, by=by, now=now)

    return commit_rows(
        write_alone, by=by, action=f"import_{kind}", fingerprint=fingerprint, submission=submission, done=done
    )


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
