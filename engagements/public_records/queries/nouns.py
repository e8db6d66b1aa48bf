"""What a public record is made of: of each model its rows, their day, and what an entry says of one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from django.db.models import Model, OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform

from engagements.models import (
    Comment,
    Document,
    ExpertRequest,
    Pilot,
    Plan,
    PlanPublication,
    ProgressEntry,
    QuarterlyUpdate,
    Record,
    RegistrationVersion,
    Result,
    ResultPublication,
    Risk,
)
from engagements.models.public_records import RecordNoun
from engagements.pilots.rules.canonical import registration_of
from engagements.plans.queries.events import events_of

KINDS = {
    "document": "Document",
    "decision": "Decision",
    "meeting": "Meeting",
    "note": "Note",
    "question": "Open question",
    "comment": "Comment",
    "progress": "Log entry",
    "update": "Quarterly update",
    "plan": "Plan",
    "result": "Result",
    "pilot": "Pilot",
    "request": "Question to an expert",
    "risk": "Risk",
}


@dataclass(frozen=True)
class Said:
    """Of one row. `kind`: one of KINDS; the rest as `default_decision` takes it."""

    kind: str
    on: date
    title: str
    visibility: str = ""
    is_published: bool = False


@dataclass(frozen=True)
class NounRows:
    """`author`: field of who wrote it, "" where a row does not say. `when`: field of its moment or, with `is_day`, of
    its day; "" where `say` knows the day alone."""

    rows: Callable[[], QuerySet[Any]]
    author: str
    when: str
    say: Callable[[Any, tzinfo], Said]
    is_day: bool = False


def rows_of(noun: str, engagement_id: int) -> QuerySet[Any]:
    """All rows of a noun, archived ones too, with their people."""
    each = NOUNS[RecordNoun(noun)]
    rows = each.rows().filter(engagement_id=engagement_id)
    return rows.select_related(each.author) if each.author else rows


def _day(at: datetime, zone: tzinfo) -> date:
    return at.astimezone(zone).date()


def _all(model: type[Model]) -> Callable[[], QuerySet[Any]]:
    return lambda: model._default_manager.all()


def _plans() -> QuerySet[Plan]:
    """With `written_at`: a plan itself has no day on which it was begun. `published_title`: None before."""
    first = events_of(Plan).filter(pgh_obj_id=OuterRef("pk")).order_by("pgh_created_at").values("pgh_created_at")
    return Plan.objects.select_related("engagement__city").annotate(
        written_at=Subquery(first[:1]), published_title=_published(PlanPublication, "plan", "title")
    )


def _results() -> QuerySet[Result]:
    """`published_finding` and `published_outcome`: None before."""
    return Result.objects.annotate(
        published_finding=_published(ResultPublication, "result", "finding"),
        published_outcome=_published(ResultPublication, "result", "outcome"),
    )


def _pilots() -> QuerySet[Pilot]:
    """`locked`: the wording that was locked last, None before."""
    versions = RegistrationVersion.objects.filter(pilot=OuterRef("pk")).order_by("-number")
    return Pilot.objects.annotate(locked=Subquery(versions.values("content")[:1]))


def _published(model: type[Model], thing: str, name: str) -> Subquery:
    """What the newest publication says: the row itself may be a draft of the next one."""
    newest = model._default_manager.filter(**{thing: OuterRef("pk")}).order_by("-number")
    return Subquery(newest.values(said=KeyTextTransform(name, "content"))[:1])


def _say_result(row: Any, zone: tzinfo) -> Said:
    is_published = row.published_finding is not None
    outcome, finding = (row.published_outcome, row.published_finding) if is_published else (row.outcome, row.finding)
    return Said("result", _day(row.created_at, zone), f"{outcome}: {finding}", is_published=is_published)


def _say_pilot(row: Any, zone: tzinfo) -> Said:
    title = registration_of(row.locked).title if row.locked else row.title
    return Said("pilot", _day(row.created_at, zone), title, is_published=row.state == Pilot.State.PUBLISHED)


def _day_of_update(row: QuarterlyUpdate, zone: tzinfo) -> date:
    """The day it was published, of a draft the first of its quarter."""
    return _day(row.published_at, zone) if row.published_at else date(row.year, row.quarter * 3 - 2, 1)


NOUNS: dict[RecordNoun, NounRows] = {
    RecordNoun.DOCUMENT: NounRows(
        _all(Document),
        "uploaded_by",
        "uploaded_at",
        lambda row, zone: Said("document", _day(row.uploaded_at, zone), row.title, visibility=row.visibility),
    ),
    RecordNoun.RECORD: NounRows(
        _all(Record), "written_by", "on", lambda row, zone: Said(row.kind, row.on, row.title), is_day=True
    ),
    RecordNoun.COMMENT: NounRows(
        _all(Comment),
        "author",
        "created_at",
        lambda row, zone: Said("comment", _day(row.created_at, zone), row.body, visibility=row.visibility),
    ),
    RecordNoun.PROGRESS: NounRows(
        _all(ProgressEntry), "by", "at", lambda row, zone: Said("progress", _day(row.at, zone), row.line)
    ),
    RecordNoun.UPDATE: NounRows(
        _all(QuarterlyUpdate),
        "written_by",
        "",
        lambda row, zone: Said(
            "update", _day_of_update(row, zone), str(row), is_published=row.published_at is not None
        ),
    ),
    RecordNoun.PLAN: NounRows(
        _plans,
        "written_by",
        "written_at",
        lambda row, zone: Said(
            "plan",
            _day(row.written_at, zone),
            row.title if row.published_title is None else row.published_title,
            is_published=row.published_title is not None,
        ),
    ),
    RecordNoun.RESULT: NounRows(_results, "written_by", "created_at", _say_result),
    RecordNoun.PILOT: NounRows(_pilots, "written_by", "created_at", _say_pilot),
    RecordNoun.REQUEST: NounRows(
        _all(ExpertRequest),
        "asked_by",
        "asked_at",
        lambda row, zone: Said("request", _day(row.asked_at, zone), row.question),
    ),
    RecordNoun.RISK: NounRows(
        lambda: Risk.objects.select_related("owner"),
        "",
        "opened_on",
        lambda row, zone: Said("risk", row.opened_on, row.title, visibility=row.visibility),
        is_day=True,
    ),
}
