"""The tract universe of a vintage: the union of the official lists ingested so far, with their names."""

import io

import numpy as np
from django.db import connection

from atlas import vectors
from atlas.ingest import locks
from atlas.models import Release, Tract
from atlas.sources.base import EstimateTable
from atlas.sources.geoids import tract_text
from atlas.sources.recognise import dataset
from atlas.vectors import locate


def universe(vintage: int) -> np.ndarray:
    """All known GEOIDs of a vintage, int64, sorted."""
    buffer = io.BytesIO()
    statement = "COPY (SELECT geoid FROM atlas_tract WHERE vintage = %s) TO STDOUT"
    with connection.cursor() as cursor:
        cursor.copy_expert(cursor.mogrify(statement, [vintage]), buffer)
    return np.sort(np.array(buffer.getvalue().split(), dtype="S11").astype(np.int64))


def stored_names(release: Release) -> EstimateTable:
    """The tracts of a staged release with their names, as its file gave them; no measures."""
    _, geoids = vectors.index(release.pk)
    names = vectors.labels(release.pk)
    listed = tuple(names.get(geoid, "") for geoid in geoids.tolist()) if names else ()
    return EstimateTable(dataset(release.dataset), release.vintage, geoids, (), release.rows_read, listed)


def add_to_universe(parsed: EstimateTable) -> int:
    """Adds the tracts that are new, and a name where there was none. Returns how many tracts were added."""
    locks.hold_until_commit(locks.UNIVERSE, str(parsed.vintage))
    known = universe(parsed.vintage)
    found, _ = locate(known, parsed.geoids)
    texts, names = tract_text(parsed.geoids), parsed.names or ("",) * len(parsed.geoids)
    lines = [
        f"{parsed.vintage}\t{text}\t{_escape(name)}\n"
        for text, name, old in zip(texts, names, found.tolist(), strict=True)
        if not old or name
    ]
    if not lines or (found.all() and not _unnamed(parsed)):
        return 0
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE incoming (vintage int, geoid text, name text) ON COMMIT DROP")
        cursor.copy_expert("COPY incoming FROM STDIN", io.StringIO("".join(lines)))
        cursor.execute(
            "INSERT INTO atlas_tract AS known (vintage, geoid, name) SELECT vintage, geoid, name FROM incoming"
            " ON CONFLICT (vintage, geoid) DO UPDATE SET name = excluded.name"
            " WHERE known.name = '' AND excluded.name <> ''"
        )
        cursor.execute("DROP TABLE incoming")
    return int(np.count_nonzero(~found))


def _unnamed(parsed: EstimateTable) -> bool:
    return bool(parsed.names) and Tract.objects.filter(vintage=parsed.vintage, name="").exists()


def _escape(name: str) -> str:
    return name[:120].replace("\\", "\\\\").replace("\t", " ").replace("\n", " ").replace("\r", " ")
