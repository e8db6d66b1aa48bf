"""The words of one row as an export gives them: what was published of it and, of what never was, as it is now."""

from collections.abc import Callable, Iterable
from typing import Any

from engagements.models import ExpertRequest, Pilot, Plan, PublishedUpdate, QuarterlyUpdate, Result, Risk
from engagements.models.public_records import RecordNoun
from engagements.models.updates import UPDATE_TEXTS
from engagements.pilots.rules.canonical import registration_of
from engagements.pilots.rules.drafts import draft_registration
from engagements.pilots.rules.readable import CAN_STOP, readable
from engagements.plans.queries.figures import content_of, load_plan
from engagements.plans.queries.review import content_fields
from engagements.plans.records import PlanContent, thaw
from engagements.results.queries.rows import fields_of
from engagements.results.queries.words import result_content
from engagements.results.records import from_content
from engagements.reviews.rules.changes import ReviewedField


def words_of(noun: str, row: Any) -> list[str]:
    """Paragraphs; empty ones are left out."""
    return [part for part in _WORDS[RecordNoun(noun)](row) if part]


def _update(row: QuarterlyUpdate) -> list[str]:
    """As it was published, never the draft of the next version."""
    published = PublishedUpdate.objects.filter(update=row).order_by("-number").first()
    said = published or row
    return [f"{row}", *(f"{name.replace('_', ' ').capitalize()}\n{getattr(said, name)}" for name in UPDATE_TEXTS)]


def _plan(row: Plan) -> list[str]:
    published = row.publications.order_by("-number").first()
    content = thaw(PlanContent, published.content) if published else content_of(load_plan(row))
    return [row.title if published is None else content.title, *_labelled(content_fields(content))]


def _result(row: Result) -> list[str]:
    published = row.publications.order_by("-number").first()
    fields = from_content(published.content) if published else fields_of(row)
    retracted = published is not None and published.kind == "retracted"
    return [
        published.sentence if published else row.sentence,
        f"Retracted: {published.why}" if published and retracted else "",
        *_labelled(result_content(fields)),
    ]


def _pilot(row: Pilot) -> list[str]:
    """The plan that was locked last, with its fingerprint, or the draft. Whom to call when it harms is left out."""
    version = row.versions.order_by("-number").first()
    registration = registration_of(version.content) if version else draft_registration(row.draft)
    lines = [f"{heading}\n{text}" for heading, text in readable(registration) if heading != CAN_STOP]
    locked = "Not locked"
    if version:
        locked = f"Version {version.number}, locked on {version.locked_at:%Y-%m-%d}, SHA-256 {version.sha256}"
    return [
        registration.title or row.title,
        locked,
        f"Stopped on {row.stopped_at:%Y-%m-%d}: {row.stopped_reason}" if row.stopped_at else "",
        *lines,
    ]


def _request(row: ExpertRequest) -> list[str]:
    return [row.question, f"Answer, {row.answered_at:%Y-%m-%d}\n{row.answer}" if row.answered_at else "Not answered"]


def _risk(row: Risk) -> list[str]:
    return [
        row.title,
        f"Likelihood: {row.get_likelihood_display()}. Severity: {row.get_severity_display()}.",
        f"Owner: {row.owner}" if row.owner else "",
        f"What is done about it\n{row.mitigation}" if row.mitigation else "",
        f"Closed on {row.closed_on:%Y-%m-%d}\n{row.outcome}" if row.closed_on else "Open",
    ]


def _labelled(fields: Iterable[ReviewedField]) -> list[str]:
    return [f"{field.label}\n{field.value}" for field in fields if field.value]


_WORDS: dict[RecordNoun, Callable[[Any], list[str]]] = {
    RecordNoun.RECORD: lambda row: [row.title, row.body],
    RecordNoun.COMMENT: lambda row: [row.body],
    RecordNoun.PROGRESS: lambda row: [row.line, row.note],
    RecordNoun.UPDATE: _update,
    RecordNoun.PLAN: _plan,
    RecordNoun.RESULT: _result,
    RecordNoun.PILOT: _pilot,
    RecordNoun.REQUEST: _request,
    RecordNoun.RISK: _risk,
}
