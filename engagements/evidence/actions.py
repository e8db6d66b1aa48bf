"""Adding, changing, reviewing and archiving rows of the evidence library: by experts and leads, one for all.

What is changed waits until somebody else has reviewed it; until then everybody reads the words reviewed before.
"""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.text import slugify

from atlas.models import City
from engagements import limits
from engagements.access.errors import NotAllowed, NotFound
from engagements.access.plans import evidence_for
from engagements.access.results import visible_results
from engagements.access.roles import has_permission_anywhere
from engagements.base.audited_transaction import (
    add_activity,
    audited_transaction,
    begin_idempotent,
    complete_idempotent,
)
from engagements.base.editing import Conflict, FieldConflict, change, lock
from engagements.evidence.prose import evidence_content
from engagements.evidence.queries import cities_of, fields_of
from engagements.evidence.records import COLUMNS, EvidenceFields
from engagements.evidence.rules import Refusals, validate
from engagements.models import EvidenceRow, Project, User
from engagements.permissions import EDIT_EVIDENCE, REVIEW_EVIDENCE
from engagements.results.queries.published import PublishedResult, published_results
from engagements.reviews.actions import APPROVED, SENT_BACK, record_decision
from engagements.reviews.rules.checklists import EVIDENCE as CHECKLIST
from engagements.reviews.rules.checklists import Answer
from engagements.verdicts import Design, Reported, reported_state
from engagements.workflow import EVIDENCE, MoveRefused

CHANGEABLE = frozenset(COLUMNS) - {"key"}  # a row's address stays
_NO = "Evidence is written and reviewed by experts and leads."


def add_evidence(
    *, fields: EvidenceFields, by: User, now: datetime, submission: UUID | None = None, why: str = ""
) -> EvidenceRow:
    """A row that waits for its review. Raises NotAllowed, ValidationError by field."""
    if not has_permission_anywhere(by, EDIT_EVIDENCE):
        raise NotAllowed(_NO)
    with audited_transaction(by, why):
        claimed = begin_idempotent(by, "add_evidence", submission)
        if claimed.object_id:
            return EvidenceRow.objects.get(pk=claimed.object_id)
        cities = city_ids_by_slug()
        refuse(validate(fields, cities=cities, today=now.date()))
        row = EvidenceRow(**values_of(fields), written_by=by)
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError as taken:
            raise ValidationError({"key": "Another row has this key, or had it before it was archived."}) from taken
        row.tried_in.set([cities[slug] for slug in fields.tried_in])
        add_activity(by=by, now=now, verb="added", thing=row, engagement_id=None, why=why)
        complete_idempotent(claimed, row)
    return row


def add_from_result(*, result: int, by: User, now: datetime) -> EvidenceRow:
    """A row for a published result, in review like any other; the one that is there, where somebody made it before.

    Nobody has checked its numbers for the library, so they stand in words. Raises NotFound, NotAllowed and
    ValidationError.
    """
    found = next(iter(published_results(Q(result__in=visible_results(by).filter(pk=result)))), None)
    if found is None:
        raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
    if found.is_retracted:
        raise ValidationError("It was retracted.")
    key = f"{slugify(f'{found.city_slug}-{found.fields.outcome}')[:60].strip('-')}-{found.pk}"
    there = EvidenceRow.objects.filter(key=key).first()
    if there is not None and has_permission_anywhere(by, EDIT_EVIDENCE):
        return there
    return add_evidence(fields=_row_of_result(found, key), by=by, now=now, why=f"From result {found.pk}")


_FINDING = {Reported.GAIN: "positive", Reported.LOSS: "negative", Reported.ZERO: "null"}
_TIER = {Design.RANDOMIZED.value: "rct", Design.QUASI.value: "quasi"}


def _row_of_result(found: PublishedResult, key: str) -> EvidenceFields:
    fields = found.fields
    state = reported_state(fields.low, fields.high, fields.scale, fields.wanted)
    project = Project.objects.filter(pk=fields.project or 0).values_list("title", flat=True).first()
    sources = (", ".join(part for part in (s.title, s.publisher, s.dated, s.url) if part) for s in fields.sources)
    return EvidenceFields(
        key=key,
        intervention=(project or fields.tried)[: limits.NAME],
        summary=f"{found.city}: {found.sentence}",
        outcome=fields.outcome,
        outcome_family="other",
        effect_words=found.size or fields.finding,
        population="",
        setting=found.city,
        cost_words="",
        conflict=fields.conflict,
        tier=_TIER.get(fields.design, "descriptive"),
        finding=_FINDING.get(state, "no_estimate"),
        tried_in=(found.city_slug,),
        source="; ".join(sources)[: limits.EVIDENCE_TEXT],
    )


