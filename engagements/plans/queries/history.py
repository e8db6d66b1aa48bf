"""Who changed what in a plan, its interventions, tracts and links: from the tables the database's triggers write."""

from dataclasses import replace
from itertools import groupby

import pghistory.core

from engagements.access.plans import plan_for
from engagements.base.queries.history import HistoryEntry, read_events
from engagements.models import Document, Milestone, Plan, PlanDocument, PlanIntervention, PlanMilestone, PlanTract, User
from engagements.permissions import VIEW_HISTORY

_PARTS = (PlanIntervention, PlanTract, PlanMilestone, PlanDocument)
_SHOWN_TRACTS = 6


def plan_history(user: User, pk: int, *, limit: int = 400) -> tuple[HistoryEntry, ...]:
    """Newest first; tracts that were added or taken out together are one entry. For the team. Raises NotFound."""
    found = plan_for(user, pk, VIEW_HISTORY)
    statement = " UNION ALL ".join([_select(Plan, "pgh_obj_id"), *(_select(model, "plan_id") for model in _PARTS)])
    return _group_by_transaction(_named(read_events(statement, {"plan": found.pk, "limit": limit})))


def _select(model, column: str) -> str:
    """Of one event table; the names in it are the models' own."""
    (events,) = pghistory.core.event_models(tracks_model=model)
    event = events._meta.db_table
    return f"""(
        SELECT e.pgh_created_at AS at, e.pgh_id AS event, '{model._meta.model_name}' AS noun, e.pgh_obj_id, e.pgh_label,
               to_jsonb(e) AS after, e.pgh_context, to_jsonb(b) AS before
        FROM {event} e LEFT JOIN LATERAL (
            SELECT * FROM {event} p WHERE p.pgh_obj_id = e.pgh_obj_id AND p.pgh_id < e.pgh_id
            ORDER BY p.pgh_id DESC LIMIT 1
        ) b ON true
        WHERE e.{column} = %(plan)s ORDER BY e.pgh_created_at DESC, e.pgh_id DESC LIMIT %(limit)s
    )"""  # noqa: S608


def _named(entries: tuple[HistoryEntry, ...]) -> list[HistoryEntry]:
    """Links carry the titles of what they lead to. Two statements."""
    kinds: dict[str, tuple[str, type[Milestone] | type[Document]]] = {
        "planmilestone": ("milestone_id", Milestone),
        "plandocument": ("document_id", Document),
    }
    titles: dict[tuple[str, int | None], str] = {}
    for noun, (field, model) in kinds.items():
        ids = {_linked(entry, field) for entry in entries if entry.noun == noun}
        rows = model.objects.filter(pk__in=ids - {None}).values_list("pk", "title")
        titles |= {(field, pk): title for pk, title in rows}
    return [
        replace(entry, title=titles.get((field, _linked(entry, field)), ""))
        if (field := kinds.get(entry.noun, ("",))[0])
        else entry
        for entry in entries
    ]


def _linked(entry: HistoryEntry, field: str) -> int | None:
    found = next((each.after or each.before for each in entry.changes if each.field == field), None)
    assert found is None or isinstance(found, int), "events keep a link as the id of what is linked"
    return found


def _group_by_transaction(entries: list[HistoryEntry]) -> tuple[HistoryEntry, ...]:
    """A version that was only counted up says nothing; many tracts at once are one line."""
    told: list[HistoryEntry] = []
    kept = [entry for entry in entries if entry.noun != "plan" or entry.verb != "update" or entry.changes]
    for (noun, verb, *_), group in groupby(kept, key=_transaction_of):
        rows = list(group)
        if noun != "plantract":
            told += rows
            continue
        names = sorted(row.title for row in rows)
        more = f" and {len(names) - _SHOWN_TRACTS} more" if len(names) > _SHOWN_TRACTS else ""
        first = rows[0]
        told.append(
            HistoryEntry(
                first.at,
                first.event,
                first.by,
                verb,
                noun,
                first.object_id,
                f"{len(names)}: {', '.join(names[:_SHOWN_TRACTS])}{more}",
                first.why,
                (),
            )
        )
    return tuple(told)


def _transaction_of(entry: HistoryEntry) -> tuple:
    together = entry.noun == "plantract"
    return entry.noun, entry.verb, entry.by, entry.why, entry.at.replace(microsecond=0) if together else entry.event
