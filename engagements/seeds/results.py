"""Projects, results and searches of the public record, at every start: new ones are added, changed ones follow until
somebody has touched them. A change of a published result is published again as a correction."""

import hashlib
import json
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pghistory
from django.utils import timezone

from engagements.models import Engagement, Project, Result, ResultPublication, SearchRecord
from engagements.results.records import ResultFields, SearchFields, plain_parts, to_content
from engagements.results.rules.sentences import absence_sentence, public_sentence
from engagements.seeds.results_library import ShippedProject, ShippedRecord, ShippedResult, read_results

WHAT = "A published result of this project: what changed, by how much, against what"


_ADDED_LATER = ("size_source",)  # empty, they leave the fingerprint of a row that was shipped before as it was


def fingerprint(fields: Any) -> str:
    known = {name: value for name, value in asdict(fields).items() if value or name not in _ADDED_LATER}
    return hashlib.sha256(json.dumps(known, sort_keys=True, default=str).encode()).hexdigest()


def seed_results(path: Path, now: datetime | None = None) -> int:
    """Inside a transaction, after the initiative's cities are there. Returns how many rows were added or changed."""
    record, now = read_results(path), now or timezone.now()
    within = {
        row.city.slug: row
        for row in Engagement.objects.filter(initiative__slug=record.initiative).select_related("city")
    }
    with pghistory.context(why="public record"):
        count = sum(_seed_project(within[one.city], one, record, now) for one in record.projects if one.city in within)
        for city, shipped in record.outside:
            if city in within:
                count += _seed_result(within[city], shipped, shipped.fields, now)
    return count


def _seed_project(engagement: Engagement, shipped: ShippedProject, record: ShippedRecord, now: datetime) -> int:
    sha256 = fingerprint(shipped.fields)
    row = Project.objects.filter(engagement=engagement, seed_key=shipped.key).first()
    count = 0
    if row is None:
        row = Project(engagement=engagement, seed_key=shipped.key)
    if row.pk is None or (row.seed_sha256 != sha256 and not row.written_by_id and not row.archived_at):
        for name, value in asdict(shipped.fields).items():
            setattr(row, name, value)
        row.seed_sha256 = sha256
        row.save()
        count = 1
    for result in shipped.results:
        count += _seed_result(engagement, result, replace(result.fields, project=row.pk), now)
    return count if shipped.results else count + _seed_search(row, shipped, record, now)


def _seed_result(engagement: Engagement, shipped: ShippedResult, fields: ResultFields, now: datetime) -> int:
    sha256 = fingerprint(shipped.fields)
    row = Result.objects.filter(engagement=engagement, seed_key=shipped.key).first()
    if row is not None and (row.seed_sha256 == sha256 or row.written_by_id or row.archived_at):
        return 0
    is_new = row is None
    row = row or Result(engagement=engagement, seed_key=shipped.key, created_at=now, status="published")
    for name in vars(fields):
        if name not in ("project", "arms", "sources"):
            setattr(row, name, getattr(fields, name))
    row.project_id, row.arms, row.sources = fields.project, plain_parts(fields.arms), plain_parts(fields.sources)
    row.sentence, row.seed_sha256 = public_sentence(fields), sha256
    row.save()
    last = 0 if is_new else row.publications.count()
    ResultPublication.objects.create(
        result=row,
        number=last + 1,
        kind="corrected" if last else "published",
        content=to_content(fields),
        sentence=row.sentence,
        why="The record that comes with the portal was corrected." if last else "",
        published_at=now,
    )
    return 1


def _seed_search(project: Project, shipped: ShippedProject, record: ShippedRecord, now: datetime) -> int:
    """Once for each day of search: a later one is a record of its own."""
    fields = SearchFields(project.pk, record.searched_by, WHAT, shipped.places, record.searched_on)
    if SearchRecord.objects.filter(project=project, searched_on=record.searched_on).exists():
        return 0
    SearchRecord.objects.create(
        engagement_id=project.engagement_id,
        project=project,
        searched_by=fields.searched_by,
        what=fields.what,
        places=fields.places,
        searched_on=fields.searched_on,
        sentence=absence_sentence(fields.searched_on),
        published_at=now,
        created_at=now,
        seed_key=shipped.key,
        seed_sha256=fingerprint(fields),
    )
    return 1
