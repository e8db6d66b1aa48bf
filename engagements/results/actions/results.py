"""Writing, correcting, reviewing, publishing and retracting results.

What was published is corrected as a draft; until somebody else has reviewed that, everybody reads what was published.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q, Value
from django.db.models.functions import Lower
from django.db.models.lookups import Exact

from engagements.access.discussion import visible_documents
from engagements.access.engagements import engagement_for
from engagements.access.results import result_for
from engagements.access.roles import people_with, permissions_in
from engagements.base.audited_transaction import (
    add_activity,
    audited_transaction,
    begin_idempotent,
    complete_idempotent,
    notify,
)
from engagements.base.editing import change, lock
from engagements.models import (
    Engagement,
    Notification,
    Pilot,
    PilotResult,
    Project,
    ReplyRequest,
    Result,
    ResultPublication,
    ReviewDecision,
    User,
)
from engagements.permissions import EDIT_RESULT, REVIEW_RESULT, VIEW_RESULT
from engagements.results.actions.refusals import refuse
from engagements.results.queries.rows import began_on, fields_of
from engagements.results.queries.words import result_content
from engagements.results.records import DOCUMENT, NUMBERS, RESULT_COLUMNS, ResultFields, plain_parts, to_content
from engagements.results.rules.checks import first_day, validate
from engagements.results.rules.replies import is_settled
from engagements.results.rules.sentences import public_sentence
from engagements.reviews.actions import APPROVED, SENT_BACK, record_decision
from engagements.reviews.rules.checklists import RESULT as CHECKLIST
from engagements.reviews.rules.checklists import YES, Answer
from engagements.workflow import RESULT, MoveRefused

CHANGEABLE = frozenset(RESULT_COLUMNS)
UNANSWERED = (
    "The city has not replied to this sentence yet. Ask its contact first. "
    "After ten business days without a reply you can publish."
)


# What a result has from its pilot's analysis: another analysis changes it, nobody's hand.
AS_FOUND = frozenset(
    (*NUMBERS, "finding", "outcome", "unit", "wanted", "scale", "design", "verdict", "own_data", "arms", "participants")
)


def add_result(
    *,
    engagement: int | str,
    fields: ResultFields,
    by: User,
    now: datetime,
    submission: UUID | None = None,
    sentence: str = "",
) -> Result:
    """A draft. `engagement`: id or slug. `sentence`: of a pilot, as the rule of verdicts wrote it.

    Raises NotFound, ValidationError by field.
    """
    within = engagement_for(by, engagement, EDIT_RESULT)
    with audited_transaction(by):
        claimed = begin_idempotent(by, "add_result", submission)
        if claimed.object_id:
            return Result.objects.get(pk=claimed.object_id)
        lock(within)  # two people who write the same one at once
        _check(within, fields, by, now)
        row = Result(
            engagement=within,
            written_by=by,
            created_at=now,
            is_fictional=within.is_fictional,
            sentence=sentence or public_sentence(fields),
            **columns_of(fields),
        )
        row.save(force_insert=True)
        add_activity(by=by, now=now, verb="added", thing=row, engagement_id=within.pk)
        complete_idempotent(claimed, row)
    return row


def change_result(
    *, pk: int, changes: dict[str, Any], expected_version: int, by: User, now: datetime, why: str = ""
) -> Result:
    """`changes`: of ResultFields. Of what was published this is a correction, a draft with its reason.

    Raises NotFound, Conflict, ValidationError by field.
    """
    if unknown := set(changes) - CHANGEABLE:
        raise ValidationError(f"Not a part of a result: {', '.join(sorted(unknown))}.")
    seen = result_for(by, pk, EDIT_RESULT)
    with audited_transaction(by, why):
        lock(seen.engagement)  # two people who make two results the same at once
        row = lock(seen)
        if row.status == "in_review":
            raise ValidationError("It is in review. The reviewer can send it back to draft.")
        is_public = row.status in ("published", "retracted")
        if is_public and not why.strip():
            raise ValidationError({"why": "Say what was wrong: the correction is public."})
        if row.status == "retracted" and REVIEW_RESULT not in permissions_in(by, row.engagement_id):
            raise ValidationError("It was retracted. An expert can open it again.")
        is_of_pilot = PilotResult.objects.filter(result=row).exists()
        if is_of_pilot and AS_FOUND & {name for name in changes if changes[name] != getattr(fields_of(row), name)}:
            raise ValidationError("A pilot’s analysis says this. Write the result again from another analysis.")
        wanted = columns_of(replace(fields_of(row), **changes))
        parts = {*changes, "reported_on"} if "reported_precision" in changes else set(changes)
        wanted = {name: value for name, value in wanted.items() if name.removesuffix("_id") in parts}

        def check(names: set[str]) -> None:
            fields = fields_of(row)
            _check(row.engagement, fields, by, now, row.pk)
            row.sentence = row.sentence if is_of_pilot else public_sentence(fields)
            row.status, row.written_by = RESULT.first, by
            row.reviewed_by, row.reviewed_at = None, None

        done = change(row, wanted, expected_version, check, also=_WITH_WORDS)
        if done:
            add_activity(
                by=by,
                now=now,
                verb="changed",
                thing=row,
                engagement_id=row.engagement_id,
                why=why,
                changes={name: (_plain(a), _plain(b)) for name, (a, b) in done.items()},
            )
    return row


_WITH_WORDS = ("sentence", "status", "written_by", "reviewed_by", "reviewed_at")


def move_result(
    *,
    pk: int,
    status: str,
    expected_version: int,
    by: User,
    now: datetime,
    why: str = "",
    answers: Collection[Answer] = (),
) -> Result:
    """Hand in, send back, publish or retract. Another version than the one that was read is refused.

    To publish: a yes to every point of the checklist, not one's own words, and the city was asked about this sentence.
    Raises NotFound, ValidationError by field.
    """
    seen = result_for(by, pk, VIEW_RESULT)
    with audited_transaction(by, why):
        row = lock(seen)
        before = row.status
        try:
            RESULT.check_move(before, status, permissions_in(by, row.engagement_id))
        except MoveRefused as refused:
            raise ValidationError({"status": str(refused)}) from refused
        if row.version != expected_version:
            raise ValidationError("Its words changed since you read them. Read them again before you decide.")
        if status == before:
            return row
        going_back = (before, status) in (("in_review", "draft"), ("published", "retracted"), ("retracted", "draft"))
        if (going_back or before == "published") and not why.strip():
            raise ValidationError({"why": "Say why."})
        wanted: dict[str, object] = {"status": status}
        if status == "published":
            _check_other(row, by)
            wanted |= {"reviewed_by": by, "reviewed_at": now}
        decision = None
        if before == "in_review":
            decision = record_decision(
                kind=CHECKLIST,
                subject=row,
                engagement=row.engagement_id,
                outcome=APPROVED if status == "published" else SENT_BACK,
                moved_to=status,
                answers=answers,
                content=result_content(fields_of(row)),
                why=why,
                by=by,
                now=now,
            )
        if status == "published":
            _check_asked(row, now)
        if status == "draft":
            wanted |= {"reviewed_by": None, "reviewed_at": None}
        if status == "draft" and before != "in_review":
            wanted["written_by"] = by
        if status == "retracted":
            wanted |= {"reviewed_by": by, "reviewed_at": now}
            if row.written_by_id == by.pk:
                raise ValidationError("You wrote this. Someone else retracts it.")
        change(row, wanted, expected_version)
        if status in ("published", "retracted"):
            _publish(row, by, now, why, decision)
        if status == "published":
            _publish_pilot(row)
        add_activity(
            by=by,
            now=now,
            verb="moved",
            thing=row,
            engagement_id=row.engagement_id,
            why=why,
            changes={"status": (before, status)},
        )
        _tell(row, before, by, now)
    return row


def archive_result(*, pk: int, expected_version: int, by: User, now: datetime, why: str) -> Result:
    """Only what was never published; a published result is retracted. Raises NotFound, Conflict, ValidationError."""
    seen = result_for(by, pk, EDIT_RESULT)
    if not why.strip():
        raise ValidationError({"why": "Say why."})
    with audited_transaction(by, why):
        row = lock(seen)
        if row.publications.exists():
            raise ValidationError("It was published. Retract it: then everyone can read why.")
        change(row, {"archived_at": now, "archived_by": by}, expected_version)
        add_activity(by=by, now=now, verb="archived", thing=row, engagement_id=row.engagement_id, why=why)
    return row


def columns_of(fields: ResultFields) -> dict[str, Any]:
    """The columns of a row: money in cents, parts as JSON, texts without space around."""
    made: dict[str, Any] = {
        name: value.strip() if isinstance(value, str) else value for name, value in vars(fields).items()
    }
    made["project_id"] = made.pop("project")
    made["arms"], made["sources"] = plain_parts(fields.arms), plain_parts(fields.sources)
    if fields.reported_on is not None:
        made["reported_on"] = first_day(fields.reported_on, fields.reported_precision)
    if made["cost_usd"] is not None:
        made["cost_usd"] = Decimal(repr(made["cost_usd"])).quantize(Decimal("0.01"))
    return made


def _check(engagement: Engagement, fields: ResultFields, by: User, now: datetime, pk: int | None = None) -> None:
    """Raises ValidationError by field."""
    problems = validate(fields, begins_on=began_on(engagement), today=now.date())
    if fields.project is not None:
        of_it = Project.objects.filter(pk=fields.project, engagement_id=engagement.pk, archived_at=None)
        if not of_it.exists():
            problems.append(("project", "Choose a project of this engagement."))
    documents = {one.document for one in fields.sources if one.kind == DOCUMENT and one.document is not None}
    known = set(
        visible_documents(by).filter(engagement_id=engagement.pk, pk__in=documents).values_list("pk", flat=True)
    )
    problems += [
        (f"sources.{number}.document", "Choose a document of this engagement.")
        for number, one in enumerate(fields.sources)
        if one.document is not None and one.document not in known
    ]
    same = Result.objects.filter(
        engagement_id=engagement.pk,
        project=fields.project,
        archived_at=None,
    ).filter(*(Exact(Lower(name), Lower(Value(getattr(fields, name).strip()))) for name in ("outcome", "finding")))
    if (same.exclude(pk=pk) if pk else same).exists():
        problems.append(("finding", "This finding on this outcome is recorded already."))
    refuse(problems)


def _check_other(row: Result, by: User) -> None:
    """Raises ValidationError."""
    if row.written_by_id == by.pk:
        raise ValidationError("You wrote this. Someone else reviews it.")
    tested = PilotResult.objects.filter(result=row)
    if tested.filter(Q(analysis__asked_by=by) | Q(pilot__versions__locked_by=by)).exists():
        raise ValidationError("You registered or analyzed this pilot. Someone else approves its verdict.")


def _check_asked(row: Result, now: datetime) -> None:
    """Raises ValidationError."""
    asked = ReplyRequest.objects.filter(result=row, sentence=row.sentence, archived_at=None).first()
    if row.written_by_id and not (asked and is_settled(asked.answer, asked.due_on, now.date())):
        raise ValidationError(UNANSWERED)


def _publish(row: Result, by: User, now: datetime, why: str, decision: ReviewDecision | None) -> None:
    """What was retracted was approved under another decision: its publication keeps none."""
    number = row.publications.count() + 1
    kind = "retracted" if row.status == "retracted" else "corrected" if number > 1 else "published"
    ResultPublication.objects.create(
        result=row,
        number=number,
        kind=kind,
        content=to_content(fields_of(row)),
        sentence=row.sentence,
        why=why or ("Corrected after review." if kind == "corrected" else ""),
        checklist=[point["statement"] for point in decision.answers if point["answer"] == YES] if decision else [],
        published_by=by,
        published_at=now,
    )


def _publish_pilot(row: Result) -> None:
    """A second person approved it: the pilot is reviewed, and its page opens to everybody. Its history has both."""
    for seen in Pilot.objects.filter(pilot_result__result=row).exclude(state=Pilot.State.PUBLISHED):
        pilot = lock(seen)
        for state in (Pilot.State.REVIEWED, Pilot.State.PUBLISHED):
            change(pilot, {"state": state}, None)


def _tell(row: Result, before: str, by: User, now: datetime) -> None:
    """Reviewers of what was handed in; the writer of what was decided."""
    if row.status == "in_review":
        people: list[User | int | None] = list(people_with(row.engagement, REVIEW_RESULT))
        line = f"Review a result: {row.outcome}"
    elif before == "in_review":
        people, line = (
            [row.written_by_id],
            f"{'Published' if row.status == 'published' else 'Sent back'}: {row.outcome}",
        )
    else:
        return
    notify(people, Notification.Kind.ASSIGNMENT, thing=row, engagement=row.engagement, line=line, by=by, now=now)


def _plain(value: object) -> object:
    """As JSON keeps it."""
    return float(value) if isinstance(value, Decimal) else value
