"""Keeping what a reviewer decided. Who may decide, and what follows, the thing's own move says."""

from collections.abc import Collection, Iterable
from dataclasses import asdict
from datetime import datetime

from django.core.exceptions import ValidationError

from engagements import limits
from engagements.models import COMMENT_SECTIONS, Comment, ReviewDecision, User
from engagements.models.abstract import Versioned
from engagements.reviews.rules.changes import ReviewedField, keep
from engagements.reviews.rules.checklists import Answer, answered, check, checklist

APPROVED, SENT_BACK = ReviewDecision.Outcome.APPROVED, ReviewDecision.Outcome.SENT_BACK


def record_decision(
    *,
    kind: str,
    subject: Versioned,
    engagement: int | None,
    outcome: ReviewDecision.Outcome,
    moved_to: str,
    content: Iterable[ReviewedField],
    by: User,
    now: datetime,
    answers: Collection[Answer] = (),
    why: str = "",
    needs_checklist: bool = True,
) -> ReviewDecision:
    """Within the transaction of the move and before it: `subject` still has the version that was read.

    `needs_checklist`: false for an approval that rests on somebody else's answers. Raises ValidationError by field.
    """
    asked = checklist(kind)
    if needs_checklist:
        refuse(check(asked, answers, is_approval=outcome == APPROVED))
    decision = ReviewDecision(
        engagement_id=engagement,
        outcome=outcome,
        moved_to=moved_to,
        seen_version=subject.version,
        checklist_version=asked.version,
        answers=[asdict(point) for point in answered(asked, answers)] if needs_checklist else [],
        content=keep(content),
        open_comments=open_comments(kind, subject.pk),
        why=why.strip()[: limits.WHY],
        decided_by=by,
        decided_at=now,
        **{f"{kind}_id": subject.pk},
    )
    decision.save(force_insert=True)
    return decision


def open_comments(kind: str, pk: int) -> int:
    """Comments on it that nobody settled, whoever may read them."""
    if kind not in COMMENT_SECTIONS:
        return 0
    return Comment.objects.filter(**{kind: pk}, settled_at=None, archived_at=None).count()


def refuse(problems: Iterable[tuple[str, str]]) -> None:
    """Raises ValidationError by field."""
    by_field: dict[str, list[str]] = {}
    for name, sentence in problems:
        by_field.setdefault(name, []).append(sentence)
    if by_field:
        raise ValidationError(by_field)
