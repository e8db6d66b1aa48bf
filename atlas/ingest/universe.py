"""The tract universe of a vintage: the union of the official lists ingested so far, with the tracts' names.

A national file of the publisher, a relationship file and a whole state's boundaries are lists. Once a state's list is
known, a smaller file may hold only tracts of it; counties must be counties of 2010 from the first file on.
"""

import io
from dataclasses import replace

import numpy as np
from django.db import connection
from django.db.models import Q

from atlas import vectors
from atlas.ingest import locks
from atlas.ingest.relations import convert_to_2010_tracts
from atlas.models import KnownState, LivePart, Tract
from atlas.sources.base import MAX_PROBLEMS_KEPT, EstimateTable, Problem, SourceFileError
from atlas.sources.geoids import format_county_geoids, format_tract_geoids
from atlas.sources.outcomes import CZ_SLUG
from atlas.sources.us_outline import counties_2010
from atlas.vectors import locate

NATIONAL_STATES, NATIONAL_ROWS = 50, 70_000  # a table this wide is the publisher's own list of tracts
# The publisher's lists differ by up to 1,771 of 74,138 tracts; a list of another vintage by tens of thousands.
MAX_NEW_SHARE = 0.05
_MAX_LISTED = 20


def listed_tracts(vintage: int) -> np.ndarray:
    """GEOIDs of a vintage on official lists, int64, sorted."""
    return _read("SELECT geoid FROM atlas_tract WHERE vintage = %s AND NOT is_sample", vintage)


