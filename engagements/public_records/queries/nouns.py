"""What a public record is made of: of each model its rows, their day, and what an entry says of one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from django.db.models import Exists, F, Model, OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

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
    """With `begun_at` from its history: a plan itself has no day on which it was begun."""
    first = events_of(Plan).filter(pgh_obj_id=OuterRef("pk")).order_by("pgh_created_at").values("pgh_created_at")
    found = Plan.objects.select_related("engagement__city").annotate(begun_at=Subquery(first[:1]))
    return _with_last(found, PlanPublication, "plan", "published_at", "begun_at", "title")


def _results() -> QuerySet[Result]:
    found = Result.objects.annotate(last_kind=_last(ResultPublication, "result", "kind"))
    return _with_last(found, ResultPublication, "result", "published_at", "created_at", "finding", "outcome")


def _pilots() -> QuerySet[Pilot]:
    return _with_last(Pilot.objects.all(), RegistrationVersion, "pilot", "locked_at", "created_at")


def _with_last(
    rows: QuerySet[Any], versions: type[Model], thing: str, when: str, otherwise: str, *keys: str
) -> QuerySet[Any]:
    """What left as it was fixed last: the row itself may be a draft of the next version.

    `has_last`, `day_at` (when it was fixed; of what never was, the column `otherwise`) and `last_KEY` for each of these
    keys of its content.
    """
    found = rows.annotate(
        has_last=Exists(versions._default_manager.filter(**{thing: OuterRef("pk")})),
        day_at=Coalesce(_last(versions, thing, when), otherwise),
    )
    return found.annotate(**{f"last_{key}": _last(versions, thing, KeyTextTransform(key, "content")) for key in keys})


def _last(versions: type[Model], thing: str, value: Any) -> Subquery:
    newest = versions._default_manager.filter(**{thing: OuterRef("pk")}).order_by("-number")
    return Subquery(newest.annotate(said=F(value) if isinstance(value, str) else value).values("said")[:1])


def _say_plan(row: Any, zone: tzinfo) -> Said:
    return Said("plan", _day(row.day_at, zone), row.last_title or row.title, is_published=row.has_last)


def _say_result(row: Any, zone: tzinfo) -> Said:
    outcome, finding = (row.last_outcome, row.last_finding) if row.has_last else (row.outcome, row.finding)
    retracted = "Retracted: " if row.last_kind == ResultPublication.Kind.RETRACTED else ""
    return Said("result", _day(row.day_at, zone), f"{retracted}{outcome}: {finding}", is_published=row.has_last)


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
    RecordNoun.PLAN: NounRows(_plans, "written_by", "day_at", _say_plan),
    RecordNoun.RESULT: NounRows(_results, "written_by", "day_at", _say_result),
    RecordNoun.PILOT: NounRows(
        _pilots,
        "written_by",
        "day_at",
        lambda row, zone: Said(
            "pilot", _day(row.day_at, zone), row.title, is_published=row.state == Pilot.State.PUBLISHED
        ),
    ),
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
