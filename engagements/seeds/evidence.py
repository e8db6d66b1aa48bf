"""The library's own rows into the database, at every start: new ones are added, changed ones follow until somebody
has touched them. What an expert wrote, reviewed, returned to draft or archived stays as it is."""

import hashlib
import json
from dataclasses import asdict

import pghistory
from django.db import transaction
from django.db.models import F

from atlas.models import City
from engagements.evidence.actions import values_of
from engagements.evidence.records import EvidenceFields
from engagements.models import EvidenceRow
from engagements.seeds.evidence_library import starter_library


def fingerprint(row: EvidenceFields) -> str:
    return hashlib.sha256(json.dumps(asdict(row), sort_keys=True, default=str).encode()).hexdigest()


@transaction.atomic
def seed_evidence(rows: tuple[EvidenceFields, ...] | None = None) -> int:
    """Returns how many rows were added or changed. Two statements when there is nothing to do."""
    rows = starter_library() if rows is None else rows
    cities = dict(City.objects.values_list("slug", "pk"))
    there = {row.key: row for row in EvidenceRow.objects.all()}
    new = [row for row in rows if row.key not in there]
    changed = [row for row in rows if row.key in there and _follows(there[row.key], fingerprint(row))]
    if not new and not changed:
        return 0
    with pghistory.context(why="shipped with the portal"):
        _add(new, cities)
        for fields in changed:
            _change(there[fields.key], fields, cities)
    return len(new) + len(changed)


def _follows(row: EvidenceRow, sha256: str) -> bool:
    """Whether a row came with the portal, differs from what comes with it now, and nobody touched it."""
    untouched = row.status == "reviewed" and not (row.written_by_id or row.reviewed_by_id or row.archived_at)
    return bool(row.seed_sha256) and row.seed_sha256 != sha256 and untouched


def _add(rows: list[EvidenceFields], cities: dict[str, int]) -> None:
    made = EvidenceRow.objects.bulk_create(
        EvidenceRow(**values_of(row), status="reviewed", seed_sha256=fingerprint(row)) for row in rows
    )
    through = EvidenceRow.tried_in.through
    through.objects.bulk_create(
        through(evidencerow_id=row.pk, city_id=cities[slug])
        for row, fields in zip(made, rows, strict=True)
        for slug in fields.tried_in
        if slug in cities
    )


def _change(row: EvidenceRow, fields: EvidenceFields, cities: dict[str, int]) -> None:
    for name, value in values_of(fields).items():
        setattr(row, name, value)
    row.seed_sha256 = fingerprint(fields)
    row.save(update_fields=[*values_of(fields), "seed_sha256"])
    wanted = {cities[slug] for slug in fields.tried_in if slug in cities}
    if wanted != set(row.tried_in.values_list("pk", flat=True)):
        row.tried_in.set(wanted)
        EvidenceRow.objects.filter(pk=row.pk).update(version=F("version") + 1)
