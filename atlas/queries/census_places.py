"""Which US places there are to choose from: the live Census list, the imported outlines, and the portal's cities."""

import re
from dataclasses import dataclass

from django.db import connection

from atlas.models import City, LivePart
from atlas.models.name_search import FUNCTION, has_name_search
from atlas.sources.boundaries import PLACES
from atlas.sources.census_places import DATASET
from atlas.sources.us_outline import state_codes, state_of

MOST = 12
_GEOID = re.compile(r"\b(\d{7})\b")
_PLACE_AND_STATE = re.compile(r"^(?P<name>.+?)\s*,\s*(?P<state>[^,]+)$")

# Outlines know no kind and no point; a list that is live knows both and comes first.
_ALL = """
    SELECT geoid, name, kind, longitude, latitude FROM (
        SELECT p.geoid, p.name, p.kind, p.longitude, p.latitude, 1 AS rank FROM atlas_censusplace p
        JOIN atlas_livepart l ON l.release_id = p.release_id AND l.dataset = %(list)s
        UNION ALL
        SELECT c.place_geoid, c.name, '', c.longitude, c.latitude, 2 FROM atlas_city c
        UNION ALL
        SELECT b.geoid, b.name, '', (b.min_longitude + b.max_longitude) / 2, (b.min_latitude + b.max_latitude) / 2, 3
        FROM atlas_boundary b JOIN atlas_livepart l
            ON l.release_id = b.release_id AND l.part = b.part AND l.dataset = %(outlines)s
    ) every_place
    WHERE {where}
    ORDER BY geoid, rank
"""


@dataclass(frozen=True)
class CensusPlaceRecord:
    """A place one can choose. `point`: degrees (longitude, latitude), of a point inside or near its middle."""

    geoid: str
    name: str
    kind: str
    usps: str
    state_name: str
    point: tuple[float, float]

    @property
    def label(self) -> str:
        return f"{self.name}, {self.usps}"

    @property
    def full_label(self) -> str:
        """With kind and code, which tell two of one name in one state apart."""
        return f"{self.label} ({self.kind} {self.geoid})" if self.kind else f"{self.label} ({self.geoid})"


def place_list_is_live() -> bool:
    """Whether the whole Census list is imported. Without it only outlines and the portal's cities can be chosen."""
    return LivePart.objects.filter(dataset=DATASET.key).exists()


def find_census_places(text: str, most: int = MOST) -> tuple[CensusPlaceRecord, ...]:
    """Places whose name begins with what was typed, exact names first; "Newark, NJ" and codes are understood.

    One statement beside the look at the extensions. () for less than two characters.
    """
    text = " ".join(text.split())
    if code := _GEOID.search(text):
        return _read("geoid = %(geoid)s", geoid=code[1])
    name, states = _split_state(text)
    if len(name) < 2:
        return ()
    plain = FUNCTION if has_name_search(connection) else "lower"
    found = _read(
        f"{plain}(name) LIKE {plain}(%(begins)s)" + (" AND left(geoid, 2) = ANY(%(states)s)" if states else ""),
        begins=_escape(name) + "%",
        states=list(states),
    )
    whole = name.casefold()
    ordered = sorted(found, key=lambda row: (row.name.casefold() != whole, len(row.name), row.name, row.usps))
    return tuple(ordered[:most])


def named_census_places(text: str) -> tuple[CensusPlaceRecord, ...]:
    """Those that are called exactly so: one is the place, several need a choice, () is no place of the list."""
    text = " ".join(text.split())
    if code := _GEOID.search(text):
        return _read("geoid = %(geoid)s", geoid=code[1])
    name, states = _split_state(text)
    if not name:
        return ()
    plain = FUNCTION if has_name_search(connection) else "lower"
    where = f"{plain}(name) = {plain}(%(name)s)" + (" AND left(geoid, 2) = ANY(%(states)s)" if states else "")
    return _read(where, name=name, states=list(states))


def city_of_place(geoid: str) -> City | None:
    return City.objects.filter(place_geoid=geoid).first()


def _split_state(text: str) -> tuple[str, tuple[str, ...]]:
    """("Newark", ("34",)) of "Newark, NJ" and "Newark, New Jersey"; without a state of that name all is the name."""
    if found := _PLACE_AND_STATE.match(text):
        codes = state_codes(found["state"])
        if codes:
            return found["name"], codes
    return text, ()


def _escape(text: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", text)


def _read(where: str, **values: str | int | list[str]) -> tuple[CensusPlaceRecord, ...]:
    known = {"list": DATASET.key, "outlines": PLACES.key, **values}
    with connection.cursor() as cursor:
        cursor.execute(_ALL.format(where=where), known)
        rows = cursor.fetchall()
    found: dict[str, CensusPlaceRecord] = {}
    for geoid, name, kind, longitude, latitude in rows:
        state_name, usps = state_of(geoid[:2])
        found.setdefault(geoid, CensusPlaceRecord(geoid, name, kind, usps, state_name, (longitude, latitude)))
    return tuple(found.values())
