"""Long tables in the worker: checked, shown, and imported once somebody said so."""

import logging
from datetime import datetime
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.core.cache import cache
from django.core.signing import BadSignature
from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _

from atlas.ingest import locks
from engagements.access.errors import NotFound
from engagements.base.quotas import QuotaReached
from engagements.base.table_import.forms import unpack
from engagements.base.table_import.keeping import in_the_worker
from engagements.base.table_import.mapped_views import MappedImport, Sent
from engagements.base.table_import.results import ImportResult
from engagements.base.tables.mapping import MappingRefused, from_json
from engagements.base.tables.table import TableRefused
from engagements.imports.kinds import KINDS
from engagements.models import TableImport

logger = logging.getLogger(__name__)
SHOWN = 200  # rows of the answer: those that are refused first
_EVERY = 25  # rows between two words on how far it is
_WORKING = (TableImport.State.CHECKING, TableImport.State.IMPORTING)
MAX_ATTEMPTS = 5
_A_DAY = 86_400


def run_import(pk: int, *, now: datetime) -> None:
    """Checks or imports the table of this row, as its state says; any other state was carried out before.

    A second worker with the same message finds the lock taken and leaves.
    """
    if not locks.try_lock(locks.JOB, _key(pk)):
        return
    try:
        row = TableImport.objects.filter(pk=pk, state__in=_WORKING).select_related("engagement__city", "by").first()
        if row is not None:
            _run(row, now)
    finally:
        locks.unlock(locks.JOB, _key(pk))


def lost_imports(*, now: datetime) -> list[int]:
    """Ids of those nobody works on: their message or their worker was lost. After the fifth time they are stopped."""
    found = []
    for pk in TableImport.objects.filter(state__in=_WORKING).order_by("at", "pk").values_list("pk", flat=True):
        if not locks.try_lock(locks.JOB, _key(pk)):
            continue
        locks.unlock(locks.JOB, _key(pk))
        seen = f"{_key(pk)}-seen"
        if cache.add(seen, 1, _A_DAY):
            continue  # its message may be under way: the next look decides
        if cache.incr(seen) > MAX_ATTEMPTS + 1:
            _stop(pk, _("The worker was lost too often during this import. Nothing was imported."))
            continue
        found.append(pk)
    return found


def _stop(pk: int, problem: str) -> None:
    TableImport.objects.filter(pk=pk, state__in=_WORKING).update(
        state=TableImport.State.STOPPED, problem=problem[:500], packed="", result={}
    )


def _run(row: TableImport, now: datetime) -> None:
    pk = row.pk
    declared = KINDS[row.kind]
    try:
        sent = _sent_of(declared, row)
        with in_the_worker(row, _Steps(pk)):
            _carry_out(declared, row, sent, now)
    except QuotaReached as full:
        _stop(pk, " ".join(full.messages))
    except (NotFound, TableRefused, MappingRefused, BadSignature) as stopped:
        _stop(pk, str(stopped) or _("Your role changed, or the file is more than a day old. Import it again."))
    except SoftTimeLimitExceeded:
        logger.error("table import %s took too long", pk)
        _stop(pk, _("This took too long and was stopped. Nothing was imported. Import the table in parts."))
    except (OperationalError, InterfaceError):
        raise  # the database went away: the table is taken up again when it is back
    except Exception:
        _stop(pk, _("The portal failed on this table. Nothing was imported; the log has the details."))
        raise


def rows_done(pk: int) -> int:
    """How many rows were looked at in this round."""
    return int(cache.get(_key(pk), 0))


class _Steps:
    """Counts rows where other transactions can see it: those of the import stay its own until it ends."""

    def __init__(self, pk: int):
        self.pk, self.count = pk, 0
        cache.set(_key(pk), 0, 3600)

    def __call__(self) -> None:
        self.count += 1
        if self.count % _EVERY == 0:
            cache.set(_key(self.pk), self.count, 3600)


def _key(pk: int) -> str:
    return f"table-import-{pk}"


def _sent_of(declared: MappedImport, row: TableImport) -> Sent:
    owner = f"{declared.of.subject} {row.by_id} {row.engagement_id}"
    table, file_kind = unpack(row.packed, owner)
    mapping = from_json(declared.of, row.mapping)
    return Sent(table, file_kind, mapping, row.source_system, declared.read(table, mapping))


def _carry_out(declared: MappedImport, row: TableImport, sent: Sent, now: datetime) -> None:
    if row.state == TableImport.State.CHECKING:
        result = declared.preview(row.engagement, sent=sent, by=row.by, now=now)
        _keep_answer(row, result, sent, has_changed=False)
        return
    seen = row.result["fingerprint"]
    kept = declared.commit(row.engagement, sent=sent, by=row.by, now=now, fingerprint=seen, submission=None)
    if kept is not None and not kept.is_kept:
        _keep_answer(row, kept, sent, has_changed=True)


def _keep_answer(row: TableImport, result: ImportResult, sent: Sent, *, has_changed: bool) -> None:
    row.state = TableImport.State.CHECKED
    row.result = _answer(result, sent, has_changed)
    row.save(update_fields=["state", "result"])


def _answer(result: ImportResult, sent: Sent, has_changed: bool) -> dict[str, Any]:
    """What the page shows, without the rows that stay as they are."""
    order = {"refused": 0, "change": 1, "add": 2}
    shown = sorted((each for each in result.rows if each.outcome in order), key=lambda each: order[each.outcome])
    return {
        "fingerprint": result.fingerprint,
        "may_be_kept": result.may_be_kept,
        "has_changed": has_changed,
        "counts": {name: result.count(name) for name in ("add", "change", "unchanged", "refused")},
        "notes": [*sent.table.notes, *getattr(sent.read, "notes", ())],
        "more": max(0, len(shown) - SHOWN),
        "rows": [
            {
                "line": each.line,
                "outcome": each.outcome,
                "title": each.title,
                "changes": each.changes,
                "problems": each.problems,
                "notes": each.notes,
            }
            for each in shown[:SHOWN]
        ],
    }
