"""The evidence library for a reader: what was reviewed, and for who writes it also what waits for a review.

While a change waits, everybody else reads the row as it was last reviewed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

import pghistory.core
from django.contrib.auth.models import AnonymousUser

from engagements.access.errors import NotFound
from engagements.access.plans import evidence_with_unreviewed_change, visible_evidence, visible_plans
from engagements.access.roles import engagements_with, has_permission_anywhere
from engagements.evidence.prose import why_not_planned
from engagements.evidence.records import COLUMNS, FAMILIES, LISTS, NUMBERS, EvidenceFields
from engagements.models import EvidenceRow, PlanIntervention, User
from engagements.permissions import EDIT_EVIDENCE, REVIEW_EVIDENCE, VIEW_PLAN
from engagements.workflow import EVIDENCE

Viewer = User | AnonymousUser
_OF_COLUMNS = tuple(name for name in COLUMNS if name not in LISTS)
_ORDER = {value: number for number, (value, _) in enumerate(FAMILIES)}


@dataclass(frozen=True)
class EvidenceFilter:
    """Empty: everything. `gap`, `family`, `tier`, `finding`: codes; `city`: slug of a city it was tried in.

    `only_planned`: what a plan can calculate a range with.
    """

    gap: str = ""
    family: str = ""
    tier: str = ""
    finding: str = ""
    city: str = ""
    words: str = ""
    only_waiting: bool = False
    only_planned: bool = False


@dataclass(frozen=True)
class EvidenceRecord:
    """`fields` as this viewer reads them. `version`: of those words. `is_waiting`: not reviewed yet.

    `is_earlier`: a change waits for review, and these are the words reviewed before it. `by`: who wrote them last,
    `reviewed_by`: who reviewed them; "" where nobody is named: it came with the portal.
    """

    pk: int
    version: int
    fields: EvidenceFields
    is_waiting: bool
    is_earlier: bool
    by: str
    reviewed_by: str
    reviewed_at: datetime | None
    is_shipped: bool

    @property
    def key(self) -> str:
        return self.fields.key


@dataclass(frozen=True)
class PlanUsing:
    """A plan that calculates with the row; `version` of it that was read."""

    pk: int
    title: str
    city: str
    intervention: str
    version: int | None


@dataclass(frozen=True)
class EvidenceDetail:
    """`plans`: those whose drafts this viewer sees. `next_states`: (value, label) they may move it to."""

    row: EvidenceRecord
    plans: tuple[PlanUsing, ...]
    next_states: tuple[tuple[str, str], ...]
    may_edit: bool
    may_review: bool
    written_by_viewer: bool


@dataclass(frozen=True)
class EvidenceVersion:
    """The words at one version; `by` and `why` of the change."""

    version: int
    at: datetime
    by: str
    why: str
    is_reviewed: bool
    fields: EvidenceFields


def fields_of(row, tried_in: Iterable[str]) -> EvidenceFields:
    """Of a row, or of an event of its history."""
    values = {name: getattr(row, name) for name in _OF_COLUMNS}
    values |= {name: float(values[name]) for name in NUMBERS if values[name] is not None}
    return EvidenceFields(**values, tried_in=tuple(tried_in), gaps=tuple(row.gaps))


def cities_of(row: EvidenceRow) -> tuple[str, ...]:
    return tuple(sorted(city.slug for city in row.tried_in.all()))


def may_write(viewer: Viewer) -> bool:
    return has_permission_anywhere(viewer, EDIT_EVIDENCE)


def has_unreviewed() -> bool:
    """Whether any row waits for a review: while none does, who writes the library reads what everybody reads."""
    return EvidenceRow.objects.filter(archived_at=None).exclude(status="reviewed").exists()


def evidence_rows(viewer: Viewer, where: EvidenceFilter | None = None) -> tuple[EvidenceRecord, ...]:
    """By outcome family, intervention and age of the row. At most seven statements, however many rows."""
    writes = may_write(viewer)
    live = list(visible_evidence(viewer).select_related("written_by", "reviewed_by").prefetch_related("tried_in"))
    found = [_record(row) for row in live]
    if not writes:
        found += _earlier(list(evidence_with_unreviewed_change().prefetch_related("tried_in")))
    found.sort(key=lambda row: (_ORDER[row.fields.outcome_family], row.fields.intervention, row.pk))
    return tuple(row for row in found if where is None or _matches(row, where))


def evidence_page(viewer: Viewer, key: str) -> EvidenceDetail:
    """Raises NotFound."""
    writes, reviews = may_write(viewer), has_permission_anywhere(viewer, REVIEW_EVIDENCE)
    row = _one(viewer, key, writes)
    waiting = row.is_waiting
    held = frozenset({REVIEW_EVIDENCE}) if reviews else frozenset()
    states = EVIDENCE.next_states("draft" if waiting else "reviewed", held)
    mine = EvidenceRow.objects.filter(pk=row.pk, written_by_id=viewer.pk).exists() if writes else False
    return EvidenceDetail(
        row, _plans(viewer, row.pk), tuple((state.value, state.label) for state in states), writes, reviews, mine
    )


def evidence_versions(viewer: Viewer, key: str) -> tuple[EvidenceVersion, ...]:
    """Newest first, each wording once: for who writes the library all, for others those that were reviewed.

    The cities it was tried in are those of now: they are kept beside the row. Raises NotFound.
    """
    writes = may_write(viewer)
    row = _one(viewer, key, writes)
    events = list(_events().objects.filter(pgh_obj_id=row.pk).order_by("pgh_id"))
    people = User.objects.in_bulk({_user_of_event(event) for event in events} - {None})
    found: list[EvidenceVersion] = []
    for event in events:
        fields, reviewed = fields_of(event, row.fields.tried_in), event.status == "reviewed"
        by, why = str(people.get(_user_of_event(event)) or "The portal"), (event.pgh_context or {}).get("why", "")
        made = EvidenceVersion(event.version, event.pgh_created_at, by, why, reviewed, fields)
        if found and found[-1].fields == fields:
            if reviewed and not found[-1].is_reviewed:  # the same words, now reviewed
                found[-1] = replace(found[-1], is_reviewed=True)
            continue
        found.append(made)
    return tuple(version for version in reversed(found) if writes or version.is_reviewed)


def _one(viewer: Viewer, key: str, writes: bool) -> EvidenceRecord:
    rows = visible_evidence(viewer).filter(key=key).select_related("written_by", "reviewed_by")
    if row := rows.prefetch_related("tried_in").first():
        return _record(row)
    earlier = (
        [] if writes else _earlier(list(evidence_with_unreviewed_change().filter(key=key).prefetch_related("tried_in")))
    )
    if not earlier:
        raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
    return earlier[0]


def _record(row: EvidenceRow) -> EvidenceRecord:
    return EvidenceRecord(
        row.pk,
        row.version,
        fields_of(row, cities_of(row)),
        row.status == "draft",
        False,
        str(row.written_by or ""),
        str(row.reviewed_by or ""),
        row.reviewed_at,
        bool(row.seed_sha256),
    )


def _earlier(rows: list[EvidenceRow]) -> list[EvidenceRecord]:
    """Rows with a change that waits, in the words that were last reviewed. One statement.

    Where the words are the same and only the review was withdrawn, there is nothing to read until the next one.
    """
    if not rows:
        return []
    events = (
        _events()
        .objects.filter(pgh_obj_id__in=[row.pk for row in rows], status="reviewed")
        .select_related("reviewed_by")
        .order_by("pgh_obj_id", "-pgh_id")
        .distinct("pgh_obj_id")
    )
    by_row = {event.pgh_obj_id: event for event in events}
    return [
        EvidenceRecord(
            row.pk,
            event.version,
            fields_of(event, cities_of(row)),
            False,
            True,
            "",
            str(event.reviewed_by or ""),
            event.reviewed_at,
            bool(event.seed_sha256),
        )
        for row in rows
        if (event := by_row.get(row.pk)) and fields_of(event, ()) != fields_of(row, ())
    ]


def _matches(row: EvidenceRecord, where: EvidenceFilter) -> bool:
    fields = row.fields
    asked = (
        (where.gap, fields.gaps),
        (where.family, (fields.outcome_family,)),
        (where.tier, (fields.tier,)),
        (where.finding, (fields.finding,)),
        (where.city, fields.tried_in),
    )
    if any(wanted and wanted not in held for wanted, held in asked) or (where.only_waiting and not row.is_waiting):
        return False
    if where.only_planned and why_not_planned(fields):
        return False
    searched = " ".join((fields.intervention, fields.summary, fields.outcome, fields.population, fields.setting))
    return all(word in searched.casefold() for word in where.words.casefold().split())


def _plans(viewer: Viewer, pk: int) -> tuple[PlanUsing, ...]:
    """Of engagements whose drafts the viewer sees: what others read of a plan was fixed when it was published."""
    if not viewer.is_authenticated:
        return ()
    drafts = visible_plans(viewer).filter(engagement__in=engagements_with(viewer, VIEW_PLAN).values("pk"))
    rows = PlanIntervention.objects.filter(evidence_id=pk, archived_at=None, plan__in=drafts)
    return tuple(
        PlanUsing(row.plan_id, row.plan.title, row.plan.engagement.city.name, row.name, row.evidence_version)
        for row in rows.select_related("plan__engagement__city").order_by("plan__title", "plan_id", "position")
    )


def _events():
    (found,) = pghistory.core.event_models(tracks_model=EvidenceRow)
    return found


def _user_of_event(event) -> int | None:
    return (event.pgh_context or {}).get("user")
