"""One look at everything people wrote, as far as somebody may open it.

What matches is joined to what the functions of `engagements/access/` let this person see, in the same statement: an
entry of the index gives nobody a right. The statements are as many for everybody who has work, whatever they find.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import Q, QuerySet

from engagements.access.people import visible_roles
from engagements.access.roles import engagements_with, with_cached_permissions
from engagements.finding.queries.kinds import KINDS, PUBLIC
from engagements.finding.queries.statements import Words, matching_entries, written
from engagements.finding.rules import MOST_WORDS, count_found, find_close
from engagements.models import Document, Engagement, Milestone, RecordPlace, User
from engagements.permissions import MANAGE_ROLES, VIEW_PUBLISHED

Viewer = User | AnonymousUser
MOST = 5  # of a kind, where all kinds are listed
MOST_OF_ONE = 50


@dataclass(frozen=True)
class WorkHit:
    """One thing that was found, with the text its words stand in. `city`, `engagement`: of its engagement, "" of none.

    `about`: whose comment it is, the milestone of a line that was logged, the job of a person.
    """

    kind: str
    pk: int
    title: str
    body: str
    ref: str
    on: date | None
    part: int
    city: str
    engagement: str
    about: str


@dataclass(frozen=True)
class WorkFound:
    """Hits by kind, best first; `more`: kinds of which more fit than are listed."""

    words: Words
    hits: dict[str, tuple[WorkHit, ...]]
    more: frozenset[str] = frozenset()


def find_words(text: str) -> Words:
    """One statement, whatever was typed. Words nobody has written are looked up among those that are close."""
    with connection.cursor() as cursor:
        cursor.execute(_WORDS, [text, MOST_WORDS])
        rows = cursor.fetchall()
    found = [(word, () if is_written else find_close(word, close)) for word, is_written, close, _ in rows]
    stems = {word: stem for word, _, _, stem in rows if stem}
    return Words(tuple((word, *close) for word, close in found), any(close for _, close in found), stems)


# Comparisons of text_pattern_ops: by letters, whatever the order of the database's language.
_WORDS = """
SELECT word, is_written, CASE WHEN is_written THEN '{}' ELSE engagements_close_words(word) END,
    (ts_lexize('pg_catalog.english_stem', word))[1] FROM (
    SELECT word, number, EXISTS (SELECT 1 FROM engagements_searchword w
        WHERE w.word ~>=~ t.word AND w.word ~<~ (t.word || U&'\\+10FFFF')) AS is_written
    FROM unnest(string_to_array(engagements_search_plain(%s), ' ')) WITH ORDINALITY AS t(word, number)
    WHERE word <> '' ORDER BY number LIMIT %s) AS typed ORDER BY number
"""


@with_cached_permissions
def find_work(viewer: Viewer, words: Words, *, kind: str = "", most: int = MOST) -> WorkFound:
    """The best of each kind, or of one `kind`. Ten statements, however much there is."""
    if not words.alternatives:
        return WorkFound(words, {})
    asked = [name for name in KINDS if viewer.is_authenticated or name in PUBLIC]
    kinds = _kinds_with(words, [name for name in asked if kind in ("", name)])
    if not kinds:
        return WorkFound(words, {})
    rows = matching_entries(viewer, words, kinds, most + 1)
    by_kind: dict[str, list[dict[str, Any]]] = {name: [] for name in kinds}
    for row in sorted(rows, key=lambda row: count_found(row["title"], words.alternatives), reverse=True):
        found = by_kind[row["kind"]]
        if all(row["object_id"] != other["object_id"] for other in found):
            found.append(row)
    shown = [row for found in by_kind.values() for row in found[:most]]
    described: dict[str, tuple[WorkHit, ...]] = {name: () for name in kinds}
    for hit in _describe(viewer, shown):
        described[hit.kind] += (hit,)
    more = frozenset(name for name, found in by_kind.items() if len(found) > most)
    return WorkFound(words, {name: hits for name, hits in described.items() if hits}, more)


def _kinds_with(words: Words, kinds: list[str]) -> list[str]:
    """Those in which anything fits, whoever may open it: the others need not be asked with all their rights.

    Where more fits than is looked at here, all of them. One statement.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FITTING, [written(words), _FEW])
        counts = dict(cursor.fetchall())
    return [kind for kind in kinds if kind in counts] if sum(counts.values()) < _FEW else kinds


