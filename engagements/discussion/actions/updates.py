"""Writing, reviewing, approving and publishing quarterly updates."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from engagements.access.discussion import update_for
from engagements.access.engagements import engagement_for
from engagements.access.roles import people_with, permissions_in
from engagements.base.audited_transaction import (
    add_activity,
    audited_transaction,
    begin_idempotent,
    complete_idempotent,
    notify,
)
from engagements.base.editing import change, lock, validate
from engagements.discussion.queries.update_versions import update_content
from engagements.models import Activity, Notification, PublishedUpdate, QuarterlyUpdate, User
from engagements.models.updates import UPDATE_TEXTS
from engagements.permissions import APPROVE_UPDATE, EDIT_UPDATE, REVIEW_UPDATE, VIEW_PUBLISHED, VIEW_TEAM, Visibility
from engagements.reviews.actions import APPROVED, SENT_BACK, record_decision
from engagements.reviews.rules.checklists import UPDATE as UPDATE_CHECKLIST
from engagements.reviews.rules.checklists import Answer
from engagements.workflow import UPDATE, UPDATE_EDITABLE, MoveRefused


def start_update(
    *,
    engagement: int | str,
    year: int,
    quarter: int,
    by: User,
    now: datetime,
    texts: dict[str, str] | None = None,
    submission: UUID | None = None,
) -> QuarterlyUpdate:
    """A draft; one per quarter. `texts` of UPDATE_TEXTS. Raises NotFound, ValidationError by field."""
    within = engagement_for(by, engagement, EDIT_UPDATE)
    if quarter not in (1, 2, 3, 4) or not 2000 <= year <= now.year + 1:
        raise ValidationError({"quarter": "Choose a quarter between 2000 and next year."})
    with audited_transaction(by):
        claimed = begin_idempotent(by, "start_update", submission)
        if claimed.object_id:
            return QuarterlyUpdate.objects.get(pk=claimed.object_id)
        update = QuarterlyUpdate(engagement=within, year=year, quarter=quarter, written_by=by, **_texts(texts or {}))
        validate(update, UPDATE_TEXTS)
        try:
            with transaction.atomic():
                update.save(force_insert=True)
        except IntegrityError as taken:
            raise ValidationError({"quarter": f"The update of Q{quarter} {year} is there already."}) from taken
        add_activity(by=by, now=now, verb="started", thing=update, engagement_id=within.pk)
        complete_idempotent(claimed, update)
    return update


def change_update(
    *, update: int, texts: dict[str, str], expected_version: int, by: User, now: datetime
) -> QuarterlyUpdate:
    """Its words, while it is a draft or in review. Raises NotFound, Conflict, ValidationError.

    Kept every few seconds while somebody types, it is one line of the feed an hour.
    """
    seen = update_for(by, update, EDIT_UPDATE)
    with audited_transaction(by):
        row = lock(seen)
        if row.status not in UPDATE_EDITABLE:
            raise ValidationError("An approved update is changed after it went back to draft.")
        done = change(row, _texts(texts), expected_version)
        if done and not _is_told(row, by, now):
            add_activity(by=by, now=now, verb="changed", thing=row, engagement_id=row.engagement_id, changes=done)
    return row


def move_update(
    *,
    update: int,
    status: str,
    expected_version: int,
    by: User,
    now: datetime,
    why: str = "",
    answers: Collection[Answer] = (),
) -> QuarterlyUpdate:
    """To review, back, approved, published. Approved is what was read: another version is refused.

    To approve, every point of the checklist has its answer. Publishing copies the words; funders read the copy.

    Raises NotFound, ValidationError by field.
    """
    seen = update_for(by, update, VIEW_TEAM)
    with audited_transaction(by, why):
        row = lock(seen)
        before = row.status
        try:
            UPDATE.check_move(before, status, permissions_in(by, row.engagement_id))
        except MoveRefused as refused:
            raise ValidationError({"status": str(refused)}) from refused
        if row.version != expected_version:
            raise ValidationError("Its words changed since you read it: read it again before you decide.")
        wanted: dict[str, object] = {"status": status}
        if before == "in_review" and status in ("draft", "approved"):
            if status == "approved" and not any(getattr(row, name).strip() for name in UPDATE_TEXTS):
                raise ValidationError("There are no words to approve.")
            wanted |= {"reviewed_by": by, "reviewed_at": now}
            record_decision(
                kind=UPDATE_CHECKLIST,
                subject=row,
                engagement=row.engagement_id,
                outcome=APPROVED if status == "approved" else SENT_BACK,
                moved_to=status,
                answers=answers,
                content=update_content(row),
                why=why,
                by=by,
                now=now,
            )
        if status == "approved":
            wanted |= {"approved_by": by, "approved_at": now}
        if status == "published" and before != "published":
            wanted["published_at"] = now
            assert row.approved_by_id is not None, "only what was approved can be published"
            PublishedUpdate.objects.create(
                update=row,
                number=row.publications.count() + 1,
                approved_by_id=row.approved_by_id,
                published_at=now,
                **{name: getattr(row, name) for name in UPDATE_TEXTS},
            )
        change(row, wanted, expected_version)
        add_activity(
            by=by,
            now=now,
            verb="published" if status == "published" else "moved",
            thing=row,
            engagement_id=row.engagement_id,
            changes={"status": (before, status)} if status != "published" else {},
            why=why if status != "published" else "",
            visibility=Visibility.ALL.value if status == "published" else Visibility.TEAM.value,
        )
        _notify_next(row, before, status, by, now)
    return row


def archive_update(*, update: int, expected_version: int, by: User, now: datetime, why: str) -> QuarterlyUpdate:
    """Raises NotFound, Conflict, ValidationError."""
    seen = update_for(by, update, APPROVE_UPDATE)
    with audited_transaction(by, why):
        row = lock(seen)
        change(row, {"archived_at": now, "archived_by": by}, expected_version)
        add_activity(by=by, now=now, verb="archived", thing=row, engagement_id=row.engagement_id, why=why)
    return row


def _is_told(row: QuarterlyUpdate, by: User, now: datetime) -> bool:
    """Whether the feed has a line within the hour that this person began or changed this draft."""
    since = now - timedelta(hours=1)
    lines = Activity.objects.filter(noun="quarterlyupdate", object_id=row.pk, by=by, at__gte=since, at__lte=now)
    return row.status == "draft" and lines.filter(verb__in=["started", "changed"]).exists()


def _texts(texts: dict[str, str]) -> dict[str, str]:
    unknown = set(texts) - set(UPDATE_TEXTS)
    if unknown:
        raise ValidationError(f"Not a part of an update: {', '.join(sorted(unknown))}.")
    return {name: text.strip() for name, text in texts.items()}


def _notify_next(row: QuarterlyUpdate, before: str, status: str, by: User, now: datetime) -> None:
    readers: Iterable[User | int | None]
    if status == "in_review" and before == "draft":
        readers = people_with(row.engagement, REVIEW_UPDATE)
        kind, line = Notification.Kind.ASSIGNMENT, f"To review: update of {row}"
    elif status == "draft" and before == "in_review":
        readers, kind, line = [row.written_by_id], Notification.Kind.ASSIGNMENT, f"Back to you: update of {row}"
    elif status == "published":
        readers, kind = people_with(row.engagement, VIEW_PUBLISHED), Notification.Kind.CHANGE
        line = f"Published: update of {row}"
    else:
        return
    notify(readers, kind, thing=row, engagement=row.engagement_id, line=line, by=by, now=now)
