"""The tract universe of a vintage: the union of the official lists ingested so far, with the tracts' names.

A national file of the publisher, a relationship file and a whole state's boundaries are lists. Once a state's list is
known, a smaller file may hold only tracts of it; counties must be counties of 2010 from the first file on.
"""

import io

import numpy as np
from django.db import connection

from atlas import vectors
from atlas.ingest import locks
from atlas.ingest.relations import to_2010
from atlas.measures import UnknownMeasure
from atlas.models import KnownState, LivePart, Tract
from atlas.sources.base import MAX_PROBLEMS_KEPT, EstimateTable, Problem, Refused
from atlas.sources.geoids import county_text, tract_text
from atlas.sources.outcomes import CZ_SLUG
from atlas.sources.us_outline import counties_2010
from atlas.vectors import locate

NATIONAL_STATES, NATIONAL_ROWS = 50, 70_000  # a table this wide is the publisher's own list of tracts


def universe(vintage: int) -> np.ndarray:
    """All known GEOIDs of a vintage, int64, sorted."""
    buffer = io.BytesIO()
    statement = "COPY (SELECT geoid FROM atlas_tract WHERE vintage = %s AND NOT is_sample) TO STDOUT"
    with connection.cursor() as cursor:
        cursor.copy_expert(cursor.mogrify(statement, [vintage]), buffer)
    return np.sort(np.array(buffer.getvalue().split(), dtype="S11").astype(np.int64))


def is_list(geoids: np.ndarray) -> bool:
    return geoids.size >= NATIONAL_ROWS and np.unique(geoids // 10**9).size >= NATIONAL_STATES


def check(parsed: EstimateTable) -> EstimateTable:
    """The table on 2010 tracts, all of them known where their state's list is. Raises Refused naming each that is not.

    A file on 2020 tracts goes through the live relationship file: tracts that did not change keep their values,
    and one that was split or merged refuses the file.
    """
    if parsed.dataset.level != "tract":
        return parsed
    _check_counties(parsed.geoids)
    _check_zones(parsed)
    if is_list(parsed.geoids):
        return parsed
    states = np.array(sorted(int(s) for s in KnownState.objects.filter(vintage=2010).values_list("state", flat=True)))
    if not states.size:
        return parsed
    found, _ = locate(universe(2010), parsed.geoids)
    unknown = ~found & np.isin(parsed.geoids // 10**9, states)
    if not unknown.any():
        return parsed
    return to_2010(parsed, parsed.geoids[unknown])


def _check_counties(geoids: np.ndarray) -> None:
    counties, rows = np.unique(geoids // 10**6, return_counts=True)
    known = np.array([code in counties_2010() for code in county_text(counties)])
    if not known.all():
        wrong = counties[~known]
        problems = [
            Problem(f"is not a county of 2010 ({n:,} tracts)", column="tract", value=code)
            for code, n in zip(county_text(wrong), rows[~known].tolist(), strict=True)
        ]
        raise Refused(problems[:MAX_PROBLEMS_KEPT], len(problems), len(geoids))


def _check_zones(parsed: EstimateTable) -> None:
    """A tract file's commuting zones against those of the live county file."""
    live = LivePart.objects.filter(dataset="county_outcomes_simple", part="", release__is_sample=False).first()
    if parsed.zones is None or live is None:
        return
    try:
        official = vectors.national(live.release_id, CZ_SLUG).at(parsed.geoids // 10**6)[0]
    except UnknownMeasure:
        return
    wrong = np.flatnonzero(np.isfinite(official) & np.isfinite(parsed.zones) & (official != parsed.zones))
    if wrong.size:
        counties, first = np.unique(parsed.geoids[wrong] // 10**6, return_index=True)
        problems = [
            Problem(
                f"contradicts the county file: county {county} is in zone {official[wrong[i]]:.0f}",
                column="cz", value=f"{parsed.zones[wrong[i]]:.0f}",
            )
            for county, i in zip(county_text(counties), first.tolist(), strict=True)
        ]  # fmt: skip
        raise Refused(problems[:MAX_PROBLEMS_KEPT], int(wrong.size), len(parsed.geoids))


def add(geoids: np.ndarray, vintage: int, names: tuple[str, ...] = (), *, is_sample: bool = False) -> int:
    """Adds the tracts that are new, and a name where there was none. Returns how many tracts were added."""
    locks.hold_until_commit(locks.UNIVERSE, str(vintage))
    found, _ = locate(universe(vintage), geoids)
    texts = tract_text(geoids)
    wanted = [
        (text, name)
        for text, name, old in zip(texts, names or ("",) * len(texts), found.tolist(), strict=True)
        if not old or name
    ]
    if not wanted or (found.all() and not (names and Tract.objects.filter(vintage=vintage, name="").exists())):
        return 0
    lines = "".join(f"{vintage}\t{text}\t{_escape(name)}\t{is_sample}\n" for text, name in wanted)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE incoming (vintage int, geoid text, name text, is_sample bool) ON COMMIT DROP")
        cursor.copy_expert("COPY incoming FROM STDIN", io.StringIO(lines))
        cursor.execute(
            "INSERT INTO atlas_tract AS known (vintage, geoid, name, is_sample)"
            " SELECT vintage, geoid, name, is_sample FROM incoming"
            " ON CONFLICT (vintage, geoid) DO UPDATE SET"
            " name = CASE WHEN known.name = '' OR known.is_sample THEN excluded.name ELSE known.name END,"
            " is_sample = known.is_sample AND excluded.is_sample"
            " WHERE (known.name = '' AND excluded.name <> '') OR (known.is_sample AND NOT excluded.is_sample)"
        )
        cursor.execute("DROP TABLE incoming")
    return int(np.count_nonzero(~found))


def mark_known(geoids: np.ndarray, vintage: int = 2010) -> None:
    """The states of `geoids` are complete from now on."""
    states = np.unique(geoids // 10**9).tolist()
    KnownState.objects.bulk_create(
        [KnownState(vintage=vintage, state=f"{state:02d}") for state in states], ignore_conflicts=True
    )  # a set of codes: a row that is there already is the same row


def _escape(name: str) -> str:
    return name[:120].replace("\\", "\\\\").replace("\t", " ").replace("\n", " ").replace("\r", " ")
