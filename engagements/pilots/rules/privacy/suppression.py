"""Which counts of a table are not shown, so that nobody can reckon the small ones from the rest.

First all counts from 1 to 9 are hidden (0 shows nobody; 10 is the house limit, an agreement may ask for more). Then
more are hidden until what is published, every margin with it, leaves each small count a range at least as wide as the
limit (`reckoning` says how that is found). Hiding "two in every line" is not enough: sums of lines can be combined.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from engagements.pilots.rules.privacy.reckoning import Reckoning

Key = tuple[str, ...]
Table = Mapping[Key, int | None]
LIMIT = 10
TOTAL = "\x00"  # stands in a key for "all of them together"; no text of a file has it


@dataclass(frozen=True)
class Shown:
    """`counts`: cell or margin -> its number, None where it is hidden. A margin has TOTAL in the place summed over.

    `small`: how many were under the limit; `more`: how many others had to go with them.
    """

    counts: Mapping[Key, int | None]
    small: int
    more: int

    @property
    def hidden(self) -> frozenset[Key]:
        return frozenset(key for key, count in self.counts.items() if count is None)

    @property
    def is_whole(self) -> bool:
        return not self.small and not self.more


def suppress(
    cells: Mapping[Key, int],
    margins: Sequence[Sequence[int]] = ((),),
    limit: int = LIMIT,
    earlier: Sequence[Mapping[Key, int | None]] = (),
) -> Shown:
    """A table by cell, with its margins, in which no count under the limit can be found.

    `cells`: key -> people, all keys of one length. `margins`: which places of the key a published sum keeps; () is the
    grand total, (0,) the sums by the first place. `earlier`: the tables that were released before, as `Shown.counts`.
    What differs from one of them by fewer people than the limit counts as small, because subtracting gives that
    difference; what was hidden stays hidden, because a count that did not change would be given back. Versions with
    other columns are compared by every sum that both give: places that a table does not use are "" in its keys.

    Worked: {("a",): 3, ("b",): 40, ("c",): 25} with the total 68 -> "a" is hidden, and "c" with it.
    """
    told, more = set(), []
    for version in earlier:
        found = _told_by(cells, version, limit)
        told |= {key for keys in found.values() for key in keys}
        more += [kept for kept in found if kept not in margins and kept not in more]
    margins = [*margins, *more]
    counts = with_margins(cells, margins)
    small = {key for key, count in counts.items() if 0 < count < limit} | told
    for version in earlier:
        small |= {key for key, count in counts.items() if _gives_back(count, version.get(key, count), limit)}
    lines = _lines(cells, margins)
    hidden = _protected(Reckoning(counts, lines), small, limit) if small else set()
    shown = {key: None if key in hidden else count for key, count in counts.items()}
    return Shown(shown, small=len(small), more=len(hidden - small))


def _gives_back(count: int | None, before: int | None, limit: int) -> bool:
    if count is None:
        return False
    return count > 0 if before is None else 0 < abs(count - before) < limit


def _protected(reckoning: Reckoning[Key], small: set[Key], limit: int) -> set[Key]:
    """The small counts, and what has to be hidden with them. Hiding more never makes a range narrower."""
    hidden, left = set(small), set(small)
    while left:
        wide = reckoning.wide(left, hidden, limit)
        left -= wide
        if left and not wide:
            key = min(left, key=lambda one: (reckoning.counts[reckoning.place[one]], one))
            hidden |= reckoning.also_hide(key, hidden, limit)
            left.discard(key)
    return hidden


def with_margins(cells: Mapping[Key, int], margins: Sequence[Sequence[int]]) -> dict[Key, int]:
    """The cells and every sum that is published of them."""
    counts = dict(cells)
    for kept in margins:
        sums: dict[Key, int] = {}
        for key, count in cells.items():
            margin = _sum_of(key, kept)
            sums[margin] = sums.get(margin, 0) + count
        counts |= {margin: count for margin, count in sums.items() if margin not in cells}
    return counts


def _lines(cells: Mapping[Key, int], margins: Sequence[Sequence[int]]) -> list[tuple[Key, list[Key]]]:
    """Every sum with its parts, in one pass of the cells for each kind of sum."""
    found: dict[Key, list[Key]] = {}
    for kept in margins:
        parts: dict[Key, list[Key]] = {}
        for key in cells:
            parts.setdefault(_sum_of(key, kept), []).append(key)
        found |= {margin: keys for margin, keys in parts.items() if margin not in cells}
    return list(found.items())


def _told_by(cells: Mapping[Key, int], version: Table, limit: int) -> dict[tuple[int, ...], set[Key]]:
    """By places kept: sums of these cells that an earlier version, whatever its columns, would give back.

    Worked: by arm and block 400 and 300, then by arm and cluster 404 and 299: by arm the difference is 3.
    """
    ours, theirs = _used(cells), _used(version)
    before = {_sum_of(key, theirs): count for key, count in version.items()}
    finest = {key: count for key, count in version.items() if all(key[place] != TOTAL for place in theirs)}
    found: dict[tuple[int, ...], set[Key]] = {}
    shared = [place for place in ours if place in theirs] if version else []
    for kept in (one for size in range(len(shared) + 1) for one in combinations(shared, size) if version):
        now, then = _sums(cells, kept), _sums(finest, kept)
        keys = {key for key, count in now.items() if _gives_back(count, before.get(key, then.get(key, count)), limit)}
        keys -= {key for key in now if key not in before and then.get(key) is None}  # it never was told
        if keys:
            found[kept] = keys
    return found


def _used(table: Iterable[Key]) -> tuple[int, ...]:
    """Places in which some key of a cell says something."""
    return tuple(sorted({place for key in table for place, value in enumerate(key) if value not in ("", TOTAL)}))


def _sums(cells: Table, kept: Sequence[int]) -> dict[Key, int | None]:
    """None where a part is hidden."""
    found: dict[Key, int | None] = {}
    for key, count in cells.items():
        margin = _sum_of(key, kept)
        so_far = found.get(margin, 0)
        found[margin] = None if count is None or so_far is None else so_far + count
    return found


def _sum_of(key: Key, kept: Sequence[int]) -> Key:
    return tuple(value if place in kept else TOTAL for place, value in enumerate(key))
