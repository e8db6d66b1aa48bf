"""Who changed what, when, from what to what and why: read from the tables the database's triggers write."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pghistory.core
from django.db import connection
from django.db.models import Model

from atlas.formatting.dates import format_period
from engagements import limits, permissions
from engagements.access.engagements import engagement_for
from engagements.access.roles import permissions_in, with_cached_permissions
from engagements.models import (
    BudgetLine,
    Comment,
    Document,
    Engagement,
    EngagementRole,
    ExpertRequest,
    Indicator,
    IndicatorValue,
    Milestone,
    Participation,
    Plan,
    Project,
    QuarterlyUpdate,
    Record,
    ReplyRequest,
    Result,
    Risk,
    SearchRecord,
    TableMapping,
    User,
)
from engagements.permissions import ROLE_LABELS, VIEW_HISTORY, VIEW_PUBLISHED, Role

# Whose rows have a visibility of their own, are everybody's who sees the engagement, or need VIEW_HISTORY.
_BY_LEVEL = (Comment, Document, Record, Risk)
_PUBLISHED = (Participation,)
_TEAM = (
    Milestone,
    QuarterlyUpdate,
    ExpertRequest,
    EngagementRole,
    Engagement,
    Indicator,
    IndicatorValue,
    BudgetLine,
    TableMapping,
    Plan,
    Project,
    Result,
    SearchRecord,
    ReplyRequest,
)
_HIDDEN = frozenset({"version", "id", "file", "sha256"})


@dataclass(frozen=True)
class Change:
    field: str
    before: object
    after: object


@dataclass(frozen=True)
class HistoryEntry:
    """`by`: "The portal" where no person was named (seeding, SQL). `verb`: insert, update, delete."""

    at: datetime
    event: int
    by: str
    verb: str
    noun: str
    object_id: int
    title: str
    why: str
    changes: tuple[Change, ...]


@with_cached_permissions
def history(
    user: User,
    engagement: int | str,
    *,
    noun: str | None = None,
    object_id: int | tuple[int, ...] | None = None,
    after: tuple[datetime, int] | None = None,
    limit: int = 200,
) -> tuple[HistoryEntry, ...]:
    """Newest first; of one thing, or several of a kind, with `noun` (model name) and `object_id`; `after` (at, event)
    of the last one seen.

    Raises NotFound.
    Below the team: only what has a visibility of its own and is, before and after and now, at the viewer's level.
    """
    found = engagement_for(user, engagement, VIEW_PUBLISHED)
    held = permissions_in(user, found.pk)
    levels = [level.value for level in permissions.levels(held)]
    models = (*_PUBLISHED, *_BY_LEVEL, *(_TEAM if VIEW_HISTORY in held else ()))
    models = tuple(model for model in models if noun in (None, model._meta.model_name))
    if not models:
        return ()
    params = {
        "engagement": found.pk,
        "levels": levels,
        "objects": [object_id] if isinstance(object_id, int) else object_id and list(object_id),
        "limit": limit,
    }
    params["at"], params["event"] = after or (None, None)
    params["team"] = VIEW_HISTORY in held
    return read_events(" UNION ALL ".join(_select(model) for model in models), params)


def read_events(statement: str, params: dict[str, Any]) -> tuple[HistoryEntry, ...]:
    """Newest first; `statement` selects what `_select` does. Two statements."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT * FROM ({statement}) events ORDER BY at DESC, event DESC LIMIT %(limit)s",  # noqa: S608
            params,
        )
        rows = [(*row[:5], *(value and json.loads(value) for value in row[5:])) for row in cursor.fetchall()]
    people = dict(_names({row[6].get("user") for row in rows if row[6]} | _mentioned(rows)))
    return tuple(_entry(row, people) for row in rows)


