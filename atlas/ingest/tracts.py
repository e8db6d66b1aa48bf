"""The tract universe of a vintage: the union of the official lists ingested so far, with their names."""

import io

import numpy as np
from django.db import connection
from django.db.models import Q

from atlas.ingest import locks
from atlas.models import Tract
from atlas.sources.base import EstimateTable
from atlas.sources.geoids import tract_text
from atlas.vectors import locate


def universe(vintage: int) -> np.ndarray:
    """All known GEOIDs of a vintage, int64, sorted."""
    buffer = io.BytesIO()
    statement = "COPY (SELECT geoid FROM atlas_tract WHERE vintage = %s) TO STDOUT"
    with connection.cursor() as cursor:
        cursor.copy_expert(cursor.mogrify(statement, [vintage]), buffer)
    return np.sort(np.array(buffer.getvalue().split(), dtype="S11").astype(np.int64))


def add_to_universe(parsed: EstimateTable, is_sample: bool = False) -> int:
    """Adds the tracts that are new, and a name where there was none. Returns how many tracts were added.

    A published name takes the place of a generated one, never the other way round.
    """
    locks.hold_until_commit(locks.UNIVERSE, str(parsed.vintage))
    known = universe(parsed.vintage)
    found, _ = locate(known, parsed.geoids)
    texts, names = tract_text(parsed.geoids), parsed.names or ("",) * len(parsed.geoids)
    lines = [
        f"{parsed.vintage}\t{text}\t{_escape(name)}\n"
        for text, name, old in zip(texts, names, found.tolist(), strict=True)
        if not old or name
    ]
    if not lines or (found.all() and not _unnamed(parsed, is_sample)):
        return 0
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE incoming (vintage int, geoid text, name text) ON COMMIT DROP")
        cursor.copy_expert("COPY incoming FROM STDIN", io.StringIO("".join(lines)))
        cursor.execute(
            "INSERT INTO atlas_tract AS known (vintage, geoid, name, name_is_sample)"
            " SELECT vintage, geoid, name, %s AND name <> '' FROM incoming"
            " ON CONFLICT (vintage, geoid) DO UPDATE"
            " SET name = excluded.name, name_is_sample = excluded.name_is_sample"
            " WHERE excluded.name <> ''"
            " AND (known.name = '' OR (known.name_is_sample AND NOT excluded.name_is_sample))",
            [is_sample],
        )
        cursor.execute("DROP TABLE incoming")
    return int(np.count_nonzero(~found))


def _unnamed(parsed: EstimateTable, is_sample: bool) -> bool:
    """Whether any tract may take a name from this table."""
    free = Q(name="") if is_sample else Q(name="") | Q(name_is_sample=True)
    return bool(parsed.names) and Tract.objects.filter(free, vintage=parsed.vintage).exists()


def _escape(name: str) -> str:
    return name[:120].replace("\\", "\\\\").replace("\t", " ").replace("\n", " ").replace("\r", " ")
