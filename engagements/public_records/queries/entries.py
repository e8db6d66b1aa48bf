"""An engagement's record as a public-records officer sees it: every entry with its mark, and what it counts to."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from engagements.access.engagements import engagement_for
from engagements.models import PublicRecordExport, PublicRecordMark, User
from engagements.models.public_records import RecordNoun, WithheldReason
from engagements.permissions import EXPORT_CITY_RECORD, MARK_PUBLIC_RECORD
from engagements.public_records.queries.nouns import KINDS, NOUNS, Said, rows_of
from engagements.public_records.rules import Decision, default_decision


@dataclass(frozen=True)
class Entry:
    """`pk` of the row named by `noun`; `author` "" where a row does not say; `marked_by` "" where the default of its
    kind holds."""

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
    """Newest first, archived ones too; days are those of `zone`, both included. Eleven statements.

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


def _of(noun: RecordNoun, engagement_id: int, zone: tzinfo, first: date | None, last: date | None) -> Iterable[Entry]:
    rows, about = rows_of(noun, engagement_id), NOUNS[noun]
    if about.when:
        rows = rows.filter(_within(about.when, zone, first, last, is_day=about.is_day))
    for row in rows:
        entry = _entry(noun, row, about.say(row, zone), getattr(row, about.author) if about.author else None)
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


def _entry(noun: RecordNoun, row: Any, said: Said, author: User | None) -> Entry:
    archived = getattr(row, "archived_at", None) is not None
    decision = default_decision(
        said.kind, visibility=said.visibility, is_published=said.is_published, is_archived=archived
    )
    return Entry(noun.value, row.pk, said.kind, said.on, said.title, str(author or ""), decision, archived)


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