def _select(model: type[Model]) -> str:
    """Of one event table; the names in it are the models' own, everything else is a parameter."""
    (events,) = pghistory.core.event_models(tracks_model=model)
    event, table = events._meta.db_table, model._meta.db_table
    column = "pgh_obj_id" if model is Engagement else "engagement_id"
    level = ""
    if model in _BY_LEVEL:
        level = f"""
            AND e.visibility = ANY(%(levels)s)
            AND EXISTS (SELECT 1 FROM {table} t WHERE t.id = e.pgh_obj_id AND t.visibility = ANY(%(levels)s)
                        AND (%(team)s OR t.archived_at IS NULL))
            AND (b.pgh_id IS NULL OR b.visibility = ANY(%(levels)s))"""  # noqa: S608
    if model is Comment:
        level += " AND (%(team)s OR (e.request_id IS NULL AND e.update_id IS NULL AND e.plan_id IS NULL))"
    where = f"""e.{column} = %(engagement)s AND (%(objects)s::bigint[] IS NULL OR e.pgh_obj_id = ANY(%(objects)s))
        AND (%(at)s::timestamptz IS NULL OR (e.pgh_created_at, e.pgh_id) < (%(at)s, %(event)s))"""
    newest = "ORDER BY e.pgh_created_at DESC, e.pgh_id DESC LIMIT %(limit)s"
    # Where no level has to be compared, what came before is looked up for the rows of the page only.
    source = event if level else f"(SELECT * FROM {event} e WHERE {where} {newest})"  # noqa: S608
    return f"""(
        SELECT e.pgh_created_at AS at, e.pgh_id AS event, '{model._meta.model_name}' AS noun, e.pgh_obj_id, e.pgh_label,
               to_jsonb(e) AS after, e.pgh_context, to_jsonb(b) AS before
        FROM {source} e LEFT JOIN LATERAL (
            SELECT * FROM {event} p WHERE p.pgh_obj_id = e.pgh_obj_id AND p.pgh_id < e.pgh_id
            ORDER BY p.pgh_id DESC LIMIT 1
        ) b ON true
        WHERE {where} {level} {newest}
    )"""  # noqa: S608


def _mentioned(rows: list[tuple[Any, ...]]) -> set[int]:
    """People the values name."""
    fields = ("owner_id", "user_id", "archived_by_id", "approved_by_id", "reviewed_by_id", "author_id")
    return {row[n].get(field) for row in rows for n in (5, 7) if row[n] for field in fields} - {None}


def _names(ids: set[Any]) -> list[tuple[int, str]]:
    known = {pk for pk in ids if isinstance(pk, int)}
    return [(user.pk, str(user)) for user in User.objects.filter(pk__in=known)] if known else []


def _entry(row: tuple[Any, ...], people: dict[int, str]) -> HistoryEntry:
    at, event, noun, object_id, label, after, found_context, before = row
    context: dict[str, Any] = found_context or {}
    old, new = before or {}, after
    if label == "delete":
        old, new = after, {}
    changes = tuple(
        Change(field, _value(field, old.get(field), people), _value(field, new.get(field), people))
        for field in sorted(set(old) | set(new))
        if not field.startswith("pgh_")
        and field not in _HIDDEN
        and old.get(field) != new.get(field)
        and (old or new.get(field) not in (None, "", False))
    )
    named = ("title", "question", "name", "body", "geoid", "role", "outcome", "sentence")
    title = next((after[name] for name in named if after.get(name)), "")
    if noun == "quarterlyupdate":
        title = f"Q{after['quarter']} {after['year']}"
    if noun in ("feed", "indicator"):
        title = after["name"]
    if noun == "indicatorvalue":
        title = format_period(*(date.fromisoformat(after[name]) for name in ("period_start", "period_end")))
        title = f"{title}: {after['category']}" if after["category"] else title
    if noun == "engagementrole":
        title = f"{people.get(after['user_id'], 'Someone')}: {ROLE_LABELS[Role(after['role'])]}"
    user_id = context.get("user")
    by = people.get(user_id, "The portal") if user_id is not None else "The portal"
    return HistoryEntry(at, event, by, label, noun, object_id, title[: limits.TITLE], context.get("why", ""), changes)


def _value(field: str, value: object, people: dict[int, str]) -> object:
    names_person = field.endswith("_by_id") or field in _PERSON_FIELDS
    return people.get(value, value) if names_person and isinstance(value, int) else value


_PERSON_FIELDS = frozenset({"owner_id", "user_id", "author_id"})
