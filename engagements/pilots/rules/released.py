"""Counts of a pilot as pages and downloads show them: sums by cell, without those that would show few people.

Hidden are cells with 1 to 9 people, and of a share the events where 1 to 9 had the outcome or had it not, with all that
has to go with them (`privacy.suppression`). Sums by arm and of everybody are the margins: shown where that gives no
small count back, else hidden as well. So are the sums that a bundle may hold (`released_counts`). With an earlier
version what would give a small difference is hidden too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from engagements.pilots.rules.data import PilotData
from engagements.pilots.rules.privacy.suppression import TOTAL, WORK, Key, suppress
from engagements.pilots.rules.registration import OutcomeKind, Registration
from engagements.pilots.rules.tallies import KEYS, as_cells

MARGINS = ((), (0,))  # everybody, and by arm
_BY_PERIOD, _WITHOUT_GROUP = (0, 4), (0, 1, 2, 3, 4)  # places in KEYS of the sums that a bundle may hold beside them
_NUMBERS = ("n", "total", "squares", "assigned", "took_part")
Table = Mapping[Key, int | None]


@dataclass(frozen=True)
class Released:
    """`header`: places that are used, then numbers. `rows`: None where a number is hidden, "" where there is none.

    `hidden`: cells of which some number is hidden. `tables`: by name what later versions are held against.
    `partly`: numbers beside people and outcomes that are hidden somewhere. `only_sums`: whether all cells of some table
    are hidden because there were too many small counts. `work`: what hiding took (`suppression.WORK`).
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str | float | None, ...], ...]
    hidden: int
    tables: Mapping[str, Table]
    partly: frozenset[str] = frozenset()
    only_sums: bool = False
    work: int = 0

    @property
    def is_whole(self) -> bool:
        return not self.hidden


def release(
    data: PilotData,
    registration: Registration,
    limit: int = 10,
    earlier: Sequence[Mapping[str, Table]] = (),
    work: int = WORK,
) -> Released:
    """Of the primary outcome. `earlier`: `Released.tables` of the versions before, in any order.

    Lines of several subgroups or days in one cell are summed. Worked: one arm with 4 of 400 who had the outcome shows
    n = 400 and hides total and squares, and the events of everybody with them.
    """
    cells = as_cells(data)
    columns = [getattr(cells, name) for name in KEYS]
    keys: list[Key] = [tuple(str(value) for value in key) for key in zip(*columns, strict=True)]
    sums = {name: _sums(keys, getattr(cells, name)) for name in _NUMBERS}
    people = {key: int(count) for key, count in sums["n"].items()}
    margins = _margins(keys)
    counted = {"people": people}
    if registration.outcome.kind == OutcomeKind.SHARE:
        events = {key: round(total) for key, total in sums["total"].items()}
        counted |= {"events": events, "others": {key: people[key] - count for key, count in events.items()}}
    tables: dict[str, Table] = {}
    only_sums, spent = False, 0
    for name, counts in (counted | _beside(sums, people)).items():
        found = suppress(counts, margins, limit, [one.get(name, {}) for one in earlier], work - spent)
        tables[name] = found.counts
        only_sums, spent = only_sums or found.only_sums, spent + found.work
    unseen = {key for key in people if tables["people"][key] is None}
    vague = {key for name in counted for key in people if tables[name][key] is None}
    took = {key for name in ("took", "not_took") for key in people if tables.get(name, {}).get(key, 0) is None}
    took |= {key for key in people if _small(sums["took_part"][key], people[key], limit)}
    lost = {key for key in people if tables.get("lost", {}).get(key, 0) is None}
    lost |= {key for key in people if _small(sums["assigned"][key] - people[key], float("inf"), limit)}
    places = [place for place, _ in enumerate(KEYS) if place == 0 or any(key[place] for key in people)]
    given = [name for name in _NUMBERS if not np.isnan(list(sums[name].values())).all()]
    rows = []
    for key in sorted(people):
        numbers: list[str | float | None] = []
        for name in given:
            value = sums[name][key]
            hide = key in unseen or (name in ("total", "squares") and key in vague)
            hide = hide or (name == "took_part" and key in took) or (name == "assigned" and key in lost)
            numbers.append(None if hide else "" if np.isnan(value) else float(value))
        rows.append((*(key[place] for place in places), *numbers))
    hidden = sum(None in row for row in rows)
    partly = {"took_part"} if unseen or took else set()
    partly |= {"assigned"} if unseen or lost else set()
    header = (*(KEYS[place] for place in places), *given)
    return Released(header, tuple(rows), hidden, tables, frozenset(partly), only_sums, spent)


