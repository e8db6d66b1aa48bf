"""Who changed what, when, from what to what and why: read from the tables the database's triggers write."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any

import pghistory.core
from django.db import connection
from django.db.models import Model, Q
from django.utils.translation import gettext as _

from atlas.formatting.dates import format_period
from engagements import limits, permissions
from engagements.access.engagements import engagement_for
from engagements.access.roles import permissions_in, with_cached_permissions
from engagements.base.queries.history_sources import BY_LEVEL, MANAGERS, PUBLISHED, TEAM, place_of
from engagements.models import (
    Comment,
    Document,
    EngagementRole,
    Indicator,
    Milestone,
    Pilot,
    Plan,
    Project,
    Record,
    User,
)
from engagements.models.abstract import Archivable
from engagements.permissions import MANAGE_ROLES, ROLE_LABELS, VIEW_HISTORY, VIEW_PUBLISHED, Role

_HIDDEN = frozenset({"version", "id", "file", "sha256"})
_REACHED_AT = frozenset({"email", "phone", "note"})  # of a contact: who was taken off the list leaves no address here


@dataclass(frozen=True)
class Change:
    field: str
    before: object
    after: object


@dataclass(frozen=True)
class HistoryEntry:
    """`by`: "The portal" where no person was named (seeding, SQL). `verb`: insert, update, delete.

    `about`: ids the row keeps, `plan_id` and the like; `names`: titles of what they lead to. `is_gone`: it is archived
    or deleted by now, whatever this entry says of it. `count`: rows it stands for. `row_kind`: the row's own
    kind, such as decision or meeting, or what a mark is about.
    """

    at: datetime
    event: int
    by: str
    verb: str
    noun: str
    object_id: int
    title: str
    why: str
    changes: tuple[Change, ...]
    about: Mapping[str, int] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    is_gone: bool = False
    count: int = 1
    row_kind: str = ""


@with_cached_permissions
def history(
    user: User,
    engagement: int | str,
    *,
    noun: str | None = None,
    object_id: int | tuple[int, ...] | None = None,
    after: tuple[datetime, int] | None = None,
    who: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 200,
) -> tuple[HistoryEntry, ...]:
    """Newest first; of one thing, or several of a kind, with `noun` (model name) and `object_id`; `after` (at, event)
    of the last one seen. `who`: the id of a person, 0 for what no person did; from `since` until before `until`.

    Raises NotFound.
    Below the team: only what has a visibility of its own and is, before and after and now, at the viewer's level.
    """
    found = engagement_for(user, engagement, VIEW_PUBLISHED)
    held = permissions_in(user, found.pk)
    levels = [level.value for level in permissions.levels(held)]
    models = (*PUBLISHED, *BY_LEVEL, *(TEAM if VIEW_HISTORY in held else ()))
    models += MANAGERS if MANAGE_ROLES in held and VIEW_HISTORY in held else ()
    models = tuple(model for model in models if noun in (None, model._meta.model_name))
    if not models:
        return ()
    params = {
        "engagement": found.pk,
        "initiative": found.initiative_id,
        "city": found.city_id,
        "who": None if who is None else str(who or ""),
        "since": since,
        "until": until,
        "levels": levels,
        "objects": [object_id] if isinstance(object_id, int) else object_id and list(object_id),
        "limit": limit,
    }
    params["at"], params["event"] = after or (None, None)
    params["team"] = VIEW_HISTORY in held
    return read_events(" UNION ALL ".join(_select(model) for model in models), params)


def authors(user: User, engagement: int | str) -> tuple[tuple[int, str], ...]:
    """(id, name) of whoever has or had a role there, by name; nobody without VIEW_HISTORY. Two statements."""
    found = engagement_for(user, engagement, VIEW_PUBLISHED)
    if VIEW_HISTORY not in permissions_in(user, found.pk):
        return ()
    here = Q(engagement=found.pk) | Q(engagement=None)
    roles = EngagementRole.objects.filter(here, initiative=found.initiative_id)
    people = User.objects.filter(pk__in=roles.values("user_id"))
    return tuple(sorted(((person.pk, str(person)) for person in people), key=lambda pair: pair[1].casefold()))


def read_events(statement: str, params: dict[str, Any]) -> tuple[HistoryEntry, ...]:
    """Newest first; `statement` selects what `_select` does. Three statements."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT * FROM ({statement}) events ORDER BY at DESC, event DESC LIMIT %(limit)s",  # noqa: S608 - our own names; values go as parameters
            params,
        )
        rows = [(*row[:5], *(value and json.loads(value) for value in row[5:8]), row[8]) for row in cursor.fetchall()]
    people = dict(_names({row[6].get("user") for row in rows if row[6]} | _mentioned(rows)))
    titles = _titles([row[5] for row in rows])
    return tuple(_entry(row, people, titles) for row in rows)