_FEW = 400
_FITTING = """
SELECT kind, count(*) FROM (SELECT kind FROM engagements_searchentry WHERE words @@ %s::tsquery LIMIT %s) AS fitting
GROUP BY kind
"""


def _describe(viewer: Viewer, rows: list[dict[str, Any]]) -> Iterable[WorkHit]:
    """With the city of each and whatever else its line says. Six statements."""
    if not rows and not viewer.is_authenticated:
        return
    homes = _homes(viewer, rows)
    authors = _names(User, "name", (row["ref"] for row in rows if row["kind"] == "comment"))
    milestones = _names(Milestone, "title", (row["ref"] for row in rows if row["kind"] == "progress"))
    titles = _names(Document, "title", (row["object_id"] for row in rows if row["kind"] == "document" and row["part"]))
    for row in rows:
        kind, pk = row["kind"], row["object_id"]
        city, engagement = homes.get((kind, pk), ("", ""))
        names = {"comment": authors, "progress": milestones}.get(kind, {})
        about = names.get(row["ref"], row["ref"] if kind == "person" else "")
        title = row["title"] or (titles.get(str(pk), "") if kind == "document" else "")
        yield WorkHit(kind, pk, title, row["body"], row["ref"], row["on"], row["part"], city, engagement, about)


_NOTHING = {0}  # no id: asked all the same, so that the number of statements tells nobody what others may see


def _names(model: Any, field: str, ids: Iterable[Any]) -> dict[str, str]:
    found = model.objects.filter(pk__in={int(pk) for pk in ids} or _NOTHING).values_list("pk", field)
    return {str(pk): name for pk, name in found}


def _homes(viewer: Viewer, rows: list[dict[str, Any]]) -> dict[tuple[str, int], tuple[str, str]]:
    """(city, slug of the engagement) of each hit, an engagement that this person sees. Three statements.

    A record about several cities may be read through another one than its own; a person through any.
    """
    people = {row["object_id"] for row in rows if row["kind"] == "person"}
    records = {row["object_id"] for row in rows if row["kind"] == "record"}
    held = visible_roles(viewer).filter(user_id__in=people or _NOTHING).order_by("engagement_id")
    of_people = list(held.values_list("user_id", "engagement_id", "initiative_id"))
    places = list(
        RecordPlace.objects.filter(record_id__in=records or _NOTHING).values_list("record_id", "engagement_id")
    )
    ids = {row["engagement_id"] for row in rows} | {pk for _, pk, _ in of_people} | {pk for _, pk in places}
    initiatives = {initiative for _, pk, initiative in of_people if pk is None}
    wanted = Q(pk__in=ids - {None} or _NOTHING) | Q(initiative_id__in=initiatives)
    seen: dict[int, tuple[str, str]] = {}
    of_initiative: dict[int, tuple[str, str]] = {}
    for pk, initiative, city, slug in (
        Engagement.objects.filter(wanted)
        .filter(pk__in=_seen_or_managed(viewer))
        .order_by("pk")
        .values_list("pk", "initiative_id", "city__name", "slug")
    ):
        seen[pk] = (city, slug)
        of_initiative.setdefault(initiative, (city, slug))
    homes: dict[tuple[str, int], tuple[str, str]] = {}
    for person, pk, initiative in of_people:
        home = seen.get(pk) if pk is not None else of_initiative.get(initiative)
        if home:
            homes.setdefault(("person", person), home)
    for record, pk in places:
        if pk in seen:
            homes.setdefault(("record", record), seen[pk])
    for row in rows:
        if row["engagement_id"] in seen:
            homes[row["kind"], row["object_id"]] = seen[row["engagement_id"]]
    return homes


def _seen_or_managed(viewer: Viewer) -> QuerySet[Engagement, Any]:
    return (engagements_with(viewer, VIEW_PUBLISHED) | engagements_with(viewer, MANAGE_ROLES)).values("pk")