def release_each(
    outcomes: Mapping[str, PilotData],
    registration: Registration,
    limit: int = 10,
    earlier: Mapping[str, Sequence[Mapping[str, Table]]] | None = None,
) -> dict[str, Released]:
    """Every outcome that is registered, by its key, the primary first. `earlier`: as of `release`, by key.

    People of all outcomes are one release: 400 measured of one and 397 of another would tell of 3. They share the work:
    what the primary takes, the others lack, so it is shown alike with them and alone.
    """
    kinds = {one.key: one for one in (registration.outcome, *registration.secondary)}
    before = earlier or {}
    found: dict[str, Released] = {}
    work = WORK
    for key in (one for one in kinds if one in outcomes):
        others = [table for name, tables in before.items() if name != key for table in tables]
        others += [one.tables for one in found.values()]
        plan = replace(registration, outcome=kinds[key])
        found[key] = release(outcomes[key], plan, limit, [*before.get(key, ()), *map(_people_shown, others)], work)
        work -= found[key].work
    return found


def _people_shown(tables: Mapping[str, Table]) -> Mapping[str, Table]:
    """Of another outcome the people: less those here, they are who has one and not the other."""
    return {"people": {key: count for key, count in tables.get("people", {}).items() if count is not None}}


def plain_tables(tables: Mapping[str, Table]) -> dict[str, list[list[Any]]]:
    """As JSON keeps them: [parts of the key..., count or null]; a part that is summed over is null."""
    return {
        name: [[*(None if part == TOTAL else part for part in key), count] for key, count in sorted(table.items())]
        for name, table in tables.items()
    }


def tables_of(plain: Mapping[str, Sequence[Sequence[Any]]]) -> dict[str, Table]:
    """What `plain_tables` made."""
    return {
        name: {tuple(TOTAL if part is None else part for part in line[:-1]): line[-1] for line in lines}
        for name, lines in plain.items()
    }


def _beside(sums: Mapping[str, Mapping[Key, float]], people: Mapping[Key, int]) -> dict[str, dict[Key, int]]:
    """Who was lost and who took part, where every cell says it: with margins, because a verdict tells them by arm."""
    found = {}
    if not any(np.isnan(one) for one in sums["assigned"].values()):
        found["lost"] = {key: max(round(sums["assigned"][key]) - count, 0) for key, count in people.items()}
    if not any(np.isnan(one) for one in sums["took_part"].values()):
        found["took"] = {key: round(one) for key, one in sums["took_part"].items()}
        found["not_took"] = {key: people[key] - one for key, one in found["took"].items()}
    return found


def _margins(keys: Sequence[Key]) -> list[Sequence[int]]:
    """Sums that a page or a bundle may show. Those that say no more than another are left out."""
    used = [any(key[place] for key in keys) for place in range(len(KEYS))]
    by_place = any(used[place] for place in (1, 2, 3))
    found: list[Sequence[int]] = list(MARGINS)
    if used[4] and (by_place or used[5]):
        found.append(_BY_PERIOD)
    if by_place and used[5]:
        found.append(_WITHOUT_GROUP)
    return found


def _small(part: float, whole: float, limit: int) -> bool:
    """Whether few are in a part, or few are not; NaN is not said at all."""
    return 0 < part < limit or 0 < whole - part < limit


def _sums(keys: Sequence[Key], values: np.ndarray) -> dict[Key, float]:
    found: dict[Key, float] = {}
    for key, value in zip(keys, values, strict=True):
        found[key] = found.get(key, 0.0) + float(value)
    return found