def _select(model: type[Model]) -> str:
    """Of one event table; the names in it are the models' own, everything else is a parameter."""
    (events,) = pghistory.core.event_models(tracks_model=model)
    event, table = events._meta.db_table, model._meta.db_table
    level = ""
    if model in BY_LEVEL:
        level = f"""
            AND e.visibility = ANY(%(levels)s)
            AND EXISTS (SELECT 1 FROM {table} t WHERE t.id = e.pgh_obj_id AND t.visibility = ANY(%(levels)s)
                        AND (%(team)s OR t.archived_at IS NULL))
            AND (b.pgh_id IS NULL OR b.visibility = ANY(%(levels)s))"""  # noqa: S608 - our own names; values go as parameters
    if model is Comment:
        level += " AND (%(team)s OR (e.request_id IS NULL AND e.update_id IS NULL AND e.plan_id IS NULL))"
    where = f"""{place_of(model)} AND (%(objects)s::bigint[] IS NULL OR e.pgh_obj_id = ANY(%(objects)s))
        AND (%(at)s::timestamptz IS NULL OR (e.pgh_created_at, e.pgh_id) < (%(at)s, %(event)s))
        AND (%(who)s::text IS NULL OR coalesce(e.pgh_context->>'user', '') = %(who)s)
        AND (%(since)s::timestamptz IS NULL OR e.pgh_created_at >= %(since)s)
        AND (%(until)s::timestamptz IS NULL OR e.pgh_created_at < %(until)s)"""
    newest = "ORDER BY e.pgh_created_at DESC, e.pgh_id DESC LIMIT %(limit)s"
    # Where no level has to be compared, what came before is looked up for the rows of the page only.
    source = event if level else f"(SELECT * FROM {event} e WHERE {where} {newest})"  # noqa: S608 - our own names; values go as parameters
    return f"({select_events(model, source)} WHERE {where} {level} {newest})"


def select_events(model: type[Model], source: str = "") -> str:
    """SELECT ... FROM `source` (its event table) as e, with what was before as b; for `read_events`."""
    (events,) = pghistory.core.event_models(tracks_model=model)
    event, table = events._meta.db_table, model._meta.db_table
    live = " AND t.archived_at IS NULL" if issubclass(model, Archivable) else ""
    return f"""
        SELECT e.pgh_created_at AS at, e.pgh_id AS event, '{model._meta.model_name}' AS noun, e.pgh_obj_id, e.pgh_label,
               to_jsonb(e) AS after, e.pgh_context, to_jsonb(b) AS before,
               NOT EXISTS (SELECT 1 FROM {table} t WHERE t.id = e.pgh_obj_id{live}) AS is_gone
        FROM {source or event} e LEFT JOIN LATERAL (
            SELECT * FROM {event} p WHERE p.pgh_obj_id = e.pgh_obj_id AND p.pgh_id < e.pgh_id
            ORDER BY p.pgh_id DESC LIMIT 1
        ) b ON true"""  # noqa: S608 - our own names; values go as parameters


SHOWN_TRACTS = 6


