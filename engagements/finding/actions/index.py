"""Keeping the index of the search box: its list of words, and all of it anew.

Triggers write the entries with what they are about. Words are learned by the worker alone: two writers who bring the
same new word would wait for each other.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Max

from engagements.models import SearchEntry, SearchWord

OVERLAP = timedelta(minutes=15)  # longer than any transaction: an entry is dated when it is written, seen when it ends
_LEARN = """
INSERT INTO engagements_searchword (word, known_at)
SELECT word, %s FROM ts_stat(%s) WHERE word !~ '^[=^]' AND length(word) <= 60 ON CONFLICT DO NOTHING
"""
_ENTRIES = "SELECT words FROM engagements_searchentry"
# Kind -> the table its things are in, for writing all entries anew.
TABLES = {
    "engagement": "engagements_engagement",
    "milestone": "engagements_milestone",
    "progress": "engagements_progressentry",
    "person": "engagements_user",
    "document": "engagements_document",
    "plan": "engagements_plan",
    "result": "engagements_result",
    "pilot": "engagements_pilot",
    "evidence": "engagements_evidencerow",
    "update": "engagements_quarterlyupdate",
    "record": "engagements_record",
    "comment": "engagements_comment",
    "request": "engagements_expertrequest",
    "risk": "engagements_risk",
    "indicator": "engagements_indicator",
    "note": "engagements_localnote",
}


@dataclass(frozen=True)
class Rebuilt:
    """How many entries and words there are now."""

    entries: int
    words: int


def learn_words(*, now: datetime) -> int:
    """Adds the words of entries that changed since some were learned last; how many were new."""
    last = SearchWord.objects.aggregate(last=Max("known_at"))["last"]
    since = "" if last is None else f" WHERE changed_at > '{(last - OVERLAP).isoformat()}'"
    with connection.cursor() as cursor:
        cursor.execute(_LEARN, [now, _ENTRIES + since])
        return int(cursor.rowcount)


def rebuild_search(*, now: datetime) -> Rebuilt:
    """All entries and words anew, in one transaction: whoever searches meanwhile finds what was there before."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM engagements_searchentry")
        cursor.execute("DELETE FROM engagements_searchword")
        for kind, table in TABLES.items():
            cursor.execute(f"SELECT array_agg(id) FROM {table}")  # noqa: S608 - our own names
            cursor.execute("SELECT engagements_index_search(%s, %s)", [kind, cursor.fetchone()[0]])
        words = learn_words(now=now)
    return Rebuilt(SearchEntry.objects.count(), words)
