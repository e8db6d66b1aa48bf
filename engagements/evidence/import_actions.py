"""A table of evidence, tried row by row and kept as a whole or not at all."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError

from engagements.access.errors import NotAllowed, NotFound
from engagements.access.plans import evidence_for
from engagements.access.roles import has_permission_anywhere
from engagements.base.editing import Conflict, FieldConflict
from engagements.base.table_import.problems import problems_by_column
from engagements.base.table_import.results import ImportResult, Problem, RowResult
from engagements.base.table_import.transactions import commit_rows, preview_rows
from engagements.evidence.actions import CHANGEABLE, add_evidence, change_evidence, city_ids_by_slug
from engagements.evidence.exports import shown_value
from engagements.evidence.import_rows import EvidenceImportRow
from engagements.evidence.queries import cities_of, fields_of
from engagements.evidence.records import LISTS, EvidenceFields
from engagements.models import EvidenceRow, User
from engagements.permissions import EDIT_EVIDENCE

MAY_NOT = "Experts and leads import study findings."


def preview_evidence_import(*, wishes: tuple[EvidenceImportRow, ...], by: User, now: datetime) -> ImportResult:
    """What each row would do; nothing is kept. Raises NotAllowed."""
    _check(by)
    return preview_rows(lambda: ImportResult.of(_carry_out(wishes, by, now)), by=by)


def import_evidence(
    *, wishes: tuple[EvidenceImportRow, ...], fingerprint: str, by: User, now: datetime, submission: UUID | None = None
) -> ImportResult | None:
    """All rows in one transaction, kept only when none is refused and each does what the person was shown.

    None when this submission was carried out before. Raises NotAllowed.
    """
    _check(by)

    def write_rows() -> ImportResult:
        # Two imports follow one another.
        list(EvidenceRow.objects.order_by("pk").select_for_update().values_list("pk", flat=True))
        return ImportResult.of(_carry_out(wishes, by, now))

    return commit_rows(
        write_rows,
        by=by,
        action="import_evidence",
        fingerprint=fingerprint,
        submission=submission,
        done=lambda result: by,
    )


def _check(by: User) -> None:
    if not has_permission_anywhere(by, EDIT_EVIDENCE):
        raise NotAllowed(MAY_NOT)


def _carry_out(wishes: tuple[EvidenceImportRow, ...], by: User, now: datetime) -> tuple[RowResult, ...]:
    keys = [wish.fields.key for wish in wishes]
    there = {row.key: row for row in EvidenceRow.objects.filter(key__in=keys).prefetch_related("tried_in")}
    cities = city_ids_by_slug()
    return tuple(_carry_out_row(wish, there.get(wish.fields.key), cities, by, now) for wish in wishes)


def _carry_out_row(
    wish: EvidenceImportRow, row: EvidenceRow | None, cities: dict[str, int], by: User, now: datetime
) -> RowResult:
    title = wish.fields.intervention or (row.intervention if row else wish.fields.key)
    if row is not None and row.archived_at is not None:
        return _refuse(wish, title, [("key", "This row is archived. Take another key.")])
    existing = fields_of(row, cities_of(row)) if row else None
    wanted = wish.onto(existing)
    changes = _differences(existing, wanted) if existing else {}
    today = now.date() if existing is None or "verified_on" in changes else None
    if problems := wish.refusals(existing, cities=cities, today=today):
        return _refuse(wish, title, problems)
    try:
        if row is None or existing is None:
            add_evidence(fields=wanted, by=by, now=now, why="imported")
            return RowResult(wish.line, "add", title)
        if not changes:
            return RowResult(wish.line, "unchanged", title)
        change_evidence(
            key=row.key,
            changes={name: getattr(wanted, name) for name in changes},
            by=by,
            now=now,
            expected_version=wish.version or row.version,
            why="imported",
        )
    except ValidationError as refused:
        return _refuse(wish, title, problems_by_column(refused))
    except Conflict as conflict:
        return _refuse(wish, title, [_changed_meanwhile(each) for each in conflict.fields])
    except NotFound:
        return _refuse(wish, title, [("key", "Someone archived this row meanwhile.")])
    return _what_changed(wish, title, existing, changes, by)


def _differences(existing: EvidenceFields, wanted: EvidenceFields) -> dict[str, object]:
    """The order of a list is no difference."""
    found = {}
    for name in CHANGEABLE:
        before, after = getattr(existing, name), getattr(wanted, name)
        if before != after and not (name in LISTS and sorted(before) == sorted(after)):
            found[name] = after
    return found


def _what_changed(
    wish: EvidenceImportRow, title: str, existing: EvidenceFields, changes: Iterable[str], by: User
) -> RowResult:
    """What was written in the end: fields left as they were exported keep what others made of them."""
    row = evidence_for(by, existing.key, EDIT_EVIDENCE)
    now = fields_of(row, cities_of(row))
    shown = tuple(
        (name, shown_value(name, getattr(existing, name)), shown_value(name, getattr(now, name)))
        for name in sorted(changes)
        if getattr(now, name) != getattr(existing, name)
    )
    return RowResult(wish.line, "change" if shown else "unchanged", title, shown)


def _refuse(wish: EvidenceImportRow, title: str, problems: Iterable[Problem]) -> RowResult:
    return RowResult(wish.line, "refused", title, problems=tuple(problems))


def _changed_meanwhile(conflict: FieldConflict) -> Problem:
    return conflict.field, f"Someone changed it since this file was exported: it is now “{conflict.theirs}”."
