"""Draft, review, approval, lock, and back with a reason: values of one indicator, one or a whole period at once."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.core.exceptions import ValidationError

from engagements.access.errors import NotFound
from engagements.access.plans import indicator_for, visible_values
from engagements.access.roles import people_with, permissions_in
from engagements.base.audited_transaction import add_activity, audited_transaction, notify
from engagements.base.editing import change, lock
from engagements.indicators.actions.value_entries import entered_line
from engagements.indicators.queries.review import value_content
from engagements.models import Indicator, IndicatorValue, Notification, User
from engagements.permissions import APPROVE_INDICATOR, REVIEW_INDICATOR, VIEW_INDICATOR, VIEW_PUBLISHED
from engagements.reviews.actions import APPROVED, SENT_BACK, record_decision
from engagements.reviews.rules.checklists import VALUE as CHECKLIST
from engagements.reviews.rules.checklists import Answer
from engagements.workflow import INDICATOR_VALUE, VALUE_CHANGE_REASONS, MoveRefused

ASSIGNED, CHANGED = Notification.Kind.ASSIGNMENT, Notification.Kind.CHANGE
REVIEWED = "reviewed"  # an expert's word beside the status: it stays in review until a lead approves
CHANGED_MEANWHILE = "A value changed since you read it: read it again before you decide."


class ValuesChangedMeanwhile(ValidationError):
    """`versions`: of the values as they are now, by id."""

    def __init__(self, versions: dict[int, int]):
        super().__init__(CHANGED_MEANWHILE)
        self.versions = versions


def move_values(
    *,
    indicator: int,
    values: dict[int, int],
    status: str,
    by: User,
    now: datetime,
    reason: str = "",
    words: str = "",
    answers: Collection[Answer] = (),
) -> tuple[IndicatorValue, ...]:
    """`values`: the version one saw by id; all of one status, all or none.

    `answers`: of the checklist, complete to approve what is in review.
    Reopening what was approved needs a `reason` of VALUE_CHANGE_REASONS, “other” also `words`. Nobody approves what
    they entered themselves. Raises NotFound, ValuesChangedMeanwhile for other versions, ValidationError by field.
    """
    seen = indicator_for(by, indicator, VIEW_INDICATOR)
    with audited_transaction(by, words or dict(VALUE_CHANGE_REASONS).get(reason, "")):
        rows = _rows(seen, values, by)
        before = rows[0].status
        try:
            INDICATOR_VALUE.check_move(before, status, permissions_in(by, seen.engagement_id))
        except MoveRefused as refused:
            raise ValidationError({"status": str(refused)}) from refused
        if before == status:
            return rows
        reopens = before == "approved" and status == "draft"
        if reopens:
            _check_reason(reason, words)
        if status == "in_review":
            _check_uncertainty(seen, rows)
        if status == "approved" and before == "in_review":
            _check_other(rows, by, "approved")
        if before == "in_review":
            _record(seen, rows, status, answers, words, by, now)
        for row in rows:
            change(row, _wanted(row, before, status, reason if reopens else "", words, by, now), values[row.pk])
        add_activity(
            by=by,
            now=now,
            verb="reopened" if reopens else "moved",
            thing=seen,
            engagement_id=seen.engagement_id,
            changes={"status": (before, status)},
            line=_which(rows),
            why=_why(reason, words) if reopens else words,
        )
        _notify_next(seen, rows, before, status, by, now)
    return rows


def review_values(
    *,
    indicator: int,
    values: dict[int, int],
    by: User,
    now: datetime,
    words: str = "",
    answers: Collection[Answer] = (),
) -> tuple[IndicatorValue, ...]:
    """Somebody who may review read them and answered the checklist; a lead approves. Not one's own.

    Raises NotFound, Conflict, ValidationError.
    """
    seen = indicator_for(by, indicator, REVIEW_INDICATOR)
    with audited_transaction(by, words):
        rows = _rows(seen, values, by)
        if rows[0].status != "in_review":
            raise ValidationError({"status": "Only a value in review is reviewed."})
        _check_other(rows, by, "reviewed")
        _record(seen, rows, REVIEWED, answers, words, by, now)
        for row in rows:
            change(row, {"reviewed_by": by, "reviewed_at": now}, values[row.pk])
        add_activity(
            by=by, now=now, verb="reviewed", thing=seen, engagement_id=seen.engagement_id, line=_which(rows), why=words
        )
        approvers = people_with(seen.engagement, APPROVE_INDICATOR)
        notify(
            approvers,
            ASSIGNED,
            thing=seen,
            engagement=seen.engagement_id,
            line=f"To approve: {_named(seen, rows)}",
            by=by,
            now=now,
        )
    return rows


def _record(
    indicator: Indicator,
    rows: tuple[IndicatorValue, ...],
    moved_to: str,
    answers: Collection[Answer],
    why: str,
    by: User,
    now: datetime,
) -> None:
    """The same answers for each value that is decided about."""
    for row in rows:
        record_decision(
            kind=CHECKLIST,
            subject=row,
            engagement=indicator.engagement_id,
            outcome=SENT_BACK if moved_to == "draft" else APPROVED,
            moved_to=moved_to,
            answers=answers,
            content=value_content(row, indicator),
            why=why,
            by=by,
            now=now,
        )


def _rows(indicator: Indicator, values: dict[int, int], by: User) -> tuple[IndicatorValue, ...]:
    """Locked, in the state somebody saw them in."""
    if not values:
        raise ValidationError({"status": "Choose the values it is about."})
    lock(indicator)
    found = visible_values(by).filter(indicator=indicator, pk__in=values)
    rows = tuple(IndicatorValue.objects.select_for_update().filter(pk__in=found.values("pk")).order_by("pk"))
    if not rows or len(rows) < len(values):
        raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
    if len({row.status for row in rows}) > 1:
        raise ValidationError({"status": "These values are not of one status."})
    if any(row.version != values[row.pk] for row in rows):
        raise ValuesChangedMeanwhile({row.pk: row.version for row in rows})
    return rows


def _check_reason(reason: str, words: str) -> None:
    if reason not in dict(VALUE_CHANGE_REASONS):
        raise ValidationError({"reason": "Choose why an approved value is opened again."})
    if reason == "other" and not words.strip():
        raise ValidationError({"words": "Say in words what “other” is."})


def _check_uncertainty(indicator: Indicator, rows: tuple[IndicatorValue, ...]) -> None:
    if not indicator.no_interval_reason.strip() and any(row.low is None for row in rows):
        raise ValidationError(
            "Each value needs its interval, or the indicator the reason for none, for example “a full count”."
        )


def _check_other(rows: tuple[IndicatorValue, ...], by: User, done: str) -> None:
    if any(row.entered_by_id == by.pk for row in rows):
        raise ValidationError({"status": f"You entered this yourself: it is {done} by someone else."})


def _wanted(
    row: IndicatorValue, before: str, status: str, reason: str, words: str, by: User, now: datetime
) -> dict[str, object]:
    wanted: dict[str, object] = {"status": status}
    if status == "approved" and before == "in_review":
        wanted |= {"approved_by": by, "approved_at": now}
    if status == "draft":
        wanted |= {"reviewed_by": None, "reviewed_at": None, "approved_by": None, "approved_at": None}
    if reason:
        wanted |= {"revision": row.revision + 1, "change_reason": reason, "change_words": words.strip()}
    return wanted


def _notify_next(
    indicator: Indicator, rows: tuple[IndicatorValue, ...], before: str, status: str, by: User, now: datetime
) -> None:
    """One notification a person, however many values move."""
    writers = {row.entered_by_id for row in rows}
    said = _named(indicator, rows)
    told: list[tuple[Iterable[User | int], Notification.Kind, str]]
    if status == "in_review" and before == "draft":
        told = [(people_with(indicator.engagement, REVIEW_INDICATOR), ASSIGNED, f"To review: {said}")]
    elif status == "draft":
        told = [(writers, ASSIGNED, f"{'Opened again' if before == 'approved' else 'Back to you'}: {said}")]
    elif status == "approved" and before == "in_review":
        told = [(people_with(indicator.engagement, VIEW_PUBLISHED), CHANGED, f"Approved: {said}")]
    else:
        return
    for people, kind, line in told:
        notify(people, kind, thing=indicator, engagement=indicator.engagement_id, line=line, by=by, now=now)


def _named(indicator: Indicator, rows: tuple[IndicatorValue, ...]) -> str:
    return f"{indicator.name}, {_which(rows)}"


def _which(rows: tuple[IndicatorValue, ...]) -> str:
    periods = sorted({(row.period_start, row.period_end) for row in rows})
    group = rows[0].category if len(rows) == 1 else ""
    first = entered_line(*periods[0], len(rows), group)
    return first if len(periods) == 1 else f"{first} of {len(periods)} periods"


def _why(reason: str, words: str) -> str:
    label = dict(VALUE_CHANGE_REASONS)[reason]
    return f"{label}: {words.strip()}" if words.strip() else label
