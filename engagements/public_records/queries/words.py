"""The words of one row as an export gives them: what was published of it and, of what never was, as it is now."""

from collections.abc import Callable, Iterable
from datetime import datetime, tzinfo
from typing import Any

from engagements.models import (
    ExpertRequest,
    Pilot,
    Plan,
    PublishedUpdate,
    QuarterlyUpdate,
    RegistrationVersion,
    Result,
    ResultPublication,
    Risk,
)
from engagements.models.public_records import RecordNoun
from engagements.models.updates import UPDATE_TEXTS
from engagements.people.queries.cities import city_choices
from engagements.pilots.rules.canonical import registration_of
from engagements.pilots.rules.drafts import draft_registration
from engagements.pilots.rules.plain import PlainRefused
from engagements.pilots.rules.readable import CAN_STOP, readable
from engagements.plans.queries.figures import content_of, load_plan
from engagements.plans.queries.review import content_fields
from engagements.plans.records import PlanContent, thaw
from engagements.results.queries.rows import fields_of
from engagements.results.queries.words import result_content
from engagements.results.records import from_content
from engagements.reviews.rules.changes import ReviewedField

SHIPPED = "It comes with the portal: quoted from public sources in our own words, and not confirmed by the city."
DRAFT = "A draft that was not locked. Where nobody chose anything, it shows what the form begins with."


def words_of(noun: str, row: Any, zone: tzinfo) -> list[str]:
    """Paragraphs; empty ones are left out. Days are those of `zone`, as in the index."""
    return [part for part in _WORDS[RecordNoun(noun)](row, zone) if part]


def _update(row: QuarterlyUpdate, zone: tzinfo) -> list[str]:
    """As it was published, never the draft of the next version."""
    published = PublishedUpdate.objects.filter(update=row).order_by("-number").first()
    said = published or row
    return [f"{row}", *(f"{name.replace('_', ' ').capitalize()}\n{getattr(said, name)}" for name in UPDATE_TEXTS)]


def _plan(row: Plan, zone: tzinfo) -> list[str]:
    """Without the figures the portal computed from it: the city's whole record has them."""
    published = row.publications.order_by("-number").first()
    content = thaw(PlanContent, published.content) if published else content_of(load_plan(row))
    return [
        content.title,
        *_labelled(content_fields(content)),
        f"Closed on\n{content.closed_on.isoformat()}" if content.closed_on else "",
        f"What happened\n{content.what_happened}" if content.what_happened else "",
    ]


def _result(row: Result, zone: tzinfo) -> list[str]:
    published = row.publications.order_by("-number").first()
    fields = from_content(published.content) if published else fields_of(row)
    retracted = published is not None and published.kind == ResultPublication.Kind.RETRACTED
    return [
        published.sentence if published else row.sentence,
        f"Retracted: {published.why}" if published and retracted else "",
        SHIPPED if row.seed_key else "",
        *_labelled(result_content(fields)),
    ]


def _pilot(row: Pilot, zone: tzinfo) -> list[str]:
    """The plan that was locked last, with its fingerprint, or the draft. Whom to call when it harms is left out."""
    version = row.versions.order_by("-number").first()
    state = DRAFT
    if version:
        locked_on = _day(version.locked_at, zone)
        state = f"Version {version.number}, locked on {locked_on}, SHA-256 {version.sha256}"
    return [row.title, state, _stopped(row, zone), *_registered(row, version)]


def _stopped(row: Pilot, zone: tzinfo) -> str:
    if row.stopped_at is None:
        return ""
    kind = "" if row.stopped_kind == Pilot.StopKind.OTHER else f"{row.get_stopped_kind_display()}. "
    return f"Stopped on {_day(row.stopped_at, zone)}\n{kind}{row.stopped_reason}"


def _registered(row: Pilot, version: RegistrationVersion | None) -> list[str]:
    try:
        plan = registration_of(version.content) if version else draft_registration(row.draft)
    except PlainRefused:  # a draft of an older form
        return ["This draft can’t be read any more."]
    lines = readable(plan, dict(city_choices()))
    return [f"{heading}\n{text}" for heading, text in lines if heading != CAN_STOP]


def _request(row: ExpertRequest, zone: tzinfo) -> list[str]:
    answered = f"Answer, {_day(row.answered_at, zone)}\n{row.answer}" if row.answered_at else "Not answered"
    return [row.question, answered]


def _risk(row: Risk, zone: tzinfo) -> list[str]:
    return [
        row.title,
        f"Likelihood: {row.get_likelihood_display()}. Severity: {row.get_severity_display()}.",
        f"Owner: {row.owner}" if row.owner else "",
        f"What is done about it\n{row.mitigation}" if row.mitigation else "",
        f"Closed on {row.closed_on.isoformat()}\n{row.outcome}" if row.closed_on else "Open",
    ]


def _day(at: datetime, zone: tzinfo) -> str:
    return at.astimezone(zone).date().isoformat()


def _labelled(fields: Iterable[ReviewedField]) -> list[str]:
    return [f"{field.label}\n{field.value}" for field in fields if field.value]


_WORDS: dict[RecordNoun, Callable[[Any, tzinfo], list[str]]] = {
    RecordNoun.RECORD: lambda row, zone: [row.title, row.body],
    RecordNoun.COMMENT: lambda row, zone: [row.body],
    RecordNoun.PROGRESS: lambda row, zone: [row.line, row.note],
    RecordNoun.UPDATE: _update,
    RecordNoun.PLAN: _plan,
    RecordNoun.RESULT: _result,
    RecordNoun.PILOT: _pilot,
    RecordNoun.REQUEST: _request,
    RecordNoun.RISK: _risk,
}
