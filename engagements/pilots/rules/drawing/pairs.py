"""Matched pairs: the two units that are nearest to one another first, then the next two, within each block.

Nothing random happens here: the same list has the same pairs. Who of a pair gets the program is drawn later.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from engagements.pilots.rules.drawing.units import DrawRefused, DrawUnit

MOST_IN_A_BLOCK = 2_000  # distances of all twos are held at once: 32 MB


def match_pairs(units: Iterable[DrawUnit], columns: Sequence[str]) -> list[DrawUnit]:
    """The same units, each with its pair: "block number", numbered by the smaller id.

    Each column is put on its standard deviation in the block; the first counts fully, the second half, the third a
    quarter. Greedy: the two nearest are a pair, then the two nearest of those left; of equals, the smaller ids.
    Raises DrawRefused for an odd number, for a number that is missing, and beyond MOST_IN_A_BLOCK.
    """
    blocks: dict[tuple[str, str], list[DrawUnit]] = {}
    for unit in sorted(units, key=lambda one: one.id):
        blocks.setdefault((unit.city, unit.block), []).append(unit)
    made: list[DrawUnit] = []
    for (city, block), members in sorted(blocks.items()):
        place = " ".join(part for part in (city, block) if part)
        for number, (first, second) in enumerate(_pairs_of(members, columns, place), start=1):
            name = f"{place} {number}".strip()
            made += [replace(first, pair=name), replace(second, pair=name)]
    return made


def _pairs_of(members: list[DrawUnit], columns: Sequence[str], place: str) -> list[tuple[DrawUnit, DrawUnit]]:
    where = f" in {place}" if place else ""
    if len(members) % 2:
        raise DrawRefused(
            f"There are {len(members):,} units{where}: an odd number. Leave one out, so that all pair up."
        )
    if len(members) > MOST_IN_A_BLOCK:
        raise DrawRefused(f"More than {MOST_IN_A_BLOCK:,} units{where} cannot be matched at once. Name blocks.")
    if any(name not in unit.numbers for unit in members for name in columns):
        raise DrawRefused(f"A number that pairs are matched on is missing for a unit{where}.")
    points = np.array([[unit.numbers[name] for name in columns] for unit in members], dtype=float)
    spread = points.std(axis=0)
    points = points / np.where(spread > 0, spread, 1.0) / 2.0 ** np.arange(len(columns))
    left, right = np.triu_indices(len(members), k=1)
    # Rounded, so that sums in another order on another machine do not decide between equals.
    distance = np.round(np.sqrt(((points[left] - points[right]) ** 2).sum(axis=1)), 9)
    taken = np.zeros(len(members), dtype=bool)
    found = []
    for at in np.argsort(distance, kind="stable"):
        one, other = int(left[at]), int(right[at])
        if not taken[one] and not taken[other]:
            taken[[one, other]] = True
            found.append((one, other))
    return [(members[one], members[other]) for one, other in sorted(found)]
