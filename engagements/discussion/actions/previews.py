"""Drawing the previews that are missing: by the worker, one document after another."""

import logging
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction

from atlas.ingest import locks
from engagements.base.fair_order import fair_order
from engagements.discussion.previews.drawing import Preview, draw_preview
from engagements.discussion.previews.reasons import LOST, SHOWN
from engagements.models import Document, DocumentPreview

logger = logging.getLogger(__name__)

AT_ONCE = 40
MOST_LOOKED_AT = 2000
_LOCK = "document previews"


def make_missing_previews(*, now: datetime, at_most: int = AT_ONCE) -> int:
    """Of the documents people may open; how many were drawn. A second worker leaves at once.

    Everybody's newest first, then everybody's next: who brings a hundred keeps nobody else waiting.
    """
    if not locks.try_lock(locks.JOB, _LOCK):
        return 0
    try:
        waiting = Document.objects.filter(preview=None, archived_at=None, media_type__in=SHOWN)
        newest = waiting.order_by("-uploaded_at", "-pk").values_list("pk", "uploaded_by_id")[:MOST_LOOKED_AT]
        turns = fair_order(newest)[:at_most]
        found = [row for row in map(Document.objects.in_bulk(turns).get, turns) if row is not None]
        for document in found:
            make_preview(document, now=now)
        return len(found)
    finally:
        locks.unlock(locks.JOB, _LOCK)


def make_preview(document: Document, *, now: datetime) -> DocumentPreview:
    """Drawn once; why not is kept just the same, so that a hostile file is tried once."""
    try:
        with document.file.storage.open(document.file.name, "rb") as content:
            drawn = draw_preview(content.file, document.media_type)
    except FileNotFoundError:
        drawn = Preview(LOST)
    if drawn.problem:
        logger.info("document %s has no preview: %s", document.pk, drawn.problem)
    row = DocumentPreview(document=document, problem=drawn.problem, width=drawn.width, height=drawn.height, made_at=now)
    if not drawn.problem:
        row.large.save("", ContentFile(drawn.large), save=False)
        row.small.save("", ContentFile(drawn.small), save=False)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except BaseException:
        for kept in (row.large, row.small):
            if kept:
                kept.storage.delete(kept.name)
        raise
    return row
