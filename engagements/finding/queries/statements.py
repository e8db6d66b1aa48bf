"""The statement of a search: written once for somebody's rights, then asked with whatever they type.

To write what sixteen kinds have to do with a person's rights takes Django longer than Postgres needs to answer. What is
kept is the text of a statement, never a row; a right that changes is another text.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import F, QuerySet

from engagements.access.kept_statements import Text, equal_rights, person_of, text_of
from engagements.access.roles import HeldRights, held_rights
from engagements.finding.queries.kinds import KINDS
from engagements.models import SearchEntry, User

Viewer = User | AnonymousUser
COLUMNS = ("kind", "object_id", "part", "title", "body", "ref", "on", "engagement_id")
# Of these there are so many that a word stands in more than are looked at: those with it in their title come first by a
# search of their own. Of the others so many are looked at as to put the titles first.
_MANY = {"milestone", "document", "record"}
_LOOKED_AT = 24
_PARTS = {"document": 4, "milestone": 2}  # entries looked at for each thing: a long document says a word on many pages


@dataclass(frozen=True)
class Words:
    """What is looked for: for each word that was typed itself and, where nothing is written so, words close to it.

    `is_similar`: one of them is not written anywhere as it was typed. `stems`: of those that have one, by word.
    """

    alternatives: tuple[tuple[str, ...], ...] = ()
    is_similar: bool = False
    stems: dict[str, str] = field(default_factory=dict)

    @property
    def all(self) -> tuple[str, ...]:
        return tuple(word for words in self.alternatives for word in words)


def matching_entries(viewer: Viewer, words: Words, kinds: Iterable[str], most: int) -> list[dict[str, Any]]:
    """Entries in which the words stand and which this person may open, by `COLUMNS`. One statement at most.

    Inside `cached_permissions`. The newest of each kind come first, for the many those with the words in their title.
    """
    rights = equal_rights(held_rights(viewer)) if viewer.is_authenticated else None
    statements: list[str] = []
    given: list[Any] = []
    for kind in kinds:
        for statement, parameters in write_statements(rights, kind, most):
            statements.append(f"({statement})")
            given += [written(words, kind, one.mark) if isinstance(one, _Typed) else one for one in parameters]
    if not statements:
        return []
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(statements), given)
        return [dict(zip(COLUMNS, row, strict=True)) for row in cursor.fetchall()]


class _Typed(str):
    """Stands in a statement for the words: those in the text or, with the mark "^", those in the title."""

    __slots__ = ("mark",)
    mark: str

    def __new__(cls, mark: str = "") -> "_Typed":
        made = super().__new__(cls, "what was typed")
        made.mark = mark
        return made


class _Query(SearchQuery):
    """A text search query as it is written, its words quoted."""

    template = "%(expressions)s::tsquery"


@lru_cache(maxsize=2_000)  # of some 5 kB: 16 kinds for 125 people
def write_statements(rights: HeldRights | None, kind: str, most: int) -> tuple[Text, ...]:
    """Texts and parameters. The person is made of the rights, so that nothing else can become part of a text."""
    texts = (text_of(search) for search in _searches(person_of(rights), kind, most))
    return tuple(text for text in texts if text is not None)


def _searches(viewer: Any, kind: str, most: int) -> list[QuerySet[SearchEntry, Any]]:
    """The newest of a kind, of what this person may open; a common word is looked for only until enough are found."""
    entries = KINDS[kind](viewer).filter(kind=kind).order_by(F("on").desc(nulls_last=True), "-pk").values(*COLUMNS)
    anywhere = entries.filter(words=_Query(_Typed()))
    if kind not in _MANY:
        return [anywhere[: max(most, _LOOKED_AT)]]
    titles = entries.filter(part=0, words=_Query(_Typed("^")))
    return [titles[:most], anywhere[: most * _PARTS.get(kind, 1)]]


def written(words: Words, kind: str = "", mark: str = "") -> str:
    """Every word that was typed, or one close to it: as the beginning of a word, or by its stem.

    Each entry holds its kind as one of its words, "=milestone", and those of its title once more, "^coaching".
    """
    terms = [f"'={kind}'"] if kind else []
    for alternatives in words.alternatives:
        beginnings = [f"'{mark}{_quoted(word)}'" + (":*" if len(word) > 1 else "") for word in alternatives]
        stems = [f"'{mark}{_quoted(words.stems[word])}'" for word in alternatives if word in words.stems]
        terms.append(f"({' | '.join(beginnings + stems)})")
    return " & ".join(terms)


def _quoted(word: str) -> str:
    return word.replace("\\", "\\\\").replace("'", "''")
