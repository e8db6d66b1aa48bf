"""An engagement's record as a public-records officer sees it: every entry with its mark, and what it counts to."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from engagements.access.engagements import engagement_for
from engagements.models import (
    Comment,
    Document,
    ProgressEntry,
    PublicRecordExport,
    PublicRecordMark,
    QuarterlyUpdate,
    Record,
    User,
)
from engagements.models.public_records import RecordNoun, WithheldReason
from engagements.permissions import EXPORT_CITY_RECORD, MARK_PUBLIC_RECORD
from engagements.public_records.rules import SHAREABLE, Decision, default_decision

KINDS = {
    "document": "Document",
    "decision": "Decision",
    "meeting": "Meeting",
    "note": "Note",
    "question": "Open question",
    "comment": "Comment",
    "progress": "Log entry",
    "update": "Quarterly update",
}


@dataclass(frozen=True)
class Entry:
    """`pk` of the row named by `noun`; `marked_by` "" where the default of its kind holds."""

    noun: str
    pk: int
    kind: str
    on: date
    title: str
    author: str
    decision: Decision
    is_archived: bool
    marked_by: str = ""
    marked_at: datetime | None = None

    @property
    def key(self) -> str:
        return f"{self.noun}:{self.pk}"

    @property
    def kind_label(self) -> str:
        return KINDS[self.kind]

    @property
    def reason_label(self) -> str:
        return self.decision.words or (WithheldReason(self.decision.reason).label if self.decision.reason else "")


@dataclass(frozen=True)
class KindCount:
    label: str
    shared: int
    withheld: int


@dataclass(frozen=True)
class Counts:
    """`reasons`: (why, how many) of what is withheld; `undecided`: for how many the default holds."""

    kinds: tuple[KindCount, ...]
    reasons: tuple[tuple[str, int], ...]
    shared: int
    withheld: int
    undecided: int


def record_entries(
    engagement_id: int, *, zone: tzinfo, first: date | None = None, last: date | None = None
) -> tuple[Entry, ...]:
    """Newest first, archived ones too; days are those of `zone`, both included. Six statements.

    Whoever calls has checked that this person marks or exports the record.
    """
    marks = {
        (mark.noun, mark.object_id): mark
        for mark in PublicRecordMark.objects.filter(engagement_id=engagement_id).select_related("marked_by")
    }
    found = [
        _decided(entry, marks.get((entry.noun, entry.pk)))
        for noun in RecordNoun
        for entry in _of(noun, engagement_id, zone, first, last)
    ]
    return tuple(sorted(found, key=lambda entry: (entry.on, entry.noun, entry.pk), reverse=True))


def rows_of(noun: str, engagement_id: int) -> QuerySet[Any]:
    """All rows of a kind, with their people."""
    model, author = _MODELS[RecordNoun(noun)]
    return model._default_manager.filter(engagement_id=engagement_id).select_related(author)


_MODELS: dict[RecordNoun, tuple[type[Model], str]] = {
    RecordNoun.DOCUMENT: (Document, "uploaded_by"),
    RecordNoun.RECORD: (Record, "written_by"),
    RecordNoun.COMMENT: (Comment, "author"),
    RecordNoun.PROGRESS: (ProgressEntry, "by"),
    RecordNoun.UPDATE: (QuarterlyUpdate, "written_by"),
}
_WHEN = {
    RecordNoun.DOCUMENT: "uploaded_at",
    RecordNoun.RECORD: "on",
    RecordNoun.COMMENT: "created_at",
    RecordNoun.PROGRESS: "at",
    RecordNoun.UPDATE: "",  # the day it was published, of a draft the first of its quarter
}


def _of(noun: RecordNoun, engagement_id: int, zone: tzinfo, first: date | None, last: date | None) -> Iterable[Entry]:
    rows = rows_of(noun, engagement_id)
    when = _WHEN[noun]
    if when:
        rows = rows.filter(_within(when, zone, first, last, is_day=when == "on"))
    for row in rows:
        entry = _ENTRIES[noun](row, zone)
        if (first is None or entry.on >= first) and (last is None or entry.on <= last):
            yield entry


def _within(field: str, zone: tzinfo, first: date | None, last: date | None, *, is_day: bool) -> Q:
    found = Q()
    if first:
        found &= Q(**{f"{field}__gte": first if is_day else datetime.combine(first, time(), zone)})
    if last:
        end = last + timedelta(days=1)
        found &= Q(**{f"{field}__lt": end if is_day else datetime.combine(end, time(), zone)})
    return found


def _entry(noun: RecordNoun, row: Any, kind: str, on: date, title: str, author: User, **default: Any) -> Entry:
    archived = getattr(row, "archived_at", None) is not None
    decision = default_decision(kind, is_archived=archived, **default)
    return Entry(noun.value, row.pk, kind, on, title, str(author), decision, archived)


def _day(at: datetime, zone: tzinfo) -> date:
    return at.astimezone(zone).date()


def _day_of_update(row: QuarterlyUpdate, zone: tzinfo) -> date:
    return _day(row.published_at, zone) if row.published_at else date(row.year, row.quarter * 3 - 2, 1)


_ENTRIES: dict[RecordNoun, Callable[[Any, tzinfo], Entry]] = {
    RecordNoun.DOCUMENT: lambda row, zone: _entry(
        RecordNoun.DOCUMENT,
        row,
        "document",
        _day(row.uploaded_at, zone),
        row.title,
        row.uploaded_by,
        visibility=row.visibility,
    ),
    RecordNoun.RECORD: lambda row, zone: _entry(RecordNoun.RECORD, row, row.kind, row.on, row.title, row.written_by),
    RecordNoun.COMMENT: lambda row, zone: _entry(
        RecordNoun.COMMENT,
        row,
        "comment",
        _day(row.created_at, zone),
        row.body,
        row.author,
        visibility=row.visibility,
    ),
    RecordNoun.PROGRESS: lambda row, zone: _entry(
        RecordNoun.PROGRESS, row, "progress", _day(row.at, zone), row.line, row.by
    ),
    RecordNoun.UPDATE: lambda row, zone: _entry(
        RecordNoun.UPDATE,
        row,
        "update",
        _day_of_update(row, zone),
        str(row),
        row.written_by,
        is_published=row.published_at is not None,
    ),
}


def _decided(entry: Entry, mark: PublicRecordMark | None) -> Entry:
    if mark is None:
        return entry
    decision = Decision(mark.mark, mark.reason, mark.words)
    return replace(entry, decision=decision, marked_by=str(mark.marked_by), marked_at=mark.marked_at)


def counts_of(entries: Iterable[Entry]) -> Counts:
    shared: Counter[str] = Counter()
    withheld: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    undecided = 0
    for entry in entries:
        (shared if entry.decision.is_shareable else withheld)[entry.kind] += 1
        if not entry.decision.is_shareable:
            reasons[entry.reason_label] += 1
        undecided += not entry.marked_by
    kinds = (KindCount(label, shared[kind], withheld[kind]) for kind, label in KINDS.items())
    return Counts(
        tuple(kind for kind in kinds if kind.shared or kind.withheld),
        tuple(reasons.most_common()),
        shared.total(),
        withheld.total(),
        undecided,
    )


def exports(user: User, engagement: int | str) -> QuerySet[PublicRecordExport]:
    """For requests, of an engagement whose record this person marks. Raises NotFound."""
    found = engagement_for(user, engagement, MARK_PUBLIC_RECORD)
    return PublicRecordExport.objects.filter(engagement=found, is_whole=False).select_related("asked_by")


def whole_records(user: User, engagement: int | str) -> QuerySet[PublicRecordExport]:
    """Archives of the whole record, for who may export one. Raises NotFound."""
    found = engagement_for(user, engagement, EXPORT_CITY_RECORD)
    return PublicRecordExport.objects.filter(engagement=found, is_whole=True).select_related("asked_by")


def is_expired(export: PublicRecordExport, now: datetime | None = None) -> bool:
    return export.expires_at <= (now or timezone.now())


__all__ = ["KINDS", "SHAREABLE", "Counts", "Entry", "counts_of", "exports", "record_entries", "whole_records"]
