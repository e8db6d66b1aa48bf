"""Counts that a bundle may hold: never more than the page of the data shows, and nothing that it hides.

One rule for both (`released`): the finest sums of which that rule hides nothing. Earlier versions and the sums of every
level are part of it, so that no bundle beside a page, or beside a bundle before, gives a hidden count back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np

from engagements.pilots.rules.data import Cells, PilotData, Texts
from engagements.pilots.rules.privacy.suppression import TOTAL, Key
from engagements.pilots.rules.released import Released, Table
from engagements.pilots.rules.tallies import KEYS, as_cells, codes_of

Level = tuple[str, ...]
LEVELS: tuple[Level, ...] = (KEYS, KEYS[:-1], ("arm", "period"), ("arm",))
_PARTS = ("assigned", "took_part")
_COUNTED = ("people", "events", "others")  # tables that decide the level; of the others see `_PARTS`


@dataclass(frozen=True)
class Given:
    """`outcomes`: cells by key. `is_finest`: as the page shows them, every cell. `is_whole`: and every number of them.

    `groups`: the one subgroup column, where it may be given.
    """

    outcomes: Mapping[str, Cells]
    groups: Mapping[str, Texts]
    is_finest: bool
    is_whole: bool


def finest_level(tables: Mapping[str, Table]) -> Level | None:
    """What may be given of `Released.tables`: every sum of it is shown. None where even an arm is hidden."""
    return next((level for level in LEVELS if _shows_all(tables, level)), None)


def given_counts(
    outcomes: Mapping[str, PilotData],
    released: Mapping[str, Released],
    primary: str,
    groups: Mapping[str, Texts],
    limit: int,
) -> Given | None:
    """The primary outcome by its finest level, the others by the same or not at all. None where nothing may be given.

    Of several subgroup columns none is given: the page sums over them. Numbers drawn and who took part are left out
    where the page hides one of them, or where a sum would tell of fewer people than `limit`.
    """
    level = finest_level(released[primary].tables)
    if level is None:
        return None
    found, is_whole = {}, len(groups) < 2
    for key, data in outcomes.items():
        if key in released and _shows_all(released[key].tables, level):
            cells = _summed(as_cells(data), level)
            hidden = [name for name in _PARTS if name in released[key].partly or _tells_few(cells, name, limit)]
            is_whole = is_whole and not hidden
            found[key] = _without(cells, hidden)
        else:
            is_whole = False
    is_finest = level == KEYS
    named = {name: found[primary].group for name in groups} if is_finest and len(groups) == 1 else {}
    return Given(found, named, is_finest, is_whole and is_finest)


def _shows_all(tables: Mapping[str, Table], level: Level) -> bool:
    return all(_shows(table, level) for name, table in tables.items() if name in _COUNTED)


def _shows(table: Table, level: Level) -> bool:
    cells = [key for key in table if TOTAL not in key]
    return all(table.get(_sum_of(key, level)) is not None for key in cells)


def _sum_of(key: Key, level: Level) -> Key:
    return tuple(value if name in level else TOTAL for name, value in zip(KEYS, key, strict=True))


def _tells_few(cells: Cells, name: str, limit: int) -> bool:
    """Whether 1 to 9 were lost, or took part, or did not."""
    if name == "assigned":
        lost = cells.assigned - cells.n
        return bool(((lost > 0) & (lost < limit)).any())
    other = cells.n - cells.took_part
    few = [(part > 0) & (part < limit) for part in (cells.took_part, other)]
    return bool(np.any(few))


def _without(cells: Cells, names: list[str]) -> Cells:
    unknown = np.full(len(cells.n), np.nan)
    return Cells(**{**vars(cells), **dict.fromkeys(names, unknown)})


def _summed(cells: Cells, kept: Level) -> Cells:
    code, first = codes_of(*(getattr(cells, name) for name in kept))
    made = {}
    for one in fields(cells):
        values = getattr(cells, one.name)
        if one.name in KEYS:
            made[one.name] = values[first] if one.name in kept else np.full(len(first), "", dtype=object)
        else:
            made[one.name] = np.bincount(code, weights=values, minlength=len(first))
    return Cells(**made)