def group_tracts(entries: tuple[HistoryEntry, ...]) -> tuple[HistoryEntry, ...]:
    """Tracts added to a plan or taken out together are one entry; a plan's version only counted up says nothing."""
    told: list[HistoryEntry] = []
    kept = [entry for entry in entries if entry.noun != "plan" or entry.verb != "update" or entry.changes]
    for (noun, *_rest), group in groupby(kept, key=_transaction_of):
        rows = list(group)
        if noun != "plantract":
            told += rows
            continue
        names = sorted(row.title for row in rows)
        left = len(names) - SHOWN_TRACTS
        more = _(" and {count} more").format(count=left) if left > 0 else ""
        told.append(replace(rows[0], title=f"{', '.join(names[:SHOWN_TRACTS])}{more}", changes=(), count=len(names)))
    return tuple(told)


def _transaction_of(entry: HistoryEntry) -> tuple:
    if entry.noun != "plantract":
        return entry.noun, entry.event
    return entry.noun, entry.verb, entry.by, entry.why, entry.about.get("plan_id"), entry.at.replace(microsecond=0)


def _titles(rows: list[dict[str, Any]]) -> dict[str, dict[int, str]]:
    """By column, then id: what the rows lead to is called, now. One statement, whatever the rows."""
    ids = {column: [row[column] for row in rows if row.get(column)] for column in TITLES}
    parts = [
        f"SELECT '{column}', id, {name} FROM {model._meta.db_table} WHERE id = ANY(%({column})s::bigint[])"  # noqa: S608 - our own names; values go as parameters
        for column, (model, name) in TITLES.items()
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), ids)
        found: dict[str, dict[int, str]] = {}
        for column, pk, title in cursor.fetchall():
            found.setdefault(column, {})[pk] = title
    return found


def _mentioned(rows: list[tuple[Any, ...]]) -> set[int]:
    """People the values name."""
    kept = (row[n] for row in rows for n in (5, 7) if row[n])
    return {value for values in kept for name, value in values.items() if _names_person(name)} - {None}


def _names_person(field: str) -> bool:
    return field.endswith("_by_id") or field in _PERSON_FIELDS


def _names(ids: set[Any]) -> list[tuple[int, str]]:
    known = {pk for pk in ids if isinstance(pk, int)}
    return [(user.pk, str(user)) for user in User.objects.filter(pk__in=known)] if known else []


def _entry(row: tuple[Any, ...], people: dict[int, str], titles: dict[str, dict[int, str]]) -> HistoryEntry:
    at, event, noun, object_id, label, after, found_context, before, is_gone = row
    context: dict[str, Any] = found_context or {}
    old, new = before or {}, after
    if label == "delete":
        old, new = after, {}
    changes = tuple(
        Change(field, _value(field, old.get(field), people), _value(field, new.get(field), people))
        for field in sorted(set(old) | set(new))
        if not field.startswith("pgh_")
        and field not in _HIDDEN
        and not (noun == "contact" and field in _REACHED_AT)
        and old.get(field) != new.get(field)
        and (old or new.get(field) not in (None, "", False))
    )
    named = ("title", "question", "name", "body", "geoid", "tract_geoid", "role", "outcome", "sentence", "what")
    title = next((after[name] for name in named if after.get(name)), "")
    if noun == "contact":
        title = after["name"]
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
    about = {name: value for name, value in after.items() if name.endswith("_id") and isinstance(value, int)}
    return HistoryEntry(
        at,
        event,
        by,
        label,
        noun,
        object_id,
        title[: limits.TITLE],
        context.get("why", ""),
        changes,
        about,
        {name: titles[name][pk] for name, pk in about.items() if pk in titles.get(name, {})},
        is_gone,
        row_kind=str(after.get("kind") or after.get("noun") or ""),
    )


def _value(field: str, value: object, people: dict[int, str]) -> object:
    return people.get(value, value) if _names_person(field) and isinstance(value, int) else value


_PERSON_FIELDS = frozenset({"owner_id", "user_id", "author_id", "contact_id"})
TITLES: dict[str, tuple[type[Model], str]] = {
    "milestone_id": (Milestone, "title"),
    "needs_id": (Milestone, "title"),
    "document_id": (Document, "title"),
    "record_id": (Record, "title"),
    "plan_id": (Plan, "title"),
    "project_id": (Project, "title"),
    "pilot_id": (Pilot, "title"),
    "indicator_id": (Indicator, "name"),
}
