"""Comments, whom they mention, and who may read them."""

import re
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from engagements import limits
from engagements.access.discussion import comment_for, request_for, update_for, visible_comments
from engagements.access.engagements import engagement_for, milestone_for
from engagements.access.errors import NotFound, first_or_not_found
from engagements.access.plans import plan_for
from engagements.access.results import result_for
from engagements.access.roles import people_with
from engagements.base.audited_transaction import (
    add_activity,
    audited_transaction,
    begin_idempotent,
    complete_idempotent,
    notify,
)
from engagements.base.editing import change, lock, validate
from engagements.discussion.actions.documents import check_level
from engagements.models import COMMENT_SECTIONS, Comment, Engagement, Notification, User
from engagements.permissions import VIEW_OF, VIEW_PLAN, VIEW_PUBLISHED, VIEW_RESULT, Visibility

_MENTION = re.compile(r"(?<!\S)@([\w.+-]+@[\w-]+(?:\.[\w-]+)+)")


def add_comment(
    *,
    engagement: int | str,
    body: str,
    visibility: str,
    by: User,
    now: datetime,
    milestone: int | None = None,
    update: int | None = None,
    request: int | None = None,
    plan: int | None = None,
    result: int | None = None,
    section: str = "",
    mentions: Iterable[int] = (),
    submission: UUID | None = None,
) -> Comment:
    """Mentioned are `mentions` and every “@name@example.org” and “@Whole Name” of the body, if they may read it.

    `section`: of COMMENT_SECTIONS, for a comment on a plan, an update or a result.

    Raises NotFound, NotAllowed for a level one may not write at, ValidationError by field.
    """
    _check_length(body)
    within = engagement_for(by, engagement, VIEW_PUBLISHED)
    check_level(by, within.pk, visibility)
    about = {
        "milestone": milestone_for(by, milestone, VIEW_PUBLISHED) if milestone else None,
        "update": update_for(by, update) if update else None,
        "request": request_for(by, request) if request else None,
        "plan": plan_for(by, plan, VIEW_PLAN) if plan else None,
        "result": result_for(by, result, VIEW_RESULT) if result else None,
    }
    kinds = [name for name, thing in about.items() if thing is not None]
    if section and not any(section in dict(COMMENT_SECTIONS.get(name, ())) for name in kinds):
        raise ValidationError({"section": "There is no such section here."})
    if sum(thing is not None for thing in about.values()) > 1:
        raise ValidationError("A comment is about one thing.")
    if any(thing is not None and thing.engagement_id != within.pk for thing in about.values()):
        raise ValidationError("What the comment is about is of another engagement.")
    with audited_transaction(by):
        claimed = begin_idempotent(by, "add_comment", submission)
        if claimed.object_id:
            return Comment.objects.get(pk=claimed.object_id)
        comment = Comment(
            engagement=within,
            visibility=visibility,
            body=body.strip(),
            author=by,
            created_at=now,
            section=section,
            **about,
        )
        validate(comment, {"body", "visibility"})
        comment.save(force_insert=True)
        _mention(comment, within, mentions, by, now)
        named = (about["milestone"], about["update"], about["plan"], about["result"])
        subject = next((str(thing) for thing in named if thing), "the engagement")
        add_activity(
            by=by,
            now=now,
            verb="commented",
            thing=comment,
            engagement_id=within.pk,
            title=subject,
            visibility=visibility,
        )
        complete_idempotent(claimed, comment)
    return comment


def _check_length(body: str) -> None:
    """Forms and the API look at it too; a reply by mail comes past both. Raises ValidationError."""
    if len(body.strip()) > limits.BODY:
        raise ValidationError(
            {"body": f"{len(body.strip()):,} characters; at most {limits.BODY:,} fit into a comment."}
        )


def change_comment(
    *, comment: int, body: str, expected_version: int, by: User, now: datetime, mentions: Iterable[int] = ()
) -> Comment:
    """By its author; people newly mentioned are notified. Raises NotFound, NotAllowed, Conflict, ValidationError."""
    _check_length(body)
    seen = comment_for(by, comment)
    with audited_transaction(by):
        row = lock(seen)
        if change(row, {"body": body.strip()}, expected_version):
            _mention(row, row.engagement, mentions, by, now)
    return row


def mark_comment_read(*, comment: int, by: User, now: datetime) -> Comment:
    """Marks the mentions of this reader as read: the comment is no longer a task of theirs. Raises NotFound."""
    found = visible_comments(by).select_related("engagement").filter(pk=comment).first()
    if found is None:
        raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
    waiting = Notification.objects.filter(user_id=by.pk, noun="comment", object_id=found.pk, seen_at=None)
    waiting.update(seen_at=now)
    return found


def settle_comment(*, comment: int, is_settled: bool, by: User, now: datetime) -> Comment:
    """What it asks for is done, or is open again: by whoever may write at its level there.

    A second click finds it done. Raises NotFound, NotAllowed.
    """
    seen = first_or_not_found(visible_comments(by).filter(pk=comment).select_related("engagement"))
    check_level(by, seen.engagement_id, seen.visibility)
    with audited_transaction(by, "settled" if is_settled else "opened again"):
        row = lock(seen)
        if (row.settled_at is not None) != is_settled:
            stamp: dict[str, object] = {"settled_at": now, "settled_by": by} if is_settled else {}
            change(row, stamp or {"settled_at": None, "settled_by": None}, None)
            if is_settled:
                line = f"Settled: {row.body}"
                kind = Notification.Kind.CHANGE
                notify([row.author_id], kind, thing=row, engagement=row.engagement_id, line=line, by=by, now=now)
    return row


def archive_comment(*, comment: int, expected_version: int, by: User, now: datetime, why: str = "") -> Comment:
    """Raises NotFound, NotAllowed, Conflict, ValidationError."""
    seen = comment_for(by, comment)
    with audited_transaction(by, why):
        row = lock(seen)
        change(row, {"archived_at": now, "archived_by": by}, expected_version)
    return row


def _mention(comment: Comment, engagement: Engagement, mentions: Iterable[int], by: User, now: datetime) -> None:
    readers = people_with(engagement, VIEW_OF[Visibility(comment.visibility)])
    for drafts, permission in ((comment.plan_id, VIEW_PLAN), (comment.result_id, VIEW_RESULT)):
        if drafts:
            readers = readers.filter(pk__in=people_with(engagement, permission).values("pk"))
    named = {address.lower() for address in _MENTION.findall(comment.body)}
    found = set(readers.filter(email__in=named)) | set(readers.filter(pk__in=list(mentions)))
    found |= _people_named(comment.body, readers)
    new = found - set(comment.mentions.all())
    comment.mentions.add(*new)
    notify(new, Notification.Kind.MENTION, thing=comment, engagement=engagement, line=comment.body, by=by, now=now)


def _people_named(body: str, readers: QuerySet[User]) -> set[User]:
    """People named in full after an “@”; of two names that fit, the longer one."""
    if "@" not in body:
        return set()
    by_name: dict[str, list[User]] = {}
    for person in readers.exclude(name=""):
        by_name.setdefault(person.name.casefold(), []).append(person)
    if not by_name:
        return set()
    longest_first = "|".join(re.escape(name) for name in sorted(by_name, key=len, reverse=True))
    called = re.findall(rf"(?<!\S)@({longest_first})(?!\w)", body.casefold())
    return {person for name in called for person in by_name[name]}