def change_evidence(
    *,
    key: str,
    changes: dict[str, Any],
    expected_version: int,
    by: User,
    now: datetime,
    why: str = "",
    tried_in_seen: tuple[str, ...] | None = None,
) -> EvidenceRow:
    """`changes`: of CHANGEABLE, as EvidenceFields holds them; `tried_in_seen`: the cities the person saw.

    A row that was reviewed waits for its review again. Raises NotFound, NotAllowed, Conflict, ValidationError.
    """
    if unknown := set(changes) - CHANGEABLE:
        raise ValidationError(f"Not a part of a row: {', '.join(sorted(unknown))}.")
    seen = evidence_for(by, key, EDIT_EVIDENCE)
    with audited_transaction(by, why):
        row, cities = lock(seen), city_ids_by_slug()
        before = cities_of(row)
        tried_in = _check_tried_in(row, changes, expected_version, before, tried_in_seen)
        wanted = plain_values({name: value for name, value in changes.items() if name != "tried_in"})

        def check(names: set[str]) -> None:
            today = now.date() if "verified_on" in names else None  # a day that stands there was no news before either
            refuse(validate(fields_of(row, tried_in), cities=cities, today=today))
            _wait_again(row, by)

        done = change(row, wanted, expected_version, check)
        if tried_in != before:
            if not done:
                check(set())
            row.tried_in.set([cities[slug] for slug in tried_in])
            EvidenceRow.objects.filter(pk=row.pk).update(version=F("version") + 1)  # cities are a relation of their own
            row.refresh_from_db(fields=["version"])
            done["tried_in"] = (list(before), list(tried_in))
        if done:
            kept = {name: (_plain(a), _plain(b)) for name, (a, b) in done.items()}
            add_activity(by=by, now=now, verb="changed", thing=row, engagement_id=None, why=why, changes=kept)
    return row


def review_evidence(
    *,
    key: str,
    status: str,
    expected_version: int,
    by: User,
    now: datetime,
    why: str = "",
    answers: Collection[Answer] = (),
) -> EvidenceRow:
    """Reviewed is what was read, with an answer to every point: another version is refused, and so is one's own.

    Raises NotFound, ValidationError by field.
    """
    seen = evidence_for(by, key, REVIEW_EVIDENCE)
    with audited_transaction(by, why):
        row = lock(seen)
        before = row.status
        try:
            EVIDENCE.check_move(before, status, frozenset({REVIEW_EVIDENCE}))
        except MoveRefused as refused:
            raise ValidationError({"status": str(refused)}) from refused
        if row.version != expected_version:
            raise ValidationError("Its words changed since you read it: read it again before you decide.")
        if status == before:
            return row
        if status == "reviewed" and row.written_by_id == by.pk:
            raise ValidationError("You wrote this. Someone else reviews it.")
        reviewed = status == "reviewed"
        record_decision(
            kind=CHECKLIST,
            subject=row,
            engagement=None,
            outcome=APPROVED if reviewed else SENT_BACK,
            moved_to=status,
            answers=answers,
            content=evidence_content(fields_of(row, cities_of(row))),
            why=why,
            by=by,
            now=now,
        )
        wanted: dict[str, object] = {"status": status, "reviewed_by": None, "reviewed_at": None}
        if reviewed:
            wanted |= {"reviewed_by": by, "reviewed_at": now}
        change(row, wanted, expected_version)
        add_activity(
            by=by,
            now=now,
            verb="reviewed" if reviewed else "moved",
            thing=row,
            engagement_id=None,
            why=why,
            changes={"status": (before, status)},
        )
    return row


def archive_evidence(*, key: str, expected_version: int, by: User, now: datetime, why: str) -> EvidenceRow:
    """It is no longer in the library; plans that read it keep what they read.

    Raises NotFound, NotAllowed, Conflict, ValidationError.
    """
    seen = evidence_for(by, key, REVIEW_EVIDENCE)
    if not why.strip():
        raise ValidationError({"why": "Say why."})
    with audited_transaction(by, why):
        row = lock(seen)
        change(row, {"archived_at": now, "archived_by": by}, expected_version)
        add_activity(by=by, now=now, verb="archived", thing=row, engagement_id=None, why=why)
    return row


def city_ids_by_slug() -> dict[str, int]:
    return dict(City.objects.values_list("slug", "pk"))


def refuse(found: Refusals) -> None:
    """Raises ValidationError by field."""
    by_field: dict[str, list[str]] = {}
    for name, sentence in found:
        by_field.setdefault(name, []).append(sentence)
    if by_field:
        raise ValidationError(by_field)


def values_of(fields: EvidenceFields) -> dict[str, object]:
    """The columns of a row; its cities are a relation of their own."""
    return plain_values({name: getattr(fields, name) for name in COLUMNS if name != "tried_in"})


def plain_values(values: dict[str, object]) -> dict[str, object]:
    """As the table keeps them: money in cents, gaps as a list, texts without space around."""
    made: dict[str, Any] = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
    if made.get("cost_usd") is not None:
        made["cost_usd"] = Decimal(repr(made["cost_usd"])).quantize(Decimal("0.01"))
    if "gaps" in made:
        made["gaps"] = list(made["gaps"])
    return made


def _check_tried_in(
    row: EvidenceRow,
    changes: dict[str, Any],
    expected_version: int,
    before: tuple[str, ...],
    seen: tuple[str, ...] | None,
) -> tuple[str, ...]:
    """The cities it is to have. Raises Conflict where somebody else changed them meanwhile."""
    if "tried_in" not in changes:
        return before
    wanted: tuple[str, ...] = tuple(sorted(changes["tried_in"]))
    if expected_version == row.version or wanted == before:
        return wanted
    if seen is not None and wanted == tuple(sorted(seen)):
        return before  # left as it was seen: theirs stays
    if seen is None or tuple(sorted(seen)) != before:
        base = None if seen is None else ", ".join(seen)
        raise Conflict(row, (FieldConflict("tried_in", base, ", ".join(before), ", ".join(wanted)),))
    return wanted


def _wait_again(row: EvidenceRow, by: User) -> None:
    """Before new words are written: what was reviewed stays the last reviewed version of the history."""
    row.status, row.written_by, row.reviewed_by, row.reviewed_at = EVIDENCE.first, by, None, None
    row.save(update_fields=["status", "written_by", "reviewed_by", "reviewed_at"])


def _plain(value: object) -> object:
    """As JSON keeps it."""
    return float(value) if isinstance(value, Decimal) else value
