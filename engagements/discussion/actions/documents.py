"""Keeping and archiving files. What a file is was checked, and photographs cleaned, before it comes here."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.base import File

from engagements import limits
from engagements.access.discussion import document_for
from engagements.access.engagements import engagement_for, milestone_for
from engagements.access.errors import NotAllowed
from engagements.access.roles import permissions_in
from engagements.base.audited_transaction import (
    add_activity,
    audited_transaction,
    begin_idempotent,
    complete_idempotent,
)
from engagements.base.editing import change, lock, validate
from engagements.base.quotas import check_document
from engagements.models import Document, Engagement, Milestone, User
from engagements.permissions import MANAGE_ROLES, UPLOAD_DOCUMENT, Visibility, writable_levels


@dataclass(frozen=True)
class NewFile:
    """A checked file with what is to be kept about it."""

    content: "File[bytes]"  # Django's own class takes no type at run time
    original_name: str
    media_type: str
    title: str = ""
    visibility: str = Visibility.TEAM.value
    shows_people: bool = False
    has_consent: bool = False
    original: "NewFile | None" = None  # the picture as it came, where the person wants it kept


def add_document(
    *,
    engagement: int | str,
    file: NewFile,
    by: User,
    now: datetime,
    milestone: int | None = None,
    submission: UUID | None = None,
) -> Document:
    """Raises NotFound, NotAllowed for a level one may not write at, ValidationError by field."""
    within = engagement_for(by, engagement, UPLOAD_DOCUMENT)
    about = milestone_for(by, milestone, UPLOAD_DOCUMENT) if milestone else None
    if about and about.engagement_id != within.pk:
        raise ValidationError({"milestone": "The milestone is of another engagement."})
    with audited_transaction(by):
        claimed = begin_idempotent(by, "add_document", submission)
        if claimed.object_id:
            return Document.objects.get(pk=claimed.object_id)
        document = store_document(file, engagement=within, milestone=about, by=by, now=now)
        add_activity(
            by=by, now=now, verb="added", thing=document, engagement_id=within.pk, visibility=document.visibility
        )
        complete_idempotent(claimed, document)
    return document


def store_document(
    file: NewFile, *, engagement: Engagement, milestone: Milestone | None, by: User, now: datetime
) -> Document:
    """Inside an audited transaction. Deletes the file again if its row can't be written. Raises ValidationError."""
    check_level(by, engagement.pk, file.visibility)
    if file.shows_people and not file.has_consent:
        raise ValidationError({"has_consent": "A photograph of people needs their consent."})
    digest, size = _measure(file.content)
    if size == 0:
        raise ValidationError({"file": "The file is empty."})
    check_document(engagement.pk, size)
    document = Document(
        engagement=engagement,
        milestone=milestone,
        title=file.title or file.original_name[: limits.TITLE],
        size=size,
        original_name=file.original_name[-limits.FILE_NAME :],
        media_type=file.media_type,
        sha256=digest,
        visibility=file.visibility,
        shows_people=file.shows_people,
        has_consent=file.has_consent,
        uploaded_by=by,
        uploaded_at=now,
    )
    validate(document, {"title", "visibility", "media_type", "original_name"})
    document.file.save("", file.content, save=False)
    try:
        document.save(force_insert=True)
    except BaseException:
        document.file.storage.delete(document.file.name)
        raise
    if file.original:
        try:
            store_document(file.original, engagement=engagement, milestone=milestone, by=by, now=now)
        except BaseException:
            document.file.storage.delete(document.file.name)
            raise
    return document


def archive_document(*, document: int, expected_version: int, by: User, now: datetime, why: str = "") -> Document:
    """By the person who uploaded it, or who manages roles. The file stays, for the history.

    Raises NotFound, NotAllowed, Conflict, ValidationError.
    """
    seen = document_for(by, document, UPLOAD_DOCUMENT)
    if seen.uploaded_by_id != by.pk and MANAGE_ROLES not in permissions_in(by, seen.engagement_id):
        raise NotAllowed("A document is archived by who brought it.")
    with audited_transaction(by, why):
        row = lock(seen)
        change(row, {"archived_at": now, "archived_by": by}, expected_version)
        add_activity(
            by=by,
            now=now,
            verb="archived",
            thing=row,
            engagement_id=row.engagement_id,
            why=why,
            visibility=row.visibility,
        )
    return row


def check_level(by: User, engagement_id: int, visibility: str) -> None:
    """Raises NotAllowed for a level one may not write at."""
    if visibility not in [level.value for level in writable_levels(permissions_in(by, engagement_id))]:
        raise NotAllowed("You may not write for these readers.")


def _measure(content: "File[bytes]") -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    for chunk in content.chunks():
        digest.update(chunk)
        size += len(chunk)
    content.seek(0)
    return digest.hexdigest(), size
