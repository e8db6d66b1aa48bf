"""Cities and neighborhoods by name: as it is written first, with typos where nothing is written so.

Names go through one function on both sides, so that "Treme" finds Tremé. A typo is one as long as its
trigrams have a word similarity of at least 0.45 (Postgres's pg_trgm); Brightmore, Corktwon and Hamtramk are within it.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from atlas.models.name_search import FUNCTION, has_name_search
from atlas.queries.one_tract import sample_is_live
from atlas.search.homes import Home, homes_of

SIMILAR = 0.45
MOST_NAMES = 40


@dataclass(frozen=True)
class CityMatch:
    slug: str
    name: str
    state_name: str


@dataclass(frozen=True)
class NameMatch:
    """A name as the Atlas has it, within one county, with the tracts of 2010 that carry it."""

    name: str
    county: str  # five digits
    geoids: tuple[str, ...]
    homes: dict[str, Home]  # city by GEOID, for tracts of a city


@dataclass(frozen=True)
class PlaceMatches:
    """`is_similar`: nothing is written as it was typed, these are close to it; `more` names fit beyond the listed."""

    cities: tuple[CityMatch, ...] = ()
    names: tuple[NameMatch, ...] = ()
    more: bool = False
    is_similar: bool = False


def find_places(text: str, most: int = MOST_NAMES) -> PlaceMatches:
    """Whole words before beginnings of words before middles; within them names in the portal's cities first.

    At most four statements within one transaction, whatever fits.
    """
    tolerant = has_name_search(connection)
    with transaction.atomic(), connection.cursor() as cursor:
        typed = _plain(cursor, text, tolerant)
        if not typed:
            return PlaceMatches()
        plain = FUNCTION if tolerant else "lower"
        cities = _cities(cursor, typed, plain, similar=False)
        names = _names(cursor, typed, plain, most, similar=False)
        is_similar = not cities and not names and tolerant
        if is_similar:
            cities = _cities(cursor, typed, plain, similar=True)
            # Whoever misspells a city means the city, not all its neighborhoods.
            names = [] if cities else _names(cursor, typed, plain, most, similar=True)
    homes = homes_of(geoid for _, _, geoids in names[:most] for geoid in geoids)
    return PlaceMatches(
        cities=cities,
        names=tuple(
            NameMatch(name, county, tuple(geoids), {geoid: homes[geoid] for geoid in geoids if geoid in homes})
            for name, county, geoids in names[:most]
        ),
        more=len(names) > most,
        is_similar=is_similar and bool(cities or names),
    )


def _plain(cursor: Any, text: str, tolerant: bool) -> str:
    if not tolerant:
        return unicodedata.normalize("NFC", text).lower()
    cursor.execute(
        f"SELECT {FUNCTION}(%s), set_config('pg_trgm.word_similarity_threshold', %s, true)", [text, str(SIMILAR)]
    )
    typed: str = cursor.fetchone()[0]
    return typed.strip()


def _cities(cursor: Any, typed: str, plain: str, similar: bool) -> tuple[CityMatch, ...]:
    """Few rows: no index is needed."""
    full = f"{plain}(name || ', ' || state_usps || ' ' || state_name)"
    fits = f"word_similarity(%(typed)s, {plain}(name)) >= {SIMILAR}" if similar else f"{full} LIKE %(within)s"
    nearest = f"word_similarity(%(typed)s, {plain}(name)) DESC," if similar else ""
    cursor.execute(
        f"SELECT slug, name, state_name FROM atlas_city WHERE {fits} "  # noqa: S608 - only our own words are put in
        f"ORDER BY {_rank(f'{plain}(name)')}, {nearest} name",
        _patterns(typed),
    )
    return tuple(CityMatch(*row) for row in cursor.fetchall())


def _names(cursor: Any, typed: str, plain: str, most: int, similar: bool) -> list[tuple[str, str, list[str]]]:
    """(name, county, GEOIDs), one more than `most` where more fit."""
    name = f"{plain}(name)"
    fits = f"%(typed)s <%% {name}" if similar else f"{name} LIKE %(within)s"
    nearest = f"word_similarity(%(typed)s, {name}) DESC," if similar else ""
    # `inside`: whether any of its tracts belongs to a city of the portal.
    inside = (
        "bool_or(EXISTS (SELECT 1 FROM atlas_citytract c WHERE c.geoid = t.geoid AND c.vintage = 2010 AND c.belongs))"
    )
    cursor.execute(
        "SELECT name, left(geoid, 5), array_agg(geoid::text ORDER BY geoid) FROM atlas_tract t "  # noqa: S608 - our own names; values go as parameters
        f"WHERE vintage = 2010 AND {fits} AND (%(sample)s OR NOT is_sample) GROUP BY name, left(geoid, 5) "
        f"ORDER BY {_rank(name)}, {nearest} {inside} DESC, name, 2 LIMIT %(most)s",
        {**_patterns(typed), "sample": sample_is_live(), "most": most + 1},
    )
    return list(cursor.fetchall())


def _rank(name: str) -> str:
    """0 the whole name begins with the words typed, 1 they are whole words, 2 a word begins with them, 3 the rest."""
    return (
        f"CASE WHEN {name} ~ %(first)s THEN 0 WHEN {name} ~ %(word)s THEN 1 WHEN {name} ~ %(start)s THEN 2 ELSE 3 END"
    )


def _patterns(typed: str) -> dict[str, Any]:
    """What was typed is text, never a pattern."""
    literal = re.sub(r"([^\w\s])", r"\\\1", typed)
    within = re.sub(r"([\\%_])", r"\\\1", typed)
    return {
        "typed": typed,
        "within": f"%{within}%",
        "first": rf"^{literal}\M",
        "word": rf"\m{literal}\M",
        "start": rf"\m{literal}",
    }