def is_national_list(geoids: np.ndarray) -> bool:
    return geoids.size >= NATIONAL_ROWS and np.unique(geoids // 10**9).size >= NATIONAL_STATES


def check_tracts(parsed: EstimateTable) -> EstimateTable:
    """The table on 2010 tracts, all of them known where their state's list is. Raises SourceFileError naming each that
    is not.

    A file on 2020 tracts goes through the live relationship file: tracts that did not change keep their values,
    and one that was split or merged refuses the file.
    """
    if parsed.dataset.level == "county":
        _check_zones(parsed, parsed.geoids)
    if parsed.dataset.level != "tract":
        return parsed
    _check_counties(parsed)
    _check_zones(parsed, parsed.geoids // 10**6)
    states = np.array(sorted(int(s) for s in KnownState.objects.filter(vintage=2010).values_list("state", flat=True)))
    if not states.size:
        return parsed
    found, _ = locate(listed_tracts(2010), parsed.geoids)
    unknown = parsed.geoids[~found & np.isin(parsed.geoids // 10**9, states)]
    if not unknown.size:
        return parsed
    if is_national_list(parsed.geoids) and unknown.size <= MAX_NEW_SHARE * parsed.geoids.size:
        named = ", ".join(format_tract_geoids(unknown[:_MAX_LISTED])) + (", ..." if unknown.size > _MAX_LISTED else "")
        warning = f"adds {unknown.size:,} tracts that no list so far has: {named}"
        return replace(parsed, warnings=(*parsed.warnings, warning))
    return convert_to_2010_tracts(parsed, unknown)


def file_line(parsed: EstimateTable, row: int) -> int | None:
    return None if parsed.lines is None else int(parsed.lines[row])


def _check_counties(parsed: EstimateTable) -> None:
    counties, of_row = np.unique(parsed.geoids // 10**6, return_inverse=True)
    known = np.array([code in counties_2010() for code in format_county_geoids(counties)])
    wrong = np.flatnonzero(~known[of_row])
    if wrong.size:
        named = wrong[:MAX_PROBLEMS_KEPT]
        problems = [
            Problem("is not in a county of 2010", line=file_line(parsed, row), column="tract", value=code)
            for row, code in zip(named.tolist(), format_tract_geoids(parsed.geoids[named]), strict=True)
        ]
        raise SourceFileError(problems, int(wrong.size), len(parsed.geoids))


def _check_zones(parsed: EstimateTable, county: np.ndarray) -> None:
    """A file's commuting zones (those of 1990 do not change) against the live county file's; `county` of each row."""
    live = LivePart.objects.filter(dataset="county_outcomes_simple", part="", release__is_sample=False).first()
    if parsed.zones is None or live is None:
        return
    official = vectors.national(live.release_id, CZ_SLUG).at(county)[0]
    wrong = np.flatnonzero(np.isfinite(official) & np.isfinite(parsed.zones) & (official != parsed.zones))
    if wrong.size:
        counties, first = np.unique(county[wrong], return_index=True)
        problems = [
            Problem(
                f"contradicts the county file: county {code} is in zone {official[wrong[i]]:.0f}",
                line=file_line(parsed, int(wrong[i])),
                column="cz",
                value=f"{parsed.zones[wrong[i]]:.0f}",
            )
            for code, i in zip(format_county_geoids(counties), first.tolist(), strict=True)
        ]
        raise SourceFileError(problems[:MAX_PROBLEMS_KEPT], int(wrong.size), len(parsed.geoids))


def add_tracts(geoids: np.ndarray, vintage: int, names: tuple[str, ...] = (), *, is_sample: bool = False) -> int:
    """Adds the tracts that are new, and a name where there was none. Returns how many tracts were added."""
    locks.lock_until_commit(locks.UNIVERSE, str(vintage))
    found, _ = locate(_all_tracts(vintage), geoids)
    rows = list(zip(format_tract_geoids(geoids), names or ("",) * len(geoids), found.tolist(), strict=True))
    new = "".join(f"{vintage}\t{text}\t{_escape(name)}\t{is_sample}\n" for text, name, old in rows if not old)
    with connection.cursor() as cursor:
        if new:
            cursor.copy_expert("COPY atlas_tract (vintage, geoid, name, is_sample) FROM STDIN", io.StringIO(new))
        if found.any() and _needs_update(vintage, bool(names), is_sample):
            _update_tracts(cursor, vintage, [(text, name) for text, name, old in rows if old], is_sample)
    return int(np.count_nonzero(~found))


def _needs_update(vintage: int, named: bool, is_sample: bool) -> bool:
    """Whether a tract that is there could get a name, or turn from the sample's into an official one."""
    wanting = Q(name="") if named else Q()
    if not is_sample:
        wanting |= Q(is_sample=True)
    return bool(wanting) and Tract.objects.filter(wanting, vintage=vintage).exists()


def _update_tracts(cursor, vintage: int, rows: list[tuple[str, str]], is_sample: bool) -> None:
    cursor.execute("CREATE TEMP TABLE incoming (geoid text, name text) ON COMMIT DROP")
    cursor.copy_expert("COPY incoming FROM STDIN", io.StringIO("".join(f"{g}\t{_escape(n)}\n" for g, n in rows)))
    cursor.execute(
        "UPDATE atlas_tract AS known SET"
        " name = CASE WHEN incoming.name <> '' AND (known.name = '' OR known.is_sample)"
        " THEN incoming.name WHEN known.is_sample AND NOT %(sample)s THEN '' ELSE known.name END,"
        " is_sample = known.is_sample AND %(sample)s"
        " FROM incoming WHERE known.vintage = %(vintage)s AND known.geoid = incoming.geoid"
        " AND ((known.name = '' AND incoming.name <> '') OR (known.is_sample AND NOT %(sample)s))",
        {"sample": is_sample, "vintage": vintage},
    )
    cursor.execute("DROP TABLE incoming")


def _all_tracts(vintage: int) -> np.ndarray:
    """GEOIDs of a vintage, those of the sample too."""
    return _read("SELECT geoid FROM atlas_tract WHERE vintage = %s", vintage)


def _read(query: str, vintage: int) -> np.ndarray:
    buffer = io.BytesIO()
    with connection.cursor() as cursor:
        cursor.copy_expert(cursor.mogrify(f"COPY ({query}) TO STDOUT", [vintage]), buffer)
    return np.sort(np.array(buffer.getvalue().split(), dtype="S11").astype(np.int64))


def mark_states_complete(geoids: np.ndarray, vintage: int = 2010) -> None:
    """The states of `geoids` are complete from now on."""
    states = np.unique(geoids // 10**9).tolist()
    KnownState.objects.bulk_create(
        [KnownState(vintage=vintage, state=f"{state:02d}") for state in states], ignore_conflicts=True
    )  # a set of codes: a row that is there already is the same row


def _escape(name: str) -> str:
    return name[:120].replace("\\", "\\\\").replace("\t", " ").replace("\n", " ").replace("\r", " ")
