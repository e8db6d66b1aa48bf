"""The kinds of things that a search finds, and which entries of each somebody may open.

What matches is joined to what the functions of `engagements/access/` let this person see, in the same statement: an
entry of the index gives nobody a right.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import F, Q, QuerySet

from engagements.access.discussion import (
    visible_comments,
    visible_documents,
    visible_records,
    visible_requests,
    visible_risks,
    visible_updates,
)
from engagements.access.engagements import visible_engagements, visible_milestones
from engagements.access.people import visible_people
from engagements.access.pilots import team_pilots, visible_pilots
from engagements.access.plans import visible_indicators, visible_plans
from engagements.access.results import visible_results
from engagements.access.roles import has_permission_anywhere, in_engagements_with
from engagements.models import EvidenceRow, LocalNote, ProgressEntry, SearchEntry
from engagements.permissions import EDIT_EVIDENCE, VIEW_PLAN, VIEW_RESULT, VIEW_TEAM


def _entries_of(rows: QuerySet[Any]) -> QuerySet[SearchEntry]:
    """Those of the things given. "+ 0" keeps Postgres from going through the entries thing by thing.

    It takes a document for one entry, and would read all parts of all documents.
    """
    return SearchEntry.objects.annotate(thing=F("object_id") + 0).filter(thing__in=rows.order_by().values("pk"))


def _by_layer(rows: QuerySet[Any], team: Q) -> QuerySet[SearchEntry]:
    """Drafts for those who see them, what was published last for the others: never the words of the other."""
    return _entries_of(rows).filter(Q(layer="team") & team | Q(layer="open") & ~team)


def _engagements(viewer: Any) -> QuerySet[SearchEntry]:
    return _entries_of(visible_engagements(viewer))


def _milestones(viewer: Any) -> QuerySet[SearchEntry]:
    """What shows that it is done is the team's."""
    return _entries_of(visible_milestones(viewer).live()).filter(
        Q(layer="open") | in_engagements_with(viewer, VIEW_TEAM)
    )


def _progress(viewer: Any) -> QuerySet[SearchEntry]:
    """Lines that were logged: the team's, on milestones that are there for this person."""
    seen = visible_milestones(viewer).filter(in_engagements_with(viewer, VIEW_TEAM))
    return _entries_of(ProgressEntry.objects.filter(milestone__in=seen.order_by().values("pk")))


def _people(viewer: Any) -> QuerySet[SearchEntry]:
    """By email address only where it is shown."""
    known = visible_people(viewer, with_contact=True).values("pk")
    seen = _entries_of(visible_people(viewer))
    return seen.filter(Q(layer="team", object_id__in=known) | Q(layer="open") & ~Q(object_id__in=known))


def _pilots(viewer: Any) -> QuerySet[SearchEntry]:
    """Teams of all cities that take part by what is being written, others by the locked plan."""
    team = team_pilots(viewer).order_by().values("pk")
    seen = _entries_of(visible_pilots(viewer))
    return seen.filter(Q(layer="team", object_id__in=team) | Q(layer="open") & ~Q(object_id__in=team))


def _evidence(viewer: Any) -> QuerySet[SearchEntry]:
    """Others than its writers read the row as it was last reviewed, also while a change waits."""
    layer = "team" if has_permission_anywhere(viewer, EDIT_EVIDENCE) else "open"
    return _entries_of(EvidenceRow.objects.filter(archived_at=None)).filter(layer=layer)


# Kind of entry -> those of it that somebody may open. In the order of the page.
KINDS: dict[str, Callable[[Any], QuerySet[SearchEntry]]] = {
    "engagement": _engagements,
    "milestone": _milestones,
    "plan": lambda viewer: _by_layer(visible_plans(viewer), in_engagements_with(viewer, VIEW_PLAN)),
    "result": lambda viewer: _by_layer(visible_results(viewer), in_engagements_with(viewer, VIEW_RESULT)),
    "pilot": _pilots,
    "evidence": _evidence,
    "document": lambda viewer: _entries_of(visible_documents(viewer)),
    "record": lambda viewer: _entries_of(visible_records(viewer)),
    "update": lambda viewer: _by_layer(visible_updates(viewer), in_engagements_with(viewer, VIEW_TEAM)),
    "progress": _progress,
    "comment": lambda viewer: _entries_of(visible_comments(viewer)),
    "request": lambda viewer: _entries_of(visible_requests(viewer)),
    "risk": lambda viewer: _entries_of(visible_risks(viewer)),
    "indicator": lambda viewer: _entries_of(visible_indicators(viewer)),
    "person": _people,
    "note": lambda viewer: _entries_of(LocalNote.objects.filter(archived_at=None)),
}


PUBLIC = {"plan", "result", "pilot", "evidence", "note"}  # of which everybody may open some
