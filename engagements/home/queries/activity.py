"""The feed: what people did, newest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, CharField, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Left

from engagements.access.discussion import visible_activity
from engagements.access.roles import with_cached_permissions
from engagements.models import Activity, Comment, Document, Record, Risk, User

_TITLED: dict[str, QuerySet[Any]] = {
    "document": Document.objects.all(),
    "record": Record.objects.all(),
    "risk": Risk.objects.all(),
}


@dataclass(frozen=True)
class ActivityRow:
    """`changes`: (field, before, after). `noun` and `object_id` name the thing for a link. `is_fictional`: of an
    engagement, or by a person, made up for demonstration."""

    pk: int
    at: datetime
    by: str
    verb: str
    noun: str
    object_id: int
    engagement_id: int | None
    engagement_slug: str
    city_slug: str
    city_name: str
    title: str
    line: str
    why: str
    changes: tuple[tuple[str, object, object], ...]
    visibility: str
    is_fictional: bool


@with_cached_permissions
def activity(
    user: User,
    *,
    engagements: tuple[int, ...] = (),
    since: datetime | None = None,
    until: datetime | None = None,
    not_by: int | None = None,
    after: tuple[datetime, int] | None = None,
    limit: int = 50,
) -> tuple[ActivityRow, ...]:
    """One statement. What a comment, document or record says and is called is read from it, as it is now.

    `after`: (at, pk) of the last row of the page before. `not_by`: leaves that person's out."""
    found = _chosen(user, engagements, since, until, not_by)
    if after:
        at, pk = after
        found = found.filter(Q(at__lt=at) | Q(at=at, pk__lt=pk))
    shown = found.select_related("by", "engagement__city").annotate(
        line_now=_current_line(), title_now=_current_title()
    )
    return tuple(_row(row, row.title_now, row.line_now) for row in shown[:limit])


def _row(row: Activity, title: str, line: str) -> ActivityRow:
    within = row.engagement
    assert within is not None, "what is visible is visible through an engagement"
    return ActivityRow(
        pk=row.pk,
        at=row.at,
        by=str(row.by) if row.by else "The portal",
        verb=row.verb,
        noun=row.noun,
        object_id=row.object_id,
        engagement_id=row.engagement_id,
        engagement_slug=within.slug,
        city_slug=within.city.slug,
        city_name=within.city.name,
        title=title,
        line=line,
        why=row.why,
        changes=tuple((name, *pair) for name, pair in row.changes.items()),
        visibility=row.visibility,
        is_fictional=within.is_fictional or bool(row.by and row.by.is_fictional),
    )


# Only for rows of `visible_activity`, which has looked whether the thing is there for the reader.
def _current_line() -> Case:
    comment = Comment.objects.filter(pk=OuterRef("object_id")).values(words=Left("body", 500))
    return Case(When(noun="comment", then=Subquery(comment)), default=F("line"), output_field=CharField())


def _current_title() -> Case:
    titles = {noun: rows.filter(pk=OuterRef("object_id")).values("title") for noun, rows in _TITLED.items()}
    return Case(
        *(When(noun=noun, then=Subquery(found)) for noun, found in titles.items()),
        default=F("title"),
        output_field=CharField(),
    )


@with_cached_permissions
def count_activity(user: User, *, since: datetime, until: datetime, not_by: int | None = None) -> int:
    """How many there are, whatever the limit of a list. `until` itself is of the next period."""
    return _chosen(user, (), since, until, not_by).count()


def _chosen(
    user: User, engagements: tuple[int, ...], since: datetime | None, until: datetime | None, not_by: int | None
) -> QuerySet[Activity]:
    found = visible_activity(user)
    if engagements:
        found = found.filter(engagement_id__in=engagements)
    if since:
        found = found.filter(at__gte=since)
    if until:
        found = found.filter(at__lt=until)
    if not_by:
        found = found.exclude(by_id=not_by)
    return found
