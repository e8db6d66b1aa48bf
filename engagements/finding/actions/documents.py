"""Reading the documents whose words cannot be found yet: by the worker, one after another."""

import logging
from datetime import datetime

from django.db import transaction

from atlas.ingest import locks
from engagements.finding.files.reasons import LOST, READ
from engagements.finding.files.text_of_file import FileText, text_of_file
from engagements.models import Document, DocumentPart, DocumentText

logger = logging.getLogger(__name__)

AT_ONCE = 20
_LOCK = "document texts"


def read_waiting_documents(*, now: datetime, at_most: int = AT_ONCE) -> int:
    """Of the documents people may open, newest first; how many were read. A second worker leaves at once."""
    if not locks.try_lock(locks.JOB, _LOCK):
        return 0
    try:
        waiting = Document.objects.filter(text=None, archived_at=None, media_type__in=READ)
        found = list(waiting.order_by("-uploaded_at", "-pk")[:at_most])
        for document in found:
            read_document(document, now=now)
        return len(found)
    finally:
        locks.unlock(locks.JOB, _LOCK)


def read_document(document: Document, *, now: datetime) -> DocumentText:
    """Once: why not is kept just the same, so that a hostile file is tried once. A file is never changed."""
    try:
        with document.file.storage.open(document.file.name, "rb") as content:
            found = text_of_file(content.file, document.media_type)
    except FileNotFoundError:
        found = FileText(LOST)
    if found.problem:
        logger.info("the words of document %s cannot be found: %s", document.pk, found.problem)
    with transaction.atomic():
        row = DocumentText.objects.create(document=document, problem=found.problem, is_cut=found.is_cut, read_at=now)
        DocumentPart.objects.bulk_create(
            DocumentPart(document=document, number=number, place=place, text=text)
            for number, (place, text) in enumerate(found.parts, 1)
        )
    return row
