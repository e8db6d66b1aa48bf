"""Recording that somebody looked for a published result and found none. A later search is a record of its own."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError

from engagements.access.engagements import engagement_for
from engagements.access.results import search_for
from engagements.base.audited_transaction import (
    add_activity,
    audited_transaction,
    begin_idempotent,
    complete_idempotent,
)
from engagements.base.editing import change, lock
from engagements.models import Project, ReplyRequest, SearchRecord, User
from engagements.permissions import EDIT_RESULT, REVIEW_RESULT
from engagements.results.actions.refusals import refuse
from engagements.results.actions.results import UNANSWERED
from engagements.results.records import SearchFields
from engagements.results.rules.projects import validate_search
from engagements.results.rules.replies import is_settled
from engagements.results.rules.sentences import absence_sentence


def add_search(
    *, engagement: int | str, fields: SearchFields, by: User, now: datetime, submission: UUID | None = None
) -> SearchRecord:
    """Not public yet. `engagement`: id or slug. Raises NotFound, ValidationError by field."""
    within = engagement_for(by, engagement, EDIT_RESULT)
    with audited_transaction(by):
        claimed = begin_idempotent(by, "add_search", submission)
        if claimed.object_id:
            return SearchRecord.objects.get(pk=claimed.object_id)
        lock(within)
        problems = validate_search(fields, today=now.date())
        if not Project.objects.filter(pk=fields.project, engagement_id=within.pk, archived_at=None).exists():
            problems.append(("project", "Choose a project of this engagement."))
        same = SearchRecord.objects.filter(project=fields.project, searched_on=fields.searched_on, archived_at=None)
        if same.exists():
            problems.append(("searched_on", "A search of this day is recorded already."))
        refuse(problems)
        row = SearchRecord(
            engagement=within,
            project_id=fields.project,
            searched_by=fields.searched_by.strip(),
            what=fields.what.strip(),
            places=fields.places.strip(),
            searched_on=fields.searched_on,
            sentence=absence_sentence(fields.searched_on),
            is_fictional=within.is_fictional,
            written_by=by,
            created_at=now,
        )
        row.save(force_insert=True)
        add_activity(by=by, now=now, verb="added", thing=row, engagement_id=within.pk)
        complete_idempotent(claimed, row)
    return row


def publish_search(*, pk: int, expected_version: int, by: User, now: datetime) -> SearchRecord:
    """By somebody else than its writer, once the city was asked. Raises NotFound, Conflict, ValidationError."""
    seen = search_for(by, pk, REVIEW_RESULT)
    with audited_transaction(by):
        row = lock(seen)
        if row.published_at:
            return row
        if row.written_by_id == by.pk:
            raise ValidationError("You wrote this. Someone else publishes it.")
        asked = ReplyRequest.objects.filter(search=row, sentence=row.sentence, archived_at=None).first()
        if not (asked and is_settled(asked.answer, asked.due_on, now.date())):
            raise ValidationError(UNANSWERED)
        change(row, {"published_at": now, "published_by": by}, expected_version)
        add_activity(by=by, now=now, verb="published", thing=row, engagement_id=row.engagement_id)
    return row


def archive_search(*, pk: int, expected_version: int, by: User, now: datetime, why: str) -> SearchRecord:
    """Raises NotFound, Conflict, ValidationError."""
    seen = search_for(by, pk, EDIT_RESULT)
    if not why.strip():
        raise ValidationError({"why": "Say why."})
    with audited_transaction(by, why):
        row = lock(seen)
        change(row, {"archived_at": now, "archived_by": by}, expected_version)
        add_activity(by=by, now=now, verb="archived", thing=row, engagement_id=row.engagement_id, why=why)
    return row
